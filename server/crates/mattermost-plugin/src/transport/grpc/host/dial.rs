//! Connections to a plugin.

use std::io;
use std::path::PathBuf;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};

use crate::transport::grpc::rpc::{BoxedStream, Dial};
use crate::transport::host::{Address, Faults, Faulty};

/// How much two sides of a process may have on the way to each other, in bytes.
const PIPE: usize = 64 * 1024;

/// Where a plugin listens, on connections that can be made to fail.
pub(super) struct FaultyPlace {
    pub(super) place: Place,
    pub(super) faults: Faults,
}

impl Dial for FaultyPlace {
    fn dial(&self) -> BoxFuture<'_, io::Result<BoxedStream>> {
        async {
            let connection = self.place.dial().await?;
            let faults = self.faults.clone();
            Ok(Box::new(Faulty { connection, faults }) as BoxedStream)
        }
        .boxed()
    }
}

/// Where a plugin listens.
pub(super) enum Place {
    Tcp(String),
    #[cfg(unix)]
    Unix(PathBuf),
    /// In this process.
    Pipe(mpsc::UnboundedSender<BoxedStream>),
}

impl Place {
    /// The place that a plugin's handshake names.
    ///
    /// # Errors
    /// When there is no such network.
    pub(super) fn of(address: Address) -> io::Result<Self> {
        match address.network.as_str() {
            "tcp" => Ok(Self::Tcp(address.address)),
            #[cfg(unix)]
            "unix" => Ok(Self::Unix(address.address.into())),
            network => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("Unknown address type: {network}"),
            )),
        }
    }
}

impl Dial for Place {
    fn dial(&self) -> BoxFuture<'_, io::Result<BoxedStream>> {
        async move {
            match self {
                Self::Tcp(address) => {
                    let stream = TcpStream::connect(address).await?;
                    stream.set_nodelay(true)?;
                    Ok(Box::new(stream) as BoxedStream)
                }
                #[cfg(unix)]
                Self::Unix(path) => {
                    let stream = tokio::net::UnixStream::connect(path).await?;
                    Ok(Box::new(stream) as BoxedStream)
                }
                Self::Pipe(listener) => {
                    let (ours, theirs) = tokio::io::duplex(PIPE);
                    let refused = |_| io::ErrorKind::ConnectionRefused;
                    listener.send(Box::new(theirs)).map_err(refused)?;
                    Ok(Box::new(ours) as BoxedStream)
                }
            }
        }
        .boxed()
    }
}

/// Connections that come from within this process.
#[derive(Debug)]
pub(crate) struct Pipes(Mutex<mpsc::UnboundedReceiver<BoxedStream>>);

impl Pipes {
    /// A listener, and the place where it listens.
    pub(super) fn new() -> (Place, Self) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Place::Pipe(sender), Self(Mutex::new(receiver)))
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> BoxedStream {
        match self.0.lock().await.recv().await {
            Some(stream) => stream,
            // Nobody is left who could connect.
            None => std::future::pending().await,
        }
    }
}
