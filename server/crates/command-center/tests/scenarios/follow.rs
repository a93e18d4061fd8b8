//! `/jenkins watch` and `unwatch`: builds that somebody else started.

use simulators::jenkins::{BuildResult, BuildScript, Cause, Job};

use crate::harness::{World, jenkins_with, stored_watches};

async fn world() -> World {
    let script = BuildScript::success().until_told();
    World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await
}

#[tokio::test]
async fn a_build_of_somebody_else_is_followed_to_its_result() {
    let world = world().await;
    let said = world.say("alice", "/jenkins watch hello").await;
    assert!(said.contains("nothing to watch"), "{said}");
    world.jenkins.schedule_build("hello", Cause::Timer);
    world.jenkins.wait_for_build("hello", 1).await;
    assert_eq!(world.say("alice", "/jenkins watch hello").await, "");
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    let said = world.say("alice", "/jenkins watch hello #1").await;
    assert!(said.contains("already"), "{said}");
    world.kill(0).await;
    world.host.restart(0).await.expect("it starts again");
    world.jenkins.finish_build("hello", 1, BuildResult::Failure);
    world.announced().await;
    world.settled().await;
    world.assert_told_once("failed");
    let said = world.say("alice", "/jenkins watch hello 1").await;
    assert!(said.contains("is over already"), "{said}");
}

#[tokio::test]
async fn what_waits_is_followed_from_the_queue() {
    let world = world().await;
    world.jenkins.hold_queue("hello");
    world.jenkins.schedule_build("hello", Cause::Timer);
    world.run("alice", "/jenkins watch hello").await;
    world.card(|card| card.text().contains("in queue")).await;
    world.jenkins.release("hello");
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    world.announced().await;
    world.assert_told_once("succeeded");
}

#[tokio::test]
async fn a_build_that_is_watched_no_longer_is_not_told() {
    let world = world().await;
    world.jenkins.schedule_build("hello", Cause::Timer);
    world.jenkins.wait_for_build("hello", 1).await;
    world.run("alice", "/jenkins watch hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    let said = world.say("bob", "/jenkins unwatch hello").await;
    assert!(said.contains("/jenkins connect"), "{said}");
    assert_eq!(stored_watches(&world.host).len(), 1);
    let said = world.say("alice", "/jenkins unwatch hello").await;
    assert!(said.contains("watched no longer"), "{said}");
    world.settled().await;
    world
        .card(|card| card.text().contains("is not watched any more"))
        .await;
    world.jenkins.finish_build("hello", 1, BuildResult::Failure);
    assert_eq!(world.announcements(), []);
    let said = world.say("alice", "/jenkins unwatch hello").await;
    assert!(said.contains("You watch no build"), "{said}");
    world.host.assert_no_violations();
}
