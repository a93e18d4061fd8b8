use super::*;

fn build(json: &str) -> Build {
    serde_json::from_str::<BuildJson>(json)
        .unwrap()
        .into_build()
        .unwrap()
}

#[test]
fn a_finished_build() {
    let build = build(
        r##"{"number":5,"displayName":"#5","building":false,"inProgress":false,"result":"UNSTABLE","timestamp":1700000000000,
        "duration":72000,"estimatedDuration":60000,"queueId":42,"actions":[null,{},{"causes":[{"shortDescription":"Started by user Alice","userId":"alice"}]},
        {"failCount":1,"skipCount":0,"totalCount":3,"urlName":"testReport"}]}"##,
    );
    assert!(!build.running && build.display_name.is_none());
    assert_eq!(build.result, Some(BuildResult::Unstable));
    assert_eq!(build.duration, Duration::from_secs(72));
    assert_eq!(build.queue_id, Some(QueueId(42)));
    assert_eq!(
        build.tests,
        Some(TestCounts {
            failed: 1,
            skipped: 0,
            total: 3
        })
    );
    assert_eq!(build.causes[0].user.as_deref(), Some("alice"));
}

#[test]
fn a_build_is_done_only_when_jenkins_says_so_in_full() {
    for running in [
        r#"{"number":1,"building":true,"result":"FAILURE"}"#,
        r#"{"number":1,"building":false,"inProgress":true,"result":"SUCCESS"}"#,
        r#"{"number":1,"building":false}"#,
        r#"{"number":1}"#,
    ] {
        assert!(build(running).running, "{running}");
    }
    let old = build(
        r#"{"number":1,"building":false,"result":"SUCCESS","estimatedDuration":-1,"queueId":-1}"#,
    );
    assert!(!old.running && old.estimated_duration.is_none() && old.queue_id.is_none());
    assert!(
        serde_json::from_str::<BuildJson>("{}")
            .unwrap()
            .into_build()
            .is_none()
    );
}

#[test]
fn a_build_is_found_by_its_queue_id() {
    let builds: BuildsJson =
        serde_json::from_str(r#"{"builds":[{"number":8,"queueId":90},{"number":7,"queueId":80}]}"#)
            .unwrap();
    assert_eq!(builds.number_of(QueueId(80)), Some(7));
}
