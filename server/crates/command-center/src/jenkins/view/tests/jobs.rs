//! Jobs and folders.

use insta::assert_snapshot;

use super::*;
use crate::jenkins::model::{
    BuildResult, CatalogEntry, Health, JobColor, JobState, JobStatus, QueueId,
};
use crate::jenkins::parameters::{Parameter, ParameterKind};

fn parameter(name: &str, kind: ParameterKind, default: Option<&str>) -> Parameter {
    Parameter {
        name: name.to_owned(),
        description: format!("About <b>{name}</b>"),
        kind,
        default: default.map(str::to_owned),
    }
}

fn status() -> JobStatus {
    JobStatus {
        display_name: "hello".to_owned(),
        description: "Says <i>hello</i> &amp; goes".to_owned(),
        color: JobColor {
            state: JobState::Failure,
            building: true,
        },
        buildable: true,
        queued: Some((QueueId(5), Some(HOSTILE.to_owned()))),
        health: vec![Health {
            score: 40,
            words: "Build stability: 3 of the last 5 builds failed.".to_owned(),
        }],
        last: Some(summary(13, None)),
        last_completed: Some(summary(12, Some(BuildResult::Failure))),
        last_successful: Some(summary(9, Some(BuildResult::Success))),
        last_failed: Some(summary(12, Some(BuildResult::Failure))),
        next_build: Some(14),
        parameters: Vec::new(),
    }
}

#[test]
fn the_status_of_a_job() {
    assert_snapshot!(shown(|view| view.status(&hello(), &status())));
    let never = JobStatus {
        color: JobColor {
            state: JobState::NotBuilt,
            building: false,
        },
        buildable: false,
        queued: None,
        health: Vec::new(),
        last: None,
        last_completed: None,
        last_successful: None,
        last_failed: None,
        ..status()
    };
    assert_snapshot!(shown(|view| view.status(&job(&[HOSTILE]), &never)));
}

#[test]
fn what_a_job_is() {
    let choices = ["dev", "qa", HOSTILE].map(str::to_owned).to_vec();
    let with_parameters = JobStatus {
        display_name: HOSTILE.to_owned(),
        parameters: vec![
            parameter("VERSION", ParameterKind::String, Some("1.0")),
            parameter("TARGET", ParameterKind::Choice(choices), Some("dev")),
            parameter("SECRET", ParameterKind::Password, None),
            parameter(HOSTILE, ParameterKind::Boolean, Some(HOSTILE)),
            parameter(
                "CANDIDATE",
                ParameterKind::Run {
                    project: "a/b".to_owned(),
                },
                None,
            ),
            parameter(
                "REGION",
                ParameterKind::Other {
                    kind: "CascadeChoiceParameter".to_owned(),
                },
                None,
            ),
        ],
        ..status()
    };
    assert_snapshot!(shown(|view| view.info(&hello(), &with_parameters)));
    let plain = JobStatus {
        buildable: false,
        ..status()
    };
    assert_snapshot!(shown(|view| view.info(&hello(), &plain)));
}

fn entries() -> Vec<CatalogEntry> {
    let json = format!(
        r#"{{"jobs":[
        {{"_class":"x.WorkflowJob","name":"blue","displayName":"blue","color":"blue"}},
        {{"_class":"x.WorkflowJob","name":"red","displayName":"Shown *so*","color":"red"}},
        {{"_class":"x.WorkflowJob","name":"busy","displayName":"busy","color":"yellow_anime"}},
        {{"_class":"x.WorkflowJob","name":"off","displayName":"off","color":"disabled"}},
        {{"_class":"x.WorkflowJob","name":{name},"displayName":{name},"color":"notbuilt"}},
        {{"_class":"x.WorkflowMultiBranchProject","name":"repo","displayName":"repo","jobs":[
          {{"_class":"x.WorkflowJob","name":"feature%2Ffoo","displayName":"feature/foo","color":"red"}}]}}
        ]}}"#,
        name = serde_json::to_string(&HOSTILE.replace('/', "")).unwrap()
    );
    crate::jenkins::model::catalog_of(&json, Some(&job(&["team"])))
}

#[test]
fn jobs_in_a_folder() {
    let folder = job(&["team"]);
    for only in [Only::Here, Only::Failed, Only::Running] {
        assert_snapshot!(shown(|view| view.jobs(Some(&folder), &entries(), only)));
    }
    assert_snapshot!(shown(|view| view.jobs(None, &[], Only::Here)));
    let many: Vec<CatalogEntry> = (0..200).flat_map(|_| entries()).collect();
    assert!(shown(|view| view.jobs(None, &many, Only::Here)).contains("more: "));
}

#[test]
fn a_job_behind_an_address() {
    assert_snapshot!(seen(|view| view.preview_of_job(&job(&[HOSTILE]), &status())));
    let quiet = JobStatus {
        color: JobColor {
            state: JobState::Success,
            building: false,
        },
        last: None,
        last_completed: Some(hostile_summary()),
        ..status()
    };
    assert_snapshot!(seen(|view| view.preview_of_job(&hello(), &quiet)));
}
