//! Who may do what where, by the administrator's rules.

use http::Method;
use simulators::jenkins::{
    Artifact, BuildScript, Folder, JenkinsConfig, Job, Multibranch, Parameter, StopSignal, User,
};

use crate::harness::{ALICE_TOKEN, HASTE, World, jenkins, jenkins_of_alice, jenkins_with};
use crate::parameters::button_post;

const ADMIN_TOKEN: &str = "11markeradmin998877665544";

async fn rules(world: &World, rules: &str) {
    world.host.set_setting("JenkinsPolicy", rules).await;
}

#[tokio::test]
async fn a_rule_denies_a_job_in_every_spelling() {
    let config = jenkins()
        .item(Folder::new("prod").item(Job::freestyle("Deploy It").display_name("Ship")))
        .item(Multibranch::new("repo").branch("release/1").branch("main"))
        .item(Job::freestyle("test"));
    let world = World::with_alice(config).await;
    rules(&world, "deny build prod/**\ndeny build repo/release/*").await;
    let pasted = format!("{}/job/prod/job/Deploy%20It/", world.jenkins.url());
    world
        .say("alice", "/jenkins alias add innocent \"prod/Deploy It\"")
        .await;
    world
        .say("alice", "/jenkins default set \"prod/Deploy It\"")
        .await;
    for command in [
        "/jenkins build prod/Deploy It",
        "/jenkins build \"PROD/deploy it\"",
        "/jenkins build prod/Ship",
        &format!("/jenkins build {pasted}"),
        "/jenkins build innocent",
        "/jenkins build",
        "/jenkins build repo/release/1",
        "/jenkins build repo/release%2F1",
        "/jenkins build repo/RELEASE/1",
    ] {
        let said = world.say("alice", command).await;
        assert!(
            said.contains("policy") && said.contains("`JenkinsPolicy`"),
            "{command}: {said}"
        );
    }
    let requests = world.jenkins.requests();
    assert!(
        requests
            .iter()
            .all(|request| *request.method() == Method::GET)
    );
    assert_eq!(world.say("alice", "/jenkins build test").await, "");
    assert_eq!(world.say("alice", "/jenkins build repo/main").await, "");
    let doctor = world.say("alice", "/jenkins doctor").await;
    assert!(doctor.contains("2 rules"), "{doctor}");
}

#[tokio::test]
async fn a_rule_counts_in_its_channel_and_for_its_role() {
    let config = JenkinsConfig::new()
        .speed(f64::from(HASTE))
        .user(User::developer("alice").token(ALICE_TOKEN))
        .user(User::developer("admin").token(ADMIN_TOKEN))
        .item(Job::freestyle("deploy"));
    let world = World::with_alice(config).await;
    world.connect("admin", ADMIN_TOKEN).await;
    rules(
        &world,
        "allow build deploy in devhost/town-square\nallow build deploy for system_admin\ndeny build deploy",
    )
    .await;
    let said = world.say("alice", "/jenkins build deploy").await;
    assert!(said.contains("line 3"), "{said}");
    assert_eq!(world.say("admin", "/jenkins build deploy").await, "");
    let alice = world.host.user("alice");
    let outcome = alice
        .run_command("town-square", "/jenkins build deploy")
        .await;
    assert_eq!(outcome.unwrap().text(), "");
    assert_eq!(world.jenkins.builds_requested("deploy"), 2);
}

#[tokio::test]
async fn buttons_dialogs_and_confirmations_ask_again() {
    let parameterised = Job::freestyle("asks").parameter(Parameter::string("A", "1"));
    let running = Job::freestyle("runs").script(BuildScript::success().until_told());
    let config = jenkins_of_alice().item(running).item(parameterised);
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build runs").await;
    let card = world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.run("alice", "/jenkins build asks").await;
    world.run("alice", "/jenkins delete asks").await;
    let question = world.question("alice", "Delete the job `asks`").await;
    // All three were allowed; now they are not.
    rules(&world, "deny write").await;
    let alice = world.host.user("alice");
    alice.click(&card.post.id, "abort").await.unwrap();
    world.told("alice", "does not allow you `abort`").await;
    alice.click(&question.id, "yes").await.unwrap();
    world.told("alice", "does not allow you `delete`").await;
    let answer = alice
        .submit_dialog("builds", &[("p0", "2".into())])
        .await
        .unwrap();
    assert!(answer.closed, "{answer:?} {:?}", alice.dialog());
    let kept = button_post(&world, "alice", "Try again").await;
    let kept = serde_json::to_string(&kept).unwrap();
    assert!(kept.contains("does not allow you `build`"), "{kept}");
    assert!(world.jenkins.has_item("asks"));
    assert_eq!(world.jenkins.builds_requested("asks"), 0);
    assert_eq!(world.jenkins.is_running("runs", 1), Some(true));
    // Reading is not writing.
    alice.click(&card.post.id, "log").await.unwrap();
    world
        .host
        .wait_for_post(|post| post.root_id == card.post.id)
        .await;
}

#[tokio::test]
async fn looking_can_be_denied_by_command_and_by_button() {
    let config = jenkins_of_alice()
        .item(Folder::new("secret").item(Job::freestyle("plans")))
        .item(
            Job::freestyle("runs")
                .script(BuildScript::success().artifact(Artifact::new("a.txt", b"x".to_vec()))),
        );
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build runs").await;
    let card = world
        .card(|card| {
            serde_json::to_string(&card.post)
                .unwrap()
                .contains("Artifacts")
        })
        .await;
    rules(
        &world,
        "deny read secret/**\ndeny queue\ndeny get-artifacts runs",
    )
    .await;
    for command in [
        "Status secret/plans",
        "last secret/plans",
        "history secret/plans",
        "info SECRET/plans",
        "changes secret/plans 1",
        "stages secret/plans",
        "test-results secret/plans",
        "get-log secret/plans",
        "list secret",
        "queue",
        "get-artifacts runs",
    ] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert!(said.contains("does not allow you"), "{command}: {said}");
    }
    let alice = world.host.user("alice");
    alice.click(&card.post.id, "artifacts").await.unwrap();
    world
        .told("alice", "does not allow you `get-artifacts`")
        .await;
    let said = world.say("alice", "/jenkins status runs").await;
    assert!(said.contains("runs") && !said.contains("policy"), "{said}");
}

#[tokio::test]
async fn what_is_hard_to_undo_is_for_administrators() {
    let config = jenkins_of_alice()
        .user(User::administrator("admin").token(ADMIN_TOKEN))
        .item(Job::freestyle("old"))
        .item(Folder::new("sandbox").item(Job::freestyle("x")));
    let world = World::with_alice(config).await;
    world.connect("admin", ADMIN_TOKEN).await;
    world
        .host
        .set_setting("JenkinsDestructiveRole", "channel_admin")
        .await;
    for command in [
        "/jenkins delete old",
        "/jenkins safe-restart",
        "/jenkins quiet-down",
        "/jenkins createjob new --from old",
    ] {
        let said = world.say("alice", command).await;
        assert!(
            said.contains("reserved for administrators of the channel"),
            "{command}: {said}"
        );
    }
    assert!(!world.jenkins.has_item("new") && !world.jenkins.is_quieting_down());
    world.run("admin", "/jenkins delete old").await;
    world.question("admin", "Delete the job `old`").await;
    // A rule by name makes an exception.
    rules(&world, "allow delete sandbox/**").await;
    world.run("alice", "/jenkins delete sandbox/x").await;
    world.question("alice", "Delete the job `sandbox/x`").await;
    let said = world.say("alice", "/jenkins delete old").await;
    assert!(said.contains("reserved"), "{said}");
    world
        .host
        .set_setting("JenkinsDestructiveRole", "somebody")
        .await;
    let said = world.say("alice", "/jenkins delete old").await;
    assert!(
        said.contains("reserved for system administrators"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(said.contains("JenkinsDestructiveRole"), "{said}");
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_said_and_opens_nothing() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    rules(&world, "deny build secret/** in nowhere\nallow bild *").await;
    let said = world.say("alice", "/jenkins build hello").await;
    assert!(
        said.contains("line 1"),
        "rather too much than too little: {said}"
    );
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(
        said.contains("Line 1") && said.contains("team/channel"),
        "{said}"
    );
    assert!(
        said.contains("Line 2") && said.contains("Did you mean build?"),
        "{said}"
    );
    rules(&world, "deny write for").await;
    world
        .host
        .set_setting("JenkinsSubscriptionManagers", "member")
        .await;
    for target in ["hello", "all", "x/**"] {
        let said = world
            .say("alice", &format!("/jenkins subscribe {target}"))
            .await;
        assert!(said.contains("does not allow you `subscribe`"), "{said}");
    }
    rules(&world, "deny *").await;
    for command in [
        "/jenkins me",
        "/jenkins server",
        "/jenkins doctor",
        "/jenkins help",
    ] {
        let said = world.say("alice", command).await;
        assert!(!said.contains("policy of this"), "{command}: {said}");
    }
    let said = world.say("alice", "/jenkins search hello").await;
    assert!(said.contains("does not allow you `search`"), "{said}");
}

#[tokio::test]
async fn a_build_is_not_killed_by_everybody() {
    let script = BuildScript::success()
        .until_told()
        .ends_on(StopSignal::Kill);
    let world = World::with_alice(jenkins_with(Job::pipeline("hello").script(script))).await;
    rules(&world, "deny kill").await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.run("alice", "/jenkins abort hello").await;
    let alice = world.host.user("alice");
    for words in ["Shall Jenkins terminate it", "Shall Jenkins kill it"] {
        let question = world.question("alice", words).await;
        alice.click(&question.id, "yes").await.unwrap();
    }
    world.told("alice", "does not allow you `kill`").await;
    assert_eq!(world.jenkins.is_running("hello", 1), Some(true));
    assert!(
        world
            .jenkins
            .requests_to("POST /job/hello/1/kill")
            .is_empty()
    );
}
