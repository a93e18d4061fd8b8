//! A body on its way, in messages.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use http_body::Body as _;
use prost::Message;
use tonic::Status;

use super::PIECE;
use crate::http::Body;
use crate::transport::grpc::rpc::encode;

/// One message of a body.
pub(super) trait Part: Message + Default + Unpin {
    /// What the body belongs to.
    const WHAT: &'static str;

    /// Whether what there is of a body that fails is sent nevertheless.
    const IS_SENT_IN_PART: bool;

    /// Whether it is the first one.
    fn has_head(&self) -> bool;

    /// Its piece of the body.
    fn chunk(&mut self) -> &mut Bytes;

    /// Says that it is the last one.
    fn complete(&mut self);

    /// Says that it may be long until the next one.
    fn nothing_follows_yet(&mut self);
}

/// A head and a body on their way. A message waits for the next frame of the body if that is there at
/// once: so the head goes together with the first piece, and the last piece says that it is the last.
/// If it is not, the message goes alone.
pub(super) struct Outgoing<M> {
    next: M,
    /// `None` after its end.
    body: Option<Body>,
    /// What of a frame has not gone into a message.
    unsent: Bytes,
    /// Why the body has ended early.
    failure: Option<Status>,
}

impl<M: Part> Outgoing<M> {
    /// The messages of a body, `first` being the first one.
    pub(super) fn new(first: M, body: Body) -> Self {
        Self {
            next: first,
            body: Some(body),
            unsent: Bytes::new(),
            failure: None,
        }
    }

    /// Whether `next` says anything.
    fn is_begun(&mut self) -> bool {
        self.next.has_head() || !self.next.chunk().is_empty()
    }

    fn take(&mut self) -> Poll<Option<Result<Bytes, Status>>> {
        Poll::Ready(Some(Ok(encode(&std::mem::take(&mut self.next)))))
    }
}

impl<M: Part> Stream for Outgoing<M> {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if !self.unsent.is_empty() {
                if !self.next.chunk().is_empty() {
                    return self.take();
                }
                let length = self.unsent.len().min(PIECE);
                let piece = self.unsent.split_to(length);
                *self.next.chunk() = piece;
                continue;
            }
            let Some(body) = &mut self.body else {
                return Poll::Ready(self.failure.take().map(Err));
            };
            match Pin::new(body).poll_frame(cx) {
                // Trailers have no place in the protocol.
                Poll::Ready(Some(Ok(frame))) => self.unsent = frame.into_data().unwrap_or_default(),
                Poll::Ready(Some(Err(error))) => {
                    self.body = None;
                    tracing::error!(%error, "HTTP {} ended early", M::WHAT);
                    let status = Status::internal(format!("the body failed: {error}"));
                    self.failure = Some(status);
                    if M::IS_SENT_IN_PART && self.is_begun() {
                        return self.take();
                    }
                }
                Poll::Ready(None) => {
                    self.body = None;
                    self.next.complete();
                    return self.take();
                }
                Poll::Pending if self.is_begun() => {
                    self.next.nothing_follows_yet();
                    return self.take();
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
