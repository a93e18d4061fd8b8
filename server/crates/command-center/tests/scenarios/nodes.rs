//! `/jenkins nodes offline` and `online`.

use simulators::jenkins::{BuildScript, Fault, Job, Node};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins_of_alice};
use crate::hostile::{HOSTILE, assert_harmless};

#[tokio::test]
async fn a_node_goes_offline_and_comes_back() {
    let config = jenkins_of_alice().node(Node::new("linux-1"));
    let world = World::with_alice(config).await;
    world
        .run("alice", "/jenkins nodes offline Linux-1 disk is full")
        .await;
    let said = world.noticed("taken offline").await;
    assert!(
        said.contains("@alice") && said.contains("`linux-1` has been taken offline: disk is full"),
        "{said}"
    );
    assert_eq!(
        world.jenkins.taken_offline("linux-1").as_deref(),
        Some("disk is full")
    );
    for command in ["offline linux-1", "offline linux-1 disk is full"] {
        let said = world
            .say("alice", &format!("/jenkins nodes {command}"))
            .await;
        assert!(
            said.contains("already: disk is full; nothing was changed"),
            "{said}"
        );
    }
    world
        .run("alice", "/jenkins nodes offline linux-1 waits for parts")
        .await;
    world.noticed("with a new reason: waits for parts").await;
    let said = world.say("alice", "/jenkins nodes").await;
    assert!(said.contains("taken offline: waits for parts"), "{said}");
    world.run("alice", "/Jenkins nodes online LINUX-1").await;
    world.noticed("brought back online").await;
    assert_eq!(world.jenkins.taken_offline("linux-1"), None);
    let said = world.say("alice", "/jenkins nodes online linux-1").await;
    assert!(said.contains("online already"), "{said}");
    assert_eq!(world.audits("nodes-offline"), ["success", "success"]);
    assert_eq!(world.audits("nodes-online"), ["success"]);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn the_built_in_node_has_several_names() {
    for version in ["2.303.1", "2.528.1"] {
        let busy = BuildScript::success().until_told();
        let config = jenkins_of_alice()
            .version(version)
            .item(Job::freestyle("busy").script(busy));
        let world = World::with_alice(config).await;
        world.run("alice", "/jenkins build busy").await;
        world.jenkins.wait_for_build("busy", 1).await;
        for name in ["Built-In Node", "built-in", "(master)"] {
            world
                .run("alice", &format!("/jenkins nodes offline {name} upgrade"))
                .await;
            world
                .host
                .wait_for("the node to be offline", |_| {
                    world.jenkins.taken_offline("(built-in)")
                })
                .await;
            world
                .noticed("upgrade. 1 build runs there and may go on")
                .await;
            world
                .run("alice", &format!("/jenkins nodes online {name}"))
                .await;
            world
                .host
                .wait_for("the node to be online", |_| {
                    world
                        .jenkins
                        .taken_offline("(built-in)")
                        .is_none()
                        .then_some(())
                })
                .await;
        }
    }
}

#[tokio::test]
async fn what_is_not_seen_is_not_told() {
    let config = jenkins_of_alice()
        .node(Node::new("linux-1"))
        .node(Node::new("linux-1 b"))
        .node(Node::new("gone").disconnected("Connection was broken"))
        .node(
            Node::new("both")
                .disconnected("Connection was broken")
                .taken_offline("old"),
        );
    let world = World::with_alice(config).await;
    world.connect("bob", BOB_TOKEN).await;
    for (user, typed, expected) in [
        ("alice", "offline linx-1", "Did you mean `linux-1`"),
        ("alice", "online nowhere", "There is no node `nowhere`"),
        (
            "alice",
            "offline linux-1 b is broken",
            "not clear where the reason begins",
        ),
        (
            "alice",
            "online gone",
            "Jenkins cannot reach it: Connection was broken",
        ),
        ("alice", "--server main online gone", "cannot be used"),
        ("alice", "offline", "<node>"),
        ("bob", "offline linux-1", "Agent/Disconnect"),
    ] {
        let said = world.say(user, &format!("/jenkins nodes {typed}")).await;
        assert!(said.contains(expected), "{typed}: {said}");
    }
    assert_eq!(world.notices(), Vec::<String>::new());
    assert_eq!(world.audits("nodes-offline"), ["fail"]);
    world.run("alice", "/jenkins nodes online both").await;
    world
        .noticed("no longer taken offline, but Jenkins cannot reach it: Connection was broken")
        .await;

    // Jenkins did it, although its answer was lost.
    world.jenkins.inject(
        Fault::lose_response()
            .on("POST */changeOfflineCause")
            .times(1),
    );
    world.run("alice", "/jenkins nodes offline linux-1").await;
    world.noticed("`linux-1` has been taken offline").await;
    // It did not, and the request was lost.
    let before = world.notices().len();
    world
        .jenkins
        .inject(Fault::drop_request().on("POST */toggleOffline").times(1));
    world.run("alice", "/jenkins nodes online linux-1").await;
    world.told("alice", "Jenkins").await;
    assert_eq!(world.notices().len(), before);
    assert_eq!(world.jenkins.requests_to("POST */toggleOffline").len(), 2);
    world.host.assert_no_secret(ALICE_TOKEN);
}

#[tokio::test]
async fn the_policy_knows_both() {
    let config = jenkins_of_alice().node(Node::new("linux-1"));
    let world = World::start_with(config, |builder| {
        builder.setting("JenkinsPolicy", "deny nodes-offline")
    })
    .await;
    world.connect("alice", ALICE_TOKEN).await;
    let said = world.say("alice", "/jenkins nodes offline linux-1").await;
    assert!(
        said.contains("does not allow you `nodes-offline`"),
        "{said}"
    );
    assert_eq!(world.jenkins.taken_offline("linux-1"), None);
    let said = world.say("alice", "/jenkins nodes list").await;
    assert!(said.contains("linux-1"), "{said}");
}

#[tokio::test]
async fn hostile_names_stay_text() {
    let config = jenkins_of_alice().node(Node::new(HOSTILE));
    let world = World::with_alice(config).await;
    let root = world.jenkins.url();
    world
        .run(
            "alice",
            &format!("/jenkins nodes offline \"{HOSTILE}\" {HOSTILE}"),
        )
        .await;
    let said = world.noticed("taken offline").await;
    assert_harmless(&said, &root);
    let said = world
        .say("alice", &format!("/jenkins nodes offline \"{HOSTILE}\""))
        .await;
    assert!(said.contains("already"), "{said}");
    assert_harmless(&said, &root);
    world
        .run("alice", &format!("/jenkins nodes online \"{HOSTILE}\""))
        .await;
    world.noticed("brought back").await;
    let said = world
        .say("alice", &format!("/jenkins nodes offline \"{HOSTILE}x\""))
        .await;
    assert_harmless(&said, &root);
}
