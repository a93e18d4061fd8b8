//! What is told with a failure.

use std::time::Duration;

use simulators::jenkins::{
    BuildScript, Change, Fault, Job, LogText, Stage, TestCase, TestReport, TestStatus, User,
};

use crate::harness::{BOB_TOKEN, World, jenkins, jenkins_with};

fn failing() -> BuildScript {
    let report = TestReport::new().suite(
        "unit",
        [
            TestCase::new("org.T", "old", TestStatus::Failed).age(4),
            TestCase::new("org.T", "new @all", TestStatus::Regression),
            TestCase::new("org.T", "fine", TestStatus::Passed),
        ],
    );
    BuildScript::success()
        .stage(Stage::new("Checkout", Duration::from_secs(1)))
        .stage(
            Stage::new("Test `x`", Duration::from_secs(1))
                .failing("2 tests failed")
                .log("collecting\nERROR: expected 2 @channel but was 3\ndone\n"),
        )
        .test_report(report)
        .change(Change::new(
            "0123456789abcdef",
            "Bob Builder",
            "bob@example.com",
            "Break *it* ![x](http://evil/)",
        ))
        .change(earlier_change())
        .culprit("Bob Builder")
}

fn earlier_change() -> Change {
    Change::new(
        "aaaabbbbccccdddd",
        "Zoe",
        "zoe@example.net",
        "Earlier change",
    )
}

#[tokio::test]
async fn a_failure_is_explained_once_where_it_is_told() {
    let earlier = BuildScript::failure().change(earlier_change());
    let job = Job::pipeline("pipe")
        .past_build(BuildScript::success())
        .past_build(earlier)
        .script(failing());
    let world = World::with_alice(jenkins_with(job)).await;
    world.run("alice", "/jenkins build pipe").await;
    let told = world.announced().await.message;
    world.settled().await;
    world.assert_told_once("failed");
    for words in [
        "**Failed in stage** `` Test `x` ``: 2 tests failed",
        "ERROR: expected 2 @channel but was 3",
        "**Failed tests:** 2",
        "- `org.T.new @all` (new)\n- `org.T.old` (for 4 builds)",
        "`01234567` Break",
        "`aaaabbbb` Earlier change",
        "**Who changed something:** @bob",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("collecting"), "{told}");
    assert_eq!(told.matches("Earlier change").count(), 1, "{told}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn only_members_of_the_channel_are_mentioned() {
    let script = BuildScript::failure()
        .log(LogText::lines(["nothing that tells", "make: *** [all] 2"]))
        .change(Change::new("1", "Carol", "carol@example.com", "x"))
        .change(Change::new("2", "Bob", "other@example.net", "y"))
        .culprit("Carol")
        .culprit("bob");
    let config = jenkins()
        .user(User::new("carol").email("carol@example.com"))
        .item(Job::freestyle("hello").script(script));
    let world = World::with_alice(config).await;
    // Known by the account, though not by the address.
    world.connect("bob", BOB_TOKEN).await;
    let api = world.host.plugin_api(0);
    let carol = mattermost_plugin::model::User {
        username: "carol".to_owned(),
        email: "carol@example.com".to_owned(),
        ..mattermost_plugin::model::User::default()
    };
    api.create_user(carol).await.unwrap();
    world.run("alice", "/jenkins build hello").await;
    let told = world.announced().await.message;
    assert!(told.contains("Carol") && !told.contains("@carol"), "{told}");
    assert!(told.contains("@bob"), "{told}");
    assert!(told.contains("make: *** [all] 2"), "{told}");
}

#[tokio::test]
async fn a_slow_jenkins_does_not_hold_the_result_back() {
    let world = World::with_alice(jenkins_with(Job::pipeline("pipe").script(failing()))).await;
    world.run("alice", "/jenkins build pipe").await;
    world.jenkins.wait_for_build("pipe", 1).await;
    for page in ["*/testReport/*", "*/execution/*"] {
        world
            .jenkins
            .inject(Fault::delay(Duration::from_secs(60)).on(page));
    }
    world.jenkins.wait_for_result("pipe", 1).await;
    let start = std::time::Instant::now();
    let told = world.announced().await.message;
    assert!(
        start.elapsed() < Duration::from_secs(6),
        "{:?}",
        start.elapsed()
    );
    assert!(told.contains("failed"), "{told}");
    assert!(
        told.contains("Break") && !told.contains("Failed tests"),
        "what could be learned is told: {told}"
    );
}

#[tokio::test]
async fn a_success_and_an_abortion_need_no_explanation() {
    let script = BuildScript::success().until_told();
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.run("alice", "/jenkins abort hello").await;
    let told = world.announced().await.message;
    assert!(!told.contains("**"), "{told}");
}
