//! The server's `http.ResponseWriter` at the other end of a response stream
//! (`server/public/plugin/http.go`, `httpResponseWriterRPCServer`).

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Response, StatusCode};
use http_body::Frame;
use tokio::sync::{mpsc, oneshot};

use super::super::gob::Bare;
use super::super::header::Empty;
use super::super::http_head::{Headers, headers_from_go};
use super::super::server::{Argument, Call, Refusal, Reply, Service};

/// A piece of the body, or why it ends before its end.
pub(super) type Piece = Result<Frame<Bytes>, io::Error>;

/// A response as the plugin writes it.
pub(super) struct ResponseService {
    state: Mutex<State>,
    /// Takes one piece more than the reader has; that is the back-pressure.
    body: mpsc::Sender<Piece>,
}

struct State {
    headers: Headers,
    /// Taken when status and headers are out.
    head: Option<oneshot::Sender<Response<()>>>,
}

impl ResponseService {
    /// The service, the head of the response when it is known, and the body.
    pub(super) fn new() -> (
        Arc<Self>,
        oneshot::Receiver<Response<()>>,
        mpsc::Receiver<Piece>,
    ) {
        let (head, head_known) = oneshot::channel();
        let (body, pieces) = mpsc::channel(1);
        let state = Mutex::new(State {
            headers: Headers::new(),
            head: Some(head),
        });
        (Arc::new(Self { state, body }), head_known, pieces)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends status and headers, unless they are out.
    pub(super) fn commit(&self, status: StatusCode) {
        let mut state = self.state();
        if let Some(head) = state.head.take() {
            let mut response = Response::new(());
            *response.status_mut() = status;
            *response.headers_mut() = headers_from_go(std::mem::take(&mut state.headers));
            // Nobody may wait for it any more; the body then says so.
            let _ = head.send(response);
        }
    }

    /// Whether status and headers are out.
    pub(super) fn is_committed(&self) -> bool {
        self.state().head.is_none()
    }

    /// Adds to the body, waiting until the reader has taken what was there.
    pub(super) async fn write(&self, piece: Piece) -> Result<(), String> {
        self.body
            .send(piece)
            .await
            .map_err(|_| "write: broken pipe".to_owned())
    }

    async fn write_call(self: Arc<Self>, piece: Bytes) -> Result<Reply, String> {
        self.commit(StatusCode::OK);
        if !piece.is_empty() {
            self.write(Ok(Frame::data(piece))).await?;
        }
        Ok(Box::new(Empty::default()))
    }
}

impl Service for ResponseService {
    fn call(
        self: &Arc<Self>,
        service_method: &str,
        argument: Argument<'_>,
    ) -> Result<Call, Refusal> {
        let done =
            || -> Call { std::future::ready(Ok(Box::new(Empty::default()) as Reply)).boxed() };
        match service_method {
            "Plugin.Header" => {
                let headers = Bare(self.state().headers.clone());
                Ok(std::future::ready(Ok(Box::new(headers) as Reply)).boxed())
            }
            "Plugin.SyncHeader" => {
                self.state().headers = argument.decode::<Bare<Headers>>()?.0;
                Ok(done())
            }
            "Plugin.WriteHeader" => {
                let Bare(code) = argument.decode::<Bare<i64>>()?;
                match u16::try_from(code)
                    .ok()
                    .and_then(|code| StatusCode::from_u16(code).ok())
                {
                    Some(status) => {
                        self.commit(status);
                        Ok(done())
                    }
                    None => {
                        Ok(std::future::ready(Err("invalid http status code".to_owned())).boxed())
                    }
                }
            }
            "Plugin.Write" => {
                let Bare(piece) = argument.decode::<Bare<Bytes>>()?;
                Ok(self.clone().write_call(piece).boxed())
            }
            "Plugin.Flush" => {
                self.commit(StatusCode::OK);
                Ok(done())
            }
            "Plugin.HijackResponse" => {
                let call = self.clone();
                // A connection can be taken over for one purpose here: to end it early.
                call.commit(StatusCode::OK);
                Ok(done())
            }
            "Plugin.HjConnClose" => {
                let call = self.clone();
                Ok(async move {
                    let error = io::Error::new(
                        io::ErrorKind::ConnectionReset,
                        "the plugin closed the connection",
                    );
                    call.write(Err(error)).await?;
                    Ok(Box::new(Empty::default()) as Reply)
                }
                .boxed())
            }
            _ if service_method.starts_with("Plugin.") => Err(Refusal::NoMethod),
            _ => Err(Refusal::NoService),
        }
    }
}
