//! One HTTP request to a plugin (`client_rpc.go`, `hooksRPCClient.ServeHTTP`).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Frame;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::super::broker::Listening;
use super::super::client::{CallError, Client};
use super::super::header::Empty;
use super::super::http_head::RequestHead;
use super::super::remote_reader;
use super::super::serve_http::{HttpHook, ServeHttpArguments};
use super::super::server;
use super::remote_hooks::{RemoteHooks, failed};
use super::response_service::{Piece, ResponseService};
use crate::hooks::HookFailure;
use crate::http::{Body, BoxError};
use crate::model::Context;
use crate::transport::Calls;
use goplugin::yamux::Stream;

/// Sends a request; the answer comes when its status and headers are known.
///
/// Dropping the future, or later the body of the answer, closes the streams: the plugin cancels.
pub(super) async fn call(
    hooks: &RemoteHooks,
    which: HttpHook,
    context: Context,
    request: Request<Body>,
) -> Result<Response<Body>, HookFailure> {
    let (parts, body) = request.into_parts();
    let (response_stream, request_stream) = (hooks.broker.listen(), hooks.broker.listen());
    let arguments = ServeHttpArguments {
        response_writer_stream: response_stream.number(),
        request: Some(RequestHead::of(&parts)),
        context: Some(context),
        request_body_stream: request_stream.number(),
    };
    let (service, head, pieces) = ResponseService::new();
    let method = match which {
        HttpHook::Http => "Plugin.ServeHTTP",
        HttpHook::Metrics => "Plugin.ServeMetrics",
    };
    let exchange = Exchange {
        client: hooks.client.clone(),
        method,
        arguments,
        service,
    };
    let work = AbortOnDropHandle::new(tokio::spawn(exchange.run(
        response_stream,
        request_stream,
        body,
    )));
    match head.await {
        Ok(head) => Ok(head.map(|()| {
            Body::new(Pieces {
                pieces,
                _work: work,
            })
        })),
        // The work has ended without an answer.
        Err(_) => Err(match work.await {
            Ok(Err(error)) => failed(error),
            _ => HookFailure::Connection("the request was given up".to_owned()),
        }),
    }
}

struct Exchange {
    client: Client<Stream>,
    method: &'static str,
    arguments: ServeHttpArguments,
    service: Arc<ResponseService>,
}

impl Exchange {
    async fn run(
        self,
        response_stream: Listening,
        request_stream: Listening,
        body: Body,
    ) -> Result<(), CallError> {
        let calls = Calls::here();
        let answering = async {
            if let Ok(stream) = response_stream.accept().await {
                let _ = server::serve(self.service.clone(), stream, &calls).await;
            }
            std::future::pending::<()>().await;
        };
        let giving = async {
            if let Ok(stream) = request_stream.accept().await {
                // A plugin that does not want all of it closes the stream.
                let _ = remote_reader::give(body, stream).await;
            }
            std::future::pending::<()>().await;
        };
        let outcome = tokio::select! {
            outcome = self.client.call_unlimited(self.method, &self.arguments, Empty::default()) => outcome,
            () = answering => return Ok(()),
            () = giving => return Ok(()),
        };
        match outcome {
            Ok(_) => self.service.commit(StatusCode::OK),
            // Too late for another status: the reader gets a body that breaks off.
            Err(error) if self.service.is_committed() => {
                let _ = self
                    .service
                    .write(Err(std::io::Error::other(error.to_string())))
                    .await;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// The body of an answer, and the work that makes it.
struct Pieces {
    pieces: mpsc::Receiver<Piece>,
    _work: AbortOnDropHandle<Result<(), CallError>>,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.pieces.poll_recv(cx).map_err(Into::into)
    }
}
