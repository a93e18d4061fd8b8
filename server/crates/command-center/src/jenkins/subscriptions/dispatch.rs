//! One build at a time: what was accepted has its effect, whatever it takes.
//!
//! Everything about one job goes through one worker, in order, so that an instance never races with
//! itself.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use mattermost_plugin::Error;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::tools::FeedTools;
use crate::jenkins::inbound::InboundEvent;
use crate::jenkins::inbound::inbox::{Accepted, SLOTS, Slot};
use crate::notifications::bot_posts::is_refusal;

/// Workers of one instance.
const WORKERS: usize = 8;
/// What may wait for one worker: a burst of one job, but not all that the inbox holds.
const WAITING: usize = SLOTS as usize / 2;
/// The first wait after the server did not answer; it doubles each time.
const TROUBLE: Duration = Duration::from_secs(1);
/// The longest wait.
const LONG_TROUBLE: Duration = Duration::from_secs(30);
/// How often something is tried that the server understands and refuses.
const REFUSALS: u32 = 5;

/// Something to do.
#[derive(Debug)]
pub struct Job {
    accepted: Accepted,
    /// Where it is stored in the inbox; `None` for what is stored elsewhere.
    slot: Option<Slot>,
    /// Whether it may have been done before, in part.
    look: bool,
    done: Option<oneshot::Sender<()>>,
}

impl Job {
    /// Something that was just accepted.
    #[must_use]
    pub fn accepted(accepted: Accepted, slot: Slot) -> Self {
        Self {
            accepted,
            slot: Some(slot),
            look: false,
            done: None,
        }
    }

    /// Something that is stored elsewhere; the receiver hears when it is done.
    #[must_use]
    pub fn awaited(accepted: Accepted, look: bool) -> (Self, oneshot::Receiver<()>) {
        let (done, receiver) = oneshot::channel();
        let job = Self {
            accepted,
            slot: None,
            look,
            done: Some(done),
        };
        (job, receiver)
    }
}

/// Hands work to the workers.
#[derive(Debug)]
pub struct Dispatcher {
    workers: Vec<mpsc::Sender<Job>>,
}

/// The other end: give each to [`work`].
#[derive(Debug)]
pub struct Queue(mpsc::Receiver<Job>);

/// A place in the queue of a worker.
pub struct Place<'a>(mpsc::Permit<'a, Job>);

impl Place<'_> {
    /// Queues the job.
    pub fn send(self, job: Job) {
        self.0.send(job);
    }
}

impl Dispatcher {
    /// A dispatcher, and the queues of its workers.
    #[must_use]
    pub fn new() -> (Self, Vec<Queue>) {
        let (workers, queues) = (0..WORKERS)
            .map(|_| {
                let (sender, receiver) = mpsc::channel(WAITING);
                (sender, Queue(receiver))
            })
            .unzip();
        (Self { workers }, queues)
    }

    /// A place for this, if there is one at once.
    #[must_use]
    pub fn reserve(&self, accepted: &Accepted) -> Option<Place<'_>> {
        self.worker(accepted).try_reserve().ok().map(Place)
    }

    /// Does it, as soon as its turn comes, and waits until it is done. `false`: the plugin stops.
    pub async fn finish(&self, accepted: Accepted, look: bool) -> bool {
        let worker = self.worker(&accepted).clone();
        let (job, done) = Job::awaited(accepted, look);
        worker.send(job).await.is_ok() && done.await.is_ok()
    }

    fn worker(&self, accepted: &Accepted) -> &mpsc::Sender<Job> {
        let mut hasher = DefaultHasher::new();
        match &accepted.event {
            InboundEvent::Build(report) => (&accepted.server, &report.job).hash(&mut hasher),
            InboundEvent::Message(_) | InboundEvent::Nothing => accepted.hook_id.hash(&mut hasher),
        }
        let index = usize::try_from(hasher.finish() % WORKERS as u64).unwrap_or(0);
        &self.workers[index]
    }
}

/// Works on a queue until it is stopped. What is not done then stays in the inbox.
pub async fn work(tools: Arc<FeedTools>, mut queue: Queue, stop: CancellationToken) {
    loop {
        let job = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            job = queue.0.recv() => job,
        };
        let Some(job) = job else { return };
        if !finish(&tools, &job, &stop).await {
            return;
        }
        if let Some(slot) = &job.slot
            && let Err(error) = tools.inbox.remove(slot).await
        {
            tracing::debug!(%error, "what was done stays in the inbox; it is not done again");
        }
        if let Some(done) = job.done {
            // Nobody may wait any more.
            let _ = done.send(());
        }
    }
}

/// `false`: stopped before it was done.
async fn finish(tools: &FeedTools, job: &Job, stop: &CancellationToken) -> bool {
    let (mut look, mut wait, mut refusals) = (job.look, TROUBLE, 0);
    loop {
        let effect = AssertUnwindSafe(tools.effect(&job.accepted, look)).catch_unwind();
        let error = match effect.await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error,
            Err(_) => {
                tracing::error!(
                    event = job.accepted.id,
                    "what Jenkins sent failed inside the plugin"
                );
                return true;
            }
        };
        refusals += u32::from(is_refusal(&error) || matches!(error, Error::Invalid(_)));
        if refusals >= REFUSALS {
            tracing::error!(event = job.accepted.id, %error, "what Jenkins sent is given up");
            return true;
        }
        tracing::warn!(event = job.accepted.id, %error, "what Jenkins sent is tried again");
        look = true;
        tokio::select! {
            biased;
            () = stop.cancelled() => return false,
            () = tools.clock.sleep(wait) => {}
        }
        wait = (wait * 2).min(LONG_TROUBLE);
    }
}
