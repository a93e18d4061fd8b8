//! `/jenkins test-results`.

use std::time::Duration;

use simulators::jenkins::{BuildResult, BuildScript, Fault, Job, TestCase, TestReport, TestStatus};

use crate::harness::{World, jenkins, jenkins_with};
use crate::hostile::{HOSTILE, assert_harmless};

fn unstable(report: TestReport) -> BuildScript {
    BuildScript::new(BuildResult::Unstable).test_report(report)
}

fn case(name: &str, status: TestStatus) -> TestCase {
    TestCase::new("org.example.T", name, status).error("expected 2\n  but was 3")
}

/// What is posted for a command, or told to who typed it.
async fn said(world: &World, command: &str) -> String {
    let outcome = world.run("alice", &format!("/jenkins {command}")).await;
    let posted: Vec<String> = outcome
        .posts
        .iter()
        .map(|post| post.message.clone())
        .collect();
    posted.join("\n") + &outcome.text()
}

#[tokio::test]
async fn what_broke_comes_first() {
    let report = TestReport::new().suite(
        "suite",
        [
            case("passes", TestStatus::Passed),
            case("skipped", TestStatus::Skipped),
            case("old", TestStatus::Failed).age(3),
            case("broken", TestStatus::Regression),
            case("mended", TestStatus::Fixed),
        ],
    );
    let job = Job::freestyle("hello")
        .past_build(BuildScript::success())
        .past_build(BuildScript::success())
        .past_build(unstable(report));
    let world = World::with_alice(jenkins_with(job)).await;
    let outcome = world.run("alice", "/jenkins test-results hello").await;
    assert_eq!(outcome.posts.len(), 1, "the channel is told");
    let message = &outcome.posts[0].message;
    let url = format!("{}/job/hello/3/testReport/", world.jenkins.url());
    assert!(
        message.starts_with(&format!(
            "Test reports for the build #3 of the job 'hello': {url}"
        )),
        "{message}"
    );
    let at = |words: &str| {
        let place = message.find(words);
        place.unwrap_or_else(|| panic!("{words} in {message}"))
    };
    at("**2 failed**, 1 skipped, 2 passed of 5");
    assert!(
        at("`org.example.T.broken` (new): expected 2\n") < at("`org.example.T.old` (for 3 builds")
    );
    at("**Fixed:** 1\n- `org.example.T.mended`");
    let none = said(&world, "test-results hello 1").await;
    assert!(none.contains("doesn't have test reports."), "{none}");
    let outcome = world.run("alice", "/jenkins test-results hello 1").await;
    assert_eq!(outcome.posts.len(), 0, "nothing to tell to others");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn builds_are_compared() {
    let before = TestReport::new().suite(
        "s",
        [case("a", TestStatus::Failed), case("b", TestStatus::Failed)],
    );
    let after = TestReport::new().suite(
        "s",
        [
            case("a", TestStatus::Passed),
            case("b", TestStatus::Failed),
            case("c", TestStatus::Failed),
        ],
    );
    let job = Job::freestyle("hello")
        .past_build(unstable(before))
        .past_build(BuildScript::success())
        .past_build(unstable(after));
    let world = World::with_alice(jenkins_with(job)).await;
    let compared = said(&world, "test-results hello --since 1").await;
    for words in [
        "Since #1: 1 newly failing, 1 no longer failing, 1 failing in both",
        "**Newly failing:** 1\n- `org.example.T.c`",
        "**No longer failing:** 1\n- `org.example.T.a`",
    ] {
        assert!(compared.contains(words), "{words} in {compared}");
    }
    let itself = said(&world, "test-results hello --since lastSuccessfulBuild").await;
    assert!(itself.contains("#3 is this build itself"), "{itself}");
    let nothing = said(&world, "test-results hello 3 --since lastStableBuild").await;
    assert!(nothing.contains("#2 has no test reports"), "{nothing}");
    let gone = said(&world, "test-results hello --since 77").await;
    assert!(gone.contains("no build"), "{gone}");
    let unread = said(&world, "test-results hello --since yesterday").await;
    assert!(unread.contains("names no build"), "{unread}");
}

#[tokio::test]
async fn a_thousand_failed_tests_fit_into_a_post() {
    let config = jenkins()
        .item(Job::freestyle("many").past_build(unstable(TestReport::of_size(1_000, 1))))
        .item(Job::freestyle("huge").past_build(unstable(TestReport::of_size(60_000, 60))));
    let world = World::with_alice(config).await;
    let many = said(&world, "test-results many").await;
    assert!(many.chars().count() < 16_000);
    assert!(
        many.contains("**1000 failed**") && many.contains("and 975 more: "),
        "{many}"
    );
    world.run("alice", "/jenkins test-results huge").await;
    let huge = world
        .host
        .wait_for_post(|post| post.message.contains("job 'huge'"))
        .await;
    assert!(huge.message.contains("**1000 failed**"), "{}", huge.message);
    assert!(
        huge.message.contains("too long to be read"),
        "{}",
        huge.message
    );
    world.host.assert_no_violations();
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    let report = TestReport::new().suite(
        HOSTILE,
        [
            TestCase::new(HOSTILE, HOSTILE, TestStatus::Regression).error(HOSTILE),
            TestCase::new(HOSTILE, HOSTILE, TestStatus::Fixed),
        ],
    );
    let world = World::with_alice(jenkins_with(
        Job::freestyle(HOSTILE).past_build(unstable(report)),
    ))
    .await;
    let told = said(&world, &format!("test-results \"{HOSTILE}\"")).await;
    assert!(told.contains("evil"), "{told}");
    assert_harmless(&told, &world.jenkins.url());
    world.host.assert_no_violations();
}

#[tokio::test]
async fn whatever_is_wrong_is_told() {
    let report = TestReport::of_size(10, 2);
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").past_build(unstable(report)),
    ))
    .await;
    for fault in [
        Fault::login_page(),
        Fault::garbage_json(),
        Fault::status(403),
    ] {
        let id = world.jenkins.inject(fault.on("/job/hello/1/testReport/*"));
        let told = said(&world, "test-results hello").await;
        assert!(
            told.contains("Jenkins") && !told.contains("Test reports for"),
            "{told}"
        );
        world.jenkins.remove_fault(id);
    }
    // Slower than a command may be: the answer follows.
    world
        .jenkins
        .inject(Fault::delay(Duration::from_secs(2)).on("/job/hello/1/testReport/*"));
    let told = said(&world, "test-results hello").await;
    assert!(told.contains("follows here"), "{told}");
    world
        .host
        .wait_for_post(|post| post.message.contains("**5 failed**"))
        .await;
}
