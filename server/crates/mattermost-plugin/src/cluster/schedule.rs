//! Once in the cluster per interval.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::clock::{Clock, SystemClock};
use super::lease::key;
use super::mutex::{Guard, Mutex};
use crate::Api;
use crate::api::KvSet;
use crate::error::Error;

const PREFIX: &str = "schedule_";

/// How long the lock of a job outlives a crash of the instance that runs it.
const TTL: Duration = Duration::from_secs(30);

/// How soon an instance looks again when another one is running the job, or after an error.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The shortest pause between two looks, so that nothing makes an instance spin.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// How often the end of a run is written down before it is given up.
const FINISH_ATTEMPTS: u32 = 3;

/// What is stored about a job.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct State {
    /// When the last run began, in milliseconds since 1970.
    started: i64,
    /// Whether it came to its end.
    finished: bool,
}

/// One run of a job.
#[derive(Debug, Clone)]
pub struct Run {
    token: u64,
    lost: CancellationToken,
}

impl Run {
    /// The fencing token of this run: larger than that of every run before.
    #[must_use]
    pub fn token(&self) -> u64 {
        self.token
    }

    /// Cancelled when another instance may have begun to run the job. The run itself is dropped
    /// then; this is for the tasks that it spawned.
    #[must_use]
    pub fn lost(&self) -> CancellationToken {
        self.lost.clone()
    }
}

/// A job that is scheduled on this instance. Dropping it ends that.
#[derive(Debug)]
pub struct Job {
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Job {
    /// Ends the schedule on this instance and waits for that. A run in progress is dropped where it
    /// waits, and another instance begins it anew.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // An error means that the task has ended already.
            let _ = task.await;
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Runs `job` once per interval in the whole cluster: every instance calls this with the same
/// name, and whoever comes first runs it. Call it in `on_activate`, keep the [`Job`], and stop it
/// in `on_deactivate`.
///
/// * The first run begins at once; then one begins `interval` after the last one **began**, or
///   when that one ends if it takes longer. Missed intervals are not made up for.
/// * Each run happens **at least once**: if the instance crashes, is stopped or loses its lock in
///   the middle, another one begins the run anew (after 30 seconds to a minute for a crash). Make
///   visible effects idempotent.
/// * A run that panics is logged and counts as finished.
/// * Clocks that differ make a run begin early or late by the difference, not twice.
///
/// # Errors
/// [`Error::Invalid`] when the name is empty or too long for a key, or the interval is shorter
/// than a second.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn schedule<F, R>(api: &Api, name: &str, interval: Duration, job: F) -> Result<Job, Error>
where
    F: Fn(Run) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    schedule_with(api, name, interval, Arc::new(SystemClock), job)
}

/// [`schedule`] with another clock.
///
/// # Errors
/// As [`schedule`].
///
/// # Panics
/// Outside of a tokio runtime.
pub fn schedule_with<F, R>(
    api: &Api,
    name: &str,
    interval: Duration,
    clock: Arc<dyn Clock>,
    job: F,
) -> Result<Job, Error>
where
    F: Fn(Run) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    if interval < Duration::from_secs(1) {
        return Err(Error::Invalid(format!(
            "a job runs every second at most, not every {interval:?}"
        )));
    }
    let schedule = Schedule {
        api: api.clone(),
        name: name.to_owned(),
        key: key(PREFIX, name)?,
        mutex: Mutex::with_clock(api, &format!("{PREFIX}{name}"), TTL, Arc::clone(&clock))?,
        interval,
        clock,
        job,
    };
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let task = tokio::spawn(async move {
        // Dropping the loop drops the run, and with it the guard, which gives the lock back.
        stopped.run_until_cancelled(schedule.run()).await;
    });
    Ok(Job {
        stop,
        task: Some(task),
    })
}

struct Schedule<F> {
    api: Api,
    name: String,
    key: String,
    mutex: Mutex,
    interval: Duration,
    clock: Arc<dyn Clock>,
    job: F,
}

impl<F, R> Schedule<F>
where
    F: Fn(Run) -> R + Send + Sync,
    R: Future<Output = ()> + Send,
{
    async fn run(&self) {
        loop {
            let wait = match self.attempt().await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(job = self.name, %error, "a scheduled job could not be looked after");
                    LOOK_AGAIN
                }
            };
            sleep(wait.max(SHORTEST_WAIT)).await;
        }
    }

    /// Runs the job if it is due and free; answers when to look again.
    async fn attempt(&self) -> Result<Duration, Error> {
        let (_, state) = self.read().await?;
        if let Some(wait) = self.not_due(state) {
            return Ok(wait);
        }
        let Some(guard) = self.mutex.try_lock().await? else {
            return Ok(LOOK_AGAIN);
        };
        let wait = self.attempt_locked(&guard).await;
        guard.unlock().await?;
        wait
    }

    async fn attempt_locked(&self, guard: &Guard) -> Result<Duration, Error> {
        // Again, as another instance may have run it since; and by compare-and-set, as even this
        // read may come late from a replica.
        let (stored, state) = self.read().await?;
        if let Some(wait) = self.not_due(state) {
            return Ok(wait);
        }
        let begun = State {
            started: self.clock.now(),
            finished: false,
        };
        let written = to_bytes(begun);
        let condition = match stored {
            Some(old) => KvSet::new().if_equals(old),
            None => KvSet::new().if_absent(),
        };
        if !self
            .api
            .kv()
            .set_with(&self.key, written.clone(), condition)
            .await?
        {
            return Ok(LOOK_AGAIN);
        }
        let run = Run {
            token: guard.token(),
            lost: guard.lost(),
        };
        let work = AssertUnwindSafe(async { (self.job)(run).await }).catch_unwind();
        match guard.unless_lost(work).await {
            None => {
                tracing::warn!(
                    job = self.name,
                    "a run lost its lock and was dropped; another instance takes over"
                );
                return Ok(LOOK_AGAIN);
            }
            Some(Err(_)) => tracing::error!(job = self.name, "a scheduled job panicked"),
            Some(Ok(())) => {}
        }
        let finished = State {
            finished: true,
            ..begun
        };
        self.finish(written, finished).await?;
        Ok(self.not_due(Some(finished)).unwrap_or_default())
    }

    async fn finish(&self, begun: Bytes, finished: State) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            let condition = KvSet::new().if_equals(begun.clone());
            match self
                .api
                .kv()
                .set_with(&self.key, to_bytes(finished), condition)
                .await
            {
                Ok(_) => return Ok(()),
                Err(error) if attempt == FINISH_ATTEMPTS => return Err(error),
                Err(_) => attempt += 1,
            }
            sleep(LOOK_AGAIN / FINISH_ATTEMPTS).await;
        }
    }

    async fn read(&self) -> Result<(Option<Bytes>, Option<State>), Error> {
        let stored = self.api.kv().get(&self.key).await?;
        let state = stored
            .as_deref()
            .and_then(|bytes| serde_json::from_slice(bytes).ok());
        Ok((stored, state))
    }

    /// How long it is until the next run, or `None` when it is due.
    fn not_due(&self, state: Option<State>) -> Option<Duration> {
        let State { started, finished } = state?;
        if !finished {
            // Whoever began it holds the lock, or is gone.
            return None;
        }
        let since = self.clock.now().saturating_sub(started);
        // A start in the future was written by a clock ahead of ours: wait one interval at most.
        let since = Duration::from_millis(u64::try_from(since).unwrap_or(0));
        self.interval
            .checked_sub(since)
            .filter(|wait| !wait.is_zero())
    }
}

fn to_bytes(state: State) -> Bytes {
    // Two numbers always have a JSON form.
    serde_json::to_vec(&state).unwrap_or_default().into()
}
