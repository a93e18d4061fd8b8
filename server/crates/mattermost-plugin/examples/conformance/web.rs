//! What `/plugins/com.mattermost.conformance/` and the metrics port answer.

use std::collections::BTreeMap;
use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use mattermost_plugin::http::{Body, BoxError};
use sha2::{Digest, Sha256};

const CHUNK: usize = 64 * 1024;
static LARGE: [u8; CHUNK] = [b'x'; CHUNK];

/// Answers a request. Bodies stream: what reads one runs while the answer is written.
pub(crate) fn serve(request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    match (request.method(), path.as_str()) {
        (&Method::GET, "/hello") => Response::new(Body::from("hello\n")),
        (&Method::POST, "/echo") => echo(request),
        (&Method::POST, "/hash") => Response::new(Body::new(StreamBody::new(stream::once(hash(
            request.into_body(),
        ))))),
        (&Method::POST, "/early") => status(StatusCode::PAYLOAD_TOO_LARGE, "too large\n"),
        // The dialog of the checks and the answers to it.
        (&Method::POST, "/dialog") => typed(Response::new(Body::from("{}")), "application/json"),
        (&Method::GET, "/stream") => typed(
            Response::new(chunks(parameter(&query, "chunks"))),
            "text/event-stream",
        ),
        (&Method::GET, "/large") => typed(
            Response::new(large(parameter(&query, "bytes"))),
            "application/octet-stream",
        ),
        (&Method::GET, "/headers") => typed(
            Response::new(Body::from(headers(&request))),
            "application/json",
        ),
        (_, path) => match path
            .strip_prefix("/status/")
            .and_then(|code| code.parse().ok())
        {
            Some(code) => {
                let mut response = status(code, "");
                response
                    .headers_mut()
                    .insert("x-test", HeaderValue::from_static("yes"));
                response
            }
            None => status(StatusCode::NOT_FOUND, "not found\n"),
        },
    }
}

/// Answers the metrics port.
pub(crate) fn metrics(request: &Request<Body>) -> Response<Body> {
    if request.uri().path().ends_with("/metrics") {
        return typed(
            Response::new(Body::from("conformance_up 1\n")),
            "text/plain; version=0.0.4",
        );
    }
    status(StatusCode::NOT_FOUND, "not found\n")
}

fn echo(request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut response = Response::new(body);
    if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.clone());
    }
    if let Some(user) = parts.headers.get("mattermost-user-id") {
        response.headers_mut().insert("x-seen-user", user.clone());
    }
    response
}

async fn hash(mut body: Body) -> Result<Frame<Bytes>, BoxError> {
    let mut hash = Sha256::new();
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            hash.update(data);
        }
    }
    let hex: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Frame::data(hex.into()))
}

/// Events with a pause after each: a body that has nothing more to give for a moment is flushed.
fn chunks(count: u64) -> Body {
    let events = stream::unfold(0, move |number| async move {
        if number > 0 {
            // Ready as soon as it is asked again.
            tokio::task::yield_now().await;
        }
        let chunk = Frame::data(Bytes::from(format!("chunk {number}\n")));
        (number < count).then(|| (Ok::<_, Infallible>(chunk), number + 1))
    });
    Body::new(StreamBody::new(events))
}

fn large(bytes: u64) -> Body {
    let chunk = CHUNK as u64;
    let whole = (0..bytes / chunk).map(|_| Bytes::from_static(&LARGE));
    let rest = Bytes::from_static(&LARGE[..(bytes % chunk) as usize]);
    frames(whole.chain([rest]))
}

fn frames(chunks: impl Iterator<Item = Bytes> + Send + 'static) -> Body {
    let frames = chunks.map(|chunk| Ok::<_, Infallible>(Frame::data(chunk)));
    Body::new(StreamBody::new(stream::iter(frames)))
}

fn headers(request: &Request<Body>) -> String {
    let mut seen: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, value) in request.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        seen.entry(name.as_str()).or_default().push(value);
    }
    serde_json::to_string(&seen).unwrap_or_default()
}

fn parameter(query: &str, name: &str) -> u64 {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0)
}

fn status(code: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = code;
    response
}

fn typed(mut response: Response<Body>, kind: &'static str) -> Response<Body> {
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(method: &str, uri: &str, body: &'static str) -> (Response<()>, Bytes) {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("content-type", "text/csv")
            .header("mattermost-user-id", "u1")
            .body(Body::from(body))
            .unwrap();
        let (parts, body) = serve(request).into_parts();
        (
            Response::from_parts(parts, ()),
            body.collect(10_000_000).await.unwrap(),
        )
    }

    #[tokio::test]
    async fn every_path_answers() {
        let (echo, body) = answer("POST", "/echo", "a,b").await;
        assert_eq!(body, "a,b");
        assert_eq!(echo.headers()["content-type"], "text/csv");
        assert_eq!(echo.headers()["x-seen-user"], "u1");
        assert_eq!(
            answer("GET", "/stream?chunks=3", "").await.1,
            "chunk 0\nchunk 1\nchunk 2\n"
        );
        let (teapot, _) = answer("GET", "/status/418", "").await;
        assert_eq!(
            (
                teapot.status().as_u16(),
                teapot.headers()["x-test"].as_bytes()
            ),
            (418, &b"yes"[..])
        );
        let (_, hash) = answer("POST", "/hash", "abc").await;
        assert_eq!(
            hash,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let (_, large) = answer("GET", "/large?bytes=200000", "").await;
        assert_eq!(
            (large.len(), large.iter().all(|byte| *byte == b'x')),
            (200_000, true)
        );
        assert!(
            answer("GET", "/headers", "")
                .await
                .1
                .starts_with(b"{\"content-type\":[\"text/csv\"]")
        );
        assert_eq!(answer("POST", "/early", "x").await.0.status().as_u16(), 413);
        assert_eq!(
            answer("GET", "/elsewhere", "").await.0.status().as_u16(),
            404
        );
    }

    #[tokio::test]
    async fn metrics_are_answered() {
        let request = Request::builder()
            .uri("/metrics")
            .body(Body::empty())
            .unwrap();
        let body = metrics(&request).into_body().collect(100).await.unwrap();
        assert_eq!(body, "conformance_up 1\n");
    }
}
