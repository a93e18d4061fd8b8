//! The handle of a running simulator.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::listener::{ClosableListener, Connection};
use super::{Fault, FaultId, RecordedRequest, RequestPattern, Shared};
use crate::jenkins::http;
use crate::jenkins::model::JenkinsConfig;
use crate::jenkins::world::World;

/// A simulated Jenkins on a loopback socket. Dropping it stops it.
#[derive(Debug)]
pub struct JenkinsSimulator {
    pub(super) shared: Arc<Shared>,
    address: SocketAddr,
    server: Mutex<Option<Server>>,
}

/// The socket while it is open.
#[derive(Debug)]
struct Server {
    connections: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    async fn open(address: SocketAddr, shared: Arc<Shared>) -> io::Result<(Self, SocketAddr)> {
        let tcp = TcpListener::bind(address).await?;
        let address = tcp.local_addr()?;
        let connections = CancellationToken::new();
        let listener = ClosableListener::new(tcp, connections.clone());
        let pages = Router::new().fallback(http::serve).with_state(shared);
        let service = pages.into_make_service_with_connect_info::<Connection>();
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "the simulator's server failed");
            }
        });
        Ok((Self { connections, task }, address))
    }

    fn close(&self) {
        self.task.abort();
        self.connections.cancel();
    }
}

impl JenkinsSimulator {
    /// Starts serving a world on 127.0.0.1, on tasks of the current tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(config: JenkinsConfig) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        let shared = Arc::new(Shared::new(config));
        let (server, address) = Server::open(address, Arc::clone(&shared)).await?;
        Ok(Self {
            shared,
            address,
            server: Mutex::new(Some(server)),
        })
    }

    /// The address as a URL, with the context path and without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.shared.context_path)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops serving and closes every connection.
    pub async fn shutdown(self) {
        self.stop_listening().await;
    }

    /// Closes every connection and refuses new ones until [`resume`](Self::resume). Time and builds go on.
    pub async fn stop_listening(&self) {
        let server = self
            .server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(server) = server {
            server.close();
            // Ends as cancelled, once the socket is closed.
            let _ = server.task.await;
        }
    }

    /// Listens again on the same port.
    ///
    /// # Errors
    /// When somebody else took the port.
    pub async fn resume(&self) -> io::Result<()> {
        let (server, _) = Server::open(self.address, Arc::clone(&self.shared)).await?;
        let previous = self
            .server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(server);
        drop(previous);
        Ok(())
    }

    /// Closes every connection that is open now; new ones are accepted.
    ///
    /// # Errors
    /// When somebody else took the port in between.
    pub async fn drop_connections(&self) -> io::Result<()> {
        self.stop_listening().await;
        self.resume().await
    }

    /// The simulated time in Unix milliseconds.
    pub fn now_millis(&self) -> i64 {
        self.shared.world().now
    }

    /// Moves the simulated time forward.
    pub fn advance(&self, by: Duration) {
        self.shared.world().clock.push(by);
        self.with_world(|_| ());
    }

    /// Injects a fault.
    pub fn inject(&self, fault: Fault) -> FaultId {
        self.shared.faults().inject(fault)
    }

    /// Removes a fault.
    pub fn remove_fault(&self, id: FaultId) {
        self.shared.faults().remove(id);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.requests().all().to_vec()
    }

    /// The requests so far that match.
    pub fn requests_to(&self, pattern: impl Into<RequestPattern>) -> Vec<RecordedRequest> {
        self.shared
            .requests()
            .matching(&pattern.into())
            .cloned()
            .collect()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.requests().clear();
    }

    /// The first request that matches, past or to come.
    pub async fn wait_for_request(&self, pattern: impl Into<RequestPattern>) -> RecordedRequest {
        self.wait_for_nth_request(pattern, 1).await
    }

    /// The `nth` request that matches, counted from one, past or to come.
    pub async fn wait_for_nth_request(
        &self,
        pattern: impl Into<RequestPattern>,
        nth: usize,
    ) -> RecordedRequest {
        let pattern = pattern.into();
        let index = nth.saturating_sub(1);
        self.wait_until(|_| {
            self.shared
                .requests()
                .matching(&pattern)
                .nth(index)
                .cloned()
        })
        .await
    }

    /// Looks at the world and changes it.
    pub(super) fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = act(&mut self.shared.world());
        self.shared.changed.notify_waiters();
        result
    }

    /// Waits until `look` finds something, looking again whenever a request, a test or time changed the world.
    pub(super) async fn wait_until<T>(&self, mut look: impl FnMut(&mut World) -> Option<T>) -> T {
        loop {
            let mut changed = std::pin::pin!(self.shared.changed.notified());
            changed.as_mut().enable();
            let due = {
                let mut world = self.shared.world();
                if let Some(found) = look(&mut world) {
                    return found;
                }
                world.next_due().and_then(|due| world.clock.instant_of(due))
            };
            tokio::select! {
                () = &mut changed => {}
                () = sleep_until(due) => {}
            }
        }
    }
}

impl Drop for JenkinsSimulator {
    fn drop(&mut self) {
        if let Some(server) = self
            .server
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
        {
            server.close();
        }
    }
}

async fn sleep_until(due: Option<tokio::time::Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
