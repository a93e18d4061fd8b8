//! Instances that fail, end, come back and know of each other.

mod support;

use std::time::Duration;

use mattermost_devhost::{Fault, HealthPolicy};
use mattermost_plugin::model::PluginStatus;

use support::{probe, probe_says, started};

#[tokio::test]
async fn planned_faults_happen_as_often_as_planned() {
    let host = started().await;
    host.fault("KVGet", Fault::fail(1));
    assert!(
        host.user("alice")
            .run_command("builds", "/probe recall")
            .await
            .is_err()
    );
    assert_eq!(probe_says(&host, "recall").await, "");
    host.fault("KVSetWithOptions", Fault::lose_answer(1));
    assert!(
        host.user("alice")
            .run_command("builds", "/probe remember it")
            .await
            .is_err()
    );
    assert_eq!(probe_says(&host, "recall").await, "it", "the work was done");
    assert_eq!(host.calls("KVGet"), 3);
}

#[tokio::test]
async fn instances_hear_each_other_and_share_the_state() {
    let host = probe().nodes(3).start().await.unwrap();
    let alice = host.user("alice");
    alice
        .run_command("builds", "/probe tell-others hey")
        .await
        .unwrap();
    let nodes = host
        .wait_for("two log lines", |server| {
            let heard = server.records(|records| {
                let lines = records
                    .logs
                    .iter()
                    .filter(|line| line.message == "cluster event hello hey");
                lines.map(|line| line.node).collect::<Vec<_>>()
            });
            (heard.len() == 2).then_some(heard)
        })
        .await;
    assert!(!nodes.contains(&0), "the sender hears nothing: {nodes:?}");
    alice
        .run_command("builds", "/probe remember shared")
        .await
        .unwrap();
    let other = alice
        .on_node(2)
        .run_command("builds", "/probe recall")
        .await
        .unwrap();
    assert_eq!(other.text(), "shared");
    host.set_setting("ServerURL", "x").await;
    for node in 0..3 {
        let changes = alice
            .on_node(node)
            .run_command("builds", "/probe changes")
            .await
            .unwrap();
        assert_eq!(changes.text(), "2", "node {node}");
    }
}

#[tokio::test]
async fn a_killed_instance_is_restarted_by_the_health_check_until_it_is_given_up() {
    let host = started().await;
    for round in 1..=3 {
        host.kill(0).await;
        let error = host
            .user("alice")
            .run_command("builds", "/probe changes")
            .await
            .unwrap_err();
        assert!(
            error.message.contains("is not working"),
            "{}",
            error.message
        );
        host.check_health().await;
        let expected = if round < 3 {
            PluginStatus::RUNNING
        } else {
            PluginStatus::FAILED_TO_STAY_RUNNING
        };
        assert_eq!(host.plugin_status(0).state, expected, "round {round}");
        host.clock().advance(Duration::from_secs(60));
    }
    let error = host
        .user("alice")
        .run_command("builds", "/probe changes")
        .await
        .unwrap_err();
    assert!(
        error.message.contains("is not working"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn failures_far_apart_do_not_count_together() {
    let host = probe()
        .health(HealthPolicy {
            interval: Duration::from_secs(3_600),
            ..HealthPolicy::default()
        })
        .start()
        .await
        .unwrap();
    for _ in 0..4 {
        host.cut(0);
        host.check_health().await;
        assert_eq!(host.plugin_status(0).state, PluginStatus::RUNNING);
        host.clock().advance(Duration::from_secs(31 * 60));
    }
}

#[tokio::test]
async fn a_disabled_plugin_is_gone_and_comes_back() {
    let host = started().await;
    host.set_enabled(false).await;
    assert_eq!(host.plugin_status(0).state, PluginStatus::NOT_RUNNING);
    assert_eq!(
        host.user("alice")
            .run_command("builds", "/probe changes")
            .await
            .unwrap_err()
            .status_code,
        404
    );
    host.set_enabled(true).await;
    assert_eq!(
        probe_says(&host, "changes").await,
        "2",
        "a new instance, told once more as the configuration was saved"
    );
    host.stop().await;
}

#[tokio::test]
async fn the_bot_is_the_same_one_every_time() {
    let host = started().await;
    let bot = host.user_id("probe");
    host.restart(0).await.unwrap();
    assert_eq!(host.user_id("probe"), bot);
}
