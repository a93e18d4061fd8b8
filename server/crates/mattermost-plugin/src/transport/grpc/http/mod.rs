//! `ServeHTTP`: one stream of messages each way (`hooks_grpc_client.go`).

mod head;
mod request;
mod response;

#[cfg(feature = "host")]
pub(crate) use head::{headers_from_wire, headers_to_wire};

use std::sync::Arc;

use http::{Response, StatusCode};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tonic::Status;

use crate::hooks::Hooks;
use crate::http::Body;
use crate::transport::grpc::rpc::{Answer, Messages};
use request::Incoming;

/// The longest piece of a body in one message, in bytes.
pub(crate) const PIECE: usize = 64 * 1024;

/// Answers one request. Dropping the future or the answer, when the client is gone, cancels it.
pub(crate) async fn serve_http(hooks: Arc<dyn Hooks>, messages: Messages, calls: Handle) -> Result<Answer, Status> {
    let incoming = Incoming::read(messages).await?;
    let method = incoming.method();
    let (context, request) = match incoming.into_request() {
        Ok(request) => request,
        Err(reason) => return Ok(Answer::new(response::messages(&method, plain(StatusCode::BAD_REQUEST, reason)))),
    };
    let work = calls.spawn(async move { hooks.serve_http(context, request).await });
    let answer = match Cancelling(work).await {
        Ok(Ok(response)) => response,
        // As the server answers for a plugin over net/rpc.
        Ok(Err(_)) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n"),
    };
    Ok(Answer::new(response::messages(&method, answer)))
}

fn plain(status: StatusCode, text: impl Into<String>) -> Response<Body> {
    let mut response = Response::new(Body::from(text.into()));
    *response.status_mut() = status;
    response
}

/// A task that ends when nobody waits for it.
struct Cancelling<T>(JoinHandle<T>);

impl<T> Future for Cancelling<T> {
    type Output = Result<T, tokio::task::JoinError>;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        std::pin::Pin::new(&mut self.0).poll(cx)
    }
}

impl<T> Drop for Cancelling<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
