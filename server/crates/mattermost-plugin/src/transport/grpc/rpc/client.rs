//! Calls to the other side.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
#[cfg(any(test, feature = "host"))]
use futures_util::{future::BoxFuture, stream::BoxStream};
use http::Uri;
use http::uri::PathAndQuery;
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::{Request, Status};
use tower_service::Service;

#[cfg(any(test, feature = "host"))]
use super::Messages;
use super::{BoxedStream, CONNECTION_WINDOW, LARGEST_MESSAGE, Raw, STREAM_WINDOW};

/// How long the other side, on the same machine, may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Where a peer listens.
pub(crate) enum Address {
    /// `host:port`, with brackets around an IPv6 address.
    Tcp(String),
    /// Anywhere else.
    #[cfg(any(test, feature = "host"))]
    Other(Box<dyn Dial>),
}

/// Makes connections.
#[cfg(any(test, feature = "host"))]
pub(crate) trait Dial: Send + Sync + 'static {
    fn dial(&self) -> BoxFuture<'_, io::Result<BoxedStream>>;
}

/// A connection that is made when it is first needed, and again after it broke.
///
/// No keepalive pings: grpc-go's server closes a connection at the third one without traffic.
pub(crate) struct Channel {
    address: Address,
    origin: Uri,
    connected: Mutex<Option<SendRequest<Body>>>,
    /// Ends all connections, at the latest when this is dropped.
    closed: DropGuard,
}

impl Channel {
    /// # Errors
    /// When the address is none.
    pub(crate) fn lazy(address: Address) -> io::Result<Self> {
        let authority = match &address {
            Address::Tcp(address) => address.as_str(),
            // What go-plugin's host says (`grpc_client.go`, `dialGRPCConn`).
            #[cfg(any(test, feature = "host"))]
            Address::Other(_) => "unused",
        };
        let origin = Uri::builder()
            .scheme("http")
            .authority(authority)
            .path_and_query("/")
            .build();
        let origin = origin.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        Ok(Self {
            address,
            origin,
            connected: Mutex::new(None),
            closed: CancellationToken::new().drop_guard(),
        })
    }

    /// Closes the connection for good: what waits for an answer, and all later calls, fail.
    #[cfg(any(test, feature = "host"))]
    pub(crate) fn close(&self) {
        self.closed.token().cancel();
    }

    /// Calls `path` with one message for one message.
    ///
    /// # Errors
    /// The other side's status, or `UNAVAILABLE` when it cannot be reached.
    pub(crate) async fn unary(&self, path: &'static str, message: Bytes) -> Result<Bytes, Status> {
        let mut grpc = self.grpc().await?;
        let answer = grpc
            .unary(Request::new(message), PathAndQuery::from_static(path), Raw)
            .await?;
        Ok(answer.into_inner())
    }

    /// Calls `path` with a stream for a stream.
    ///
    /// # Errors
    /// As [`Channel::unary`].
    #[cfg(any(test, feature = "host"))]
    pub(crate) async fn streaming(
        &self,
        path: &'static str,
        messages: BoxStream<'static, Bytes>,
    ) -> Result<Messages, Status> {
        let mut grpc = self.grpc().await?;
        let answer = grpc
            .streaming(Request::new(messages), PathAndQuery::from_static(path), Raw)
            .await?;
        Ok(answer.into_inner())
    }

    async fn grpc(&self) -> Result<Grpc<Connection>, Status> {
        if self.closed.token().is_cancelled() {
            return Err(Status::unavailable("the connection is closed"));
        }
        let mut connected = self.connected.lock().await;
        if let Some(sender) = &mut *connected
            && sender.ready().await.is_err()
        {
            *connected = None;
        }
        let sender = match &*connected {
            Some(sender) => sender.clone(),
            None => {
                let sender = self.connect().await;
                let sender = sender
                    .map_err(|error| Status::unavailable(format!("no connection: {error}")))?;
                connected.insert(sender).clone()
            }
        };
        let grpc = Grpc::with_origin(Connection(sender), self.origin.clone());
        Ok(grpc.max_decoding_message_size(LARGEST_MESSAGE))
    }

    async fn connect(&self) -> io::Result<SendRequest<Body>> {
        let connecting = async {
            let stream = self.address.open().await?;
            let (sender, connection) = http2::Builder::new(TokioExecutor::new())
                .initial_stream_window_size(STREAM_WINDOW)
                .initial_connection_window_size(CONNECTION_WINDOW)
                .handshake(TokioIo::new(stream))
                .await
                .map_err(io::Error::other)?;
            // It ends when the last sender is gone, or with an error that each call on it gets as well.
            let closed = self.closed.token().clone();
            tokio::spawn(closed.run_until_cancelled_owned(connection));
            Ok(sender)
        };
        timeout(CONNECT_LIMIT, connecting)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

impl Address {
    async fn open(&self) -> io::Result<BoxedStream> {
        match self {
            Self::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            #[cfg(any(test, feature = "host"))]
            Self::Other(place) => place.dial().await,
        }
    }
}

/// One HTTP/2 connection, as tonic wants it.
struct Connection(SendRequest<Body>);

impl Service<http::Request<Body>> for Connection {
    type Response = http::Response<Incoming>;
    type Error = hyper::Error;
    type Future = futures_util::future::BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(self.0.send_request(request))
    }
}
