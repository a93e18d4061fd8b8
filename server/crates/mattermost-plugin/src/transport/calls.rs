//! Where calls of hooks run.
//!
//! A transport keeps its own tasks on the runtime that it was started on, and hands every call to
//! [`Calls`]. In a plugin's process that is a queue beside the runtime, so that a hook that blocks
//! its thread does not hold the runtime: see [`serve`](crate::serve).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::task::AtomicWaker;
use tokio::runtime::Handle;

/// Runs calls. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Calls(Place);

#[derive(Clone)]
enum Place {
    Runtime(Handle),
    Queue(Arc<Queue>),
}

impl Calls {
    /// Calls that are tasks of the runtime that this runs on.
    pub(crate) fn here() -> Self {
        Self(Place::Runtime(Handle::current()))
    }

    /// Calls that whoever empties `queue` runs.
    pub(crate) fn queued(queue: Arc<Queue>) -> Self {
        Self(Place::Queue(queue))
    }

    /// Runs `call` beside everything else.
    pub(crate) fn spawn(&self, call: impl Future<Output = ()> + Send + 'static) {
        match &self.0 {
            Place::Runtime(runtime) => drop(runtime.spawn(call)),
            Place::Queue(queue) => queue.add(call.boxed()),
        }
    }
}

/// Calls that can go on, in the order in which they can.
#[derive(Default)]
pub(crate) struct Queue {
    ready: Mutex<VecDeque<Arc<QueuedCall>>>,
    /// Waits for the queue to have something.
    waiting: AtomicWaker,
}

/// One call.
pub(crate) struct QueuedCall {
    /// `None` once it has ended.
    work: Mutex<Option<BoxFuture<'static, ()>>>,
    is_queued: AtomicBool,
    queue: Arc<Queue>,
}

impl Queue {
    fn add(self: &Arc<Self>, work: BoxFuture<'static, ()>) {
        let call = QueuedCall {
            work: Mutex::new(Some(work)),
            is_queued: AtomicBool::new(true),
            queue: self.clone(),
        };
        self.push(Arc::new(call));
    }

    fn push(&self, call: Arc<QueuedCall>) {
        lock(&self.ready).push_back(call);
        self.waiting.wake();
    }

    /// The next call that can go on.
    pub(crate) fn pop(&self) -> Option<Arc<QueuedCall>> {
        lock(&self.ready).pop_front()
    }

    /// Ready when there is a call that can go on.
    pub(crate) fn poll_ready(&self, cx: &Context<'_>) -> Poll<()> {
        self.waiting.register(cx.waker());
        if lock(&self.ready).is_empty() {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}

impl QueuedCall {
    /// Runs the call until it waits or ends.
    pub(crate) fn go_on(self: Arc<Self>) {
        // Whatever wakes it from here on queues it again.
        self.is_queued.store(false, Ordering::Release);
        let mut work = lock(&self.work);
        let waker = Waker::from(self.clone());
        let Some(future) = work.as_mut() else { return };
        let step = AssertUnwindSafe(|| future.as_mut().poll(&mut Context::from_waker(&waker)));
        // Transports catch the panics of hooks themselves, to answer the call.
        if !matches!(catch_unwind(step), Ok(Poll::Pending)) {
            *work = None;
        }
    }
}

impl Wake for QueuedCall {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_queued.swap(true, Ordering::AcqRel) {
            self.queue.push(self.clone());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Arc, Calls, Queue};

    #[test]
    fn a_call_goes_on_when_it_is_woken() {
        let queue = Arc::new(Queue::default());
        let (sender, word) = tokio::sync::oneshot::channel::<u8>();
        let (said, heard) = std::sync::mpsc::channel();
        Calls::queued(queue.clone()).spawn(async move {
            said.send(word.await.expect("a word"))
                .expect("the test listens");
        });
        queue.pop().expect("the call").go_on();
        assert!(queue.pop().is_none(), "it waits");
        sender.send(7).expect("a call that waits");
        queue.pop().expect("the call").go_on();
        assert_eq!(heard.recv(), Ok(7));
        assert_eq!(
            Arc::strong_count(&queue),
            1,
            "an ended call leaves nothing behind"
        );
    }

    #[test]
    fn a_call_is_queued_once_however_often_it_is_woken() {
        let queue = Arc::new(Queue::default());
        Calls::queued(queue.clone()).spawn(std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        }));
        queue.pop().expect("the call").go_on();
        let again = queue.pop().expect("the call");
        assert!(queue.pop().is_none());
        drop(again);
    }
}
