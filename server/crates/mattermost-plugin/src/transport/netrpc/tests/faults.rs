//! Connections that stall and break.

use super::support::{TinyHost, activated};
use crate::api::Api;
use crate::plugin::Plugin;

struct Quiet;

#[crate::plugin]
impl Plugin for Quiet {
    fn new(_: Api) -> Self {
        Self
    }
}

#[tokio::test]
async fn a_stall_delays_and_ends() {
    let running = activated(TinyHost::silent(), Quiet::new).await;
    running.faults().stall();
    let mut ping = std::pin::pin!(running.ping());
    // Everything that can happen has happened when these have run.
    for _ in 0..100 {
        assert!(futures_util::poll!(&mut ping).is_pending());
        tokio::task::yield_now().await;
    }
    running.faults().resume();
    ping.await.expect("an answer");
}

#[tokio::test]
async fn a_cut_fails_what_waits() {
    let running = activated(TinyHost::silent(), Quiet::new).await;
    running.faults().stall();
    let mut ping = std::pin::pin!(running.ping());
    assert!(futures_util::poll!(&mut ping).is_pending());
    running.faults().cut();
    ping.await.expect_err("an error");
    running.disconnected().await;
}

#[tokio::test]
async fn a_plugin_that_was_killed_does_not_answer() {
    let running = activated(TinyHost::silent(), Quiet::new).await;
    running.kill().await;
    running.disconnected().await;
    running.ping().await.expect_err("an error");
    assert!(!running.stop().await, "it cannot quit by itself any more");
}

/// A session without traffic lives on keepalives; one that stalls for good ends by them.
#[tokio::test(start_paused = true)]
async fn a_stall_that_lasts_ends_the_session() {
    let running = activated(TinyHost::silent(), Quiet::new).await;
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    running.ping().await.expect("an answer");
    running.faults().stall();
    running.disconnected().await;
}
