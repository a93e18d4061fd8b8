use super::*;

fn status(json: &str) -> Option<StatusOf> {
    serde_json::from_str::<JobStatusJson>(json)
        .unwrap()
        .into_status()
}

#[test]
fn a_job() {
    let status = status(
        r##"{"_class":"hudson.model.FreeStyleProject","displayName":"x","description":null,"color":"red_anime","buildable":true,
        "queueItem":{"id":9,"why":"busy"},"healthReport":[{"score":80,"description":"good"},{"score":20,"description":"bad"}],
        "builds":[{"number":7}],"lastBuild":{"number":7,"building":true},"lastCompletedBuild":{"number":6,"result":"FAILURE","duration":72000,
        "actions":[{},{"causes":[{"shortDescription":"Started by timer"}]}]},"lastSuccessfulBuild":null,"nextBuildNumber":8,
        "property":[{},{"parameterDefinitions":[{"type":"StringParameterDefinition","name":"A"}]}]}"##,
    );
    let Some(StatusOf::Job(status)) = status else {
        panic!("a job")
    };
    assert_eq!(
        status.color,
        JobColor {
            state: JobState::Failure,
            building: true
        }
    );
    assert_eq!(status.queued, Some((QueueId(9), Some("busy".into()))));
    assert_eq!(status.health[0].score, 20);
    let completed = status.last_completed.unwrap();
    assert_eq!(completed.duration.as_secs(), 72);
    assert_eq!(completed.cause.unwrap().description, "Started by timer");
    assert!(status.last.unwrap().running && status.last_successful.is_none());
    assert_eq!(status.parameters.len(), 1);
}

#[test]
fn a_folder_is_told_as_such() {
    let folder = status(
        r#"{"_class":"org.x.WorkflowMultiBranchProject","displayName":"x","jobs":[{"name":"main"}]}"#,
    );
    assert!(matches!(
        folder,
        Some(StatusOf::Folder { kind: FolderKind::Multibranch, children }) if children.len() == 1
    ));
    assert!(status("{}").is_none());
}

#[test]
fn colors() {
    for (word, state) in [
        ("blue", JobState::Success),
        ("yellow", JobState::Unstable),
        ("grey", JobState::NotBuilt),
        ("notbuilt", JobState::NotBuilt),
        ("aborted", JobState::Aborted),
        ("disabled", JobState::Disabled),
        ("mauve", JobState::Unknown),
    ] {
        let color = JobColor::parse(word);
        assert_eq!((color.state, color.building), (state, false));
        assert!(JobColor::parse(&format!("{word}_anime")).building);
    }
    assert_eq!(
        serde_json::from_str::<JobColor>("null").unwrap(),
        JobColor::default()
    );
}
