//! One connection, and the incoming ones.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};

use super::server::{Service, respond};
use super::{CONNECTION_WINDOW, STREAM_WINDOW};

/// A connection of any kind. The code for HTTP/2 is large and exists once for each type of these.
pub(crate) type BoxedStream = Box<dyn ByteStream>;

/// Bytes each way.
pub(crate) trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for T {}

/// Answers the calls of one connection until the other side closes it.
///
/// # Errors
/// When the connection breaks or is not HTTP/2.
pub(crate) async fn serve_connection(
    stream: BoxedStream,
    service: Arc<dyn Service>,
) -> Result<(), hyper::Error> {
    let answer = service_fn(move |request| {
        let service = service.clone();
        async move { Ok::<_, Infallible>(respond(&*service, request).await) }
    });
    http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        // Defences against strangers. The peer may open, and give up, as many calls as it likes.
        .max_concurrent_streams(None)
        .max_pending_accept_reset_streams(usize::MAX)
        .max_local_error_reset_streams(None)
        .serve_connection(TokioIo::new(stream), answer)
        .await
}
