//! The response, as messages.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::response::Parts;
use http::{Method, Response, StatusCode};
use http_body::Body as _;

use super::head::headers_to_wire;
use super::outgoing::{Outgoing, Part};
use crate::http::Body;
use crate::transport::grpc::messages::api::{ServeHttpResponse, ServeHttpResponseInit};

/// The messages of `response`. After the last one the call ends at once: the server waits for that,
/// also when it still has a body to send.
pub(super) fn messages(method: &Method, response: Response<Body>) -> Outgoing<ServeHttpResponse> {
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
    let first = ServeHttpResponse {
        init: Some(init),
        ..Default::default()
    };
    Outgoing::new(first, body)
}

/// Whether a response may carry a body (`net/http`, `bodyAllowedForStatus`).
fn allows_body(status: StatusCode) -> bool {
    !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED
}

impl Part for ServeHttpResponse {
    const WHAT: &'static str = "response";
    // Without a head out, it can still be a failure of the whole request.
    const IS_SENT_IN_PART: bool = false;

    fn has_head(&self) -> bool {
        self.init.is_some()
    }

    fn chunk(&mut self) -> &mut Bytes {
        &mut self.body_chunk
    }

    fn complete(&mut self) {
        self.body_complete = true;
    }

    fn nothing_follows_yet(&mut self) {
        self.flush = true;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use http_body::Frame;
    use http_body_util::StreamBody;
    use tonic::Status;

    use super::{Body, Bytes, Method, Outgoing, Response, ServeHttpResponse, StatusCode, messages};
    use crate::transport::grpc::http::PIECE;
    use crate::transport::grpc::rpc::decode;

    async fn next(
        outgoing: &mut Outgoing<ServeHttpResponse>,
    ) -> Option<Result<ServeHttpResponse, Status>> {
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
