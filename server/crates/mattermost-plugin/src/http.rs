//! HTTP bodies that stream, and the way from a `tower` service to [`Plugin::serve_http`].
//!
//! [`Plugin::serve_http`]: crate::Plugin::serve_http

pub(crate) mod idle;

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};
use tower_service::Service;

/// Any error a body can end with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Where a request came from, as the server saw it: `address:port`. An extension of each request
/// to [`Plugin::serve_http`](crate::Plugin::serve_http).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAddress(pub String);

/// A request or response body: bytes that arrive while they are read, never held as a whole.
///
/// Dropping a body tells the other side to stop sending.
pub struct Body(UnsyncBoxBody<Bytes, BoxError>);

impl Body {
    /// Any body of the `http-body` family.
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(body.map_err(Into::into).boxed_unsync())
    }

    /// A body of the pieces of a stream. It ends with the stream's first error.
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: futures_util::Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        Self::new(http_body_util::StreamBody::new(stream.map_ok(Frame::data)))
    }

    /// A body without bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Empty::new())
    }

    /// All bytes, refusing more than `limit` of them.
    ///
    /// # Errors
    /// When the body is longer than `limit`, or ends with an error.
    pub async fn collect(self, limit: usize) -> Result<Bytes, BoxError> {
        Ok(http_body_util::Limited::new(self, limit)
            .collect()
            .await?
            .to_bytes())
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::new(Full::new(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// Answers `request` with a `tower` service such as an `axum::Router`, which needs no HTTP server.
///
/// An error of the service becomes status 500 without its text.
pub async fn respond<S, B>(mut service: S, request: Request<Body>) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Error: std::fmt::Display,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let ready = std::future::poll_fn(|cx| service.poll_ready(cx)).await;
    let answer = match ready {
        Ok(()) => service.call(request).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            tracing::error!(%error, "HTTP service failed");
            let mut response = Response::new(Body::from("internal error"));
            *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}
