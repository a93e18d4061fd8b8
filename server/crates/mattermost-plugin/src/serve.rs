//! Runs a plugin as the process that a Mattermost server starts.

mod threads;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::api::Api;
use crate::host::LogLevel;
use crate::log;
use crate::plugin::{Instance, Plugin};
#[cfg(feature = "grpc")]
use crate::transport::grpc;
use crate::transport::netrpc::{self, Ended};
use crate::transport::{Calls, report, report_panics};

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
    let end = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => {
            let serve = |calls| async {
                meet(instance, calls)
                    .await
                    .map_err(|error| error.to_string())
            };
            let abandon = |end| std::process::exit(i32::from(conclude(end)));
            threads::run(runtime, serve, abandon)
                .unwrap_or_else(|| Err("the transport panicked".to_owned()))
        }
        Err(error) => Err(error.to_string()),
    };
    ExitCode::from(conclude(end))
}

async fn meet(instance: Instance, calls: Calls) -> io::Result<Ended> {
    ignore_interrupt()?;
    #[cfg(feature = "grpc")]
    if grpc::is_asked_for() {
        return grpc::serve(instance.into_started(), calls).await;
    }
    let connection = netrpc::meet().await?;
    netrpc::serve(connection, instance.into_started(), calls).await
}

/// Tells the log how it ended; the process's exit code.
fn conclude(end: Result<Ended, String>) -> u8 {
    let text = match end {
        Ok(Ended::Quit) => return 0,
        Ok(Ended::HostGone(reason)) => format!("the server is gone: {reason}"),
        // Alive but unable to do anything; the server's health check starts a new process.
        Ok(Ended::ApiLost(reason)) => {
            format!("the connection to the server's API is lost: {reason}")
        }
        Err(reason) => format!("the plugin cannot be served: {reason}"),
    };
    report(LogLevel::Error, &text);
    1
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
