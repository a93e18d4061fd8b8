//! The request, as messages (the host's side).

use bytes::Bytes;
use futures_util::Stream;
use http::header::{CONTENT_LENGTH, HOST};
use http::request::Parts;
use http::{Request, Version};
use http_body::Body as _;
use tonic::Status;

use super::head::headers_to_wire;
use super::outgoing::{Outgoing, Part};
use crate::http::{Body, RemoteAddress};
use crate::model::Context;
use crate::transport::grpc::convert::Wire;
use crate::transport::grpc::messages::api::{ServeHttpRequest, ServeHttpRequestInit};

/// What the server says of a length that it does not know.
const UNKNOWN_LENGTH: i64 = -1;

/// The messages of `request`. It is given up with an error when its body fails.
pub(crate) fn messages(
    context: Context,
    request: Request<Body>,
) -> impl Stream<Item = Result<Bytes, Status>> + Send {
    let (parts, body) = request.into_parts();
    let first = ServeHttpRequest {
        init: Some(init(context, &parts, body.size_hint().exact())),
        ..Default::default()
    };
    Outgoing::new(first, body)
}

fn init(context: Context, parts: &Parts, length: Option<u64>) -> ServeHttpRequestInit {
    let (proto, proto_major, proto_minor) = match parts.version {
        Version::HTTP_10 => ("HTTP/1.0", 1, 0),
        Version::HTTP_2 => ("HTTP/2.0", 2, 0),
        Version::HTTP_3 => ("HTTP/3.0", 3, 0),
        _ => ("HTTP/1.1", 1, 1),
    };
    let text = |name| {
        let value = parts.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let announced = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let url = parts
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    // Go keeps the host beside the headers.
    let mut headers = parts.headers.clone();
    headers.remove(HOST);
    let remote = parts.extensions.get::<RemoteAddress>();
    ServeHttpRequestInit {
        plugin_context: context.to_wire(),
        method: parts.method.to_string(),
        url: url.clone(),
        proto: proto.to_owned(),
        proto_major,
        proto_minor,
        headers: headers_to_wire(&headers),
        host: text(HOST).unwrap_or_default(),
        remote_addr: remote.map(|address| address.0.clone()).unwrap_or_default(),
        // What was cut off of the path is not known here.
        request_uri: url,
        content_length: announced
            .or_else(|| i64::try_from(length?).ok())
            .unwrap_or(UNKNOWN_LENGTH),
    }
}

impl Part for ServeHttpRequest {
    const WHAT: &'static str = "request";
    // The server sends what it has read; that no last message follows says the rest.
    const IS_SENT_IN_PART: bool = true;

    fn has_head(&self) -> bool {
        self.init.is_some()
    }

    fn chunk(&mut self) -> &mut Bytes {
        &mut self.body_chunk
    }

    fn complete(&mut self) {
        self.body_complete = true;
    }

    fn nothing_follows_yet(&mut self) {}
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::{Body, Bytes, Context, RemoteAddress, Request, ServeHttpRequest, messages};
    use crate::transport::grpc::http::PIECE;
    use crate::transport::grpc::rpc::decode;

    async fn all(request: Request<Body>) -> Vec<Option<ServeHttpRequest>> {
        let messages = messages(Context::default(), request);
        messages
            .map(|message| message.ok().map(|message| decode(message).expect("sense")))
            .collect()
            .await
    }

    #[tokio::test]
    async fn a_request_without_a_body_is_one_message() {
        let request = Request::get("/a?b=c")
            .header("host", "chat.example.com")
            .header("x-many", "1")
            .extension(RemoteAddress("192.0.2.1:4711".to_owned()))
            .body(Body::empty())
            .expect("a request");
        let [Some(message)] = &all(request).await[..] else {
            panic!("one message")
        };
        let head = message.init.as_ref().expect("a head");
        assert!(message.body_complete);
        assert_eq!(
            (head.method.as_str(), head.url.as_str(), head.content_length),
            ("GET", "/a?b=c", 0)
        );
        assert_eq!(
            (head.host.as_str(), head.remote_addr.as_str()),
            ("chat.example.com", "192.0.2.1:4711")
        );
        assert_eq!(head.headers.len(), 1, "the host is no header");
    }

    #[tokio::test]
    async fn a_large_body_goes_in_pieces() {
        let body = Body::from(vec![7; 2 * PIECE + 1]);
        let messages = all(Request::post("/").body(body).expect("a request")).await;
        let lengths: Vec<usize> = messages
            .iter()
            .flatten()
            .map(|message| message.body_chunk.len())
            .collect();
        assert_eq!(lengths, [PIECE, PIECE, 1]);
        let last = messages.last().and_then(Option::as_ref);
        assert!(last.is_some_and(|message| message.body_complete));
    }

    #[tokio::test]
    async fn a_body_that_fails_has_no_last_message() {
        let frames = stream::iter([
            Ok(Frame::data(Bytes::from("half"))),
            Err(std::io::Error::other("gone")),
        ]);
        let request = Request::post("/")
            .body(Body::new(StreamBody::new(frames)))
            .expect("a request");
        let messages = all(request).await;
        assert_eq!(messages.last(), Some(&None));
        assert!(
            messages
                .iter()
                .flatten()
                .all(|message| !message.body_complete)
        );
    }
}
