//! The calls of a connection.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, Stream, StreamExt};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::server::{Grpc, StreamingService, UnaryService};
use tonic::{Request, Response, Status, Streaming};

use super::{LARGEST_MESSAGE, Raw};
use crate::transport::Calls;

/// The answer to a call that has begun. Dropping it is how a cancelled call ends.
pub(crate) type Call<T> = BoxFuture<'static, Result<T, Status>>;

/// What the other side sends in a stream.
pub(crate) type Messages = Streaming<Bytes>;

/// What is answered as a stream.
pub(crate) struct Answer(BoxStream<'static, Result<Bytes, Status>>);

impl Answer {
    pub(crate) fn new(
        messages: impl Stream<Item = Result<Bytes, Status>> + Send + 'static,
    ) -> Self {
        Self(messages.boxed())
    }
}

impl Stream for Answer {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

/// How one method is answered.
pub(crate) enum Method {
    /// One message for one message.
    Unary(Unary),
    /// A stream for a stream, or for one message.
    Streaming(Bidirectional),
}

impl Method {
    pub(crate) fn unary(answer: impl FnOnce(Bytes) -> Call<Bytes> + Send + 'static) -> Self {
        Self::Unary(Unary(Some(Box::new(answer))))
    }

    pub(crate) fn streaming(
        answer: impl FnOnce(Messages) -> Call<Answer> + Send + 'static,
    ) -> Self {
        Self::Streaming(Bidirectional(Some(Box::new(answer))))
    }
}

#[cfg(any(test, feature = "host"))]
impl Method {
    /// The same, but a call for one message is run to its end whatever the other side does: Go's
    /// handlers notice late, if at all, that nobody waits.
    pub(crate) fn finished_on(self, calls: &Calls) -> Self {
        match self {
            Self::Unary(Unary(Some(answer))) => {
                let calls = calls.clone();
                Self::unary(move |request| finish(&calls, answer(request)))
            }
            other => other,
        }
    }
}

/// The services of a connection.
pub(crate) trait Service: Send + Sync + 'static {
    /// How `service/method` is answered, if there is one of that name.
    fn method(&self, service: &str, method: &str) -> Option<Method>;
}

/// Runs a call to its end, also when the other side gives it up: half of an effect is worse than an
/// answer that nobody reads.
pub(crate) fn finish(calls: &Calls, work: Call<Bytes>) -> Call<Bytes> {
    let (sender, outcome) = oneshot::channel();
    calls.spawn(async move { drop(sender.send(work.await)) });
    outcome
        .map(|outcome| outcome.unwrap_or_else(|_| Err(Status::internal("the call panicked"))))
        .boxed()
}

/// Answers one call.
pub(super) async fn respond(
    service: &dyn Service,
    request: http::Request<Incoming>,
) -> http::Response<Body> {
    let path = request.uri().path();
    let names = path.strip_prefix('/').and_then(|path| path.split_once('/'));
    let method = names.and_then(|(name, method)| service.method(name, method));
    let Some(method) = method else {
        return Status::unimplemented(format!("unknown method {path}")).into_http();
    };
    let mut grpc = Grpc::new(Raw).max_decoding_message_size(LARGEST_MESSAGE);
    match method {
        Method::Unary(answer) => grpc.unary(answer, request).await,
        Method::Streaming(answer) => grpc.streaming(answer, request).await,
    }
}

/// A method that is called once.
pub(crate) struct Unary(Option<Box<dyn FnOnce(Bytes) -> Call<Bytes> + Send>>);

impl UnaryService<Bytes> for Unary {
    type Response = Bytes;
    type Future = InResponse<Bytes>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        InResponse::of(self.0.take().map(|answer| answer(request.into_inner())))
    }
}

/// A method that is called once.
pub(crate) struct Bidirectional(Option<Box<dyn FnOnce(Messages) -> Call<Answer> + Send>>);

impl StreamingService<Bytes> for Bidirectional {
    type Response = Bytes;
    type ResponseStream = Answer;
    type Future = InResponse<Answer>;

    fn call(&mut self, request: Request<Messages>) -> Self::Future {
        InResponse::of(self.0.take().map(|answer| answer(request.into_inner())))
    }
}

/// A call, as tonic wants its outcome.
pub(crate) enum InResponse<T> {
    Running(Call<T>),
    Refused(Ready<Status>),
}

impl<T> InResponse<T> {
    fn of(call: Option<Call<T>>) -> Self {
        call.map_or_else(
            || Self::Refused(ready(Status::internal("called twice"))),
            Self::Running,
        )
    }
}

impl<T> Future for InResponse<T> {
    type Output = Result<Response<T>, Status>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Running(call) => call.as_mut().poll(cx).map_ok(Response::new),
            Self::Refused(status) => Pin::new(status).poll(cx).map(Err),
        }
    }
}
