//! Builds, their commits and stages.

use std::time::Duration;

use insta::assert_snapshot;

use super::*;
use crate::jenkins::model::{
    Build, BuildDetails, BuildResult, Cause, Change, Person, Revision, Stage, StageStatus,
    TestCounts,
};

#[test]
fn builds_of_a_job() {
    let builds = [
        summary(13, None),
        summary(12, Some(BuildResult::Failure)),
        hostile_summary(),
    ];
    assert_snapshot!(shown(|view| view.history(&hello(), &builds, 10)));
    assert_snapshot!(shown(|view| view.history(&hello(), &[], 10)));
    let many = vec![hostile_summary(); 50];
    let long = shown(|view| view.history(&hello(), &many, 50));
    assert!(long.contains("more: [all of it](https://ci.example/ci/job/team/job/hello/)"));
}

fn details() -> BuildDetails {
    BuildDetails {
        build: Build {
            number: 12,
            display_name: Some("1.2.3 *x*".to_owned()),
            running: false,
            result: Some(BuildResult::Failure),
            started_at: NOW - 10 * MINUTE,
            duration: Duration::from_secs(72),
            estimated_duration: None,
            queue_id: None,
            causes: vec![Cause {
                description: HOSTILE.to_owned(),
                user: None,
            }],
            tests: Some(TestCounts {
                failed: 2,
                skipped: 1,
                total: 40,
            }),
        },
        description: Some(HOSTILE.to_owned()),
        parameters: vec![
            ("VERSION".to_owned(), Some("1.2.3".to_owned())),
            ("TOKEN".to_owned(), None),
            (HOSTILE.to_owned(), Some(HOSTILE.to_owned())),
        ],
        changes: vec![
            Change {
                commit: Some("0123456789abcdef".to_owned()),
                author: Person {
                    id: None,
                    name: "Alice".to_owned(),
                },
                author_email: None,
                title: "Read the status line".to_owned(),
                timestamp: Some(NOW - 90 * MINUTE),
            },
            Change {
                commit: None,
                author: Person {
                    id: None,
                    name: HOSTILE.to_owned(),
                },
                author_email: None,
                title: HOSTILE.to_owned(),
                timestamp: None,
            },
        ],
        changes_cut: true,
        culprits: vec![Person {
            id: None,
            name: HOSTILE.to_owned(),
        }],
        revision: Some(Revision {
            commit: "fedcba9876543210".to_owned(),
            branch: Some(HOSTILE.to_owned()),
        }),
        artifacts: 3,
        keep_log: true,
        built_on: None,
        previous: Some(11),
    }
}

#[test]
fn all_about_a_build() {
    assert_snapshot!(shown(|view| view.details(&hello(), &details())));
    let mut running = details();
    running.build.running = true;
    running.build.result = None;
    running.build.estimated_duration = Some(Duration::from_secs(1200));
    let words = shown(|view| view.details(&hello(), &running));
    assert!(words.contains("▰▰▰▰▰▱▱▱▱▱ 50 %"), "{words}");
}

#[test]
fn changes_of_a_build() {
    assert_snapshot!(shown(|view| view.changes(&hello(), &details())));
    let nothing = BuildDetails {
        changes: Vec::new(),
        ..details()
    };
    assert_snapshot!(shown(|view| view.changes(&hello(), &nothing)));
    let many = BuildDetails {
        changes: vec![details().changes[1].clone(); 100],
        ..details()
    };
    assert!(shown(|view| view.changes(&hello(), &many)).contains("more: "));
}

#[test]
fn stages_of_a_pipeline() {
    let stage = |name: &str, status| Stage {
        id: String::new(),
        name: name.to_owned(),
        status,
        duration: Duration::from_secs(62),
    };
    let stages = [
        stage("Build", StageStatus::Success),
        stage(HOSTILE, StageStatus::Failed),
        stage("Other", StageStatus::Failed),
        stage("Ask", StageStatus::PausedPendingInput),
        stage("Deploy", StageStatus::NotExecuted),
    ];
    assert_snapshot!(shown(|view| view.stages(
        &hello(),
        12,
        &stages,
        Some(HOSTILE)
    )));
    assert_snapshot!(shown(|view| view.stages(&hello(), 12, &[], None)));
}

#[test]
fn a_build_behind_an_address() {
    let stage = |name: &str, status| Stage {
        id: String::new(),
        name: name.to_owned(),
        status,
        duration: Duration::from_secs(62),
    };
    let failed = [
        stage("Build", StageStatus::Success),
        stage(HOSTILE, StageStatus::Failed),
        stage("Clean up", StageStatus::InProgress),
    ];
    let build = details().build;
    assert_snapshot!(seen(|view| view.preview_of_build(
        &hello(),
        &build,
        &failed
    )));
    let running = Build {
        running: true,
        result: None,
        estimated_duration: Some(Duration::from_secs(1200)),
        tests: None,
        ..build
    };
    let stages = [stage("Ask", StageStatus::PausedPendingInput)];
    let hostile = job(&[HOSTILE]);
    assert_snapshot!(seen(
        |view| view.preview_of_build(&hostile, &running, &stages)
    ));
    let aborted = Build {
        running: false,
        result: Some(BuildResult::Aborted),
        ..running
    };
    assert_snapshot!(seen(|view| view.preview_of_build(&hello(), &aborted, &[])));
}
