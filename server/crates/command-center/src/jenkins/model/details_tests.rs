use super::*;
use crate::jenkins::model::{BuildResult, QueueId};

fn details(json: &str) -> BuildDetails {
    serde_json::from_str::<BuildDetailsJson>(json)
        .unwrap()
        .into_details()
        .unwrap()
}

#[test]
fn a_freestyle_build() {
    let details = details(
        r##"{"number":5,"displayName":"#5","building":false,"result":"FAILURE","timestamp":1700000000000,"queueId":42,
        "description":"","keepLog":true,"builtOn":"agent-1","previousBuild":{"number":4},
        "artifacts":[{"fileName":"a"},{"fileName":"b"}],"culprits":[{"id":"alice","fullName":"Alice Liddell"},{"fullName":"Bob"}],
        "actions":[null,{"causes":[{"shortDescription":"Started by user Alice","userId":"alice"}]},
        {"failCount":1,"skipCount":0,"totalCount":3},
        {"parameters":[{"_class":"hudson.model.StringParameterValue","name":"A","value":"x"},
          {"_class":"hudson.model.BooleanParameterValue","name":"B","value":true},
          {"_class":"hudson.model.PasswordParameterValue","name":"C"},
          {"_class":"x.NonStoredPasswordParameterValue","name":"D","value":"hunter2"},
          {"_class":"hudson.model.RunParameterValue","name":"E","jobName":"p","number":"7"}]},
        {"lastBuiltRevision":{"SHA1":"4f1c2d9","branch":[{"SHA1":"4f1c2d9","name":"refs/remotes/origin/feature/x"}]}},
        {"lastBuiltRevision":{"SHA1":"other","branch":[]}}],
        "changeSet":{"items":[{"commitId":"4f1c2d9","msg":"Fix it\nall","timestamp":5,"author":{"id":"bob","fullName":"Bob"},
        "authorEmail":"bob@example.com"},{"msg":"x","timestamp":-1,"authorEmail":"bob"}]}}"##,
    );
    assert_eq!(details.build.result, Some(BuildResult::Failure));
    assert_eq!(details.build.queue_id, Some(QueueId(42)));
    assert_eq!(details.build.tests.unwrap().total, 3);
    assert_eq!(details.started_by(), Some("alice"));
    assert_eq!(details.description, None);
    let value = |name: &str| {
        let (_, value) = details.parameters.iter().find(|(n, _)| n == name).unwrap();
        value.as_deref()
    };
    assert_eq!((value("A"), value("B")), (Some("x"), Some("true")));
    assert_eq!(
        (value("C"), value("D"), value("E")),
        (None, None, Some("p#7"))
    );
    assert_eq!(
        details.revision,
        Some(Revision {
            commit: "4f1c2d9".into(),
            branch: Some("feature/x".into())
        })
    );
    assert_eq!((details.artifacts, details.keep_log), (2, true));
    assert_eq!(
        (details.built_on.as_deref(), details.previous),
        (Some("agent-1"), Some(4))
    );
    assert_eq!(details.culprits[1].id, None);
    let change = &details.changes[0];
    assert_eq!(
        (change.title.as_str(), change.author.id.as_deref()),
        ("Fix it", Some("bob"))
    );
    assert_eq!(change.author_email.as_deref(), Some("bob@example.com"));
    let bare = &details.changes[1];
    assert_eq!((&bare.author_email, bare.timestamp), (&None, None));
}

#[test]
fn a_pipeline_has_several_sets_of_changes() {
    let details = details(
        r#"{"number":1,"changeSets":[{"items":[{"msg":"a"}]},{"items":[{"msg":"b"},{"msg":"c"}]}],
        "actions":[{"lastBuiltRevision":{"SHA1":"1","branch":[{"name":"feature/foo"}]}}]}"#,
    );
    let titles: Vec<_> = details.changes.iter().map(|change| &change.title).collect();
    assert_eq!(titles, ["a", "b", "c"]);
    assert_eq!(
        details.revision.unwrap().branch.as_deref(),
        Some("feature/foo")
    );
    assert!(!details.changes_cut && details.build.running);
}

#[test]
fn the_tree_names_what_is_read() {
    let tree = BuildDetailsJson::tree();
    assert!(tree.contains(
        "changeSets[items[commitId,msg,timestamp,author[id,fullName],authorEmail]{0,101}]"
    ));
    assert_eq!(tree.matches('[').count(), tree.matches(']').count());
    assert!(
        serde_json::from_str::<BuildDetailsJson>("{}")
            .unwrap()
            .into_details()
            .is_none()
    );
}
