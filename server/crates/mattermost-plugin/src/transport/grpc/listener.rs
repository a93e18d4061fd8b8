//! Where the host connects.
//!
//! A unix socket, since anybody on the machine can connect to a port. A port where there are no unix
//! sockets, or none can be made (a container without a writable directory).

use std::io;
use std::net::Ipv4Addr;

use tokio::net::TcpListener;

use super::environment::Environment;
use super::rpc::BoxedStream;
use crate::host::LogLevel;
use crate::transport::report;

/// Accepts connections for as long as the process runs: the host may dial again.
#[derive(Debug)]
pub(crate) enum Listener {
    /// A port on the loopback interface.
    Tcp(TcpListener),
    /// A socket that is deleted when this is dropped.
    #[cfg(unix)]
    Unix(super::unix_socket::UnixSocket),
    /// Connections from within this process.
    #[cfg(any(test, feature = "host"))]
    Pipes(super::host::Pipes),
}

impl Listener {
    /// Listens where `environment` says.
    ///
    /// # Errors
    /// When neither a socket nor a port can be had.
    pub(crate) async fn bind(environment: &Environment) -> io::Result<Self> {
        #[cfg(unix)]
        match super::unix_socket::UnixSocket::bind(environment) {
            Ok(socket) => return Ok(Self::Unix(socket)),
            Err(error) => {
                let directory = environment.socket_directory.display();
                report(
                    LogLevel::Warn,
                    &format!("no socket in {directory} ({error}): listening on a port"),
                );
            }
        }
        Ok(Self::Tcp(free_port(environment).await?))
    }

    /// Listens on any port of the loopback interface, as the server does for its API.
    ///
    /// # Errors
    /// When there is none.
    #[cfg(any(test, feature = "host"))]
    pub(crate) async fn loopback() -> io::Result<Self> {
        Ok(Self::Tcp(
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
        ))
    }

    /// Network and address, as the handshake names them.
    ///
    /// # Errors
    /// When the system cannot say.
    pub(crate) fn address(&self) -> io::Result<(&'static str, String)> {
        match self {
            Self::Tcp(listener) => Ok(("tcp", listener.local_addr()?.to_string())),
            #[cfg(unix)]
            Self::Unix(socket) => Ok(("unix", socket.path().display().to_string())),
            #[cfg(any(test, feature = "host"))]
            Self::Pipes(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The next connection.
    ///
    /// # Errors
    /// When this one could not be accepted; the next may be.
    pub(crate) async fn accept(&self) -> io::Result<BoxedStream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            #[cfg(unix)]
            Self::Unix(socket) => Ok(Box::new(socket.accept().await?)),
            #[cfg(any(test, feature = "host"))]
            Self::Pipes(pipes) => Ok(pipes.accept().await),
        }
    }
}

async fn free_port(environment: &Environment) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for port in environment.ports.clone() {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}
