//! What Jenkins sends while many builds run: how fast it is taken, and what it costs until the channel
//! knows.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use http::{Method, Request, StatusCode};
use mattermost_plugin::http::Body;
use serde_json::json;
use simulators::jenkins::{JenkinsConfig, Job};

use crate::figures::Figures;
use crate::world::World;

const BUILDS: u64 = 1_000;
/// Builds of one job are told one after the other.
const JOBS: u64 = 100;
/// Each folder of Jenkins has one, as what one address may take is bounded.
const ADDRESSES: usize = 8;
/// What the Notification plugin sends of each build, one after the other.
const PHASES: [(&str, Option<&str>); 3] = [
    ("STARTED", None),
    ("COMPLETED", Some("FAILURE")),
    ("FINALIZED", Some("FAILURE")),
];
/// So many Jenkins jobs send at once.
const SENDERS: usize = 16;
/// What a large installation sends in its worst hour.
const FEWEST_PER_SECOND: f64 = 50.0;
/// How long a sender waits that was told to come again.
const AGAIN: Duration = Duration::from_millis(100);

pub(crate) async fn measure(figures: &mut Figures) {
    let world = World::start((0..JOBS).fold(JenkinsConfig::new(), |config, number| {
        config.item(Job::freestyle(&format!("job-{number}")))
    }))
    .await;
    let said = world.say("/jenkins subscribe ** --events failure").await;
    assert!(said.contains("hears of"), "{said}");
    let mut paths = Vec::new();
    for _ in 0..ADDRESSES {
        let said = world.say("/jenkins webhook add").await;
        let path = said
            .find("/plugins/")
            .and_then(|start| said[start..].split(['\n', '`', '\'', '"']).next());
        paths.push(path.expect("an address").to_owned());
    }
    let process = world.process();
    let (idle, cpu, start) = (process.memory(), process.cpu(), Instant::now());
    process.forget_peak();
    futures_util::stream::iter(0..BUILDS)
        .for_each_concurrent(SENDERS, |number| {
            let (world, path) = (&world, &paths[number as usize % ADDRESSES]);
            async move {
                for (phase, status) in PHASES {
                    while !send(world, path, number, phase, status).await {
                        tokio::time::sleep(AGAIN).await;
                    }
                }
            }
        })
        .await;
    world.wait(World::has_empty_inbox).await;
    let count = BUILDS as f64 * PHASES.len() as f64;
    let per_second = count / start.elapsed().as_secs_f64();
    let posts = world.count_posts(|_| true);
    assert!(
        posts >= BUILDS as usize,
        "{posts} posts tell of {BUILDS} builds"
    );
    figures.at_least(
        "product: webhooks taken and told",
        per_second,
        "per second",
        FEWEST_PER_SECOND,
    );
    figures.plain(
        "product: processor for 1,000 webhooks",
        (process.cpu() - cpu) * 1e6 / count,
        "ms",
    );
    figures.at_most(
        "product: 3,000 webhooks, memory above idle",
        process.peak().saturating_sub(idle) as f64 / 1e6,
        "MB",
        16.0,
    );
    world.host.stop().await;
}

/// Whether it was taken; else it has to come again.
async fn send(world: &World, path: &str, number: u64, phase: &str, status: Option<&str>) -> bool {
    let job = format!("job-{}", number % JOBS);
    let body = json!({
        "name": job,
        "url": format!("job/{job}/"),
        "build": {
            "full_url": format!("https://ci.example.com/job/{job}/{number}/"),
            "number": number,
            "phase": phase,
            "status": status,
            "url": format!("job/{job}/{number}/"),
            "timestamp": 1_700_000_000_000_i64 + i64::try_from(number).unwrap_or_default(),
        },
    });
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .body(Body::from(body.to_string()))
        .expect("a request");
    let server = world.host.server();
    let response = server.serve_plugin_request(0, request, "10.0.0.7").await;
    let status = response.status();
    let is_busy = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::TOO_MANY_REQUESTS,
    ]
    .contains(&status);
    assert!(is_busy || status == StatusCode::OK, "{status}");
    !is_busy
}
