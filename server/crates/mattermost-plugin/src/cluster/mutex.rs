//! One instance at a time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::lease::{Grant, Lease, Take};
use crate::Api;
use crate::error::Error;

/// How long a lock lives after its holder crashed, unless said otherwise.
const DEFAULT_TTL: Duration = Duration::from_secs(15);

/// How often a held lock is tried again: first soon, then less often.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// A lock that one instance of the plugin in the cluster holds at a time, and one task in it.
///
/// Clones are the same lock, and so are locks of the same name in other instances. Waiting tasks
/// of one process queue up in order; between processes, whoever asks first after the release wins.
///
/// What a crash, a partition or a wrong clock does to it says [the module](super).
///
/// ```no_run
/// # async fn example(api: mattermost_plugin::Api) -> Result<(), mattermost_plugin::Error> {
/// use mattermost_plugin::cluster::Mutex;
/// use mattermost_plugin::model::Bot;
///
/// let guard = Mutex::new(&api, "ensure bot")?.lock().await?;
/// let bot_id = api.bots().ensure(&Bot { username: "butler".to_owned(), ..Bot::default() }).await?;
/// guard.unlock().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Mutex {
    lease: Arc<tokio::sync::Mutex<Lease>>,
}

impl Mutex {
    /// The lock of this name. It lives for 15 seconds after its holder crashed.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the name is empty or too long for a key.
    pub fn new(api: &Api, name: &str) -> Result<Self, Error> {
        Self::with_ttl(api, name, DEFAULT_TTL)
    }

    /// The lock of this name with another time to live, at least
    /// [`MIN_TTL`](super::MIN_TTL). It is renewed each third of it.
    ///
    /// # Errors
    /// As [`Lease::new`].
    pub fn with_ttl(api: &Api, name: &str, ttl: Duration) -> Result<Self, Error> {
        Ok(Self::from_lease(Lease::new(api, name, ttl)?))
    }

    /// As [`with_ttl`](Self::with_ttl), with another clock.
    ///
    /// # Errors
    /// As [`Lease::new`].
    pub fn with_clock(
        api: &Api,
        name: &str,
        ttl: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        Ok(Self::from_lease(
            Lease::new(api, name, ttl)?.with_clock(clock),
        ))
    }

    fn from_lease(lease: Lease) -> Self {
        Self {
            lease: Arc::new(tokio::sync::Mutex::new(lease)),
        }
    }

    /// Waits for the lock as long as it takes; put a timeout around it if that is too long.
    /// Dropping the future gives up.
    ///
    /// # Errors
    /// When the store cannot be read or written. Nothing is tried again.
    pub async fn lock(&self) -> Result<Guard, Error> {
        let mut lease = Arc::clone(&self.lease).lock_owned().await;
        let mut wait = FIRST_WAIT;
        loop {
            if let Take::Granted(grant) = lease.take().await? {
                return Ok(Guard::new(grant, lease));
            }
            sleep(with_jitter(wait)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn try_lock(&self) -> Result<Option<Guard>, Error> {
        let Ok(mut lease) = Arc::clone(&self.lease).try_lock_owned() else {
            return Ok(None);
        };
        Ok(match lease.take().await? {
            Take::Granted(grant) => Some(Guard::new(grant, lease)),
            Take::Held => None,
        })
    }
}

/// A lock that is held. A task renews it; dropping the guard makes that task give it back, as far
/// as the runtime lives on.
#[derive(Debug)]
pub struct Guard {
    token: u64,
    lost: CancellationToken,
    stop: CancellationToken,
    keeper: Option<JoinHandle<Result<bool, Error>>>,
}

impl Guard {
    fn new(grant: Grant, lease: OwnedMutexGuard<Lease>) -> Self {
        let lost = CancellationToken::new();
        let stop = CancellationToken::new();
        Self {
            token: grant.token(),
            keeper: Some(tokio::spawn(keep(grant, lease, lost.clone(), stop.clone()))),
            lost,
            stop,
        }
    }

    /// The fencing token: larger than that of every holder before.
    #[must_use]
    pub fn token(&self) -> u64 {
        self.token
    }

    /// Whether the lock has been lost: it could not be renewed in time, or somebody took it.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.is_cancelled()
    }

    /// Cancelled when the lock is lost. Never cancelled when it is given back.
    #[must_use]
    pub fn lost(&self) -> CancellationToken {
        self.lost.clone()
    }

    /// Does `work` and answers what it answers, or drops it and answers `None` when the lock is
    /// lost before it is done.
    pub async fn unless_lost<W: Future>(&self, work: W) -> Option<W::Output> {
        tokio::select! {
            biased;
            () = self.lost.cancelled() => None,
            output = work => Some(output),
        }
    }

    /// Gives the lock back and waits until that is done. `false`: it was lost before, so what was
    /// done may have met somebody else doing it.
    ///
    /// # Errors
    /// When the store cannot be written. The lock then ends by itself.
    pub async fn unlock(mut self) -> Result<bool, Error> {
        self.stop.cancel();
        match self.keeper.take() {
            Some(keeper) => keeper.await.unwrap_or(Ok(false)),
            None => Ok(false),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Renews until told to stop or until the lock is lost. The lease is held until the end, so that
/// the next task of this process begins when the record is written.
async fn keep(
    mut grant: Grant,
    lease: OwnedMutexGuard<Lease>,
    lost: CancellationToken,
    stop: CancellationToken,
) -> Result<bool, Error> {
    let ttl = grant
        .valid_until()
        .saturating_duration_since(Instant::now());
    let mut next = Instant::now() + ttl / 3;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                let released = grant.release().await;
                drop(lease);
                return released;
            }
            () = sleep_until(next) => {}
        }
        let end = grant.valid_until();
        next = match timeout_at(end, grant.renew()).await {
            Ok(Ok(true)) => Instant::now() + ttl / 3,
            Ok(Err(error)) if grant.is_valid() => {
                tracing::debug!(%error, "a lock could not be renewed yet");
                end.min(Instant::now() + ttl / 10)
            }
            Ok(Ok(false) | Err(_)) | Err(_) => {
                lost.cancel();
                return Ok(false);
            }
        };
    }
}

/// Up to a quarter more, so that instances do not ask in step.
fn with_jitter(wait: Duration) -> Duration {
    let mut random = [0u8; 1];
    // Without randomness they ask in step, which works too.
    let _ = getrandom::fill(&mut random);
    wait + wait.mul_f32(f32::from(random[0]) / 1024.0)
}
