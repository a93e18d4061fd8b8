//! Several Jenkins servers behind one plugin.

use simulators::jenkins::{BuildScript, JenkinsSimulator, Job, LogText};

use crate::harness::{ALICE_TOKEN, World, jenkins, jenkins_with, stored};

/// A world with a second server `legacy` that has the job `old`.
async fn two_servers() -> (World, JenkinsSimulator) {
    let script = BuildScript::success().log(LogText::lines(["from the old days"]));
    let legacy = JenkinsSimulator::start(
        jenkins_with(Job::freestyle("old").script(script)).context_path("/ci"),
    )
    .await
    .expect("a free port");
    let line = format!("legacy {}", legacy.url());
    let world = World::start_with(jenkins().item(Job::freestyle("new")), |builder| {
        builder.setting("JenkinsServers", line)
    })
    .await;
    (world, legacy)
}

#[tokio::test]
async fn each_server_has_accounts_of_its_own() {
    let (world, legacy) = two_servers().await;
    world.connect("alice", ALICE_TOKEN).await;
    let said = world.say("alice", "/jenkins build legacy:old").await;
    assert!(said.contains("/jenkins connect --server legacy"), "{said}");
    assert_eq!(legacy.builds_requested("old"), 0);

    let connect = format!("/jenkins connect alice {ALICE_TOKEN} --server legacy");
    let said = world.say("alice", &connect).await;
    assert!(said.contains("successfully connected"), "{said}");
    let said = world.say("alice", "/jenkins me").await;
    assert!(
        said.contains("`main`: You are connected") && said.contains("`legacy`: You are connected"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins disconnect").await;
    assert!(said.contains("disconnected"), "{said}");
    let keys: Vec<String> = stored(&world.host)
        .into_keys()
        .filter(|key| key.starts_with("jenkins_connection_v1_"))
        .collect();
    let alice = world.host.user_id("alice");
    assert_eq!(keys, [format!("jenkins_connection_v1_{alice}/legacy")]);
    world.host.assert_no_secret(ALICE_TOKEN);
}

#[tokio::test]
async fn a_job_is_named_with_its_server() {
    let (world, legacy) = two_servers().await;
    world.connect("alice", ALICE_TOKEN).await;
    let connect = format!("/jenkins connect alice {ALICE_TOKEN} --server LEGACY");
    world.say("alice", &connect).await;
    let pasted = format!("/jenkins build {}/job/old/", legacy.url());
    for (count, command) in [
        "/jenkins build legacy:old",
        "/jenkins build old --server legacy",
        pasted.as_str(),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(world.say("alice", command).await, "", "{command}");
        assert_eq!(legacy.builds_requested("old"), count + 1, "{command}");
        world
            .host
            .wait_for("an announcement", |_| {
                (world.announcements().len() == count + 1).then_some(())
            })
            .await;
    }
    let card = world.cards().remove(0);
    assert!(card.text().contains("/ci/job/old/"), "{}", card.text());
    world
        .host
        .user("alice")
        .click(&card.post.id, "Log")
        .await
        .expect("the click is taken");
    world
        .host
        .wait_for_post(|post| post.message.contains("from the old days"))
        .await;
    let said = world.say("alice", "/jenkins build lgacy:old").await;
    assert!(
        said.contains("`lgacy`") && said.contains("`main`, `legacy`"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins build old").await;
    assert!(said.contains("There is no job `old`"), "{said}");
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(
        said.contains("`main`: ") && said.contains("`legacy`: "),
        "{said}"
    );
}

#[tokio::test]
async fn a_line_that_cannot_be_used_is_said() {
    let world = World::start_with(jenkins(), |builder| {
        builder.setting("JenkinsServers", "legacy old.example.com")
    })
    .await;
    world.connect("alice", ALICE_TOKEN).await;
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(
        said.contains("JenkinsServers") && said.contains("Line 1"),
        "{said}"
    );
}
