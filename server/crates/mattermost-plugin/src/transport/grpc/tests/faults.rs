//! Connections that stall and break, plugins that end.

use std::path::Path;
use std::time::Duration;

use crate::api::Api;
use crate::plugin::Plugin;
use crate::transport::Protocol;
use crate::transport::host::{Executable, Running, launch};
use crate::transport::testing::{TinyHost, activated};

struct Quiet;

#[crate::plugin]
impl Plugin for Quiet {
    fn new(_: Api) -> Self {
        Self
    }
}

async fn quiet() -> Running {
    activated(Protocol::Grpc, TinyHost::silent(), Quiet::new).await
}

#[tokio::test]
async fn a_stall_delays_and_ends() {
    let running = quiet().await;
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
async fn a_cut_fails_what_waits_and_all_later_connections() {
    let running = quiet().await;
    running.faults().stall();
    let mut ping = std::pin::pin!(running.ping());
    assert!(futures_util::poll!(&mut ping).is_pending());
    running.faults().cut();
    ping.await.expect_err("an error");
    running.disconnected().await;
    running.ping().await.expect_err("an error");
}

#[tokio::test]
async fn a_plugin_that_is_asked_to_quit_quits() {
    let running = quiet().await;
    assert!(running.stop().await);
    running.disconnected().await;
    running.ping().await.expect_err("an error");
}

#[tokio::test]
async fn a_plugin_that_was_killed_does_not_answer() {
    let running = quiet().await;
    running.kill().await;
    running.disconnected().await;
    running.ping().await.expect_err("an error");
    assert!(!running.stop().await, "it cannot quit by itself any more");
}

/// Without traffic nothing ends: there are no keepalives.
#[tokio::test(start_paused = true)]
async fn an_idle_connection_lives_on() {
    let running = quiet().await;
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    running.ping().await.expect("an answer");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_plugin_is_told_apart() {
    let refused = async |path: &str| {
        let executable = Executable {
            path: Path::new(path),
            directory: None,
        };
        let error = launch(Protocol::Grpc, executable, TinyHost::silent()).await;
        error.expect_err("an error").to_string()
    };
    assert_eq!(
        refused("/bin/echo").await,
        "Unrecognized remote plugin message: "
    );
    assert_eq!(
        refused("/bin/true").await,
        "plugin exited before we could connect"
    );
    assert!(refused("/nowhere/plugin").await.contains("No such file"));
}
