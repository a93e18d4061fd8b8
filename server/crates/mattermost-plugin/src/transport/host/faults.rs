//! A connection that can be made to fail.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Makes the connection to a plugin fail, to see what either side does then. Clones share it.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    condition: Condition,
    waiting: Vec<Waker>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Condition {
    #[default]
    Works,
    Stalled,
    Cut,
}

impl Faults {
    /// Lets nothing through in either direction until [`Faults::resume`].
    pub fn stall(&self) {
        self.change(Condition::Stalled);
    }

    /// Ends a stall.
    pub fn resume(&self) {
        self.change(Condition::Works);
    }

    /// Ends the connection for both sides, for good.
    pub fn cut(&self) {
        self.change(Condition::Cut);
    }

    fn change(&self, condition: Condition) {
        let waiting = {
            let mut state = self.lock();
            if state.condition != Condition::Cut {
                state.condition = condition;
            }
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Lets an operation pass, fail or wait. Everybody who waits for bytes also waits for a change.
    fn poll(&self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.lock();
        if state.condition != Condition::Cut
            && !state
                .waiting
                .iter()
                .any(|waker| waker.will_wake(cx.waker()))
        {
            state.waiting.push(cx.waker().clone());
        }
        match state.condition {
            Condition::Works => Poll::Ready(Ok(())),
            Condition::Stalled => Poll::Pending,
            Condition::Cut => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Faults")
    }
}

/// A connection under [`Faults`].
pub(crate) struct Faulty<T> {
    pub(crate) connection: T,
    pub(crate) faults: Faults,
}

impl<T: AsyncRead + Unpin> AsyncRead for Faulty<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        std::task::ready!(self.faults.poll(cx))?;
        Pin::new(&mut self.connection).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Faulty<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        std::task::ready!(self.faults.poll(cx))?;
        Pin::new(&mut self.connection).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.faults.poll(cx))?;
        Pin::new(&mut self.connection).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(cx)
    }
}
