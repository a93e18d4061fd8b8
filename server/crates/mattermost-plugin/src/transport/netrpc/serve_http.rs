//! HTTP requests on the plugin's side (`client_rpc.go`, `hooksRPCServer.ServeHTTP`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use http::header::CONTENT_TYPE;
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use mattermost_plugin_derive::GoModel;
use tokio::time::timeout;

use super::broker::Broker;
use super::http_head::{RequestHead, allows_body, announce_length, merge_response_headers};
use super::remote_reader::RemoteBody;
use super::response_writer::ResponseWriter;
use crate::hooks::Hooks;
use crate::http::{Body, BoxError};
use crate::model::Context;

/// The largest piece of a body that is written in one call, in bytes.
const PIECE: usize = 64 * 1024;

/// How long written data may wait for more before the server is told to send it. Event streams do
/// not wait.
const LINGER: Duration = Duration::from_millis(20);

/// The argument of `ServeHTTP` and `ServeMetrics`.
#[derive(Debug, Default, Clone, PartialEq, GoModel)]
#[go(name = "Z_ServeHTTPArgs")]
pub(crate) struct ServeHttpArguments {
    pub(crate) response_writer_stream: u32,
    pub(crate) request: Option<RequestHead>,
    pub(crate) context: Option<Context>,
    /// 0 when there is no body.
    pub(crate) request_body_stream: u32,
}

/// Which of the two hooks that speak HTTP.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HttpHook {
    Http,
    Metrics,
}

/// Serves one request. The error is the text that the server logs before it answers status 500.
pub(crate) async fn serve_http(
    hooks: Arc<dyn Hooks>,
    broker: Broker,
    which: HttpHook,
    arguments: ServeHttpArguments,
) -> Result<(), String> {
    let unreachable = |error: io::Error| format!("can't connect to the remote streams: {error}");
    // Both streams are opened whether they are needed or not: the server waits for them.
    let mut writer = ResponseWriter::open(&broker, arguments.response_writer_stream)
        .await
        .map_err(unreachable)?;
    let head = arguments.request.unwrap_or_default();
    let body = match arguments.request_body_stream {
        0 => Body::empty(),
        number => {
            let dialled = broker.dial(number).await.map_err(unreachable)?;
            Body::new(RemoteBody::new(dialled, head.content_length()))
        }
    };
    let method = Method::from_bytes(head.method.as_bytes()).unwrap_or_default();
    let context = arguments.context.unwrap_or_default();
    let response = match head.into_request(body) {
        Ok(request) => {
            let answer = match which {
                HttpHook::Http => hooks.serve_http(context, request),
                HttpHook::Metrics => hooks.serve_metrics(context, request),
            };
            tokio::select! {
                answer = answer => answer.map_err(|failure| failure.to_string())?,
                // Nobody waits for the answer any more. Dropping the hook is what cancels it.
                _ = writer.lost() => return Ok(()),
            }
        }
        Err(reason) => {
            let mut response = Response::new(Body::from(reason));
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        }
    };
    match send(&mut writer, &method, response).await {
        Ok(()) => Ok(()),
        // A reader that went away is no fault of the plugin.
        Err(Interrupted::Reader(error)) => {
            tracing::debug!(%error, "HTTP response was not wanted to its end");
            Ok(())
        }
        Err(Interrupted::Body { begun, error }) => {
            if begun && writer.abort().await.is_ok() {
                tracing::error!(%error, "HTTP response ended early");
                return Ok(());
            }
            Err(format!("the response's body failed: {error}"))
        }
    }
}

/// Why a response was not sent to its end.
enum Interrupted {
    /// The reader, or the server, is gone.
    Reader(io::Error),
    /// The plugin's body failed, possibly after some of it was sent.
    Body { begun: bool, error: BoxError },
}

impl From<io::Error> for Interrupted {
    fn from(error: io::Error) -> Self {
        Self::Reader(error)
    }
}

async fn send(
    writer: &mut ResponseWriter,
    method: &Method,
    response: Response<Body>,
) -> Result<(), Interrupted> {
    let (
        Parts {
            status,
            mut headers,
            ..
        },
        body,
    ) = response.into_parts();
    let with_body = allows_body(method, status);
    if with_body || *method == Method::HEAD {
        announce_length(&mut headers, body.size_hint().exact());
    }
    let server_headers = writer.headers().await?;
    writer
        .set_headers(merge_response_headers(server_headers, &headers))
        .await?;
    if status != StatusCode::OK {
        writer.write_status(status).await?;
    }
    if !with_body {
        return Ok(());
    }
    let linger = if is_event_stream(&headers) {
        Duration::ZERO
    } else {
        LINGER
    };
    BodySender {
        writer,
        unsent: BytesMut::new(),
        begun: status != StatusCode::OK,
        unflushed: true,
        linger,
    }
    .send(body)
    .await
}

/// Copies a body to the server: small pieces that are there together go together, and what is there
/// while nothing follows is flushed.
struct BodySender<'a> {
    writer: &'a mut ResponseWriter,
    unsent: BytesMut,
    /// Whether the status is out, so that it can no longer become 500.
    begun: bool,
    /// Whether the server may hold something back from the reader, be it only the headers.
    unflushed: bool,
    linger: Duration,
}

impl BodySender<'_> {
    async fn send(mut self, mut body: Body) -> Result<(), Interrupted> {
        loop {
            let frame = match body.frame().now_or_never() {
                Some(frame) => frame,
                None => self.wait(&mut body).await?,
            };
            match frame {
                Some(Ok(frame)) => {
                    // Trailers have no place in the server's interface.
                    self.add(frame.into_data().unwrap_or_default()).await?;
                }
                Some(Err(error)) => {
                    return Err(Interrupted::Body {
                        begun: self.begun,
                        error,
                    });
                }
                None => {
                    self.write_unsent().await?;
                    return Ok(());
                }
            }
        }
    }

    /// Waits for the next frame of a body that has none ready.
    async fn wait(
        &mut self,
        body: &mut Body,
    ) -> Result<Option<Result<Frame<Bytes>, BoxError>>, Interrupted> {
        self.write_unsent().await?;
        if self.unflushed {
            // An event that came while the last one was written must not hold that one back.
            if !self.linger.is_zero()
                && let Ok(frame) = timeout(self.linger, self.frame(body)).await
            {
                return frame;
            }
            self.writer.flush().await?;
            self.begun = true;
            self.unflushed = false;
        }
        self.frame(body).await
    }

    async fn frame(
        &mut self,
        body: &mut Body,
    ) -> Result<Option<Result<Frame<Bytes>, BoxError>>, Interrupted> {
        tokio::select! {
            frame = body.frame() => Ok(frame),
            error = self.writer.lost() => Err(error.into()),
        }
    }

    async fn add(&mut self, mut data: Bytes) -> io::Result<()> {
        while data.len() >= PIECE {
            self.write_unsent().await?;
            self.write(data.split_to(PIECE)).await?;
        }
        if self.unsent.len() + data.len() > PIECE {
            self.write_unsent().await?;
        }
        self.unsent.extend_from_slice(&data);
        Ok(())
    }

    async fn write_unsent(&mut self) -> io::Result<()> {
        if self.unsent.is_empty() {
            return Ok(());
        }
        let piece = self.unsent.split().freeze();
        self.write(piece).await
    }

    async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.begun = true;
        self.unflushed = true;
        self.writer.write(piece).await
    }
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"text/event-stream"))
}
