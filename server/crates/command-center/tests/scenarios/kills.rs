//! The executable is killed (`kill -9`) at random moments while builds are asked for and watched.
//!
//! `COMMAND_CENTER_KILLS` says how many times in all; see [`KILLS`] for the default.

use std::collections::BTreeMap;
use std::time::Duration;

use mattermost_devhost::HealthPolicy;
use simulators::jenkins::{BuildResult, BuildScript, Job, Parameter};

use crate::harness::{World, jenkins, stored_watches};

/// How often plugins are killed in all, unless the environment says otherwise.
const KILLS: usize = 100;
/// Servers beside each other.
const WORLDS: usize = 10;
/// A killed plugin is killed within this time after a command was typed, in milliseconds.
const LONGEST_LIFE: u64 = 2_500;
/// How long the rest may take once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(90);

fn job() -> Job {
    Job::pipeline("hello").parameter(Parameter::string("N", "0"))
}

fn script(result: BuildResult) -> BuildScript {
    BuildScript::new(result).queue_time(Duration::from_secs(4)).duration(Duration::from_secs(12))
}

async fn random_moment() {
    let random = getrandom::u64().expect("random numbers");
    tokio::time::sleep(Duration::from_millis(random % LONGEST_LIFE)).await;
}

/// Types commands and kills the plugin after each. Answers how many builds there were.
async fn suffer(kills: usize) -> usize {
    let config = jenkins().speed(8.0).item(job());
    let health = HealthPolicy { interval: Duration::from_secs(3_600), ..HealthPolicy::default() };
    let world = World::in_a_process(config, |builder| builder.health(health)).await;
    let alice = world.host.user("alice");
    for kill in 0..kills {
        let result = if kill % 2 == 0 { BuildResult::Success } else { BuildResult::Failure };
        world.jenkins.script_builds("hello", script(result));
        let text = format!("/jenkins build hello N={kill}");
        tokio::select! {
            // Nobody answers once it is killed.
            _ = async { tokio::join!(alice.run_command("builds", &text), std::future::pending::<()>()) } => {}
            () = random_moment() => {}
        }
        world.host.kill(0).await;
        if kill % 3 != 0 {
            // Else the next instance has to wait until the announcement of the dead one expires.
            world.host.clock().advance(Duration::from_secs(7));
        }
        world.host.restart(0).await.expect("it starts again");
    }
    world.wait_long("the end of all builds", PATIENCE, || stored_watches(&world.host).is_empty()).await;
    check(&world);
    world.jenkins.builds_started("hello") as usize
}

/// One card and one announcement for each build, with its result; and of each request that was lost
/// with the plugin, one card that says so at most.
fn check(world: &World) {
    let (cards, told) = (world.cards(), world.announcements());
    let started = world.jenkins.builds_started("hello");
    assert_eq!(world.jenkins.builds_requested("hello"), started as usize, "no request was sent twice or lost");
    let mut by_number: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for number in 1..=started {
        let word = match world.jenkins.build_result("hello", number) {
            Some(BuildResult::Success) => "succeeded",
            Some(BuildResult::Failure) => "failed",
            other => panic!("build {number}: {other:?}"),
        };
        let (page, name) = (format!("/job/hello/{number}/"), format!("#{number}"));
        let right = |text: &str| text.contains(&page) && text.contains(&name) && text.contains(word);
        let counts = (
            cards.iter().filter(|card| right(&card.text())).count(),
            told.iter().filter(|post| right(&post.message) && post.message.starts_with("@alice ")).count(),
        );
        by_number.insert(number, counts);
    }
    let wrong: Vec<_> = by_number.iter().filter(|(_, counts)| **counts != (1, 1)).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{:#?}\n{:#?}\n{:#?}", cards, told, world.host.logs());
    assert_eq!(cards.len(), told.len());
    for (card, post) in cards.iter().filter(|card| card.text().contains("probably not started")).zip(told.iter().filter(|post| post.message.contains("probably not started"))) {
        assert_eq!(card.post.props["command_center_watch"], post.props["command_center_announcement"]);
    }
    let lost = cards.iter().filter(|card| card.text().contains("probably not started")).count();
    assert_eq!(cards.len(), started as usize + lost, "{cards:#?}");
    world.host.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_process_is_killed_each_build_is_told_once() {
    let kills = std::env::var("COMMAND_CENTER_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let worlds: Vec<_> = (0..WORLDS).map(|world| tokio::spawn(suffer(kills / WORLDS + usize::from(world < kills % WORLDS)))).collect();
    let mut builds = 0;
    for world in worlds {
        builds += world.await.expect("the world lives");
    }
    assert!(builds > kills / 4, "{builds} builds are too few to tell");
}
