//! HTTP bodies of any length: how much of them is on the way, and what ends them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::http::{HeaderValue, Request, Response, StatusCode};
use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::sync::mpsc;

use crate::api::Api;
use crate::http::Body;
use crate::model::Context;
use crate::plugin::Plugin;
use crate::transport::Protocol;
use crate::transport::host::Running;
use crate::transport::testing::{Dropped, TinyHost, activated};

const PIECE: usize = 10_000;

/// What may be on the way: a window on each side, buffers, and the pipe between them.
const ON_THE_WAY: usize = 2_000_000;

/// A plugin that answers requests as the test says.
struct Site<F>(F);

impl<F, O> Plugin for Site<F>
where
    F: Fn(Request<Body>) -> O + Send + Sync + 'static,
    O: Future<Output = Response<Body>> + Send,
{
    const HOOKS: &'static [&'static str] = &["serve_http"];

    fn new(_: Api) -> Self {
        unreachable!("made by the test")
    }

    async fn serve_http(&self, _: Context, request: Request<Body>) -> Response<Body> {
        (self.0)(request).await
    }
}

async fn site<F, O>(serve: F) -> Running
where
    F: Fn(Request<Body>) -> O + Send + Sync + 'static,
    O: Future<Output = Response<Body>> + Send + 'static,
{
    activated(Protocol::Grpc, TinyHost::silent(), move |_| Site(serve)).await
}

async fn send(running: &Running, request: Request<Body>) -> Response<Body> {
    let answer = running.hooks().serve_http(Context::default(), request);
    answer.await.expect("a call")
}

/// A body that never ends and counts what was taken of it. It is told when it is dropped.
fn endless(taken: &Arc<AtomicUsize>, dropped: Dropped) -> Body {
    let taken = taken.clone();
    let stream = stream::poll_fn(move |_| {
        let _alive = &dropped;
        taken.fetch_add(PIECE, Ordering::Relaxed);
        std::task::Poll::Ready(Some(Ok::<_, io::Error>(Frame::data(Bytes::from(
            vec![b'x'; PIECE],
        )))))
    });
    Body::new(StreamBody::new(stream))
}

async fn settle() {
    for _ in 0..2_000 {
        tokio::task::yield_now().await;
    }
}

async fn read_at_least(body: &mut Body, wanted: usize) {
    let mut read = 0;
    while read < wanted {
        let frame = body.frame().await.expect("a frame").expect("data");
        read += frame.data_ref().map_or(0, Bytes::len);
    }
}

#[tokio::test]
async fn a_body_comes_back_whole() {
    let running = site(|request: Request<Body>| async move {
        let kind = request.headers()["content-type"].clone();
        let mut response = Response::new(request.into_body());
        *response.status_mut() = StatusCode::CREATED;
        response.headers_mut().insert("content-type", kind);
        response
    })
    .await;
    for length in [0, 1, 64 * 1024, 3_000_001] {
        let sent = vec![7; length];
        let request = Request::post("/")
            .header("content-type", "application/x-noise")
            .body(Body::from(sent.clone()))
            .expect("a request");
        let response = send(&running, request).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()["content-type"], "application/x-noise");
        let got = response.into_body().collect(length + 1).await;
        assert!(got.expect("a body") == sent, "{length} bytes");
    }
}

#[tokio::test]
async fn a_request_is_read_at_the_plugins_pace() {
    let (sender, mut bodies) = mpsc::unbounded_channel();
    let running = site(move |request: Request<Body>| {
        let sender = sender.clone();
        async move {
            let (done, wait) = tokio::sync::oneshot::channel::<()>();
            let sent = sender.send((request.into_body(), done));
            sent.expect("the test listens");
            wait.await.expect("a word");
            Response::new(Body::empty())
        }
    })
    .await;
    let taken = Arc::new(AtomicUsize::new(0));
    let (dropper, mut dropped) = mpsc::unbounded_channel();
    let request = Request::post("/")
        .body(endless(&taken, Dropped(dropper)))
        .expect("a request");
    let hooks = running.hooks().clone();
    let call = tokio::spawn(async move { hooks.serve_http(Context::default(), request).await });
    let (mut body, done) = bodies.recv().await.expect("a request");
    settle().await;
    assert!(taken.load(Ordering::Relaxed) < ON_THE_WAY);
    read_at_least(&mut body, 5_000_000).await;
    settle().await;
    let taken = taken.load(Ordering::Relaxed);
    assert!(
        (5_000_000..5_000_000 + ON_THE_WAY).contains(&taken),
        "{taken}"
    );
    // An answer that does not wait for the rest ends the request.
    done.send(()).expect("the plugin waits");
    let response = call.await.expect("no panic").expect("a call");
    assert_eq!(response.status(), StatusCode::OK);
    response
        .into_body()
        .collect(0)
        .await
        .expect("an empty body");
    drop(body);
    dropped.recv().await.expect("the request's body is dropped");
}

#[tokio::test]
async fn a_response_is_read_at_the_clients_pace_and_ends_with_it() {
    let taken = Arc::new(AtomicUsize::new(0));
    let (dropper, mut dropped) = mpsc::unbounded_channel();
    let counted = taken.clone();
    let running = site(move |_| {
        let body = endless(&counted, Dropped(dropper.clone()));
        async move { Response::new(body) }
    })
    .await;
    let mut body = send(&running, Request::new(Body::empty()))
        .await
        .into_body();
    settle().await;
    assert!(taken.load(Ordering::Relaxed) < ON_THE_WAY);
    read_at_least(&mut body, 5_000_000).await;
    settle().await;
    let taken = taken.load(Ordering::Relaxed);
    assert!(
        (5_000_000..5_000_000 + ON_THE_WAY).contains(&taken),
        "{taken}"
    );
    drop(body);
    dropped.recv().await.expect("the plugin stops");
}

#[tokio::test]
async fn pieces_go_to_the_client_as_they_come() {
    let (sender, pieces) = mpsc::unbounded_channel::<&'static str>();
    let pieces = std::sync::Mutex::new(Some(pieces));
    let running = site(move |_| {
        let mut pieces = pieces
            .lock()
            .expect("no panic")
            .take()
            .expect("one request");
        async move {
            let stream = stream::poll_fn(move |cx| {
                let piece = pieces.poll_recv(cx);
                piece.map(|piece| piece.map(|text| Ok::<_, io::Error>(Frame::data(text.into()))))
            });
            Response::new(Body::new(StreamBody::new(stream)))
        }
    })
    .await;
    let mut body = send(&running, Request::new(Body::empty()))
        .await
        .into_body();
    for text in ["one", "two"] {
        sender.send(text).expect("the plugin listens");
        let frame = body.frame().await.expect("a frame").expect("data");
        assert_eq!(frame.into_data().expect("data"), text);
    }
    drop(sender);
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn a_request_whose_body_fails_is_no_short_one() {
    let running = site(|request: Request<Body>| async move {
        let text = match request.into_body().collect(100).await {
            Ok(_) => "whole",
            Err(_) => "cut",
        };
        Response::new(Body::from(text))
    })
    .await;
    let fails = [
        Ok(Frame::data(Bytes::from("half"))),
        Err(io::Error::other("gone")),
    ];
    let body = Body::new(StreamBody::new(stream::iter(fails)));
    let response = send(&running, Request::post("/").body(body).expect("a request")).await;
    let text = response.into_body().collect(100).await.expect("a body");
    assert_eq!(text, "cut");
}

#[tokio::test]
async fn what_is_not_answered_is_a_bad_gateway_or_no_service() {
    let running = site(|_| async { panic!("no tea") }).await;
    let response = send(&running, Request::new(Body::empty())).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let mut request = Request::new(Body::empty());
    let bytes = HeaderValue::from_bytes(b"\xff").expect("a value");
    request.headers_mut().insert("x-bytes", bytes);
    let response = send(&running, request).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    running.kill().await;
    let response = send(&running, Request::new(Body::empty())).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
}
