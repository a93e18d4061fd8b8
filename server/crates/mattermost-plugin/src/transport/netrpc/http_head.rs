//! Heads of HTTP messages as Mattermost's RPC carries them (`client_rpc.go`, `HTTPRequestSubset`).

use std::collections::BTreeMap;

use http::header::{CONTENT_LENGTH, HOST};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, Version};
use mattermost_plugin_derive::GoModel;

use super::gob::{ByteString, GoUrl};
use crate::http::{Body, RemoteAddress};

/// Go's `http.Header`.
pub(crate) type Headers = BTreeMap<ByteString, Vec<ByteString>>;

/// The parts of a request that cross the wire.
#[derive(Debug, Default, Clone, PartialEq, GoModel)]
#[go(name = "HTTPRequestSubset")]
pub(crate) struct RequestHead {
    pub(crate) method: String,
    #[go(name = "URL")]
    pub(crate) url: GoUrl,
    pub(crate) proto: String,
    pub(crate) proto_major: i64,
    pub(crate) proto_minor: i64,
    pub(crate) header: Headers,
    pub(crate) host: ByteString,
    pub(crate) remote_addr: String,
    #[go(name = "RequestURI")]
    pub(crate) request_uri: ByteString,
}

impl RequestHead {
    /// The head of a request that is to be sent.
    pub(crate) fn of(parts: &Parts) -> Self {
        let (major, minor) = match parts.version {
            Version::HTTP_09 => (0, 9),
            Version::HTTP_10 => (1, 0),
            Version::HTTP_2 => (2, 0),
            Version::HTTP_3 => (3, 0),
            _ => (1, 1),
        };
        let mut header = headers_to_go(&parts.headers);
        // Go keeps the host beside the headers (`net/http`, `Request.Host`).
        let host = header
            .remove(&ByteString::from("Host"))
            .and_then(|mut hosts| hosts.pop());
        let host = host.or_else(|| {
            parts
                .uri
                .authority()
                .map(|authority| authority.as_str().into())
        });
        Self {
            method: parts.method.to_string(),
            url: GoUrl(parts.uri.to_string().into()),
            proto: format!("HTTP/{major}.{minor}"),
            proto_major: major,
            proto_minor: minor,
            header,
            host: host.unwrap_or_default(),
            remote_addr: parts
                .extensions
                .get::<RemoteAddress>()
                .map(|address| address.0.clone())
                .unwrap_or_default(),
            request_uri: parts
                .uri
                .path_and_query()
                .map_or_else(ByteString::default, |path| path.as_str().into()),
        }
    }

    /// How many bytes of body the sender promised.
    pub(crate) fn content_length(&self) -> Option<u64> {
        let values = self.header.get(&ByteString::from("Content-Length"))?;
        values.first()?.to_string_lossy().trim().parse().ok()
    }

    /// The request, with `body`.
    ///
    /// # Errors
    /// Says what cannot be a request.
    pub(crate) fn into_request(self, body: Body) -> Result<Request<Body>, String> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| format!("{:?} is no HTTP method", self.method))?;
        *request.uri_mut() =
            uri(self.url.0.as_bytes()).ok_or_else(|| format!("{:?} is no URL path", self.url.0))?;
        *request.version_mut() = match (self.proto_major, self.proto_minor) {
            (1, 0) => Version::HTTP_10,
            (2, _) => Version::HTTP_2,
            (3, _) => Version::HTTP_3,
            _ => Version::HTTP_11,
        };
        let mut headers = headers_from_go(self.header);
        if let Ok(host) = HeaderValue::from_maybe_shared(self.host.into_bytes())
            && !host.is_empty()
        {
            headers.insert(HOST, host);
        }
        *request.headers_mut() = headers;
        request
            .extensions_mut()
            .insert(RemoteAddress(self.remote_addr));
        Ok(request)
    }
}

/// The URL of a request. Go lets bytes through in queries that a URL may not have; they are escaped.
fn uri(url: &[u8]) -> Option<Uri> {
    let mut escaped = String::with_capacity(url.len() + 1);
    // What is left of a path whose whole beginning has been cut off.
    if matches!(url, [] | [b'?', ..]) {
        escaped.push('/');
    }
    for &byte in url {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'_' | b'a'..=b'z' | b'~' | b'|' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped.parse().ok()
}

/// Headers as `http` holds them. A value keeps its bytes; one with control characters, which no
/// HTTP server accepts, is left out.
pub(crate) fn headers_from_go(header: Headers) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(header.len());
    for (name, values) in header {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            continue;
        };
        for value in values {
            if let Ok(value) = HeaderValue::from_maybe_shared(value.into_bytes()) {
                headers.append(name.clone(), value);
            }
        }
    }
    headers
}

/// Headers as Go holds them.
pub(crate) fn headers_to_go(headers: &HeaderMap) -> Headers {
    let mut header = Headers::new();
    for (name, value) in headers {
        header
            .entry(go_name(name))
            .or_default()
            .push(value.as_bytes().into());
    }
    header
}

/// Go's spelling of a header's name: `Content-Type` (`net/textproto`, `CanonicalMIMEHeaderKey`).
fn go_name(name: &HeaderName) -> ByteString {
    let mut start = true;
    let canonical: Vec<u8> = name
        .as_str()
        .bytes()
        .map(|byte| {
            let byte = if start {
                byte.to_ascii_uppercase()
            } else {
                byte
            };
            start = byte == b'-';
            byte
        })
        .collect();
    canonical.into()
}

/// What is written down for a response with `headers`, over what the server already has there.
///
/// A header of the response takes the place of the server's, except where both are meant to add up.
pub(crate) fn merge_response_headers(mut server: Headers, headers: &HeaderMap) -> Headers {
    for (name, values) in headers_to_go(headers) {
        let adds_up = matches!(name.as_bytes(), b"Set-Cookie" | b"Vary");
        if adds_up {
            server.entry(name).or_default().extend(values);
        } else {
            server.insert(name, values);
        }
    }
    server
}

/// Whether a response may carry a body (`net/http`, `bodyAllowedForStatus`).
pub(crate) fn allows_body(method: &Method, status: StatusCode) -> bool {
    let without = status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED;
    method != Method::HEAD && !without
}

/// Says how long the body is when that is known and not said yet.
pub(crate) fn announce_length(headers: &mut HeaderMap, exact: Option<u64>) {
    if let Some(length) = exact
        && !headers.contains_key(CONTENT_LENGTH)
        && !headers.contains_key(http::header::TRANSFER_ENCODING)
    {
        headers.insert(CONTENT_LENGTH, length.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_go_lets_through_are_urls() {
        let parsed = |url: &[u8]| uri(url).map(|uri| uri.to_string());
        assert_eq!(parsed(b"").as_deref(), Some("/"));
        assert_eq!(parsed(b"?a=b").as_deref(), Some("/?a=b"));
        assert_eq!(
            parsed(b"/a b?c=\xff\"<").as_deref(),
            Some("/a%20b?c=%FF%22%3C")
        );
        assert_eq!(
            parsed(b"/a%2Fb/[x]?y={z}").as_deref(),
            Some("/a%2Fb/[x]?y=%7Bz%7D")
        );
        assert_eq!(
            parsed(b"http://chat.example.com/x").as_deref(),
            Some("http://chat.example.com/x")
        );
        assert_eq!(parsed(b"*").as_deref(), Some("*"));
    }

    #[test]
    fn headers_of_the_server_stay_unless_the_plugin_sets_them() {
        let header = |name: &str, values: &[&str]| {
            (
                name.into(),
                values.iter().map(|&value| value.into()).collect(),
            )
        };
        let server: Headers = [
            header("X-Request-Id", &["1"]),
            header("Vary", &["Origin"]),
            header("Content-Type", &["text/html"]),
        ]
        .into();
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("text/plain"));
        headers.insert("vary", HeaderValue::from_static("Accept"));
        let expected: Headers = [
            header("X-Request-Id", &["1"]),
            header("Vary", &["Origin", "Accept"]),
            header("Content-Type", &["text/plain"]),
        ]
        .into();
        assert_eq!(merge_response_headers(server, &headers), expected);
    }

    #[test]
    fn values_that_no_server_accepts_are_left_out() {
        let header: Headers =
            [("X-Odd".into(), vec![b"a\nb"[..].into(), b"\xff"[..].into()])].into();
        let headers = headers_from_go(header);
        let values: Vec<_> = headers
            .get_all("x-odd")
            .iter()
            .map(HeaderValue::as_bytes)
            .collect();
        assert_eq!(values, [b"\xff"]);
    }
}
