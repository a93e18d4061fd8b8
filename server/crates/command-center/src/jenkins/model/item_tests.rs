use super::*;
use crate::jenkins::parameters::ParameterKind;

fn item(json: &str) -> Option<Item> {
    serde_json::from_str::<ItemJson>(json).unwrap().into_item()
}

#[test]
fn a_job_with_parameters() {
    let item = item(
        r#"{"_class":"org.jenkinsci.plugins.workflow.job.WorkflowJob","displayName":"deploy","buildable":true,
        "lastBuild":{"number":7},"builds":[{"number":7}],"property":[{"_class":"x"},{"parameterDefinitions":[
        {"type":"ChoiceParameterDefinition","name":"A","description":null,"choices":["x","y"],"defaultParameterValue":{"value":"x"}},
        {"type":"BooleanParameterDefinition","name":"B","defaultParameterValue":{"value":true}},
        {"type":"PasswordParameterDefinition","name":"C","defaultParameterValue":{"value":"hunter2"}},
        {"type":"CascadeChoiceParameter","name":"D"}]}]}"#,
    )
    .unwrap();
    let ItemKind::Job {
        parameters,
        last_build,
        ..
    } = item.kind
    else {
        panic!("a job")
    };
    assert_eq!(last_build, Some(7));
    let kinds: Vec<_> = parameters
        .iter()
        .map(|parameter| (&parameter.kind, parameter.default.as_deref()))
        .collect();
    assert_eq!(
        kinds,
        [
            (
                &ParameterKind::Choice(vec!["x".into(), "y".into()]),
                Some("x")
            ),
            (&ParameterKind::Boolean, Some("true")),
            (&ParameterKind::Password, None),
            (
                &ParameterKind::Other {
                    kind: "CascadeChoiceParameter".into()
                },
                None
            ),
        ]
    );
}

#[test]
fn folders() {
    for (class, kind) in [
        (
            "com.cloudbees.hudson.plugins.folder.Folder",
            FolderKind::Folder,
        ),
        (
            "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject",
            FolderKind::Multibranch,
        ),
        (
            "jenkins.branch.OrganizationFolder",
            FolderKind::Organization,
        ),
        ("some.plugin.Thing", FolderKind::Folder),
    ] {
        let json = format!(
            r#"{{"_class":"{class}","displayName":"x","jobs":[{{"name":"a%2Fb","displayName":"a/b"}}]}}"#
        );
        let item = item(&json).unwrap();
        let child = Child {
            name: "a%2Fb".into(),
            display_name: "a/b".into(),
            class: String::new(),
        };
        assert_eq!(
            item.kind,
            ItemKind::Folder {
                kind,
                children: vec![child]
            }
        );
    }
}

#[test]
fn something_else_is_no_item() {
    assert_eq!(item("{}"), None);
    assert_eq!(item(r#"{"jobs":[]}"#), None);
}
