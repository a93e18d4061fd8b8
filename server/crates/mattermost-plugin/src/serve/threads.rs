//! The threads of a plugin's process.
//!
//! One thread does everything: it runs the runtime, on which the transport lives, and between the
//! turns of the runtime it runs hooks. That costs least, in time and in memory. But should a hook
//! block it, the server would soon take the plugin for dead. So a second thread looks from time to
//! time whether the first one is stuck in a hook; if it is, the second one runs the runtime until
//! the first one is back. The second thread begins with the first hook and sleeps while there are
//! none.
//!
//! Tasks that a plugin spawns itself are the runtime's and must not block: there is
//! `spawn_blocking` for that.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};

use crate::host::LogLevel;
use crate::transport::{Calls, Queue, report};

/// How often the second thread looks.
const TICK: Duration = Duration::from_millis(50);

/// After how many looks without any hook it sleeps.
const QUIET_TICKS: u32 = 40;

/// How many steps of hooks may run between two turns of the runtime.
const STEPS: usize = 32;

/// How long the process waits for a stuck hook when the server has ended it.
const GRACE: Duration = Duration::from_millis(500);

/// Runs `serve`, which hands over the calls of hooks, to its end; `None` if it panicked.
///
/// Should the end come while a hook blocks its thread, `abandon` is called and has to end the
/// process.
pub(super) fn run<T, F>(
    runtime: Runtime,
    serve: impl FnOnce(Calls) -> F,
    abandon: fn(T),
) -> Option<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (end, ended) = watch::channel(None);
    let queue = Arc::new(Queue::default());
    let serving = serve(Calls::queued(queue.clone()));
    runtime.spawn(async move { end.send_replace(Some(serving.await)) });
    let threads = Arc::new(Threads {
        runtime,
        queue,
        ended: ended.clone(),
        abandon,
        steps: AtomicU64::new(0),
        is_stuck: AtomicBool::new(false),
        returned: Notify::new(),
        is_watching: AtomicBool::new(false),
        second: OnceLock::new(),
    });
    let end = threads.first(ended);
    // Dropping a runtime waits for the work that blocks its other threads; the process is ending.
    std::mem::forget(threads);
    end
}

struct Threads<T> {
    runtime: Runtime,
    queue: Arc<Queue>,
    ended: watch::Receiver<Option<T>>,
    abandon: fn(T),
    /// Counts beginnings and ends of steps of hooks: odd while there is one.
    steps: AtomicU64,
    /// Set while the second thread runs the runtime, or is about to.
    is_stuck: AtomicBool,
    /// Tells the second thread that the first one is back.
    returned: Notify,
    /// Whether the second thread looks; it sleeps otherwise.
    is_watching: AtomicBool,
    second: OnceLock<Thread>,
}

impl<T: Clone + Send + Sync + 'static> Threads<T> {
    fn first(self: &Arc<Self>, mut ended: watch::Receiver<Option<T>>) -> Option<T> {
        // Timers and sockets of hooks are the runtime's.
        let _entered = self.runtime.enter();
        let mut ended = pin!(ended.wait_for(Option::is_some));
        loop {
            let turn = std::future::poll_fn(|cx| match ended.as_mut().poll(cx) {
                Poll::Ready(Ok(end)) => Poll::Ready(Some(end.clone())),
                Poll::Ready(Err(_)) => Poll::Ready(Some(None)),
                Poll::Pending => self.queue.poll_ready(cx).map(|()| None),
            });
            if let Some(end) = self.runtime.block_on(turn) {
                return end;
            }
            for _ in 0..STEPS {
                let Some(call) = self.queue.pop() else { break };
                self.steps.fetch_add(1, SeqCst);
                if !self.is_watching.load(SeqCst) {
                    self.watch();
                }
                call.go_on();
                self.steps.fetch_add(1, SeqCst);
                if self.is_stuck.load(SeqCst) {
                    self.returned.notify_one();
                }
            }
        }
    }

    /// Wakes the second thread.
    fn watch(self: &Arc<Self>) {
        if self.is_watching.swap(true, SeqCst) {
            return;
        }
        if let Some(second) = self.second.get() {
            second.unpark();
            return;
        }
        let threads = self.clone();
        match thread::Builder::new()
            .name("second".to_owned())
            .spawn(move || threads.second())
        {
            Ok(handle) => drop(self.second.set(handle.thread().clone())),
            Err(error) => report(
                LogLevel::Warn,
                &format!("a hook that blocks will stop the plugin: {error}"),
            ),
        }
    }

    fn second(&self) {
        loop {
            let mut seen = self.steps.load(SeqCst);
            let mut quiet = 0;
            while quiet < QUIET_TICKS {
                thread::sleep(TICK);
                let now = self.steps.load(SeqCst);
                if now != seen {
                    quiet = 0;
                } else if now % 2 == 1 {
                    self.stand_in(now);
                } else {
                    quiet += 1;
                }
                seen = now;
            }
            self.is_watching.store(false, SeqCst);
            // A step that has begun just before saw that nobody need be woken.
            if self.steps.load(SeqCst) != seen {
                self.is_watching.store(true, SeqCst);
            }
            while !self.is_watching.load(SeqCst) {
                thread::park();
            }
        }
    }

    /// Runs the runtime while the first thread is in the step of this number.
    fn stand_in(&self, step: u64) {
        self.is_stuck.store(true, SeqCst);
        // Read after that, so that either the first thread sees it or this sees that it is back.
        if self.steps.load(SeqCst) == step {
            let mut ended = self.ended.clone();
            let end = self.runtime.block_on(async {
                tokio::select! {
                    () = self.returned.notified() => None,
                    end = ended.wait_for(Option::is_some) => end.ok().and_then(|end| end.clone()),
                }
            });
            if let Some(end) = end {
                thread::sleep(GRACE);
                if self.steps.load(SeqCst) == step {
                    (self.abandon)(end);
                }
            }
        }
        self.is_stuck.store(false, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::{Duration, run, thread};

    fn runtime() -> super::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
    }

    fn never(_: &str) {
        panic!("no hook is stuck");
    }

    #[test]
    fn a_call_runs_beside_the_runtime() {
        let end = run(
            runtime(),
            |calls| async move {
                let (said, heard) = oneshot::channel();
                calls.spawn(async {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    said.send("done").expect("the test listens");
                });
                heard.await.expect("a word")
            },
            never,
        );
        assert_eq!(end, Some("done"));
    }

    #[test]
    fn a_call_that_blocks_does_not_hold_the_runtime() {
        let (release, released) = mpsc::channel();
        let end = run(
            runtime(),
            |calls| async move {
                let (said, heard) = oneshot::channel();
                let (began, begun) = oneshot::channel();
                calls.spawn(async move {
                    began.send(()).expect("the test listens");
                    // Waits for a word that only the runtime can say.
                    released.recv().expect("a word");
                    said.send("done").expect("the test listens");
                });
                begun.await.expect("a beginning");
                tokio::time::sleep(Duration::from_millis(1)).await;
                release.send(()).expect("a call that waits");
                heard.await.expect("a word")
            },
            never,
        );
        assert_eq!(end, Some("done"));
    }

    #[test]
    fn an_end_while_a_call_blocks_abandons_it() {
        static ABANDONED: std::sync::Mutex<Option<mpsc::Sender<()>>> = std::sync::Mutex::new(None);
        let (abandoned, told) = mpsc::channel();
        *ABANDONED.lock().expect("no panic") = Some(abandoned);
        // The thread of the blocked call stays behind, as it would until the process ends.
        thread::spawn(|| {
            run(
                runtime(),
                |calls| async move {
                    let (began, begun) = oneshot::channel();
                    calls.spawn(async {
                        began.send(()).expect("the test listens");
                        thread::sleep(Duration::MAX);
                    });
                    begun.await.expect("a beginning");
                    "over"
                },
                |_| {
                    let abandoned = ABANDONED.lock().expect("no panic").take().expect("one end");
                    abandoned.send(()).expect("the test listens");
                },
            )
        });
        told.recv().expect("the end");
    }

    #[test]
    fn a_transport_that_panics_ends_the_process() {
        assert_eq!(run(runtime(), |_| async { panic!("lost") }, never), None);
    }
}
