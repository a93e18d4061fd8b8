//! Names of jobs where there are ten thousand: how long somebody waits who types.

use std::time::{Duration, Instant};

use simulators::jenkins::JenkinsConfig;

use crate::figures::Figures;
use crate::world::World;

const JOBS: usize = 10_000;
const ROUNDS: usize = 300;
/// What nobody notices while typing, in milliseconds.
const UNNOTICED: f64 = 200.0;

pub(crate) async fn measure(figures: &mut Figures) {
    let world = World::start(JenkinsConfig::new().generated_jobs(JOBS)).await;
    let process = world.process();
    let idle = process.memory();
    // The first search fetches the list, and may take longer than a command waits.
    while !world
        .say("/jenkins search service")
        .await
        .contains("of 10000")
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let memory = process.memory().saturating_sub(idle);
    figures.plain(
        "product: 10,000 jobs, memory above idle",
        memory as f64 / 1e6,
        "MB",
    );

    let alice = world.host.user("alice");
    let mut typing = Vec::with_capacity(ROUNDS);
    let mut searching = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        // From the first letter, which fits all names, to a whole one.
        let name = format!("team-{:03}/service-{:05}", round % 100, round * 33);
        let typed = format!("/jenkins build {}", &name[..round % name.len()]);
        let start = Instant::now();
        let offered = alice.suggestions("builds", &typed);
        assert!(!offered.await.expect("an answer").is_empty());
        typing.push(start.elapsed());
        let start = Instant::now();
        let said = world
            .say(&format!("/jenkins search {} team", round * 33))
            .await;
        assert!(said.contains("Jobs with"), "{said}");
        searching.push(start.elapsed());
    }
    for (what, times) in [("autocomplete", typing), ("search", searching)] {
        figures.at_most(
            &format!("product: 10,000 jobs, {what}, p99"),
            percentile_99(times).as_secs_f64() * 1e3,
            "ms",
            UNNOTICED,
        );
    }
    world.host.stop().await;
}

fn percentile_99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}
