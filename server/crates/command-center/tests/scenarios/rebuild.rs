//! Building again with the parameters of an earlier build.

use std::time::Duration;

use serde_json::json;
use simulators::jenkins::{BuildScript, Job, Parameter};

use crate::harness::{BOB_TOKEN, World, jenkins_with};

fn script() -> BuildScript {
    BuildScript::success().duration(Duration::from_secs(1))
}

fn hello() -> Job {
    Job::pipeline("hello")
        .parameter(Parameter::string("N", "0"))
        .parameter(Parameter::choice("TARGET", ["staging", "production"]))
        .script(script())
}

async fn announcements(world: &World, count: usize) {
    world
        .host
        .wait_for("announcements", |_| {
            (world.announcements().len() == count).then_some(())
        })
        .await;
}

fn value(world: &World, number: u32, name: &str) -> String {
    let values = world.jenkins.build_parameters("hello", number);
    let value = values.iter().find(|value| value.name() == name);
    value.expect("a parameter").value().to_owned()
}

#[tokio::test]
async fn the_same_parameters_are_given_again() {
    let world = World::with_alice(jenkins_with(hello())).await;
    world
        .run("alice", "/jenkins build hello N=7 TARGET=production")
        .await;
    announcements(&world, 1).await;
    assert_eq!(world.say("alice", "/jenkins rebuild hello").await, "");
    announcements(&world, 2).await;
    assert_eq!(world.say("alice", "/jenkins rebuild hello #1").await, "");
    announcements(&world, 3).await;
    for number in [2, 3] {
        assert_eq!(value(&world, number, "N"), "7");
        assert_eq!(value(&world, number, "TARGET"), "production");
    }
    let said = world.say("alice", "/jenkins rebuild hello 99").await;
    assert!(said.contains("There is no build"), "{said}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_double_click_is_one_build_beside_the_old_card() {
    let world = World::with_alice(jenkins_with(hello())).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("alice", "/jenkins build hello N=7").await;
    announcements(&world, 1).await;
    world.settled().await;
    let card = world.cards().remove(0).post;
    let alice = world.host.user("alice");
    let (first, second) = tokio::join!(
        alice.click(&card.id, "Rebuild"),
        alice.click(&card.id, "Rebuild")
    );
    assert!(first.is_ok() && second.is_ok());
    announcements(&world, 2).await;
    world.settled().await;
    assert_eq!(world.jenkins.builds_requested("hello"), 2);
    assert_eq!(value(&world, 2, "N"), "7");
    assert_eq!(world.cards()[1].post.root_id, "", "beside the old card");
    // With the clicker's own permissions.
    world
        .host
        .user("bob")
        .click(&card.id, "Rebuild")
        .await
        .unwrap();
    let refused = world.host.user("bob").ephemeral().pop().expect("a word");
    assert!(
        refused.message.contains("`Job/Build`"),
        "{}",
        refused.message
    );
    assert_eq!(world.jenkins.builds_started("hello"), 2);
}

#[tokio::test]
async fn passwords_are_asked_for() {
    let job = hello().parameter(Parameter::password("SECRET", ""));
    let world = World::with_alice(jenkins_with(job)).await;
    world
        .run("alice", "/jenkins build hello N=7 SECRET=first-marker")
        .await;
    announcements(&world, 1).await;
    let outcome = world.run("alice", "/jenkins rebuild hello").await;
    assert_eq!(outcome.dialogs.len(), 1, "{}", outcome.text());
    let dialog = &outcome.dialogs[0].request.dialog;
    assert_eq!(dialog.elements.len(), 1);
    assert_eq!(dialog.elements[0].display_name, "SECRET");
    assert!(
        dialog.introduction_text.contains("passwords"),
        "{}",
        dialog.introduction_text
    );
    let alice = world.host.user("alice");
    let submitted = alice
        .submit_dialog("builds", &[("p0", json!("second-marker"))])
        .await;
    assert!(submitted.unwrap().closed);
    announcements(&world, 2).await;
    assert_eq!(value(&world, 2, "SECRET"), "second-marker");
    assert_eq!(value(&world, 2, "N"), "7");
    world.host.assert_no_secret("second-marker");
}

#[tokio::test]
async fn changed_parameters_are_told() {
    let world = World::with_alice(jenkins_with(hello())).await;
    world
        .run("alice", "/jenkins build hello N=7 TARGET=production")
        .await;
    announcements(&world, 1).await;
    world.settled().await;
    let changed = [
        Parameter::choice("TARGET", ["staging", "production", "moon"]),
        Parameter::string("NEW", "n"),
    ];
    world.jenkins.set_parameters("hello", changed);
    let said = world.say("alice", "/jenkins rebuild hello").await;
    assert!(said.contains("have changed since #1"), "{said}");
    assert!(said.contains("`N`") && said.contains("`NEW`"), "{said}");
    announcements(&world, 2).await;
    assert_eq!(value(&world, 2, "NEW"), "n");

    world
        .jenkins
        .set_parameters("hello", [Parameter::choice("TARGET", ["moon"])]);
    let outcome = world.run("alice", "/jenkins rebuild hello 1").await;
    let dialog = &outcome.dialogs[0].request.dialog;
    assert!(
        dialog
            .introduction_text
            .contains("`TARGET` was `production`"),
        "{}",
        dialog.introduction_text
    );
    assert_eq!(world.jenkins.builds_requested("hello"), 2);
}
