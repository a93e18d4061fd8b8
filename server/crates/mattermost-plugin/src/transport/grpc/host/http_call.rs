//! One HTTP request to a plugin (upstream's `hooks_grpc_client.go`, `ServeHTTP`).

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use tonic::{Code, Status};

use crate::http::{Body, BoxError};
use crate::model::Context;
use crate::transport::grpc::http::{headers_from_wire, is_text, request_messages};
use crate::transport::grpc::messages::api::{ServeHttpResponse, ServeHttpResponseInit};
use crate::transport::grpc::rpc::{Channel, Messages, decode};

const PATH: &str = "/mattermost.pluginapi.v1.PluginHooks/ServeHTTP";

/// Sends a request; the answer comes when its status and headers are known.
///
/// Dropping the future, or later the body of the answer, cancels the call.
pub(super) async fn call(
    channel: &Channel,
    context: Context,
    request: Request<Body>,
) -> Response<Body> {
    // Go does not write down text that is no UTF-8: the message is never sent.
    if !is_text(request.headers()) {
        return plain(StatusCode::BAD_GATEWAY, "Bad Gateway\n");
    }
    // What becomes of a body that fails: the stream ends without its last message.
    let messages =
        request_messages(context, request).scan((), |(), message| std::future::ready(message.ok()));
    let opened = channel.streaming(PATH, messages.boxed()).await;
    match opened {
        Ok(messages) => answered(messages)
            .await
            .unwrap_or_else(|status| failed(&status)),
        Err(status) => failed(&status),
    }
}

async fn answered(mut messages: Messages) -> Result<Response<Body>, Status> {
    let first = messages
        .message()
        .await?
        .ok_or_else(|| Status::internal("the plugin has not answered"))?;
    let mut first: ServeHttpResponse = decode(first)?;
    let head = first.init.take().unwrap_or_default();
    let Some(status) = status_of(&head) else {
        return Ok(plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal Server Error\n",
        ));
    };
    let mut response = Response::new(Body::new(ResponseBody {
        first: Some(first),
        messages: Some(messages),
    }));
    *response.status_mut() = status;
    *response.headers_mut() = headers_from_wire(head.headers);
    Ok(response)
}

/// None is 200; what is no status is an error.
fn status_of(head: &ServeHttpResponseInit) -> Option<StatusCode> {
    match head.status_code {
        0 => Some(StatusCode::OK),
        code => StatusCode::from_u16(u16::try_from(code).ok()?).ok(),
    }
}

/// What the client gets when the plugin has not answered.
fn failed(status: &Status) -> Response<Body> {
    tracing::error!(error = status.message(), "plugin failed to serve HTTP");
    match status.code() {
        Code::Unavailable => plain(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable\n"),
        _ => plain(StatusCode::BAD_GATEWAY, "Bad Gateway\n"),
    }
}

/// What the server answers in place of hooks that the protocol has no call for.
pub(super) fn not_implemented() -> Response<Body> {
    plain(StatusCode::NOT_IMPLEMENTED, "Not Implemented\n")
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

/// The body of an answer: a message is taken when the one before it has been read.
struct ResponseBody {
    /// What came with the head.
    first: Option<ServeHttpResponse>,
    /// `None` after the end, which ends the call as well.
    messages: Option<Messages>,
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let body = &mut *self;
        while let Some(messages) = &mut body.messages {
            let message = match body.first.take() {
                Some(message) => Some(message),
                None => {
                    let message = ready!(Pin::new(messages).poll_next(cx));
                    // An answer that breaks off is a short one, as the head is out.
                    message.and_then(|message| decode(message.ok()?).ok())
                }
            };
            if message.as_ref().is_none_or(|message| message.body_complete) {
                body.messages = None;
            }
            if let Some(message) = message
                && !message.body_chunk.is_empty()
            {
                return Poll::Ready(Some(Ok(Frame::data(message.body_chunk))));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.messages.is_none()
    }
}
