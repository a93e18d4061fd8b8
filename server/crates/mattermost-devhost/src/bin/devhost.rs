//! The playground: a development server with a page in the browser.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use mattermost_devhost::{DevHost, web};
use mattermost_plugin::Protocol;
use serde_json::Value;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

/// How long plugins may take to end.
const STOP: Duration = Duration::from_secs(12);

/// Runs a Mattermost plugin in a small Mattermost in memory, with a page in the browser.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The plugin's bundle, as `make dist` writes it.
    #[arg(long)]
    bundle: PathBuf,
    /// The port to listen on; the next free one if it is taken.
    #[arg(long, default_value_t = 8066, env = "DEVHOST_PORT")]
    port: u16,
    /// A setting of the plugin, with the key as in plugin.json: KEY=VALUE, the value JSON or text.
    #[arg(long = "config", value_parser = setting)]
    config: Vec<(String, Value)>,
    /// A setting of the server, such as FileSettings.MaxFileSize=1000000.
    #[arg(long = "server-config", value_parser = setting)]
    server_config: Vec<(String, Value)>,
    /// How it talks to the plugin: netrpc, as released servers do, or grpc.
    #[arg(long, default_value_t, env = "HOST_PROTOCOL")]
    protocol: Protocol,
    /// How many instances of the plugin run, each as on a node of a cluster of its own.
    #[arg(long, default_value_t = 1)]
    nodes: usize,
}

fn setting(text: &str) -> Result<(String, Value), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((key.to_owned(), value))
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::registry()
        .with(LevelFilter::WARN)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done when even this cannot be written.
            let _ = writeln!(io::stderr(), "devhost: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let listener = web::listen(arguments.port).await?;
    let address = format!("http://localhost:{}", listener.local_addr()?.port());
    let mut builder = DevHost::builder()
        .config("ServiceSettings.SiteURL", address.clone())
        .nodes(arguments.nodes)
        .protocol(arguments.protocol)
        .accept_failed_activation()
        .plugin_bundle(&arguments.bundle);
    for (path, value) in arguments.server_config {
        builder = builder.config(&path, value);
    }
    for (key, value) in arguments.config {
        builder = builder.setting(&key, value);
    }
    let host = Arc::new(builder.start().await?);
    let mut out = io::stdout();
    writeln!(out, "devhost: {address}")?;
    let status = host.plugin_status(0);
    if !status.error.is_empty() {
        writeln!(
            out,
            "devhost: {} is not active: {}",
            status.plugin_id, status.error
        )?;
    }
    out.flush()?;
    tokio::select! {
        served = web::serve(host.clone(), listener) => served?,
        () = asked_to_stop() => {}
    }
    // The server waits ten seconds for `OnDeactivate` too; what is left is killed.
    if tokio::time::timeout(STOP, host.shut_down()).await.is_err() {
        writeln!(out, "devhost: the plugin did not end in time")?;
    }
    Ok(())
}

/// Waits for Ctrl-C or a request to end.
async fn asked_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
