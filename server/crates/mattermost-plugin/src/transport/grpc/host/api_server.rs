//! The API of one plugin, at an address of its own.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use super::api_service::ApiService;
use crate::host::Host;
use crate::transport::Calls;
use crate::transport::grpc::listener::Listener;
use crate::transport::grpc::rpc::serve_connection;
use crate::transport::host::{Faults, Faulty};

/// How long to wait after a connection could not be accepted, which is for want of file handles.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Answers until it is dropped.
pub(super) struct ApiServer {
    _serving: AbortOnDropHandle<()>,
}

impl ApiServer {
    /// Listens on the loopback interface; the second value is `host:port`.
    ///
    /// # Errors
    /// When there is no port.
    pub(super) async fn listen(host: Arc<dyn Host>, faults: Faults) -> io::Result<(Self, String)> {
        let listener = Listener::loopback().await?;
        let (_, address) = listener.address()?;
        Ok((Self::on(listener, host, faults), address))
    }

    /// Answers whoever connects to `listener`.
    pub(super) fn on(listener: Listener, host: Arc<dyn Host>, faults: Faults) -> Self {
        let service = Arc::new(ApiService {
            host,
            calls: Calls::here(),
        });
        let serving = tokio::spawn(serve(listener, service, faults));
        Self {
            _serving: AbortOnDropHandle::new(serving),
        }
    }
}

async fn serve(listener: Listener, service: Arc<ApiService>, faults: Faults) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(connection) => {
                    let connection = Faulty { connection, faults: faults.clone() };
                    connections.spawn(serve_connection(Box::new(connection), service.clone()));
                }
                Err(_) => sleep(ACCEPT_AGAIN).await,
            },
            // How one ends says nothing: the plugin may connect again.
            Some(_) = connections.join_next() => {}
        }
    }
}
