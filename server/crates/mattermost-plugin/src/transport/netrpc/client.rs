//! Makes calls on one `net/rpc` connection (`net/rpc/client.go`), many at once.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use gobwire::{Decode, Encode};
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf};
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::gob::Decoder;
use super::header::{Request, Response};
use super::reader::{GobReader, ReadError};
use super::writer::GobWriter;

/// Why a call has no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// The other side answered this text.
    #[error("{0}")]
    Refused(String),
    /// The argument cannot be written down. Nothing was sent.
    #[error("{0}")]
    Argument(String),
    /// The reply is of another type. The connection lives on.
    #[error("{0}")]
    Reply(String),
    /// The connection is gone.
    #[error("the connection is gone: {0}")]
    Disconnected(String),
    /// There was no reply in time. One that comes later is thrown away.
    #[error("no reply within {} seconds", .0.as_secs())]
    TimedOut(Duration),
}

/// One connection; clones share it. It closes when the last clone is dropped.
pub(crate) struct Client<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    writer: tokio::sync::Mutex<GobWriter<WriteHalf<T>>>,
    calls: Mutex<Calls>,
    /// Set to the reason once the connection is gone.
    gone: watch::Sender<Option<String>>,
    reading: Mutex<Option<AbortHandle>>,
}

#[derive(Default)]
struct Calls {
    last_sequence: u64,
    waiting: HashMap<u64, Waiting>,
}

impl<T> Clone for Client<T> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Send + 'static> Client<T> {
    /// A client on a stream that only it uses.
    pub(crate) fn new(stream: T) -> Self {
        let (read, write) = tokio::io::split(stream);
        let shared = Arc::new(Shared {
            writer: tokio::sync::Mutex::new(GobWriter::new(write)),
            calls: Mutex::default(),
            gone: watch::Sender::new(None),
            reading: Mutex::new(None),
        });
        let task = tokio::spawn(read_replies(GobReader::new(read), Arc::downgrade(&shared)));
        *lock(&shared.reading) = Some(task.abort_handle());
        Self { shared }
    }

    /// Calls `Service.Method` and decodes the reply into `reply` the way Go does: what the other
    /// side leaves out stays as it is there.
    ///
    /// Dropping the future gives the call up; the other side is not told.
    pub(crate) async fn call<A, R>(
        &self,
        service_method: &str,
        argument: &A,
        reply: R,
        limit: Duration,
    ) -> Result<R, CallError>
    where
        A: Encode + Sync,
        R: Decode + Send + 'static,
    {
        let exchange = self.exchange_within(limit, service_method, argument, Box::new(reply));
        Ok(decoded(exchange.await?))
    }

    /// [`Client::call`] without a time limit.
    pub(crate) async fn call_unlimited<A, R>(
        &self,
        service_method: &str,
        argument: &A,
        reply: R,
    ) -> Result<R, CallError>
    where
        A: Encode + Sync,
        R: Decode + Send + 'static,
    {
        let exchange = self.exchange(service_method, argument, Box::new(reply));
        Ok(decoded(exchange.await?))
    }

    /// [`Client::call`] for a reply whose type only the caller knows. What is generic over arguments and
    /// replies exists a hundred times in the executable; this exists once.
    pub(crate) async fn exchange_within(
        &self,
        limit: Duration,
        service_method: &str,
        argument: &(dyn Encode + Sync),
        reply: Box<dyn Reply>,
    ) -> Outcome {
        match timeout(limit, self.exchange(service_method, argument, reply)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(CallError::TimedOut(limit)),
        }
    }

    async fn exchange(
        &self,
        service_method: &str,
        argument: &(dyn Encode + Sync),
        reply: Box<dyn Reply>,
    ) -> Outcome {
        let (slot, outcome) = oneshot::channel();
        let waiting = Waiting { reply, slot };
        let registered = self.send(service_method, argument, waiting).await?;
        let outcome = outcome.await;
        drop(registered);
        outcome.unwrap_or_else(|_| Err(self.shared.disconnected()))
    }

    async fn send(
        &self,
        service_method: &str,
        argument: &(dyn Encode + Sync),
        waiting: Waiting,
    ) -> Result<Registered<'_, T>, CallError> {
        let mut turn = Turn {
            shared: &self.shared,
            writer: self.shared.writer.lock().await,
            sending: false,
        };
        turn.writer
            .prepare(argument)
            .map_err(|error| CallError::Argument(error.to_string()))?;
        let sequence = self.shared.register(waiting)?;
        let registered = Registered {
            shared: &self.shared,
            sequence,
        };
        let request = Request {
            service_method: service_method.to_owned(),
            sequence,
        };
        turn.sending = true;
        let sent = turn.writer.send(&request).await;
        turn.sending = false;
        if let Err(error) = sent {
            self.shared.end(&error.to_string());
            return Err(self.shared.disconnected());
        }
        Ok(registered)
    }

    /// How many calls wait for their replies.
    #[cfg(test)]
    pub(crate) fn pending(&self) -> usize {
        lock(&self.shared.calls).waiting.len()
    }

    /// Waits until the connection is gone; the answer says why.
    pub(crate) async fn gone(&self) -> String {
        let mut gone = self.shared.gone.subscribe();
        match gone.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => String::new(),
        }
    }
}

impl<T> Shared<T> {
    fn register(&self, waiting: Waiting) -> Result<u64, CallError> {
        let mut calls = lock(&self.calls);
        // Checked under the lock that `end` takes after it has set the reason: nobody waits forever.
        if self.gone.borrow().is_some() {
            return Err(self.disconnected());
        }
        calls.last_sequence += 1;
        let sequence = calls.last_sequence;
        calls.waiting.insert(sequence, waiting);
        Ok(sequence)
    }

    /// Fails all calls, now and from now on.
    fn end(&self, reason: &str) {
        self.gone.send_if_modified(|gone| {
            let first = gone.is_none();
            gone.get_or_insert_with(|| reason.to_owned());
            first
        });
        // Dropping the slots wakes those who wait.
        let waiting = std::mem::take(&mut lock(&self.calls).waiting);
        drop(waiting);
    }

    fn disconnected(&self) -> CallError {
        CallError::Disconnected(
            self.gone
                .borrow()
                .clone()
                .unwrap_or_else(|| "closed".to_owned()),
        )
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // The task holds the other half of the stream.
        if let Some(reading) = lock(&self.reading).take() {
            reading.abort();
        }
    }
}

/// A call that waits for its reply; one that is given up makes room.
struct Registered<'a, T> {
    shared: &'a Shared<T>,
    sequence: u64,
}

impl<T> Drop for Registered<'_, T> {
    fn drop(&mut self) {
        lock(&self.shared.calls).waiting.remove(&self.sequence);
    }
}

/// The turn to write. Whoever gives up in the middle of a request leaves the rest to a task, since
/// the request after it could not be read otherwise.
struct Turn<'a, T: AsyncRead + AsyncWrite + Send + 'static> {
    shared: &'a Arc<Shared<T>>,
    writer: tokio::sync::MutexGuard<'a, GobWriter<WriteHalf<T>>>,
    sending: bool,
}

impl<T: AsyncRead + AsyncWrite + Send + 'static> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        if !self.sending {
            return;
        }
        let shared = self.shared.clone();
        let rest = async move {
            if let Err(error) = shared.writer.lock().await.finish().await {
                shared.end(&error.to_string());
            }
        };
        // Without a runtime the process is ending.
        if let Ok(runtime) = Handle::try_current() {
            drop(runtime.spawn(rest));
        }
    }
}

/// What a call ends with.
pub(crate) type Outcome = Result<Box<dyn Reply>, CallError>;

/// A reply, whatever its type.
pub(crate) trait Reply: Any + Send {
    fn decode(&mut self, decoder: &mut Decoder) -> gobwire::Result<()>;
}

impl<R: Decode + Send + 'static> Reply for R {
    fn decode(&mut self, decoder: &mut Decoder) -> gobwire::Result<()> {
        decoder.decode_into(self)
    }
}

/// The reply that was handed to [`Client::exchange_within`] as an `R`.
pub(crate) fn decoded<R: 'static>(reply: Box<dyn Reply>) -> R {
    let reply: Box<dyn Any> = reply;
    let reply = reply.downcast();
    *reply.expect("a reply comes back as what it was handed over as")
}

/// A caller.
struct Waiting {
    reply: Box<dyn Reply>,
    slot: oneshot::Sender<Outcome>,
}

impl Waiting {
    fn arrived(mut self, decoder: &mut Decoder) {
        let decoded = self.reply.decode(decoder);
        let outcome = decoded
            .map(|()| self.reply)
            .map_err(|error| CallError::Reply(error.to_string()));
        // The caller may have given up.
        let _ = self.slot.send(outcome);
    }

    fn refused(self, error: CallError) {
        let _ = self.slot.send(Err(error));
    }
}

async fn read_replies<T>(mut reader: GobReader<ReadHalf<T>>, shared: Weak<Shared<T>>)
where
    T: AsyncRead + AsyncWrite,
{
    let reason = loop {
        match read_reply(&mut reader, &shared).await {
            Ok(true) => {}
            Ok(false) => break "the other side closed it".to_owned(),
            Err(ReadError::Broken(error)) => break error.to_string(),
            Err(ReadError::Value(error)) => break error.to_string(),
        }
    };
    if let Some(shared) = shared.upgrade() {
        shared.end(&reason);
    }
}

/// Hands one reply to its caller; `false` when the stream ended.
async fn read_reply<T>(
    reader: &mut GobReader<ReadHalf<T>>,
    shared: &Weak<Shared<T>>,
) -> Result<bool, ReadError>
where
    T: AsyncRead + AsyncWrite,
{
    if !reader.arrived().await? {
        return Ok(false);
    }
    let response: Response = reader.decode().map_err(ReadError::Value)?;
    let arrived = match reader.arrived().await {
        Ok(true) => Ok(()),
        Ok(false) => return Ok(false),
        // The value was whole but made no sense: that is its caller's trouble only.
        Err(ReadError::Value(error)) => Err(CallError::Reply(error.to_string())),
        Err(broken) => return Err(broken),
    };
    let Some(shared) = shared.upgrade() else {
        return Ok(false);
    };
    let caller = lock(&shared.calls).waiting.remove(&response.sequence);
    match (caller, arrived) {
        (Some(caller), Ok(())) if response.error.is_empty() => caller.arrived(reader.decoder()),
        (Some(caller), Err(error)) => caller.refused(error),
        (Some(caller), Ok(())) => caller.refused(CallError::Refused(response.error)),
        (None, _) => {}
    }
    reader.discard();
    Ok(true)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
