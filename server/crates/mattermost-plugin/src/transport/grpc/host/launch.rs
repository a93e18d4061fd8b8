//! Starts plugins (upstream's `supervisor.go` and `python_supervisor.go`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::api_server::ApiServer;
use super::dial::{FaultyPlace, Pipes, Place};
use super::link::Connection;
use super::remote_hooks::RemoteHooks;
use crate::host::Host;
use crate::plugin::Instance;
use crate::remote::Remote;
use crate::transport::grpc::api_calls::ApiClient;
use crate::transport::grpc::environment::API_TARGET;
use crate::transport::grpc::listener::Listener;
use crate::transport::grpc::rpc::{Address, Channel};
use crate::transport::host::{Executable, Faults, PluginBody, Process, Running, Start};
use crate::transport::{Calls, Protocol, grpc};

/// How long a plugin may take from its start to its handshake.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Starts a plugin's executable and connects to it.
///
/// # Errors
/// When the executable does not start, or does not begin as a plugin does within ten seconds.
pub(crate) async fn launch(executable: Executable<'_>, host: Arc<dyn Host>) -> io::Result<Running> {
    let faults = Faults::default();
    let (api, target) = ApiServer::listen(host.clone(), faults.clone()).await?;
    let start = Start {
        executable: executable.path,
        directory: executable.directory,
        protocol: Protocol::Grpc,
        environment: &[(API_TARGET, &target)],
        limit: START_LIMIT,
    };
    let (process, address) = Process::start(start, host.clone()).await?;
    let plugin = At {
        place: Place::of(address)?,
        body: PluginBody::Process(process),
    };
    connect(plugin, faults, api, host).await
}

/// Runs a plugin in this process.
///
/// # Errors
/// When the two sides do not find each other.
pub(crate) async fn in_process(instance: Instance, host: Arc<dyn Host>) -> io::Result<Running> {
    let faults = Faults::default();
    let (api_place, pipes) = Pipes::new();
    let api = ApiServer::on(Listener::Pipes(pipes), host.clone(), faults.clone());
    let client = ApiClient::at(Address::Other(Box::new(api_place)))?;
    let plugin = grpc::Plugin::new(
        instance.into_started(),
        Remote::over_grpc(Arc::new(client)),
        Calls::here(),
    );
    let (place, pipes) = Pipes::new();
    let serving = tokio::spawn(async move {
        let listener = Listener::Pipes(pipes);
        plugin.serve_on(&listener, || true).await
    });
    let plugin = At {
        place,
        body: PluginBody::Task(serving.abort_handle()),
    };
    connect(plugin, faults, api, host).await
}

/// A plugin that waits to be connected.
struct At {
    place: Place,
    body: PluginBody,
}

async fn connect(
    plugin: At,
    faults: Faults,
    api: ApiServer,
    host: Arc<dyn Host>,
) -> io::Result<Running> {
    let address = Address::Other(Box::new(FaultyPlace {
        place: plugin.place,
        faults: faults.clone(),
    }));
    let channel = Arc::new(Channel::lazy(address)?);
    let connection = Connection::open(channel.clone(), api, host).await;
    Ok(Running {
        hooks: Arc::new(RemoteHooks::new(channel)),
        link: Box::new(connection.map_err(io::Error::other)?),
        faults,
        body: plugin.body,
    })
}
