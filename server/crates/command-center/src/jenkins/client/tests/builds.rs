use simulators::jenkins::{
    BuildResult as Simulated, Stage as SimulatedStage, TestCase, TestReport, TestStatus,
};

use super::*;
use crate::jenkins::BuildSelector;
use crate::jenkins::model::{BuildResult, StageStatus};

#[tokio::test]
async fn a_build_runs_and_ends() {
    let report = TestReport::new().suite(
        "s",
        [
            TestCase::new("c", "a", TestStatus::Passed),
            TestCase::new("c", "b", TestStatus::Failed),
        ],
    );
    let jenkins = start(world()).await;
    jenkins.script_next_build(
        "hello",
        BuildScript::success()
            .duration(Duration::from_secs(72))
            .test_report(report),
    );
    let client = alice(&jenkins);
    let hello = job(&client, "hello").await.unwrap();
    assert_eq!(
        client.build(&hello.path, BuildSelector::LAST).await,
        Ok(None)
    );
    client.trigger(&hello, &[]).await.unwrap();
    jenkins.wait_for_build("hello", 1).await;

    let running = client
        .build(&hello.path, BuildSelector::LAST)
        .await
        .unwrap()
        .unwrap();
    assert!(
        running.running && running.number == 1 && running.duration.is_zero(),
        "{running:?}"
    );
    assert_eq!(running.causes[0].user.as_deref(), Some("alice"));

    jenkins.advance(Duration::from_secs(100));
    let done = client
        .build(&hello.path, BuildSelector::Number(1))
        .await
        .unwrap()
        .unwrap();
    assert!(!done.running);
    assert_eq!(
        (done.result, done.duration),
        (Some(BuildResult::Success), Duration::from_secs(72))
    );
    let tests = done.tests.unwrap();
    assert_eq!((tests.failed, tests.total), (1, 2));
    assert_eq!(
        client.build(&hello.path, BuildSelector::Number(7)).await,
        Ok(None)
    );
}

#[tokio::test]
async fn stages_are_there_for_pipelines_only() {
    let jenkins = start(world()).await;
    let seconds = Duration::from_secs;
    let failing =
        SimulatedStage::new("Deploy *x*", seconds(10)).failing("script returned exit code 1");
    let script = BuildScript::success()
        .stage(SimulatedStage::new("Build", seconds(10)))
        .stage(failing);
    jenkins.script_next_build("deploy", script);
    let client = alice(&jenkins);
    for name in ["deploy", "hello"] {
        let job = job(&client, name).await.unwrap();
        client.trigger(&job, &[]).await.unwrap();
        jenkins.wait_for_build(name, 1).await;
    }
    assert_eq!(client.stages(&path("hello"), 1).await, Ok(None));
    let statuses = |stages: Vec<crate::jenkins::model::Stage>| -> Vec<(String, StageStatus)> {
        stages
            .into_iter()
            .map(|stage| (stage.name, stage.status))
            .collect()
    };
    let first = statuses(client.stages(&path("deploy"), 1).await.unwrap().unwrap());
    assert_eq!(first[0], ("Build".into(), StageStatus::InProgress));
    jenkins.advance(seconds(60));
    let last = statuses(client.stages(&path("deploy"), 1).await.unwrap().unwrap());
    assert_eq!(
        last,
        [
            ("Build".into(), StageStatus::Success),
            ("Deploy *x*".into(), StageStatus::Failed)
        ]
    );
}

#[tokio::test]
async fn a_build_can_be_stopped() {
    let jenkins = start(world()).await;
    jenkins.script_next_build("hello", BuildScript::success().until_told());
    let client = alice(&jenkins);
    let hello = job(&client, "hello").await.unwrap();
    client.trigger(&hello, &[]).await.unwrap();
    jenkins.wait_for_build("hello", 1).await;
    assert!(
        client_as(&jenkins, "bob", "bob-token")
            .stop(&hello.path, 1)
            .await
            .is_err()
    );
    client.stop(&hello.path, 1).await.unwrap();
    jenkins.wait_for_result("hello", 1).await;
    assert_eq!(jenkins.build_result("hello", 1), Some(Simulated::Aborted));
    let error = client.stop(&hello.path, 9).await.unwrap_err();
    assert!(
        matches!(&error, JenkinsError::NotFound { name, .. } if name == "hello #9"),
        "{error:?}"
    );
}
