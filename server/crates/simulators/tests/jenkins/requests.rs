//! The request log, and waiting for what happens.

use std::time::Duration;

use simulators::jenkins::{BuildResult, BuildScript, Cause, JenkinsSimulator, Job, Multibranch};

use crate::client::{Talk, world};

#[tokio::test]
async fn requests_are_recorded_without_secrets() {
    let talk = Talk::start(
        world()
            .context_path("/ci")
            .item(Multibranch::new("r").branch("a/b")),
    )
    .await;
    talk.post_form("/job/r/job/a%252Fb/build?delay=0sec", &[("json", "{}")])
        .await;
    let request = talk.jenkins.wait_for_request("POST */build").await;
    assert_eq!(request.path(), "/job/r/job/a%252Fb/build");
    assert_eq!(request.query("delay"), Some("0sec"));
    assert_eq!(request.form("json"), Some("{}"));
    assert_eq!(request.user(), Some("alice"));
    assert_eq!(
        request.header("Content-Type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(request.job_to_build().as_deref(), Some("r/a%2Fb"));
    assert_eq!(request.at_millis(), talk.jenkins.now_millis());
    assert!(!format!("{request:?}").contains("alice-token"));
    assert_eq!(talk.jenkins.builds_requested("r/a%2Fb"), 1);
    assert_eq!(talk.jenkins.builds_started("r/a%2Fb"), 1);
    assert_eq!(talk.jenkins.requests().len(), 1);
    talk.jenkins.clear_requests();
    assert!(talk.jenkins.requests_to("*").is_empty());
}

#[tokio::test]
async fn a_request_to_come_is_awaited() {
    let talk = Talk::start(world()).await;
    let (second, ..) = tokio::join!(talk.jenkins.wait_for_nth_request("/whoAmI/*", 2), async {
        talk.get("/whoAmI/api/json?n=1").await;
        talk.get("/whoAmI/api/json?n=2").await;
    });
    assert_eq!(second.query("n"), Some("2"));
}

#[tokio::test]
async fn results_are_awaited_at_the_clocks_speed() {
    let script = BuildScript::success()
        .queue_time(Duration::from_secs(30))
        .duration(Duration::from_secs(60));
    let talk = Talk::start(
        world()
            .speed(1_000.0)
            .item(Job::freestyle("x").script(script)),
    )
    .await;
    let id = talk.jenkins.schedule_build("x", Cause::Timer);
    assert_eq!(id, Some(1));
    assert_eq!(talk.jenkins.wait_for_queued("x").await, 1);
    talk.jenkins.wait_for_build("x", 1).await;
    assert_eq!(
        talk.jenkins.wait_for_result("x", 1).await,
        BuildResult::Success
    );
    let build = talk.json("/job/x/1/api/json").await;
    assert_eq!(build["duration"], 60_000);
}

#[tokio::test(start_paused = true)]
async fn tokios_paused_time_drives_the_world() {
    let script = BuildScript::failure().duration(Duration::from_secs(3_600));
    let jenkins =
        JenkinsSimulator::start(world().speed(1.0).item(Job::freestyle("x").script(script)))
            .await
            .unwrap();
    let start = jenkins.now_millis();
    jenkins.schedule_build("x", Cause::ScmChange);
    assert_eq!(jenkins.wait_for_result("x", 1).await, BuildResult::Failure);
    assert!(jenkins.now_millis() - start >= 3_600_000);
}
