//! Where requesters are told of the end of their builds.

use std::time::Duration;

use mattermost_devhost::Fault;
use mattermost_plugin::model::{AppError, Post};
use simulators::jenkins::{BuildScript, JenkinsConfig, Job, LogText};

use crate::harness::{World, jenkins, stored};

const DIRECT: &str = "@command-center";

fn jobs() -> JenkinsConfig {
    let failing = BuildScript::failure().log(LogText::lines(["ERROR: no such file"]));
    jenkins()
        .item(Job::freestyle("good").script(BuildScript::success()))
        .item(Job::freestyle("bad").script(failing))
}

/// What was announced: in the channel `builds`, and to alice directly.
fn told(world: &World) -> (Vec<Post>, Vec<Post>) {
    let direct = world.host.user("alice").channel(DIRECT).unwrap();
    let (direct, here): (Vec<Post>, Vec<Post>) = world
        .announcements()
        .into_iter()
        .partition(|post| post.channel_id == direct);
    (here, direct)
}

async fn build(world: &World, job: &str) {
    let said = world.say("alice", &format!("/jenkins build {job}")).await;
    assert_eq!(said, "");
    world.settled().await;
}

/// Fails unless the thread of the card mentions nobody, and alice was told once.
#[track_caller]
fn assert_told_directly(world: &World) {
    let (here, direct) = told(world);
    assert_eq!(here.len(), 1, "{here:#?}");
    assert!(!here[0].message.contains('@'), "{}", here[0].message);
    assert!(here[0].message.contains("no such file"));
    assert_eq!(direct.len(), 1, "{direct:#?}");
    assert_eq!(direct[0].root_id, "");
    assert!(direct[0].message.contains("failed"));
    assert!(direct[0].message.contains("no such file"));
    assert_eq!(world.cards().len(), 1);
}

#[tokio::test]
async fn everybody_chooses_for_themselves() {
    let world = World::with_alice(jobs()).await;
    let said = world.say("alice", "/jenkins notify").await;
    assert!(said.contains("mentioned in the thread"), "{said}");
    build(&world, "good").await;
    let (here, direct) = told(&world);
    assert!(here[0].message.starts_with("@alice ") && direct.is_empty());
    let said = world.say("alice", "/jenkins notify DM").await;
    assert!(said.contains("direct message"), "{said}");
    build(&world, "good").await;
    let (here, direct) = told(&world);
    assert_eq!((here.len(), direct.len()), (1, 1), "the card says it all");
    assert!(direct[0].message.contains("Job 'good' - #2 succeeded"));
    world.say("alice", "/jenkins notify off").await;
    build(&world, "good").await;
    let (here, direct) = told(&world);
    assert_eq!((here.len(), direct.len()), (1, 1));
    // What is known of a failure is told to the channel in any case.
    build(&world, "bad").await;
    let (here, direct) = told(&world);
    assert_eq!((here.len(), direct.len()), (2, 1));
    assert!(!here[1].message.contains('@'), "{}", here[1].message);
    let said = world.say("alice", "/jenkins notify").await;
    assert!(said.contains("nobody pings you"), "{said}");
    world.say("alice", "/jenkins notify thread").await;
    let kept = stored(&world.host);
    assert!(kept.keys().all(|key| !key.starts_with("jenkins_ping")));
    let said = world.say("alice", "/jenkins notify @all").await;
    assert!(said.contains("dm") && said.contains("off"), "{said}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn in_the_direct_channel_there_is_one_word() {
    let world = World::with_alice(jobs()).await;
    world.say("alice", "/jenkins notify dm").await;
    let alice = world.host.user("alice");
    let outcome = alice.run_command(DIRECT, "/jenkins build bad").await;
    assert_eq!(outcome.unwrap().text(), "");
    world.settled().await;
    let (here, direct) = told(&world);
    assert_eq!((here.len(), direct.len()), (0, 1), "{direct:#?}");
    assert!(direct[0].message.starts_with("@alice "));
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_in_the_thread() {
    let world = World::with_alice(jobs()).await;
    world.say("alice", "/jenkins notify dm").await;
    let refusal = AppError {
        id: "api.channel.create_direct_channel.denied.app_error".to_owned(),
        status_code: 403,
        ..AppError::default()
    };
    let refusal = Fault {
        error: Some(refusal.into()),
        ..Fault::fail(1)
    };
    world.host.fault("GetDirectChannel", refusal);
    build(&world, "good").await;
    let (here, direct) = told(&world);
    assert_eq!((here.len(), direct.len()), (1, 0));
    assert!(here[0].message.starts_with("@alice "));
}

/// Card, thread, direct message: the plugin is killed at each, and each answer is lost.
#[tokio::test]
async fn a_direct_message_comes_once() {
    for nth in 1..=3 {
        let world = World::with_alice(jobs()).await;
        world.say("alice", "/jenkins notify dm").await;
        lose(&world, nth, Fault::lose_answer(1));
        build(&world, "bad").await;
        assert_told_directly(&world);

        let world = World::with_alice(jobs()).await;
        world.say("alice", "/jenkins notify dm").await;
        let before = world.host.calls("CreatePost");
        lose(&world, nth, Fault::delay(1, Duration::from_secs(3_600)));
        world.run("alice", "/jenkins build bad").await;
        world
            .host
            .wait_for("a cut", |_| {
                (world.host.calls("CreatePost") >= before + nth as u64).then_some(())
            })
            .await;
        world.host.clear_faults();
        world.kill(0).await;
        world.host.restart(0).await.unwrap();
        world.settled().await;
        assert_told_directly(&world);
    }
}

/// The `nth` post from now on meets this.
fn lose(world: &World, nth: usize, fault: Fault) {
    if nth > 1 {
        let fault = Fault::delay(nth - 1, Duration::ZERO);
        world.host.fault("CreatePost", fault);
    }
    world.host.fault("CreatePost", fault);
}
