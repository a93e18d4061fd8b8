//! Everything that is shown, with names that would like to be more than text.

use std::time::Duration;

use insta::assert_snapshot;
use url::Url;

use super::*;
use crate::config::ServerAlias;
use crate::jenkins::action::BuildKey;
use crate::jenkins::log_follow::record::FollowRecord;
use crate::jenkins::log_follow::view::{self as log_view, State};
use crate::jenkins::model::{
    Artifact, Build, BuildDetails, BuildResult, BuildSummary, CatalogEntry, Cause, Change,
    FailedTest, FailedTestStatus, FixedTest, Health, JobColor, JobState, JobStatus, Node, Nodes,
    Person, PluginInfo, QueueEntry, QueueId, ReportCoverage, Revision, RunningBuild, ServerState,
    Stage, StageStatus, TestCounts, TestReport,
};
use crate::jenkins::parameters::{Parameter, ParameterKind};
use crate::jenkins::watch::record::Place;

const NOW: i64 = 1_800_000_000_000;
const MINUTE: i64 = 60_000;
const HOSTILE: &str = "@all ![x](http://evil/) `code` *b* <b>|# ~town :tada:\n- [y](http://evil/)";

fn address() -> JenkinsAddress {
    let root = |url: &str| Url::parse(url).unwrap();
    JenkinsAddress::new(
        root("http://jenkins:8080/ci/"),
        root("https://ci.example/ci/"),
    )
}

fn shown(show: impl FnOnce(&View<'_>) -> String) -> String {
    let address = address();
    let shown = show(&View {
        address: &address,
        now: NOW,
    });
    assert!(text::rune_count(&shown) < 16_000, "{}", shown.len());
    shown
}

fn job(names: &[&str]) -> JobPath {
    JobPath::new(names.iter().map(|name| (*name).to_owned()).collect()).unwrap()
}

fn hello() -> JobPath {
    job(&["team", "hello"])
}

fn summary(number: u64, result: Option<BuildResult>) -> BuildSummary {
    BuildSummary {
        number,
        display_name: None,
        running: result.is_none(),
        result,
        started_at: NOW - 10 * MINUTE,
        duration: result.map_or(Duration::ZERO, |_| Duration::from_secs(72)),
        cause: Some(Cause {
            description: "Started by user Alice".to_owned(),
            user: Some("alice".to_owned()),
        }),
    }
}

fn hostile_summary() -> BuildSummary {
    BuildSummary {
        display_name: Some(HOSTILE.to_owned()),
        cause: Some(Cause {
            description: HOSTILE.to_owned(),
            user: None,
        }),
        ..summary(7, Some(BuildResult::Unstable))
    }
}

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
fn what_waits() {
    let entry = QueueEntry {
        id: QueueId(5),
        name: HOSTILE.to_owned(),
        job: Some(hello()),
        why: Some("Waiting for next available executor on ‘linux’".to_owned()),
        since: NOW - 3 * MINUTE,
        stuck: true,
        blocked: false,
        buildable: true,
        parameters: Vec::new(),
        causes: vec![Cause {
            description: "Started by timer".to_owned(),
            user: None,
        }],
    };
    let other = QueueEntry {
        job: None,
        why: Some(HOSTILE.to_owned()),
        stuck: false,
        blocked: true,
        causes: Vec::new(),
        ..entry.clone()
    };
    assert_snapshot!(shown(|view| view.queue(&[entry.clone(), other])));
    assert_snapshot!(shown(|view| view.queue(&[])));
    assert!(shown(|view| view.queue(&vec![entry.clone(); 500])).contains("and 460 more: "));
}

fn running_build(number: u64) -> RunningBuild {
    RunningBuild {
        job: job(&[&HOSTILE.replace('/', "")]),
        number,
        node: HOSTILE.to_owned(),
        started_at: Some(NOW - 5 * MINUTE),
        estimated_duration: None,
        progress: Some(100),
        likely_stuck: true,
    }
}

fn nodes() -> Nodes {
    let node = |name: &str, offline| Node {
        is_built_in: false,
        name: name.to_owned(),
        offline,
        temporarily_offline: false,
        reason: offline.then(|| HOSTILE.to_owned()),
        idle: true,
        executors: 2,
        running: Vec::new(),
    };
    Nodes {
        busy: 1,
        total: 5,
        nodes: vec![
            Node {
                idle: false,
                executors: 1,
                running: (1..=7).map(running_build).collect(),
                ..node("Built-In Node", false)
            },
            node("linux-1", false),
            Node {
                temporarily_offline: true,
                ..node(HOSTILE, true)
            },
            node("gone", true),
        ],
    }
}

#[test]
fn nodes_and_what_runs_on_them() {
    assert_snapshot!(shown(|view| view.nodes(&nodes())));
    let quiet = RunningBuild {
        job: hello(),
        number: 3,
        node: "linux-1".to_owned(),
        started_at: None,
        estimated_duration: None,
        progress: None,
        likely_stuck: false,
    };
    assert_snapshot!(shown(|view| view.running(&[quiet, running_build(4)])));
    assert_snapshot!(shown(|view| view.running(&[])));
    let many: Vec<RunningBuild> = (1..=300).map(running_build).collect();
    assert!(shown(|view| view.running(&many)).contains("more: "));
}

#[test]
fn the_health_of_jenkins() {
    let state = ServerState {
        version: Some("2.528.1".to_owned()),
        session: None,
        root_url: None,
        quieting_down: false,
        quiet_down_reason: None,
        mode: None,
        executors: None,
        description: None,
    };
    let good = Vitals {
        state: state.clone(),
        nodes: Ok(Nodes {
            nodes: vec![nodes().nodes.remove(1)],
            ..nodes()
        }),
        queue: Ok(Vec::new()),
    };
    assert_snapshot!(shown(|view| view.health(&good)));
    let bad = Vitals {
        state: ServerState {
            quieting_down: true,
            quiet_down_reason: Some(HOSTILE.to_owned()),
            ..state
        },
        nodes: Ok(nodes()),
        queue: Err("Jenkins does not show you its queue.".to_owned()),
    };
    assert_snapshot!(shown(|view| view.health(&bad)));
}

#[test]
fn plugins_of_jenkins() {
    let plugin = |short: &str, long: &str| PluginInfo {
        short_name: short.to_owned(),
        long_name: long.to_owned(),
        version: "1.0".to_owned(),
        enabled: true,
        active: true,
        has_update: false,
    };
    let plugins = [
        plugin("workflow-aggregator", "Pipeline"),
        PluginInfo {
            has_update: true,
            ..plugin("git", "Git plugin")
        },
        PluginInfo {
            enabled: false,
            active: false,
            version: HOSTILE.to_owned(),
            ..plugin("evil", HOSTILE)
        },
    ];
    assert_snapshot!(shown(|view| view.plugins(&plugins, None, false)));
    assert_snapshot!(shown(|view| view.plugins(&plugins, Some("GIT"), true)));
    assert_snapshot!(shown(|view| view.plugins(&plugins, Some(HOSTILE), true)));
    let many = vec![plugins[2].clone(); 400];
    assert!(shown(|view| view.plugins(&many, None, false)).contains("more: "));
}

#[test]
fn which_programs_work_together() {
    let server = |alias: &str, version| JenkinsVersion {
        alias: ServerAlias::parse(alias).unwrap(),
        page: "https://ci.example/ci/".to_owned(),
        version,
    };
    let about = About {
        plugin: "0.1.0".to_owned(),
        mattermost: "11.6.0".to_owned(),
        servers: vec![
            server("main", Ok(Some(HOSTILE.to_owned()))),
            server("legacy", Err("You are\nnot connected.".to_owned())),
        ],
    };
    assert_snapshot!(about.markdown());
}

fn test(name: &str, status: FailedTestStatus, age: u64) -> FailedTest {
    FailedTest {
        name: name.to_owned(),
        class: "org.example.T".to_owned(),
        suite: String::new(),
        status,
        age,
        failed_since: (age > 1).then_some(12 - age),
        error_details: Some("\n\nexpected 2\n  but was 3".to_owned()),
        duration: Duration::ZERO,
        job: None,
    }
}

fn report() -> TestReport {
    TestReport {
        pass: 96,
        fail: 3,
        skip: 1,
        duration: Duration::from_millis(61_500),
        failed: vec![
            test("old", FailedTestStatus::Failed, 4),
            FailedTest {
                class: String::new(),
                error_details: Some(HOSTILE.to_owned()),
                job: Some(job(&["module `x`"])),
                ..test(HOSTILE, FailedTestStatus::Regression, 1)
            },
            test("younger", FailedTestStatus::Failed, 2),
        ],
        fixed: vec![FixedTest {
            name: HOSTILE.to_owned(),
            class: "C".to_owned(),
            suite: String::new(),
        }],
        coverage: ReportCoverage::Full,
    }
}

#[test]
fn results_of_tests() {
    assert_snapshot!(shown(|view| view.test_results(
        &hello(),
        12,
        &report(),
        None
    )));
    let totals = TestReport {
        failed: Vec::new(),
        fixed: Vec::new(),
        coverage: ReportCoverage::Totals,
        ..report()
    };
    assert_snapshot!(shown(|view| view.test_results(&hello(), 12, &totals, None)));
    assert_snapshot!(shown(|view| view.no_test_results(&hello(), 12)));
    let good = TestReport {
        fail: 0,
        failed: Vec::new(),
        fixed: Vec::new(),
        ..report()
    };
    assert_snapshot!(shown(|view| view.test_results(&hello(), 12, &good, None)));
}

#[test]
fn many_failed_tests_are_counted() {
    let report = TestReport {
        fail: 1_000,
        failed: vec![
            FailedTest {
                error_details: Some(HOSTILE.repeat(40)),
                ..test(&HOSTILE.repeat(40), FailedTestStatus::Regression, 1)
            };
            500
        ],
        ..report()
    };
    let words = shown(|view| view.test_results(&hello(), 12, &report, None));
    assert!(words.contains("and 975 more: [all of it]"), "{words}");
}

#[test]
fn tests_since_an_earlier_build() {
    let before = TestReport {
        fail: 2,
        failed: vec![
            test("old", FailedTestStatus::Failed, 1),
            test("gone", FailedTestStatus::Failed, 1),
        ],
        ..report()
    };
    let since = |comparison| Since {
        number: 9,
        comparison,
    };
    let compared = since(Some(Comparison::of(&before, &report())));
    assert_snapshot!(shown(|view| view.test_results(
        &hello(),
        12,
        &report(),
        Some(&compared)
    )));
    let nothing = since(None);
    let words = shown(|view| view.test_results(&hello(), 12, &report(), Some(&nothing)));
    assert!(words.contains("#9 has no test reports"), "{words}");
}

fn artifact(path: &str, size: Option<u64>) -> Artifact {
    Artifact {
        file_name: path.rsplit('/').next().unwrap().to_owned(),
        relative_path: path.to_owned(),
        size,
    }
}

#[test]
fn files_of_a_build() {
    let artifacts = [
        artifact("target/my app.jar", Some(3_400_000)),
        artifact("../../etc/passwd", None),
        artifact(HOSTILE, None),
    ];
    assert_snapshot!(shown(|view| view.artifacts(&hello(), 12, &artifacts)));
    assert_snapshot!(shown(|view| view.artifacts(&hello(), 12, &[])));
    assert_snapshot!(shown(|view| view.no_artifact_fits(
        &hello(),
        12,
        HOSTILE,
        3
    )));
    let many = vec![artifacts[2].clone(); 1_000];
    assert!(shown(|view| view.artifacts(&hello(), 12, &many)).contains("more: "));
}

#[test]
fn files_that_are_attached() {
    let fates = [
        Fate::Attached(2_048),
        Fate::TooLarge {
            size: Some(200 << 20),
            limit: 100 << 20,
        },
        Fate::TooLarge {
            size: None,
            limit: 100 << 20,
        },
        Fate::Empty,
        Fate::Failed("the download broke off".to_owned()),
    ];
    let files: Vec<Attached> = fates
        .into_iter()
        .map(|fate| Attached {
            artifact: artifact("a/b.txt", None),
            fate,
        })
        .collect();
    assert_snapshot!(shown(|view| view.attached(&hello(), 12, &files, 3)));
}

#[test]
fn a_log_that_is_followed() {
    let record = FollowRecord {
        id: "follow".to_owned(),
        owner: String::new(),
        user_id: String::new(),
        place: Place {
            channel_id: String::new(),
            root_id: String::new(),
        },
        build: BuildKey {
            server: ServerAlias::default(),
            job: job(&[&HOSTILE.replace('/', "")]),
            number: 12,
        },
        since: NOW,
        post_id: None,
        stopped_by: None,
    };
    let states = [
        State::Live,
        State::Over(Some(BuildResult::Failure)),
        State::Over(None),
        State::Stopped("bob".to_owned()),
        State::TooLong,
        State::Failed("The build is gone.".to_owned()),
    ];
    for state in states {
        assert_snapshot!(shown(|view| {
            let post = log_view::attachment(view, &record, "``` @all\nlast line", &state);
            let buttons: Vec<&str> = post.actions.iter().map(|a| a.name.as_str()).collect();
            format!("{}\n{buttons:?}", post.text)
        }));
    }
    let long = "x".repeat(100_000);
    let words = shown(|view| log_view::attachment(view, &record, &long, &State::Live).text);
    assert!(text::rune_count(&words) < 5_000);
}
