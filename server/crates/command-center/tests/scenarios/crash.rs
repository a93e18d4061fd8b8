//! Each watched build gives exactly one card and one announcement, whatever ends the plugin, and
//! wherever.

use std::sync::Arc;
use std::time::Duration;

use mattermost_devhost::Fault;
use simulators::jenkins::{BuildResult, BuildScript, Job};
use tokio::sync::Semaphore;

use crate::harness::{HASTE, World, jenkins_with, stored_watches};

fn job() -> Job {
    Job::freestyle("hello").script(
        BuildScript::success()
            .queue_time(Duration::from_secs(10))
            .duration(Duration::from_secs(20)),
    )
}

/// A call that nobody answers any more.
fn never_answered() -> Fault {
    Fault::delay(1, Duration::from_secs(3_600))
}

/// Types the command, kills the plugin at the `nth` call of `method` from then on, and starts another.
/// `false`: it came to its end without so many calls.
async fn cut_at(method: &'static str, nth: usize) -> bool {
    let world = World::with_alice(jenkins_with(job())).await;
    let before = world.host.calls(method);
    if nth > 1 {
        world
            .host
            .fault(method, Fault::delay(nth - 1, Duration::ZERO));
    }
    world.host.fault(method, never_answered());
    let reached = {
        let alice = world.host.user("alice");
        let command = alice.run_command("builds", "/jenkins build hello");
        let course = async {
            // It does not answer if it is cut.
            let _ = tokio::join!(command, std::future::pending::<()>());
        };
        let reached = world.host.wait_for("a cut or the end", |server| {
            let calls =
                server.records(|records| records.calls.get(method).copied().unwrap_or_default());
            if calls >= before + nth as u64 {
                return Some(true);
            }
            let told = crate::harness::announcements(&world.host).len() == 1
                && stored_watches(&world.host).is_empty();
            told.then_some(false)
        });
        tokio::select! {
            () = course => unreachable!("it waits"),
            reached = reached => reached,
        }
    };
    if reached {
        world.host.clear_faults();
        world.kill(0).await;
        world.host.restart(0).await.expect("it starts again");
    }
    let requested = world.jenkins.builds_requested("hello");
    if requested == 0 && stored_watches(&world.host).is_empty() {
        // The command died before anything was begun.
        assert!(world.cards().is_empty() && world.announcements().is_empty());
        return reached;
    }
    world
        .host
        .wait_for(&format!("the end after {method} {nth}"), |_| {
            stored_watches(&world.host).is_empty().then_some(())
        })
        .await;
    assert!(
        world.jenkins.builds_requested("hello") <= 1,
        "{method} {nth}"
    );
    let word = if world.jenkins.builds_started("hello") == 1 {
        "succeeded"
    } else {
        "probably not started"
    };
    world.assert_told_once(word);
    reached
}

/// Everything that a watch asks of the server. Posts are looked for by two of them only after a crash.
const METHODS: [&str; 8] = [
    "KVSetWithOptions",
    "KVGet",
    "KVCompareAndDelete",
    "CreatePost",
    "UpdatePost",
    "GetPost",
    "GetUser",
    "SendEphemeralPost",
];

/// How often each method is called between the command and the end, when nobody disturbs.
async fn undisturbed() -> Vec<(&'static str, usize)> {
    let world = World::with_alice(jenkins_with(job())).await;
    let count = || METHODS.map(|method| world.host.calls(method));
    let before = count();
    world.run("alice", "/jenkins build hello").await;
    world.announced().await;
    world.settled().await;
    world.assert_told_once("succeeded");
    let counts = count()
        .into_iter()
        .zip(before)
        .map(|(after, before)| (after - before) as usize);
    METHODS.into_iter().zip(counts).collect()
}

/// Runs the cases beside each other, as many at a time as wait rather than work.
async fn all<T: Send + 'static>(
    cases: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let places = Arc::new(Semaphore::new(12));
    let run = |case| {
        let places = Arc::clone(&places);
        tokio::spawn(async move {
            let _place = places.acquire().await.expect("never closed");
            case.await
        })
    };
    let running: Vec<_> = cases.map(run).collect();
    let mut results = Vec::new();
    for case in running {
        results.push(case.await.expect("the case holds"));
    }
    results
}

/// The plugin may be killed at any call to the server: what was done stays done, what was not is made
/// up for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_it_is_cut_each_build_is_told_once() {
    let counts = undisturbed().await;
    let cases = counts
        .iter()
        .flat_map(|&(method, count)| (1..=count).map(move |nth| (method, nth)));
    let cases: Vec<_> = cases.collect();
    assert!(cases.len() >= 25, "{counts:?}");
    let cut = all(cases
        .clone()
        .into_iter()
        .map(|(method, nth)| cut_at(method, nth)))
    .await;
    // How often it looks at its store depends on the moment and the machine's load; the rest does not.
    let of_the_rest = cases.iter().zip(cut);
    let of_the_rest = of_the_rest.filter(|((method, _), _)| *method != "KVGet");
    let reached: Vec<bool> = of_the_rest.map(|(_, reached)| reached).collect();
    let cut = reached.iter().filter(|reached| **reached).count();
    assert!(cut >= reached.len() * 3 / 4, "{cut} of {}", reached.len());
}

/// The effect of a call is there, its answer is lost: what is tried again finds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_answers_of_the_server_double_nothing() {
    let methods = [
        "KVSetWithOptions",
        "KVCompareAndDelete",
        "CreatePost",
        "UpdatePost",
    ];
    let cases = methods
        .into_iter()
        .flat_map(|method| (1..=8).map(move |nth| (method, nth)));
    all(cases.map(|(method, nth)| lose_answer(method, nth))).await;
}

async fn lose_answer(method: &'static str, nth: usize) {
    let world = World::with_alice(jenkins_with(job())).await;
    // Clocks differ: the server's is behind.
    world.clock.advance(Duration::from_secs(10));
    if nth > 1 {
        world
            .host
            .fault(method, Fault::delay(nth - 1, Duration::ZERO));
    }
    world.host.fault(method, Fault::lose_answer(1));
    world.run("alice", "/jenkins build hello").await;
    world.settled().await;
    assert!(
        world.jenkins.builds_requested("hello") <= 1,
        "{method} {nth}"
    );
    if world.jenkins.builds_requested("hello") == 1 {
        world.assert_told_once("succeeded");
    }
}

#[tokio::test]
async fn two_instances_tell_once_and_take_over_from_each_other() {
    let script = BuildScript::success().until_told();
    let world = World::start_with(
        jenkins_with(Job::freestyle("hello").script(script)),
        |builder| builder.nodes(2),
    )
    .await;
    world.connect("alice", crate::harness::ALICE_TOKEN).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    let before = owner(&world);
    world.kill(0).await;
    world
        .host
        .wait_for("another owner", |_| (owner(&world) != before).then_some(()))
        .await;
    world.jenkins.finish_build("hello", 1, BuildResult::Failure);
    world.announced().await;
    world.settled().await;
    world.assert_told_once("failed");
}

fn owner(world: &World) -> Option<String> {
    let stored = crate::harness::stored(&world.host);
    let (_, record) = stored
        .into_iter()
        .find(|(key, _)| key.starts_with("jenkins_watch_v1_"))?;
    let record: serde_json::Value = serde_json::from_str(&record).expect("a record");
    record["owner"].as_str().map(str::to_owned)
}

/// An instance that stands still is taken for dead; when it goes on it must not tell a second time.
#[tokio::test]
async fn an_instance_that_stood_still_does_not_tell_again() {
    let script = BuildScript::success().until_told();
    let world = World::start_with(
        jenkins_with(Job::freestyle("hello").script(script)),
        |builder| builder.nodes(2),
    )
    .await;
    world.connect("alice", crate::harness::ALICE_TOKEN).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    let before = owner(&world);
    world.host.stall(0, true);
    world.let_presence_expire();
    world
        .host
        .wait_for("another owner", |_| (owner(&world) != before).then_some(()))
        .await;
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    world.announced().await;
    world.host.stall(0, false);
    world.settled().await;
    let calls = world.host.calls("KVGet");
    world
        .host
        .wait_for("both to go on", |_| {
            (world.host.calls("KVGet") > calls + 20).then_some(())
        })
        .await;
    world.assert_told_once("succeeded");
}

/// Deactivating ends what is begun, and another instance goes on at once, without waiting for an expiry.
#[tokio::test]
async fn a_deactivated_instance_hands_over() {
    let script = BuildScript::success().until_told();
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.host.restart(0).await.unwrap();
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    let start = tokio::time::Instant::now();
    world.announced().await;
    assert!(
        start.elapsed() < Duration::from_secs(60 / u64::from(HASTE)),
        "{:?}",
        start.elapsed()
    );
    world.settled().await;
    world.assert_told_once("succeeded");
}
