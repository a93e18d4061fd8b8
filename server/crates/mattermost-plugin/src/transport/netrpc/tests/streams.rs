//! Bodies of any length: how much of them is on the way, and what ends them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{Request, Response, StatusCode};
use bytes::Bytes;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::sync::mpsc;

use super::http::{send, site};
use super::support::{Dropped, TinyHost, activated, answer};
use crate::api::Api;
use crate::error::{Error, HookError};
use crate::http::Body;
use crate::model::{
    AppError, CommandArgs, CommandResponse, Context, FileInfo, Manifest, UploadSession,
};
use crate::plugin::Plugin;

const PIECE: usize = 10_000;

/// What may be on the way: a window, buffers of both sides, and the pipe between them.
const ON_THE_WAY: usize = 700_000;

/// A body that never ends and counts what was taken of it. It is told when it is dropped.
fn endless(taken: &Arc<AtomicUsize>, dropped: Dropped) -> Body {
    let taken = taken.clone();
    let stream = futures_util::stream::poll_fn(move |_| {
        let _alive = &dropped;
        taken.fetch_add(PIECE, Ordering::Relaxed);
        std::task::Poll::Ready(Some(Ok::<_, io::Error>(Frame::data(Bytes::from(
            vec![b'x'; PIECE],
        )))))
    });
    Body::new(StreamBody::new(stream))
}

/// A body of what a test sends, when it sends it.
fn fed() -> (mpsc::UnboundedSender<&'static str>, Body) {
    let (sender, mut pieces) = mpsc::unbounded_channel::<&'static str>();
    let stream = futures_util::stream::poll_fn(move |cx| {
        pieces
            .poll_recv(cx)
            .map(|piece| piece.map(|piece| Ok::<_, io::Error>(Frame::data(Bytes::from(piece)))))
    });
    (sender, Body::new(StreamBody::new(stream)))
}

async fn settle() {
    for _ in 0..2_000 {
        tokio::task::yield_now().await;
    }
}

async fn text(body: &mut Body) -> String {
    let frame = body.frame().await.expect("a frame").expect("data");
    String::from_utf8_lossy(&frame.into_data().expect("data")).into_owned()
}

#[tokio::test]
async fn a_request_is_read_at_the_plugins_pace() {
    let (sender, mut bodies) = mpsc::unbounded_channel();
    let running = site(move |request: Request<Body>| {
        let sender = sender.clone();
        async move {
            let (done, wait) = tokio::sync::oneshot::channel::<()>();
            sender
                .send((request.into_body(), done))
                .expect("the test listens");
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
    assert_eq!(
        taken.load(Ordering::Relaxed),
        0,
        "nothing is read before it is asked for"
    );
    let mut read = 0;
    while read < 3_000_000 {
        read += body
            .frame()
            .await
            .expect("a frame")
            .expect("data")
            .data_ref()
            .expect("data")
            .len();
    }
    settle().await;
    let ahead = taken.load(Ordering::Relaxed) - read;
    assert!(ahead <= ON_THE_WAY, "{ahead} bytes ahead of the reader");
    // Who has read enough drops the body, and the sender is told to stop.
    drop(body);
    dropped.recv().await.expect("the body to be dropped");
    done.send(()).expect("a plugin that waits");
    assert_eq!(
        call.await.expect("no panic").expect("a call").status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_response_is_made_at_the_readers_pace_and_ends_with_the_reader() {
    let taken = Arc::new(AtomicUsize::new(0));
    let (dropper, mut dropped) = mpsc::unbounded_channel();
    let counter = taken.clone();
    let running = site(move |_| {
        let body = endless(&counter, Dropped(dropper.clone()));
        async { Response::new(body) }
    })
    .await;
    let mut body = send(&running, Request::new(Body::empty()))
        .await
        .into_body();
    let mut read = 0;
    while read < 3_000_000 {
        read += body
            .frame()
            .await
            .expect("a frame")
            .expect("data")
            .data_ref()
            .expect("data")
            .len();
    }
    settle().await;
    let ahead = taken.load(Ordering::Relaxed) - read;
    assert!(ahead <= ON_THE_WAY, "{ahead} bytes ahead of the reader");
    drop(body);
    dropped.recv().await.expect("the body to be dropped");
    running.ping().await.expect("an answer");
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_hook() {
    let (sender, mut words) = mpsc::unbounded_channel();
    let running = site(move |_| {
        let cancelled = Dropped(sender.clone());
        async move {
            // The first word: the hook runs. The second: it has been cancelled.
            cancelled.0.send(()).expect("the test listens");
            std::future::pending().await
        }
    })
    .await;
    let hooks = running.hooks().clone();
    let call = tokio::spawn(async move {
        hooks
            .serve_http(Context::default(), Request::new(Body::empty()))
            .await
    });
    words.recv().await.expect("a word");
    call.abort();
    words.recv().await.expect("a word");
    running.ping().await.expect("an answer");
}

#[tokio::test]
async fn an_answer_may_come_before_the_request_has_ended() {
    let running = site(|_| async {
        Response::builder()
            .status(413)
            .body(Body::from("too much"))
            .expect("a response")
    })
    .await;
    let taken = Arc::new(AtomicUsize::new(0));
    let (dropper, mut dropped) = mpsc::unbounded_channel();
    let request = Request::post("/")
        .body(endless(&taken, Dropped(dropper)))
        .expect("a request");
    let response = send(&running, request).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        response.into_body().collect(100).await.expect("a body"),
        "too much"
    );
    dropped.recv().await.expect("the body to be dropped");
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_request_that_breaks_off_is_an_error() {
    let (sender, mut outcomes) = mpsc::unbounded_channel();
    let running = site(move |request: Request<Body>| {
        let sender = sender.clone();
        async move {
            let outcome = request
                .into_body()
                .collect(1_000)
                .await
                .map_err(|error| error.to_string());
            sender.send(outcome).expect("the test listens");
            Response::new(Body::empty())
        }
    })
    .await;
    let request = Request::post("/")
        .header(CONTENT_LENGTH, "10")
        .body(Body::from("half"))
        .expect("a request");
    send(&running, request).await;
    let outcome = outcomes.recv().await.expect("an outcome");
    assert_eq!(
        outcome.expect_err("an error"),
        "the body ended 6 bytes early; its sender is gone"
    );
}

#[tokio::test]
async fn events_arrive_while_the_stream_is_open() {
    let (sender, body) = fed();
    let body = Arc::new(std::sync::Mutex::new(Some(body)));
    let running = site(move |_| {
        let body = body.lock().expect("no panic").take().expect("one request");
        async move {
            Response::builder()
                .header(CONTENT_TYPE, "text/event-stream")
                .body(body)
                .expect("a response")
        }
    })
    .await;
    // The head arrives before there is any event.
    let mut body = send(&running, Request::new(Body::empty()))
        .await
        .into_body();
    for event in ["data: 1\n\n", "data: 2\n\n"] {
        sender.send(event).expect("a reader");
        assert_eq!(text(&mut body).await, event);
    }
    drop(sender);
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn both_directions_may_flow_at_once() {
    let running =
        site(|request: Request<Body>| async move { Response::new(request.into_body()) }).await;
    let (sender, body) = fed();
    let request = Request::post("/").body(body).expect("a request");
    sender.send("first").expect("a reader");
    let mut body = send(&running, request).await.into_body();
    assert_eq!(text(&mut body).await, "first");
    sender.send("second").expect("a reader");
    assert_eq!(text(&mut body).await, "second");
    drop(sender);
    assert!(body.frame().await.is_none());
}

/// Streams data through the API on command.
struct Courier(Api);

#[crate::plugin]
impl Plugin for Courier {
    fn new(api: Api) -> Self {
        Self(api)
    }

    async fn execute_command(
        &self,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        let host = self.0.host();
        let text = match args.command.as_str() {
            "http" => {
                let request = Request::post("/other/path?q=1")
                    .body(Body::from(vec![1; 300_000]))
                    .expect("a request");
                let response = host.plugin_http(request).await.map_err(HookError::from)?;
                let status = response.status();
                let body = response
                    .into_body()
                    .collect(1_000_000)
                    .await
                    .expect("a body");
                format!("{status} {}", body.len())
            }
            "nothing" => host
                .plugin_http(Request::new(Body::empty()))
                .await
                .expect_err("an error")
                .to_string(),
            "upload" => {
                let info = host
                    .upload_data(UploadSession::default(), Body::from(vec![2; 300_000]))
                    .await;
                info.map_err(HookError::from)?
                    .map_or("more".to_owned(), |info| info.size.to_string())
            }
            "broken" => {
                let pieces = [
                    Ok(Frame::data(Bytes::from("half"))),
                    Err(io::Error::other("disk on fire")),
                ];
                let data = Body::new(StreamBody::new(futures_util::stream::iter(pieces)));
                host.upload_data(UploadSession::default(), data)
                    .await
                    .expect_err("an error")
                    .to_string()
            }
            _ => {
                host.install_plugin(Body::from("bundle"), true)
                    .await
                    .map_err(HookError::from)?
                    .id
            }
        };
        Ok(CommandResponse {
            text,
            ..CommandResponse::default()
        })
    }
}

async fn courier(word: &str) -> String {
    let host = TinyHost::with(|name, mut arguments| async move {
        match name {
            "PluginHTTP" => {
                let request = arguments
                    .remove(0)
                    .downcast::<Request<Body>>()
                    .expect("a request");
                if request.uri() == "/" {
                    return answer::<Response<Body>>(Err(Error::Missing {
                        method: "PluginHTTPStream",
                    }));
                }
                assert_eq!(request.uri(), "/other/path?q=1");
                // The server writes into the map of headers: there must be one.
                assert!(!request.headers().is_empty());
                let body = request
                    .into_body()
                    .collect(1_000_000)
                    .await
                    .expect("a body");
                answer(Ok(Response::builder()
                    .status(201)
                    .body(Body::from(body))
                    .expect("a response")))
            }
            "UploadData" => {
                let data = *arguments.remove(1).downcast::<Body>().expect("data");
                let size = data.collect(1_000_000).await.expect("a body").len();
                answer(Ok((size > 100).then(|| FileInfo {
                    size: size as i64,
                    ..FileInfo::default()
                })))
            }
            "InstallPlugin" => {
                let data = *arguments.remove(0).downcast::<Body>().expect("data");
                let id =
                    String::from_utf8_lossy(&data.collect(100).await.expect("a body")).into_owned();
                answer(Ok(Manifest {
                    id,
                    ..Manifest::default()
                }))
            }
            _ => None,
        }
    });
    let running = activated(host, Courier::new).await;
    let response = running
        .hooks()
        .execute_command(Context::default(), super::support::command(word))
        .await;
    response.expect("a call").expect("an answer").text
}

#[tokio::test]
async fn api_calls_carry_bodies() {
    assert_eq!(courier("http").await, "201 Created 300000");
    assert_eq!(
        courier("nothing").await,
        "the server answered nothing to PluginHTTPStream"
    );
    assert_eq!(courier("upload").await, "300000");
    assert_eq!(courier("install").await, "bundle");
}

#[tokio::test]
async fn data_that_breaks_off_is_no_upload() {
    assert_eq!(
        courier("broken").await,
        "the data of UploadData ended early: disk on fire"
    );
}
