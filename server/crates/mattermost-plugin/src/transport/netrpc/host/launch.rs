//! Starts plugins.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use goplugin::yamux::{Session, Stream};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader, BufWriter};

use super::super::broker::Broker;
use super::super::client::Client;
use super::super::gob::Bare;
use super::super::handshake::Connection;
use super::super::session;
use super::remote_hooks::RemoteHooks;
use super::running::{PluginBody, Running};
use crate::host::{Host, LogLevel};
use crate::plugin::Instance;
use crate::transport::Calls;
use crate::transport::host::{Faults, Faulty, Process, Start};

/// How long a plugin may take from its start to its handshake (`supervisor.go`).
const START_LIMIT: Duration = Duration::from_secs(3);

/// How long a plugin may take to offer its hooks once it is connected.
const DISPENSE_LIMIT: Duration = Duration::from_secs(10);

/// How much is written to the connection at once, in bytes.
const BUFFER: usize = 16 * 1024;

/// How much two sides of a process may have on the way to each other, in bytes.
const PIPE: usize = 64 * 1024;

/// Starts a plugin's executable as a Mattermost server does, with this process's environment, and
/// connects to it. Its API calls, and the lines that it writes to standard error, go to `host`.
///
/// The plugin is not active yet: call `hooks().on_activate()`.
///
/// # Errors
/// When the executable does not start, does not begin as a plugin does within three seconds, or
/// offers no hooks.
pub async fn launch(executable: &Path, host: Arc<dyn Host>) -> io::Result<Running> {
    let start = Start {
        executable,
        protocol: "netrpc",
        environment: &[],
        limit: START_LIMIT,
    };
    let (process, address) = Process::start(start, host.clone()).await?;
    let connection = Connection::connect(&address.address).await?;
    connect(connection, host, PluginBody::Process(process)).await
}

/// Runs a plugin in this process, at the other end of the same wire.
///
/// The plugin is not active yet: call `hooks().on_activate()`.
///
/// # Errors
/// When the two sides do not find each other.
pub async fn in_process(instance: Instance, host: Arc<dyn Host>) -> io::Result<Running> {
    let (ours, theirs) = tokio::io::duplex(PIPE);
    let plugin = tokio::spawn(session::serve(
        theirs,
        instance.into_started(),
        Calls::here(),
    ));
    connect(ours, host, PluginBody::Task(plugin.abort_handle())).await
}

async fn connect<T>(connection: T, host: Arc<dyn Host>, body: PluginBody) -> io::Result<Running>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let faults = Faults::default();
    let connection = Faulty {
        connection,
        faults: faults.clone(),
    };
    let session = Session::client(
        BufWriter::with_capacity(BUFFER, connection),
        session::config(),
    )?;
    let control = Client::new(session.open().await?);
    for source in ["plugin_stdout", "plugin_stderr"] {
        tokio::spawn(copy_output(session.open().await?, source, host.clone()));
    }
    let broker = Broker::new(session.clone());
    tokio::spawn(broker.clone().run());
    let kind = Bare("hooks".to_owned());
    let dispensed = control
        .call("Dispenser.Dispense", &kind, Bare(0u32), DISPENSE_LIMIT)
        .await;
    let Bare(number) = dispensed.map_err(io::Error::other)?;
    let client = Client::new(broker.dial(number).await?.established().await?);
    let hooks = Arc::new(RemoteHooks {
        client,
        broker,
        host,
    });
    Ok(Running {
        hooks,
        session,
        control,
        faults,
        body,
    })
}

/// Logs what a plugin writes to a standard stream that travels with the session
/// (`supervisor.go`, `SyncStdout`).
async fn copy_output(output: Stream, source: &'static str, host: Arc<dyn Host>) {
    let mut lines = BufReader::new(output).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let text = String::from_utf8_lossy(&line).into_owned();
        let fields = vec![("source".to_owned(), source.to_owned())];
        // A host that cannot log has nobody to tell.
        let _ = host.log(LogLevel::Info, text, fields).await;
    }
}
