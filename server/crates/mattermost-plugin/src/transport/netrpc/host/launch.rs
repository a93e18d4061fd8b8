//! Starts plugins.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use goplugin::yamux::{Session, Stream};
use tokio::io::{AsyncRead, AsyncWrite, BufWriter};

use super::super::broker::Broker;
use super::super::client::Client;
use super::super::gob::Bare;
use super::super::handshake::Connection;
use super::super::header::Empty;
use super::super::session;
use super::remote_hooks::RemoteHooks;
use crate::host::Host;
use crate::plugin::Instance;
use crate::transport::host::{
    Executable, Faults, Faulty, Link, PluginBody, Process, QUIT_LIMIT, Running, Start, copy_output,
};
use crate::transport::{Calls, Protocol};

/// How long a plugin may take from its start to its handshake (`supervisor.go`).
const START_LIMIT: Duration = Duration::from_secs(3);

/// How long a plugin may take to offer its hooks once it is connected.
const DISPENSE_LIMIT: Duration = Duration::from_secs(10);

/// How much is written to the connection at once, in bytes.
const BUFFER: usize = 16 * 1024;

/// How much two sides of a process may have on the way to each other, in bytes.
const PIPE: usize = 64 * 1024;

/// Starts a plugin's executable and connects to it.
///
/// # Errors
/// When the executable does not start, does not begin as a plugin does within three seconds, or
/// offers no hooks.
pub(crate) async fn launch(executable: Executable<'_>, host: Arc<dyn Host>) -> io::Result<Running> {
    let start = Start {
        executable: executable.path,
        directory: None,
        protocol: Protocol::NetRpc,
        environment: &[],
        limit: START_LIMIT,
    };
    let (process, address) = Process::start(start, host.clone()).await?;
    let connection = Connection::connect(&address.address).await?;
    Ok(connect(connection, host)
        .await?
        .running(PluginBody::Process(process)))
}

/// Runs a plugin in this process.
///
/// # Errors
/// When the two sides do not find each other.
pub(crate) async fn in_process(instance: Instance, host: Arc<dyn Host>) -> io::Result<Running> {
    let (ours, theirs) = tokio::io::duplex(PIPE);
    let plugin = tokio::spawn(session::serve(
        theirs,
        instance.into_started(),
        Calls::here(),
    ));
    Ok(connect(ours, host)
        .await?
        .running(PluginBody::Task(plugin.abort_handle())))
}

/// A plugin at the other end of a connection.
pub(crate) struct Connected {
    pub(crate) hooks: Arc<RemoteHooks>,
    pub(crate) session: Session,
    control: Client<Stream>,
    faults: Faults,
}

impl Connected {
    /// The plugin, with what it runs in.
    fn running(self, body: PluginBody) -> Running {
        Running {
            hooks: self.hooks,
            link: Box::new(Control {
                session: self.session,
                client: self.control,
            }),
            faults: self.faults,
            body,
        }
    }
}

/// Connects to a plugin, which then offers its hooks.
pub(crate) async fn connect<T>(connection: T, host: Arc<dyn Host>) -> io::Result<Connected>
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
    Ok(Connected {
        hooks,
        session,
        control,
        faults,
    })
}

/// go-plugin's own calls (`rpc_client.go`).
struct Control {
    session: Session,
    client: Client<Stream>,
}

impl Link for Control {
    fn ping(&self) -> BoxFuture<'_, Result<(), String>> {
        async {
            let reply = self
                .client
                .call_unlimited("Control.Ping", &Bare(true), Empty::default())
                .await;
            reply.map(drop).map_err(|error| error.to_string())
        }
        .boxed()
    }

    fn quit(&self) -> BoxFuture<'_, bool> {
        async {
            let answer =
                self.client
                    .call("Control.Quit", &Bare(true), Empty::default(), QUIT_LIMIT);
            answer.await.is_ok()
        }
        .boxed()
    }

    fn closed(&self) -> BoxFuture<'_, ()> {
        self.session.closed().map(drop).boxed()
    }

    fn close(&self) {
        self.session.close();
    }
}
