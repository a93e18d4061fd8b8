//! Two thousand builds that are watched at once.

use std::time::Duration;

use futures_util::StreamExt;
use simulators::jenkins::{BuildScript, JenkinsConfig, Job};

use crate::figures::Figures;
use crate::world::World;

const WATCHES: usize = 2_000;
/// How long Jenkins is looked at from the other side.
const PERIOD: Duration = Duration::from_secs(20);
/// One question each 50 ms (`observe.rs`), and what a pause lets pass at once.
const MOST_REQUESTS_PER_SECOND: f64 = 22.0;

pub(crate) async fn measure(figures: &mut Figures) {
    let script = BuildScript::success().until_told();
    let config = (0..WATCHES).fold(JenkinsConfig::new(), |config, number| {
        config.item(Job::freestyle(&format!("job-{number}")).script(script.clone()))
    });
    let world = World::start(config).await;
    let process = world.process();
    let idle = process.memory();
    futures_util::stream::iter(0..WATCHES)
        .for_each_concurrent(16, |number| {
            let world = &world;
            async move {
                let said = world.say(&format!("/jenkins build job-{number}")).await;
                // A machine that has other things to do answers late, but it answers.
                assert!(said.is_empty() || said.contains("Waiting"), "{said}");
            }
        })
        .await;
    let is_card =
        |post: &mattermost_plugin::model::Post| post.props.contains_key("command_center_watch");
    world
        .wait(|world| world.count_posts(is_card) == WATCHES)
        .await;
    world.jenkins.clear_requests();
    let cpu = process.cpu();
    tokio::time::sleep(PERIOD).await;
    let requests = world.jenkins.requests().len() as f64 / PERIOD.as_secs_f64();
    let cpu = (process.cpu() - cpu) / PERIOD.as_secs_f64();
    let memory = process.memory().saturating_sub(idle);
    figures.plain(
        "product: 2,000 watches, memory above idle",
        memory as f64 / 1e6,
        "MB",
    );
    figures.plain(
        "product: 2,000 watches, processor",
        cpu * 100.0,
        "% of one core",
    );
    figures.at_most(
        "product: 2,000 watches, requests to Jenkins",
        requests,
        "per second",
        MOST_REQUESTS_PER_SECOND,
    );
    world.host.stop().await;
}
