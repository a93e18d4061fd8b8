//! Looking at Jenkins as a whole: `queue`, `running`, `nodes`, `health`, `plugins`, `about`.

use simulators::jenkins::{BuildScript, Fault, Job, Node, Plugin};

use crate::harness::{ALICE_TOKEN, World, jenkins, jenkins_of_alice};
use crate::hostile::{HOSTILE, assert_harmless};

const COMMANDS: [&str; 6] = ["queue", "running", "nodes", "health", "plugins", "about"];

#[track_caller]
fn assert_tells(said: &str, expected: &[&str]) {
    for words in expected {
        assert!(said.contains(words), "{words:?} in {said}");
    }
}

#[tokio::test]
async fn an_idle_jenkins_is_well() {
    let config = jenkins_of_alice().plugin(Plugin::new("git", "Git plugin", "5.8.0"));
    let world = World::with_alice(config).await;
    for (command, expected) in [
        ("queue", &["Nothing that you may see waits"][..]),
        ("running", &["No build that you may see is running"]),
        ("nodes", &["1 node", "0 of 2 executors busy", "idle"]),
        (
            "health",
            &["All is well.", "2.528.1 answers", "Nothing waits"].map(|words| words),
        ),
        ("plugins", &["**1 plugin:**\n1. Git plugin - 5"]),
        ("about", &["Plugin: ", "Mattermost: ", "Apache License 2.0"]),
    ] {
        let outcome = world.run("alice", &format!("/jenkins {command}")).await;
        assert_eq!(outcome.posts.len(), 0, "only who asks is told: {command}");
        let text = outcome.text().replace("\\.", ".");
        assert_tells(&text, expected);
    }
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_runs_waits_and_is_offline_is_told() {
    let busy = BuildScript::success().until_told();
    let config = jenkins_of_alice()
        .item(Job::freestyle("busy").script(busy))
        .item(Job::freestyle(HOSTILE).script(BuildScript::success().why(HOSTILE)))
        .node(Node::new("linux-1").executors(4))
        .node(Node::new(HOSTILE).taken_offline(HOSTILE))
        .plugin(Plugin::new("x", HOSTILE, HOSTILE).with_update())
        .plugin(Plugin::new("cvs", "CVS", "1").disabled())
        .frozen();
    let world = World::with_alice(config).await;
    let root = world.jenkins.url();
    world.jenkins.hold_queue(HOSTILE);
    world.run("alice", "/jenkins build busy").await;
    world
        .run("alice", &format!("/jenkins build \"{HOSTILE}\""))
        .await;
    world.jenkins.wait_for_build("busy", 1).await;
    world.jenkins.wait_for_queued(HOSTILE).await;
    for (command, expected) in [
        ("queue", &["1 build waits", "waiting for", "evil"][..]),
        ("running", &["1 build is running", "[busy]("]),
        (
            "nodes",
            &["3 nodes, 1 offline", "taken offline", "evil", "[busy]("],
        ),
        (
            "health",
            &["should be looked at", "1 of [3 nodes]", "1 build waits"],
        ),
        (
            "plugins",
            &[
                "2 plugins",
                "CVS - 1 - Disabled",
                "evil",
                "update available",
            ],
        ),
        (
            "plugins --updates",
            &["1 plugin for which there is an update", "evil"],
        ),
        ("plugins cvs", &["1 plugin with `cvs` in the name", "CVS"]),
        (
            "plugins nothing like it",
            &["no plugin with `nothing like it`"],
        ),
    ] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert_tells(&said, expected);
        assert_harmless(&said, &root);
    }
    world.host.assert_no_violations();
}

#[tokio::test]
async fn whatever_is_wrong_is_told() {
    let world = World::start(jenkins()).await;
    for command in COMMANDS {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert!(said.contains("/jenkins connect"), "{command}: {said}");
        let said = world
            .say("alice", &format!("/jenkins {command} --server nowhere"))
            .await;
        assert!(
            said.contains("nowhere") || command == "about",
            "{command}: {said}"
        );
    }
    world.connect("alice", ALICE_TOKEN).await;
    let said = world.say("alice", "/jenkins plugins").await;
    assert_tells(&said, &["lacks the permission", "SystemRead"]);
    for fault in [
        Fault::login_page(),
        Fault::garbage_json(),
        Fault::status(404),
        Fault::cut_body(10),
    ] {
        let id = world.jenkins.inject(fault.on("*/api/json"));
        for command in COMMANDS {
            world.run("alice", &format!("/jenkins {command}")).await;
            world.told("alice", "Jenkins").await;
        }
        world.jenkins.remove_fault(id);
    }
    // Only a part is refused: the rest is told.
    world
        .jenkins
        .inject(Fault::status(404).on("/computer/api/json"));
    let said = world.say("alice", "/jenkins health").await;
    assert_tells(&said, &["**Server:**", "**Nodes:**", "Nothing waits"]);
    world.host.assert_no_secret(ALICE_TOKEN);
}

#[tokio::test]
async fn about_says_what_is_missing() {
    let world = World::start_with(jenkins(), |builder| builder.setting("JenkinsURL", "")).await;
    let said = world.say("alice", "/jenkins about").await;
    assert_tells(&said, &["Plugin: ", "not configured", "Apache"]);
}
