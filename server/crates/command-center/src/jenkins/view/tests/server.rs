//! Jenkins as a whole.

use insta::assert_snapshot;

use super::*;
use crate::config::ServerAlias;
use crate::jenkins::model::{
    Cause, Node, Nodes, PluginInfo, QueueEntry, QueueId, RunningBuild, ServerState,
};

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
