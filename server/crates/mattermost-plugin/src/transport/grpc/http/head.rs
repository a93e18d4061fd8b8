//! Heads of HTTP messages.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};

use crate::http::{Body, RemoteAddress};
use crate::transport::grpc::convert::field_lost;
use crate::transport::grpc::messages::api::{HttpHeader, ServeHttpRequestInit};

/// The request that `head` is the beginning of.
///
/// # Errors
/// Says what cannot be a request.
pub(super) fn request(head: ServeHttpRequestInit, body: Body) -> Result<Request<Body>, String> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::from_bytes(head.method.as_bytes())
        .map_err(|_| format!("{:?} is no HTTP method", head.method))?;
    *request.uri_mut() = uri(&head.url).ok_or_else(|| format!("{:?} is no URL path", head.url))?;
    *request.version_mut() = match (head.proto_major, head.proto_minor) {
        (1, 0) => Version::HTTP_10,
        (2, _) => Version::HTTP_2,
        (3, _) => Version::HTTP_3,
        _ => Version::HTTP_11,
    };
    *request.headers_mut() = headers_from_wire(head.headers);
    // Go keeps the host beside the headers.
    if let Ok(host) = HeaderValue::from_maybe_shared(Bytes::from(head.host))
        && !host.is_empty()
    {
        request.headers_mut().insert(HOST, host);
    }
    request
        .extensions_mut()
        .insert(RemoteAddress(head.remote_addr));
    Ok(request)
}

/// A path and a query. Go lets characters through that a URL may not have; they are escaped.
fn uri(url: &str) -> Option<Uri> {
    let mut escaped = String::with_capacity(url.len());
    for &byte in url.as_bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'_' | b'a'..=b'z' | b'~' | b'|' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    if escaped.is_empty() {
        escaped.push('/');
    }
    escaped.parse().ok()
}

/// Headers as `http` has them. What is none is left out.
pub(crate) fn headers_from_wire(headers: Vec<HttpHeader>) -> HeaderMap {
    let mut map = HeaderMap::with_capacity(headers.len());
    for HttpHeader { key, values } in headers {
        let Ok(name) = HeaderName::from_bytes(key.as_bytes()) else {
            continue;
        };
        for value in values {
            if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(value)) {
                map.append(name.clone(), value);
            }
        }
    }
    map
}

/// Whether all headers are text, which is what the protocol carries.
#[cfg(any(test, feature = "host"))]
pub(crate) fn is_text(headers: &HeaderMap) -> bool {
    headers
        .values()
        .all(|value| std::str::from_utf8(value.as_bytes()).is_ok())
}

/// Headers as the protocol has them: text, in which other bytes have no place.
pub(crate) fn headers_to_wire(headers: &HeaderMap) -> Vec<HttpHeader> {
    let of = |name: &HeaderName| HttpHeader {
        key: name.to_string(),
        values: headers
            .get_all(name)
            .iter()
            .map(|value| text(value.as_bytes()))
            .collect(),
    };
    headers.keys().map(of).collect()
}

fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if let Cow::Owned(_) = text {
        field_lost("HTTPHeader", "bytes that are no UTF-8");
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Body, HttpHeader, RemoteAddress, ServeHttpRequestInit, request};

    #[test]
    fn a_head_becomes_a_request() {
        let head = ServeHttpRequestInit {
            method: "POST".to_owned(),
            url: "/webhook?name=\"a b\"".to_owned(),
            proto_major: 1,
            headers: vec![HttpHeader {
                key: "X-Many".to_owned(),
                values: vec!["a".to_owned(), "b".to_owned()],
            }],
            host: "chat.example.com".to_owned(),
            remote_addr: "192.0.2.1:4711".to_owned(),
            ..ServeHttpRequestInit::default()
        };
        let request = request(head, Body::empty()).expect("a request");
        assert_eq!(request.uri().to_string(), "/webhook?name=%22a%20b%22");
        assert_eq!(request.version(), http::Version::HTTP_10);
        assert_eq!(request.headers().get_all("x-many").iter().count(), 2);
        assert_eq!(request.headers()["host"], "chat.example.com");
        assert_eq!(
            request.extensions().get(),
            Some(&RemoteAddress("192.0.2.1:4711".to_owned()))
        );
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let head = ServeHttpRequestInit {
            method: "BAD METHOD".to_owned(),
            ..ServeHttpRequestInit::default()
        };
        assert!(request(head, Body::empty()).is_err());
    }
}
