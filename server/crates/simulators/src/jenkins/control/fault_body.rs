//! Bodies that go wrong.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;

/// How often a slow body sends something.
const TICKS_PER_SECOND: u64 = 10;

/// How long the server gets to send what it has, before it learns that there is no more and drops the connection.
const FLUSH: Duration = Duration::from_millis(20);

/// Sends a body at a rate.
pub(super) fn slow(body: Body, bytes_per_second: u64) -> Body {
    let ticks = TICKS_PER_SECOND.min(bytes_per_second);
    let piece = (bytes_per_second / ticks) as usize;
    let pause = Duration::from_secs(1) / ticks as u32;
    let pieces = body.into_data_stream().flat_map(move |chunk| {
        stream::iter(match chunk {
            Ok(bytes) => pieces_of(&bytes, piece).map(Ok).collect::<Vec<_>>(),
            Err(error) => vec![Err(error)],
        })
    });
    Body::from_stream(pieces.then(move |piece| async move {
        tokio::time::sleep(pause).await;
        piece
    }))
}

fn pieces_of(bytes: &Bytes, size: usize) -> impl Iterator<Item = Bytes> {
    (0..bytes.len())
        .step_by(size)
        .map(move |start| bytes.slice(start..bytes.len().min(start + size)))
}

/// Breaks a body off after so many bytes.
pub(super) fn cut(body: Body, after: u64) -> Body {
    let left = usize::try_from(after).unwrap_or(usize::MAX);
    let pieces = stream::unfold(Some((body.into_data_stream(), left)), |state| async move {
        let (mut body, left) = state?;
        if left == 0 {
            tokio::time::sleep(FLUSH).await;
            return Some((Err(broken()), None));
        }
        match body.next().await {
            Some(Ok(chunk)) => {
                let sent = chunk.slice(..left.min(chunk.len()));
                let left = left - sent.len();
                Some((Ok(sent), Some((body, left))))
            }
            Some(Err(_)) | None => Some((Err(broken()), None)),
        }
    });
    Body::from_stream(pieces)
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "cut by a fault")
}

/// A JSON object that is valid and `bytes` long.
pub(super) fn oversized_json(bytes: u64) -> Response {
    const HEAD: &str = "{\"_class\":\"hudson.model.Hudson\",\"description\":\"";
    const TAIL: &str = "\"}";
    const PIECE: u64 = 64 * 1024;
    let filler = Bytes::from(vec![b'x'; PIECE as usize]);
    let length = bytes.saturating_sub((HEAD.len() + TAIL.len()) as u64);
    let middle = (0..length.div_ceil(PIECE))
        .map(move |piece| filler.slice(..(length - piece * PIECE).min(PIECE) as usize));
    let pieces = [Bytes::from_static(HEAD.as_bytes())]
        .into_iter()
        .chain(middle)
        .chain([Bytes::from_static(TAIL.as_bytes())]);
    let mut response = Response::new(Body::from_stream(stream::iter(
        pieces.map(Ok::<_, io::Error>),
    )));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    response
}

/// Promises a wrong length. Only for answers that end: the length must be known.
pub(super) async fn with_wrong_length(response: Response, off_by: i64) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let promised = (bytes.len() as u64).saturating_add_signed(off_by);
    head.headers
        .insert(CONTENT_LENGTH, HeaderValue::from(promised));
    let sent = bytes.slice(
        ..bytes
            .len()
            .min(usize::try_from(promised).unwrap_or(usize::MAX)),
    );
    // A stream, so that the server does not know better.
    let pieces = stream::unfold(Some(sent), |sent| async move {
        let Some(sent) = sent else {
            tokio::time::sleep(FLUSH).await;
            return None;
        };
        Some((Ok::<_, io::Error>(sent), None))
    });
    Response::from_parts(head, Body::from_stream(pieces))
}
