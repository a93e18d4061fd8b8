//! `ServeHTTP`: one stream of messages each way (`hooks_grpc_client.go`).

mod head;
mod outgoing;
#[cfg(any(test, feature = "host"))]
mod outgoing_request;
mod request;
mod response;

#[cfg(any(test, feature = "host"))]
pub(crate) use head::{headers_from_wire, is_text};
#[cfg(any(test, feature = "host"))]
pub(crate) use outgoing_request::messages as request_messages;

use std::sync::Arc;

use http::{Response, StatusCode};
use tokio::sync::oneshot;
use tonic::Status;

use crate::hooks::Hooks;
use crate::http::Body;
use crate::transport::Calls;
use crate::transport::grpc::rpc::{Answer, Messages};
use request::Incoming;

/// The longest piece of a body in one message, in bytes.
pub(crate) const PIECE: usize = 64 * 1024;

/// Answers one request. Dropping the future or the answer, when the client is gone, cancels it.
pub(crate) async fn serve_http(
    hooks: Arc<dyn Hooks>,
    messages: Messages,
    calls: Calls,
) -> Result<Answer, Status> {
    let incoming = Incoming::read(messages).await?;
    let method = incoming.method();
    let (context, request) = match incoming.into_request() {
        Ok(request) => request,
        Err(reason) => {
            return Ok(Answer::new(response::messages(
                &method,
                plain(StatusCode::BAD_REQUEST, reason),
            )));
        }
    };
    let (mut sender, answer) = oneshot::channel();
    calls.spawn(async move {
        tokio::select! {
            response = hooks.serve_http(context, request) => drop(sender.send(response)),
            () = sender.closed() => {}
        }
    });
    let response = match answer.await {
        Ok(Ok(response)) => response,
        // As the server answers for a plugin over net/rpc.
        Ok(Err(_)) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n"),
    };
    Ok(Answer::new(response::messages(&method, response)))
}

fn plain(status: StatusCode, text: impl Into<String>) -> Response<Body> {
    let mut response = Response::new(Body::from(text.into()));
    *response.status_mut() = status;
    response
}
