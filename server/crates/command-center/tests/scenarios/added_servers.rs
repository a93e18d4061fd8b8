//! Servers that users add, where the administrator allows it.

use simulators::jenkins::{JenkinsSimulator, Job, User};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins, jenkins_with};

/// A world whose users may add the servers that are started with it.
async fn addable<const N: usize>() -> (World, [JenkinsSimulator; N]) {
    let mut others = Vec::new();
    for _ in 0..N {
        let config = jenkins_with(Job::freestyle("old")).context_path("/ci");
        others.push(JenkinsSimulator::start(config).await.expect("a free port"));
    }
    let lines: Vec<String> = others.iter().map(JenkinsSimulator::url).collect();
    let world = World::start_with(jenkins().item(Job::freestyle("new")), |builder| {
        builder
            .nodes(2)
            .setting("JenkinsAddableServers", lines.join("\n"))
    })
    .await;
    (world, others.try_into().expect("as many"))
}

#[tokio::test]
async fn a_server_that_a_user_adds_is_everybodys() {
    let (world, [qa]) = addable().await;
    let said = world
        .say("alice", &format!("/jenkins server add QA {}", qa.url()))
        .await;
    assert!(
        said.contains("`qa`") && said.contains("/jenkins connect --server qa"),
        "{said}"
    );
    let connect = format!("/jenkins connect bob {BOB_TOKEN} --server qa");
    let said = world.say("bob", &connect).await;
    assert!(said.contains("successfully connected"), "{said}");
    let said = world.say("bob", "/jenkins status qa:old").await;
    assert!(said.contains("/ci/job/old/"), "{said}");
    let said = world.say("bob", "/jenkins server list").await;
    assert!(
        said.contains("`qa`") && said.contains("added by `@alice`"),
        "{said}"
    );
    assert_eq!(world.audits("server-add"), ["success"]);
    let other_instance = world.host.user("bob").on_node(1);
    let known = async {
        loop {
            let outcome = other_instance.run_command("builds", "/jenkins status qa:old");
            if outcome
                .await
                .expect("an answer")
                .text()
                .contains("/ci/job/old/")
            {
                break;
            }
        }
    };
    let limit = std::time::Duration::from_secs(10);
    let known = tokio::time::timeout(limit, known).await;
    known.expect("the other instance hears of it");
}

#[tokio::test]
async fn a_server_is_added_only_where_the_settings_say() {
    let (world, [qa]) = addable().await;
    let stranger = JenkinsSimulator::start(jenkins()).await.expect("a port");
    let main = world.jenkins.url();
    for (command, words) in [
        (format!("qa {}", stranger.url()), "must not be added"),
        (
            format!("qa {} {}", qa.url(), stranger.url()),
            "must not be added",
        ),
        (format!("qa {}/..", qa.url()), "must not be added"),
        (format!("qa {main}"), "must not be added"),
        (format!("main {}", qa.url()), "alias of another server"),
        (format!("\"q a\" {}", qa.url()), "letters, digits"),
        ("qa ftp://old".to_owned(), "cannot be used"),
        (
            format!(
                "qa {}",
                qa.url().replace("http://", "http://alice:hunter2@")
            ),
            "cannot be used",
        ),
        (format!("qa {}/nothing", qa.url()), "was not added"),
        (format!("qa {}/{}", qa.url(), "x".repeat(1000)), "too long"),
        ("qa".to_owned(), "address"),
    ] {
        let said = world
            .say("alice", &format!("/jenkins server add {command}"))
            .await;
        assert!(said.contains(words), "{command}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert_eq!(stranger.requests().len(), 0);
    let said = world.say("alice", "/jenkins server list").await;
    assert!(!said.contains("`qa`"), "{said}");

    world
        .host
        .set_setting("JenkinsPolicy", "deny server-add")
        .await;
    let add = format!("/jenkins server add qa {}", qa.url());
    let said = world.say("alice", &add).await;
    assert!(said.contains("line 1"), "{said}");
    world.host.set_setting("JenkinsPolicy", "").await;
    world.host.set_setting("JenkinsAddableServers", "").await;
    let said = world.say("alice", &add).await;
    assert!(said.contains("add no servers"), "{said}");
}

#[tokio::test]
async fn a_server_is_taken_away_by_who_added_it() {
    let (world, [qa, other]) = addable().await;
    let add = |url: String| format!("/jenkins server add qa {url}");
    world.say("alice", &add(qa.url())).await;
    let said = world.say("bob", &add(other.url())).await;
    assert!(said.contains("alias of another server"), "{said}");
    let said = world
        .say("bob", &format!("/jenkins server add again {}", qa.url()))
        .await;
    assert!(said.contains("it is `qa`"), "{said}");
    let connect = format!("/jenkins connect bob {BOB_TOKEN} --server qa");
    world.say("bob", &connect).await;
    let said = world.say("bob", "/jenkins server remove qa").await;
    assert!(said.contains("was added by `@alice`"), "{said}");
    let said = world.say("alice", "/jenkins server remove main").await;
    assert!(said.contains("system administrator"), "{said}");
    let said = world.say("alice", "/jenkins server remove qa").await;
    assert!(said.contains("1 account"), "{said}");
    let said = world.say("bob", "/jenkins status qa:old").await;
    assert!(said.contains("`qa`"), "{said}");

    // The alias is free again, and nobody's token goes to its new address.
    let before = other.requests().len();
    let said = world.say("bob", &add(other.url())).await;
    assert!(said.contains("`qa` means"), "{said}");
    let said = world.say("bob", "/jenkins status qa:old").await;
    assert!(said.contains("not connected"), "{said}");
    assert!(
        other.requests()[before..]
            .iter()
            .all(|request| request.user().is_none())
    );
    let said = world.say("admin", "/jenkins server remove qa").await;
    assert!(said.contains("no server any more"), "{said}");
    assert_eq!(world.audits("server-remove"), ["success", "success"]);
}

/// Somebody who adds a server must not get at tokens that were given for another one.
#[tokio::test]
async fn tokens_of_a_former_server_stay_where_they_are() {
    let trap = JenkinsSimulator::start(
        jenkins_with(Job::freestyle("old")).user(User::reader("feeds").token("feeds-token")),
    )
    .await
    .expect("a free port");
    let legacy = JenkinsSimulator::start(jenkins_with(Job::freestyle("old")))
        .await
        .expect("a free port");
    let world = World::start_with(jenkins(), |builder| {
        builder
            .setting("JenkinsServers", format!("legacy {}", legacy.url()))
            .setting("JenkinsAddableServers", trap.url())
            .setting("JenkinsServiceUser", "legacy:feeds unused:feeds")
            .setting(
                "JenkinsServiceToken",
                "legacy:feeds-token unused:feeds-token",
            )
            .setting("JenkinsPollInterval", 5)
    })
    .await;
    let connect = format!("/jenkins connect alice {ALICE_TOKEN} --server legacy");
    world.say("alice", &connect).await;
    world.host.set_setting("JenkinsServers", "").await;
    let add = format!("/jenkins server add legacy {}", trap.url());
    let said = world.say("bob", &add).await;
    assert!(said.contains("was the alias of another server"), "{said}");

    // An alias that nobody has an account for does not get the administrator's account either.
    let add = format!("/jenkins server add unused {}", trap.url());
    let said = world.say("bob", &add).await;
    assert!(said.contains("`unused` means"), "{said}");
    world.say("admin", "/jenkins subscribe unused:old").await;
    let polls = world.host.calls("KVGet");
    world.advance(std::time::Duration::from_secs(60));
    world
        .host
        .wait_for("a poll that would have been", |_| {
            (world.host.calls("KVGet") > polls + 40).then_some(())
        })
        .await;
    assert!(
        trap.requests()
            .iter()
            .all(|request| request.user().is_none())
    );
}
