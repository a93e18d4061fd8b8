//! The executable is killed (`kill -9`) at random moments while builds are asked for and watched.
//!
//! `COMMAND_CENTER_KILLS` says how many times in all; see [`KILLS`] for the default.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mattermost_devhost::HealthPolicy;
use mattermost_plugin::model::Post;
use simulators::jenkins::{BuildResult, BuildScript, Job, Parameter};

use crate::harness::{World, jenkins, stored_watches};

/// How often plugins are killed in all, unless the environment says otherwise.
const KILLS: usize = 100;
/// Servers beside each other.
const WORLDS: usize = 10;
/// How long a build takes about, from the request to the announcement, in milliseconds.
const LONGEST_LIFE: u64 = 2_500;
/// How long the rest may take once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(90);

fn job() -> Job {
    Job::pipeline("hello").parameter(Parameter::string("N", "0"))
}

fn script(result: BuildResult) -> BuildScript {
    BuildScript::new(result)
        .queue_time(Duration::from_secs(4))
        .duration(Duration::from_secs(12))
}

fn random(below: u64) -> Duration {
    Duration::from_millis(getrandom::u64().expect("random numbers") % below)
}

/// A moment that is as likely in the request, in the course of the build, and at its end.
async fn random_moment(world: &World) {
    match getrandom::u32().expect("random numbers") % 3 {
        0 => tokio::time::sleep(random(120)).await,
        1 => tokio::time::sleep(random(LONGEST_LIFE)).await,
        _ => {
            let next = world.jenkins.builds_started("hello") + 1;
            let ended = world.jenkins.wait_for_result("hello", next);
            // None ends if the request was lost.
            let _ = tokio::time::timeout(Duration::from_millis(LONGEST_LIFE), ended).await;
            tokio::time::sleep(random(1_500)).await;
        }
    }
}

/// Types commands and kills the plugin after each. Answers how many builds there were, and how many
/// requests were lost with the plugin.
async fn suffer(kills: usize) -> (usize, usize) {
    let config = jenkins().speed(8.0).item(job());
    let health = HealthPolicy {
        interval: Duration::from_secs(3_600),
        ..HealthPolicy::default()
    };
    let world = World::in_a_process(config, |builder| builder.health(health)).await;
    let alice = world.host.user("alice");
    for kill in 0..kills {
        let result = if kill % 2 == 0 {
            BuildResult::Success
        } else {
            BuildResult::Failure
        };
        world.jenkins.script_builds("hello", script(result));
        let text = format!("/jenkins build hello N={kill}");
        tokio::select! {
            // Nobody answers once it is killed.
            _ = async { tokio::join!(alice.run_command("builds", &text), std::future::pending::<()>()) } => {}
            () = random_moment(&world) => {}
        }
        world.host.kill(0).await;
        if kill % 3 != 0 {
            // Else the next instance has to wait until the announcement of the dead one expires.
            world.host.clock().advance(Duration::from_secs(7));
        }
        world.host.restart(0).await.expect("it starts again");
    }
    world
        .wait_long("the end of all builds", PATIENCE, || {
            stored_watches(&world.host).is_empty()
        })
        .await;
    let lost = check(&world);
    (world.jenkins.builds_started("hello") as usize, lost)
}

/// One card and one announcement for each build, with its result; and of each request that was lost
/// with the plugin, one card that says so at most.
fn check(world: &World) -> usize {
    let (cards, told) = (world.cards(), world.announcements());
    let started = world.jenkins.builds_started("hello");
    assert_eq!(
        world.jenkins.builds_requested("hello"),
        started as usize,
        "no request was sent twice or lost"
    );
    let mut by_number: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for number in 1..=started {
        let word = match world.jenkins.build_result("hello", number) {
            Some(BuildResult::Success) => "succeeded",
            Some(BuildResult::Failure) => "failed",
            other => panic!("build {number}: {other:?}"),
        };
        let page = format!("/job/hello/{number}/");
        let right = |text: &str| text.contains(&page) && text.contains(word);
        let counts = (
            cards.iter().filter(|card| right(&card.text())).count(),
            told.iter()
                .filter(|post| right(&post.message) && post.message.starts_with("@alice "))
                .count(),
        );
        by_number.insert(number, counts);
    }
    let shown: Vec<String> = cards
        .iter()
        .map(crate::harness::Card::text)
        .chain(told.iter().map(|post| post.message.clone()))
        .collect();
    let wrong: Vec<_> = by_number
        .iter()
        .filter(|(_, counts)| **counts != (1, 1))
        .collect();
    assert!(
        wrong.is_empty(),
        "{wrong:?}\n{shown:#?}\n{:#?}",
        world.host.logs()
    );
    assert_eq!(cards.len(), told.len());
    let ids = |posts: Vec<&Post>, property: &str| -> BTreeSet<String> {
        posts
            .iter()
            .map(|post| post.prop(property).to_owned())
            .collect()
    };
    let of_cards = ids(
        cards.iter().map(|card| &card.post).collect(),
        "command_center_watch",
    );
    let of_told = ids(told.iter().collect(), "command_center_announcement");
    assert!(
        of_cards == of_told && of_cards.len() == cards.len(),
        "each announcement belongs to one card"
    );
    let lost = cards
        .iter()
        .filter(|card| card.text().contains("probably not started"))
        .count();
    assert_eq!(cards.len(), started as usize + lost, "{shown:#?}");
    world.host.assert_no_violations();
    lost
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_process_is_killed_each_build_is_told_once() {
    let kills = std::env::var("COMMAND_CENTER_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(KILLS);
    let worlds: Vec<_> = (0..WORLDS)
        .map(|world| tokio::spawn(suffer(kills / WORLDS + usize::from(world < kills % WORLDS))))
        .collect();
    let mut builds = 0;
    for world in worlds {
        let (started, _) = world.await.expect("the world lives");
        builds += started;
    }
    assert!(builds > kills / 4, "{builds} builds are too few to tell");
}
