//! The request, as its messages arrive.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use http::{Method, Request};
use http_body::{Frame, SizeHint};
use prost::Message;
use tonic::Status;

use super::head;
use crate::http::{Body, BoxError};
use crate::model::Context;
use crate::transport::grpc::convert::Wire;
use crate::transport::grpc::messages::api::{ServeHttpRequest, ServeHttpRequestInit};
use crate::transport::grpc::rpc::{Messages, decode};

/// A request whose head has arrived.
pub(super) struct Incoming {
    head: ServeHttpRequestInit,
    body: RequestBody,
}

impl Incoming {
    /// Reads the first message.
    ///
    /// # Errors
    /// When there is none, or it does not begin a request.
    pub(super) async fn read(mut messages: Messages) -> Result<Self, Status> {
        let first = messages
            .message()
            .await?
            .ok_or_else(|| Status::invalid_argument("no message"))?;
        let mut first: ServeHttpRequest = decode(first)?;
        let head = first
            .init
            .take()
            .ok_or_else(|| Status::invalid_argument("the first message has no init"))?;
        let length = u64::try_from(head.content_length).ok();
        Ok(Self {
            head,
            body: RequestBody::new(messages, first, length),
        })
    }

    pub(super) fn method(&self) -> Method {
        Method::from_bytes(self.head.method.as_bytes()).unwrap_or_default()
    }

    /// # Errors
    /// Says what cannot be a request.
    pub(super) fn into_request(mut self) -> Result<(Context, Request<Body>), String> {
        let context = Wire::from_wire(self.head.plugin_context.take());
        Ok((context, head::request(self.head, Body::new(self.body))?))
    }
}

/// The body, message by message: the next one is read when the last one has been used, and what the
/// server may send before that is a stream's window.
struct RequestBody {
    messages: Messages,
    /// What came with the head.
    first: Bytes,
    remaining: Option<u64>,
    ended: bool,
}

impl RequestBody {
    fn new(messages: Messages, first: ServeHttpRequest, length: Option<u64>) -> Self {
        let ended = first.body_complete;
        Self {
            messages,
            first: first.body_chunk,
            remaining: length,
            ended,
        }
    }

    fn poll_piece(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<Option<Bytes>, BoxError>> {
        if !self.first.is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(&mut self.first))));
        }
        while !self.ended {
            let Some(message) = ready!(Pin::new(&mut self.messages).poll_next(cx)) else {
                self.ended = true;
                return Poll::Ready(Err("the client's body ended early".into()));
            };
            let message = ServeHttpRequest::decode(message?)?;
            self.ended = message.body_complete;
            if !message.body_chunk.is_empty() {
                return Poll::Ready(Ok(Some(message.body_chunk)));
            }
        }
        Poll::Ready(Ok(None))
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let piece = ready!(self.poll_piece(cx));
        if let (Ok(Some(piece)), Some(remaining)) = (&piece, &mut self.remaining) {
            *remaining = remaining.saturating_sub(piece.len() as u64);
        }
        self.ended |= piece.is_err();
        Poll::Ready(piece.transpose().map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.ended && self.first.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.is_end_stream() {
            return SizeHint::with_exact(0);
        }
        self.remaining
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
