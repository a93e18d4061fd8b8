//! The response, as messages.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::response::Parts;
use http::{Method, Response, StatusCode};
use http_body::Body as _;
use tonic::Status;

use super::PIECE;
use super::head::headers_to_wire;
use crate::http::Body;
use crate::transport::grpc::messages::api::{ServeHttpResponse, ServeHttpResponseInit};
use crate::transport::grpc::rpc::encode;

/// The messages of `response`. After the last one the call ends at once: the server waits for that,
/// also when it still has a body to send.
pub(super) fn messages(method: &Method, response: Response<Body>) -> Outgoing {
    let (
        Parts {
            status,
            mut headers,
            ..
        },
        mut body,
    ) = response.into_parts();
    if allows_body(status) {
        if let Some(length) = body.size_hint().exact()
            && !headers.contains_key(CONTENT_LENGTH)
            && !headers.contains_key(TRANSFER_ENCODING)
        {
            headers.insert(CONTENT_LENGTH, length.into());
        }
    } else {
        body = Body::empty();
    }
    if *method == Method::HEAD {
        body = Body::empty();
    }
    let init = ServeHttpResponseInit {
        status_code: status.as_u16().into(),
        headers: headers_to_wire(&headers),
    };
    Outgoing {
        next: ServeHttpResponse {
            init: Some(init),
            ..Default::default()
        },
        body: Some(body),
        unsent: Bytes::new(),
    }
}

/// Whether a response may carry a body (`net/http`, `bodyAllowedForStatus`).
fn allows_body(status: StatusCode) -> bool {
    !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED
}

/// A response on its way. A message waits for the next frame of the body if that is there at once:
/// so the head goes together with the first piece, and the last piece says that it is the last. If it
/// is not, the message goes alone, and the server passes on to the client what it has.
pub(super) struct Outgoing {
    next: ServeHttpResponse,
    /// `None` after its end.
    body: Option<Body>,
    /// What of a frame has not gone into a message.
    unsent: Bytes,
}

impl Outgoing {
    /// Whether `next` says anything.
    fn is_begun(&self) -> bool {
        self.next.init.is_some() || !self.next.body_chunk.is_empty()
    }

    fn take(&mut self) -> Poll<Option<Result<Bytes, Status>>> {
        Poll::Ready(Some(Ok(encode(&std::mem::take(&mut self.next)))))
    }
}

impl Stream for Outgoing {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if !self.unsent.is_empty() {
                if !self.next.body_chunk.is_empty() {
                    return self.take();
                }
                let length = self.unsent.len().min(PIECE);
                self.next.body_chunk = self.unsent.split_to(length);
                continue;
            }
            let Some(body) = &mut self.body else {
                return Poll::Ready(None);
            };
            match Pin::new(body).poll_frame(cx) {
                // Trailers have no place in the protocol.
                Poll::Ready(Some(Ok(frame))) => self.unsent = frame.into_data().unwrap_or_default(),
                Poll::Ready(Some(Err(error))) => {
                    self.body = None;
                    tracing::error!(%error, "HTTP response ended early");
                    return Poll::Ready(Some(Err(Status::internal(format!(
                        "the response's body failed: {error}"
                    )))));
                }
                Poll::Ready(None) => {
                    self.body = None;
                    self.next.body_complete = true;
                    return self.take();
                }
                Poll::Pending if self.is_begun() => {
                    self.next.flush = true;
                    return self.take();
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::{
        Body, Bytes, Method, Outgoing, PIECE, Response, ServeHttpResponse, Status, StatusCode,
        messages,
    };
    use crate::transport::grpc::rpc::decode;

    async fn next(outgoing: &mut Outgoing) -> Option<Result<ServeHttpResponse, Status>> {
        Some(outgoing.next().await?.and_then(decode))
    }

    async fn all(method: Method, response: Response<Body>) -> Vec<ServeHttpResponse> {
        let messages = messages(&method, response)
            .map(|message| decode(message.expect("a message")).expect("sense"));
        messages.collect().await
    }

    #[tokio::test]
    async fn a_small_response_is_one_message() {
        let messages = all(Method::GET, Response::new(Body::from("hello"))).await;
        assert_eq!(messages.len(), 1);
        let head = messages[0].init.clone().expect("a head");
        assert_eq!(head.status_code, 200);
        assert_eq!(
            (
                head.headers[0].key.as_str(),
                head.headers[0].values[0].as_str()
            ),
            ("content-length", "5")
        );
        assert_eq!(messages[0].body_chunk, "hello");
        assert!(messages[0].body_complete && !messages[0].flush);
    }

    #[tokio::test]
    async fn a_large_body_goes_in_pieces() {
        let messages = all(
            Method::GET,
            Response::new(Body::from(vec![7; 2 * PIECE + 1])),
        )
        .await;
        let lengths: Vec<usize> = messages
            .iter()
            .map(|message| message.body_chunk.len())
            .collect();
        assert_eq!(lengths, [PIECE, PIECE, 1]);
        assert!(messages[0].init.is_some() && messages[1].init.is_none());
        assert!(messages[2].body_complete && !messages[1].body_complete);
    }

    #[tokio::test]
    async fn what_is_there_goes_to_the_client_while_nothing_follows() {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<&'static str>();
        let frames = stream::unfold(receiver, |mut receiver| async {
            let text = receiver.recv().await?;
            Some((
                Ok::<_, std::io::Error>(Frame::data(Bytes::from(text))),
                receiver,
            ))
        });
        let mut outgoing = messages(
            &Method::GET,
            Response::new(Body::new(StreamBody::new(frames))),
        );
        let head = next(&mut outgoing)
            .await
            .expect("a message")
            .expect("the head");
        assert!(head.init.is_some() && head.flush && head.body_chunk.is_empty());
        sender.send("data: 1\n\n").expect("a reader");
        let event = next(&mut outgoing)
            .await
            .expect("a message")
            .expect("an event");
        assert!(event.flush && event.body_chunk == "data: 1\n\n" && !event.body_complete);
        drop(sender);
        assert!(
            next(&mut outgoing)
                .await
                .expect("a message")
                .expect("the end")
                .body_complete
        );
        assert!(next(&mut outgoing).await.is_none());
    }

    #[tokio::test]
    async fn a_body_that_fails_ends_the_call_with_an_error() {
        let frames = stream::iter([
            Ok(Frame::data(Bytes::from("half"))),
            Err(std::io::Error::other("gone")),
        ]);
        let mut outgoing = messages(
            &Method::GET,
            Response::new(Body::new(StreamBody::new(frames))),
        );
        assert!(next(&mut outgoing).await.expect("a message").is_err());
        assert!(next(&mut outgoing).await.is_none());
    }

    #[tokio::test]
    async fn responses_without_a_body_have_none() {
        let mut response = Response::new(Body::from("ignored"));
        *response.status_mut() = StatusCode::NO_CONTENT;
        let messages = all(Method::GET, response).await;
        assert!(messages[0].body_chunk.is_empty() && messages[0].body_complete);
        assert!(
            messages[0]
                .init
                .as_ref()
                .expect("a head")
                .headers
                .is_empty()
        );

        let messages = all(Method::HEAD, Response::new(Body::from("hello"))).await;
        assert_eq!(
            messages[0].init.as_ref().expect("a head").headers[0].values[0],
            "5"
        );
        assert!(messages[0].body_chunk.is_empty());
    }
}
