//! Runs a plugin as the process that a Mattermost server starts.

use std::io::{self, Write};
use std::process::ExitCode;

use tokio::runtime::Handle;

use crate::api::Api;
use crate::host::LogLevel;
use crate::log;
use crate::plugin::{Instance, Plugin};
use crate::transport::netrpc::{self, Ended};
use crate::transport::{report, report_panics};

/// Serves the plugin to the Mattermost server that has started this process, until the server wants
/// it to end. The whole `main` of a plugin:
///
/// ```no_run
/// # use mattermost_plugin::{Api, Plugin};
/// # struct Hello;
/// # #[mattermost_plugin::plugin]
/// # impl Plugin for Hello { fn new(api: Api) -> Self { Self } }
/// fn main() -> std::process::ExitCode {
///     mattermost_plugin::serve::<Hello>()
/// }
/// ```
///
/// Standard output and standard error belong to the server from here on.
#[must_use]
pub fn serve<P: Plugin>() -> ExitCode {
    serve_with(P::new)
}

/// [`serve`] for a plugin that is made in another way than [`Plugin::new`].
#[must_use]
pub fn serve_with<P: Plugin>(make: impl FnOnce(Api) -> P + Send + 'static) -> ExitCode {
    serve_instance(Instance::with(|api| {
        // From here on the API answers. Another subscriber, if the plugin has one, stays.
        let _ = log::install(api.host().clone());
        make(api)
    }))
}

fn serve_instance(instance: Instance) -> ExitCode {
    if !netrpc::is_hosted() {
        // The only reader of this is whoever has typed the command; nothing else can be done.
        let _ = io::stderr().lock().write_all(explanation().as_bytes());
        return ExitCode::FAILURE;
    }
    report_panics();
    match run(instance) {
        Ok(Ended::Quit) => ExitCode::SUCCESS,
        Ok(Ended::HostGone(reason)) => {
            report(LogLevel::Error, &format!("the server is gone: {reason}"));
            ExitCode::FAILURE
        }
        Ok(Ended::ApiLost(reason)) => {
            // Alive but unable to do anything; the server's health check starts a new process.
            report(LogLevel::Error, &format!("the connection to the server's API is lost: {reason}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            report(LogLevel::Error, &format!("the plugin cannot be served: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(instance: Instance) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        ignore_interrupt()?;
        let connection = netrpc::meet().await?;
        netrpc::serve(connection, instance.into_started(), Handle::current()).await
    });
    // A hook that blocks its thread shall not keep the process alive.
    runtime.shutdown_background();
    ended
}

/// ^C in a terminal goes to the server and its plugins alike; the server ends them in order.
#[cfg(unix)]
fn ignore_interrupt() -> io::Result<()> {
    // Listening is what takes the signal's effect away, for as long as the process lives.
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map(drop)
}

#[cfg(not(unix))]
fn ignore_interrupt() -> io::Result<()> {
    tokio::signal::windows::ctrl_c().map(drop)
}

fn explanation() -> String {
    let executable = std::env::args().next().unwrap_or_default();
    format!(
        "{executable} is a plugin of a Mattermost server and does nothing by itself: the server starts it.\n\
         Install the bundle that it came in with `mmctl plugin add <bundle>.tar.gz` and enable it with\n\
         `mmctl plugin enable <plugin id>`, or upload the bundle in the System Console under Plugins.\n"
    )
}
