//! go-plugin's gRPC protocol, and in it Mattermost's `mattermost.pluginapi.v1`, which servers that
//! are not released yet speak. A server asks for it by naming the address of its API in the
//! environment.
//!
//! From the bottom up: [`rpc`] frames messages and makes connections. [`handshake`], [`listener`]
//! and [`lifetime`] are the process as go-plugin's host sees it, [`go_plugin`] the calls that it
//! makes by itself. [`hook_calls`] (with [`http`]) and [`api_calls`] are Mattermost's two services:
//! a table each, whose rows say which messages of `proto/` carry which method, over [`convert`],
//! which turns models into messages.
//!
//! What the protocol cannot carry is a [`Capability`](super::Capability).

mod api_calls;
mod convert;
mod environment;
mod go_plugin;
mod handshake;
mod hook_calls;
#[cfg(any(test, feature = "host"))]
pub(super) mod host;
mod http;
mod lifetime;
mod listener;
mod messages;
mod rpc;
#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix_socket;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::hooks::Hooks;
use crate::remote::Remote;
use crate::transport::netrpc::Ended;
use crate::transport::{Calls, Started};
pub(crate) use api_calls::ApiClient;
use environment::{API_TARGET, Environment};
pub(crate) use hook_calls::{Dispatch, dispatch};
use lifetime::{End, Lifetime};
use listener::Listener;
use rpc::{Address, Method, Service};

/// How long to wait after a connection could not be accepted, which is for want of file handles.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Whether the server that started this process asks for this protocol.
pub(crate) fn is_asked_for() -> bool {
    std::env::var_os(API_TARGET).is_some_and(|target| !target.is_empty())
}

/// Serves a plugin to the server that started this process, until that wants it to end. Hooks run on
/// `calls`, all else here.
///
/// # Errors
/// When the server asks for something that is not there, or cannot be told where to connect.
pub(crate) async fn serve(started: Started, calls: Calls) -> io::Result<Ended> {
    let environment =
        Environment::read(|name| std::env::var(name).ok()).map_err(io::Error::other)?;
    let parent_lives = lifetime::parent_watch();
    let listener = Listener::bind(&environment).await?;
    let api = ApiClient::at(Address::Tcp(environment.api_target.clone()))?;
    let plugin = Plugin::new(started, Remote::over_grpc(Arc::new(api)), calls);
    let (network, address) = listener.address()?;
    handshake::announce(network, &address, environment.asks_for_multiplexing)?;
    Ok(match plugin.serve_on(&listener, parent_lives).await {
        End::Farewell => Ended::Quit,
        End::HostGone => {
            Ended::HostGone("it has closed its connection and not come back".to_owned())
        }
    })
}

/// All services of the process.
struct Plugin {
    hooks: Arc<dyn Hooks>,
    dispatch: Dispatch,
    calls: Calls,
    lifetime: Lifetime,
}

impl Plugin {
    fn new(started: Started, host: Remote, calls: Calls) -> Arc<Self> {
        Arc::new(Self {
            dispatch: started.grpc,
            hooks: started.hooks(host),
            calls,
            lifetime: Lifetime::new(),
        })
    }

    /// Answers whoever connects, until the host wants the plugin to end or is gone. No connection
    /// outlives that.
    async fn serve_on(
        self: &Arc<Self>,
        listener: &Listener,
        parent_lives: impl Fn() -> bool,
    ) -> End {
        tokio::select! {
            end = self.lifetime.ended(parent_lives) => end,
            () = self.accept(listener) => unreachable!("connections are accepted for ever"),
        }
    }

    async fn accept(self: &Arc<Self>, listener: &Listener) {
        let ended = CancellationToken::new();
        let _end = ended.clone().drop_guard();
        loop {
            let Ok(stream) = listener.accept().await else {
                sleep(ACCEPT_AGAIN).await;
                continue;
            };
            let connected = self.lifetime.connected();
            let serving = rpc::serve_connection(stream, self.clone());
            let ended = ended.clone();
            tokio::spawn(async move {
                // How a connection ends says nothing about the host; that it is gone does.
                let _ = ended.run_until_cancelled(serving).await;
                drop(connected);
            });
        }
    }
}

impl Service for Plugin {
    fn method(&self, service: &str, method: &str) -> Option<Method> {
        match service {
            "mattermost.pluginapi.v1.PluginHooks" => {
                hook_calls::method(method, self.dispatch, &self.hooks, &self.calls)
            }
            _ => go_plugin::method(&self.lifetime, service, method),
        }
    }
}
