//! HTTP requests and responses, as they arrive on the other side.

use ::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, SET_COOKIE, USER_AGENT};
use ::http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, StreamBody};

use super::support::{TinyHost, activated};
use crate::api::Api;
use crate::http::{Body, RemoteAddress};
use crate::model::Context;
use crate::plugin::Plugin;
use crate::transport::host::Running;

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

pub(super) async fn site<F, O>(serve: F) -> Running
where
    F: Fn(Request<Body>) -> O + Send + Sync + 'static,
    O: Future<Output = Response<Body>> + Send + 'static,
{
    activated(TinyHost::silent(), move |_| Site(serve)).await
}

pub(super) async fn send(running: &Running, request: Request<Body>) -> Response<Body> {
    running
        .hooks()
        .serve_http(Context::default(), request)
        .await
        .expect("a call")
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let running = site(|request: Request<Body>| async move {
        assert_eq!(request.method(), "PROPFIND");
        assert_eq!(request.uri(), "/a%20b/c?d=%FF&e=f");
        assert_eq!(request.version(), Version::HTTP_2);
        assert_eq!(request.headers()[HOST], "chat.example.com");
        assert_eq!(request.headers()[USER_AGENT].as_bytes(), b"bad \xff agent");
        assert_eq!(request.headers()["te"], "trailers");
        let values: Vec<_> = request.headers().get_all("x-many").iter().collect();
        assert_eq!(values, ["1", "2"]);
        assert_eq!(
            request.extensions().get(),
            Some(&RemoteAddress("192.0.2.1:99".to_owned()))
        );
        let body = request.into_body().collect(100).await.expect("a body");
        Response::new(Body::from(body))
    })
    .await;
    let mut request = Request::builder()
        .method("PROPFIND")
        .uri("/a%20b/c?d=%FF&e=f")
        .version(Version::HTTP_2)
        .header(HOST, "chat.example.com")
        .header("TE", "trailers")
        .header("x-many", "1")
        .header("x-many", "2")
        .body(Body::from("hello"))
        .expect("a request");
    let agent = HeaderValue::from_bytes(b"bad \xff agent").expect("a value");
    request.headers_mut().insert(USER_AGENT, agent);
    request
        .extensions_mut()
        .insert(RemoteAddress("192.0.2.1:99".to_owned()));
    let response = send(&running, request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        response.into_body().collect(100).await.expect("a body"),
        "hello"
    );
}

#[tokio::test]
async fn a_response_arrives_as_it_was_sent() {
    let running = site(|_| async {
        Response::builder()
            .status(418)
            .header(CONTENT_TYPE, "text/tea")
            .header(SET_COOKIE, "a=1")
            .header(SET_COOKIE, "b=2")
            .body(Body::from("short and stout"))
            .expect("a response")
    })
    .await;
    let response = send(&running, Request::new(Body::empty())).await;
    assert_eq!(response.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/tea");
    assert_eq!(response.headers()[CONTENT_LENGTH], "15");
    let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(
        response.into_body().collect(100).await.expect("a body"),
        "short and stout"
    );
}

#[tokio::test]
async fn responses_without_a_body_have_none() {
    let running = site(|request: Request<Body>| async move {
        let mut response = Response::new(Body::from("text"));
        if request.uri() == "/nothing" {
            *response.status_mut() = StatusCode::NO_CONTENT;
        }
        response
    })
    .await;
    let head = Request::builder()
        .method(Method::HEAD)
        .body(Body::empty())
        .expect("a request");
    let response = send(&running, head).await;
    assert_eq!(
        response.headers()[CONTENT_LENGTH],
        "4",
        "of the body that GET has"
    );
    assert_eq!(response.into_body().collect(100).await.expect("a body"), "");
    let response = send(
        &running,
        Request::get("/nothing")
            .body(Body::empty())
            .expect("a request"),
    )
    .await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert!(!response.headers().contains_key(CONTENT_LENGTH));
    assert_eq!(response.into_body().collect(100).await.expect("a body"), "");
}

#[tokio::test]
async fn a_body_that_fails_breaks_off_instead_of_ending() {
    let running = site(|request: Request<Body>| async move {
        let begin = if request.uri() == "/late" {
            vec![Ok(http_body::Frame::data("begun".into()))]
        } else {
            vec![]
        };
        let fails = begin
            .into_iter()
            .chain([Err(std::io::Error::other("out of tea"))]);
        Response::new(Body::new(StreamBody::new(futures_util::stream::iter(
            fails,
        ))))
    })
    .await;
    let late = Request::get("/late")
        .body(Body::empty())
        .expect("a request");
    let hooks = running.hooks();
    let outcome = hooks.serve_http(Context::default(), late).await;
    // Whatever of it was sent: it does not look complete.
    match outcome {
        Ok(response) => drop(
            response
                .into_body()
                .collect(100)
                .await
                .expect_err("an error"),
        ),
        Err(failure) => assert!(failure.to_string().contains("out of tea"), "{failure}"),
    }
    let early = Request::get("/").body(Body::empty()).expect("a request");
    let failure = hooks
        .serve_http(Context::default(), early)
        .await
        .expect_err("a failure");
    assert_eq!(
        failure.to_string(),
        "the response's body failed: out of tea"
    );
}

#[tokio::test]
async fn a_panic_is_a_failure_of_the_request() {
    let running = site(|_| async { panic!("no tea") }).await;
    let failure = running
        .hooks()
        .serve_http(Context::default(), Request::new(Body::empty()))
        .await;
    assert_eq!(
        failure.expect_err("a failure").to_string(),
        "the plugin's ServeHTTP hook panicked: no tea"
    );
    running.ping().await.expect("an answer");
}

#[tokio::test]
async fn what_is_not_implemented_is_not_found() {
    struct Mute;
    #[crate::plugin]
    impl Plugin for Mute {
        fn new(_: Api) -> Self {
            Self
        }
    }
    let running = activated(TinyHost::silent(), Mute::new).await;
    let response = send(&running, Request::new(Body::empty())).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let metrics = running
        .hooks()
        .serve_metrics(Context::default(), Request::new(Body::empty()))
        .await
        .expect("a call");
    assert_eq!(metrics.status(), StatusCode::NOT_FOUND);
    assert!(metrics.into_body().frame().await.is_some());
}
