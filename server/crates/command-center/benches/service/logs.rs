//! Memory at rest, and for a large log.

use std::time::Duration;

use simulators::jenkins::{BuildScript, JenkinsConfig, Job, LogText};

use crate::figures::Figures;
use crate::world::World;

/// The log that made the former plugin take 632 MB.
const LARGE: u64 = 200_000_000;

pub(crate) async fn measure(figures: &mut Figures) {
    let job = |name: &str, bytes| {
        let script = BuildScript::success()
            .duration(Duration::from_secs(1))
            .log(LogText::of_size(bytes));
        Job::freestyle(name).past_build(script)
    };
    let config = JenkinsConfig::new()
        .item(job("small", 10_000))
        .item(job("large", LARGE));
    let world = World::start(config).await;
    let process = world.process();
    figures.plain(
        "product: memory after activation and one connect",
        process.memory() as f64 / 1e6,
        "MB",
    );
    show(&world, "/jenkins get-log small --full").await;
    let idle = process.memory();
    for (name, command) in [
        ("get-log of 200 MB", "/jenkins get-log large"),
        ("get-log --full of 200 MB", "/jenkins get-log large --full"),
    ] {
        process.forget_peak();
        show(&world, command).await;
        let above = process.peak().saturating_sub(idle);
        figures.at_most(
            &format!("product: {name}, memory above idle"),
            above as f64 / 1e6,
            "MB",
            16.0,
        );
    }
    world.host.stop().await;
}

async fn show(world: &World, command: &str) {
    let is_log = |post: &mattermost_plugin::model::Post| post.message.starts_with("Console log");
    let before = world.count_posts(is_log);
    world.say(command).await;
    world.wait(|world| world.count_posts(is_log) > before).await;
}
