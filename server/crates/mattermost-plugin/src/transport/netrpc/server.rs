//! Answers the calls of one `net/rpc` connection (`net/rpc/server.go`).
//!
//! Calls are decoded one after the other, as gob demands, and then run beside each other; replies
//! go out in the order in which they are ready. A finished call leaves nothing behind.

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use gobwire::{Decode, Encode};
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf};
use tokio::sync::Mutex;

use super::gob::Decoder;
use super::header::{Empty, Request, Response};
use super::reader::{GobReader, ReadError};
use super::writer::GobWriter;
use crate::transport::{Calls, panic_text};

/// The reply to a call, still to be written down.
pub(crate) type Reply = Box<dyn Encode + Send>;

/// A call that has begun; its error is the text that the caller gets.
pub(crate) type Call = BoxFuture<'static, Result<Reply, String>>;

/// The methods of one connection.
pub(crate) trait Service: Send + Sync + 'static {
    /// Begins the call of `Service.Method`.
    fn call(
        self: &Arc<Self>,
        service_method: &str,
        argument: Argument<'_>,
    ) -> Result<Call, Refusal>;
}

/// Why a call did not begin. The connection lives on.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is no such method.
    NoMethod,
    /// There is no such service.
    NoService,
    /// The argument is of another type.
    Argument(gobwire::Error),
}

impl From<gobwire::Error> for Refusal {
    fn from(error: gobwire::Error) -> Self {
        Self::Argument(error)
    }
}

/// The argument of a call, for whoever knows its type.
pub(crate) struct Argument<'a>(&'a mut Decoder);

impl Argument<'_> {
    pub(crate) fn decode<T: Decode + Default>(self) -> gobwire::Result<T> {
        self.0.decode()
    }
}

/// Serves `service` on `stream` until the other side closes it.
///
/// # Errors
/// When the connection fails or carries something other than `net/rpc`.
pub(crate) async fn serve<S, T>(service: Arc<S>, stream: T, calls: &Calls) -> io::Result<()>
where
    S: Service,
    T: AsyncRead + AsyncWrite + Send + 'static,
{
    let (read, write) = tokio::io::split(stream);
    let mut reader: GobReader<ReadHalf<T>> = GobReader::new(read);
    let writer = Arc::new(Mutex::new(GobWriter::new(write)));
    loop {
        let mut request = Request::default();
        match reader.arrived().await {
            Ok(true) => reader.decode_into(&mut request).map_err(malformed)?,
            Ok(false) => return Ok(()),
            Err(ReadError::Broken(error)) => return Err(error),
            Err(ReadError::Value(error)) => return Err(malformed(error)),
        }
        let begun = match reader.arrived().await {
            Ok(true) => service.call(&request.service_method, Argument(reader.decoder())),
            Ok(false) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Err(ReadError::Broken(error)) => return Err(error),
            Err(ReadError::Value(error)) => Err(Refusal::Argument(error)),
        };
        // Nobody has to take an argument that says nothing.
        reader.discard();
        let call = begun.unwrap_or_else(|refusal| {
            let text = refusal.text(&request.service_method);
            std::future::ready(Err(text)).boxed()
        });
        calls.spawn(answer(writer.clone(), request, call));
    }
}

fn malformed(error: gobwire::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl Refusal {
    /// The words of Go's `net/rpc`, which callers compare (`client_rpc.go`, `pluginHTTPStream`).
    fn text(&self, service_method: &str) -> String {
        match self {
            Self::NoMethod => format!("rpc: can't find method {service_method}"),
            Self::NoService => format!("rpc: can't find service {service_method}"),
            Self::Argument(error) => error.to_string(),
        }
    }
}

async fn answer<W>(writer: Arc<Mutex<GobWriter<WriteHalf<W>>>>, request: Request, call: Call)
where
    W: AsyncRead + AsyncWrite + Send,
{
    let outcome = AssertUnwindSafe(call).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|panic| Err(format!("panic: {}", panic_text(&*panic))));
    let mut response = Response {
        service_method: request.service_method,
        sequence: request.sequence,
        error: String::new(),
    };
    let mut writer = writer.lock().await;
    let refused = match outcome {
        Ok(reply) => writer.prepare(&*reply).err().map(|error| error.to_string()),
        Err(text) => Some(text),
    };
    if let Some(text) = refused {
        response.error = if text.is_empty() {
            "no reason given".to_owned()
        } else {
            text
        };
        if writer.prepare(&Empty::default()).is_err() {
            return;
        }
    }
    // When nobody can be answered any more, the reading side ends the connection.
    let _ = writer.send(&response).await;
}
