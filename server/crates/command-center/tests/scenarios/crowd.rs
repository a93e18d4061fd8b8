//! Many builds at once: Jenkins is asked at a bounded rate, and every result is told once.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use simulators::jenkins::{BuildResult, BuildScript, Job};

use crate::harness::{HASTE, World, jenkins};

const BUILDS: usize = 120;

#[tokio::test]
async fn a_crowd_of_builds_shares_answers() {
    let script = BuildScript::success().until_told();
    let config = (0..BUILDS).fold(jenkins(), |config, number| {
        config.item(Job::freestyle(&format!("job-{number}")).script(script.clone()))
    });
    let world = World::with_alice(config).await;
    futures_util::stream::iter(0..BUILDS)
        .for_each_concurrent(8, |number| {
            let world = &world;
            async move {
                let command = format!("/jenkins build job-{number}");
                assert_eq!(world.say("alice", &command).await, "");
            }
        })
        .await;
    world
        .wait_long("running cards", Duration::from_secs(60), || {
            let running = |card: &&crate::harness::Card| card.text().contains("has been started");
            world.cards().iter().filter(running).count() == BUILDS
        })
        .await;

    // The plugin's time runs faster, and so does what it allows itself: 20 questions a second.
    let allowed_per_second = 20.0 * f64::from(HASTE);
    world.jenkins.clear_requests();
    let mut looked_at = tokio::time::interval(Duration::from_secs(2));
    looked_at.tick().await;
    looked_at.tick().await;
    let asked = world.jenkins.requests().len() as f64 / 2.0;
    assert!(asked <= allowed_per_second * 1.1 + 20.0, "{asked} a second");
    assert!(asked >= 5.0, "they are still watched: {asked} a second");

    for number in 0..BUILDS {
        let job = format!("job-{number}");
        world.jenkins.finish_build(&job, 1, BuildResult::Success);
    }
    world
        .wait_long("all results", Duration::from_secs(60), || {
            world.announcements().len() == BUILDS
        })
        .await;
    let told: BTreeSet<String> = world
        .announcements()
        .into_iter()
        .map(|post| post.root_id)
        .collect();
    assert_eq!(told.len(), BUILDS, "one in the thread of each card");
    world.settled().await;
}
