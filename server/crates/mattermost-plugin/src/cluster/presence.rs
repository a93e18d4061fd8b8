//! Which instances of the plugin are alive.
//!
//! Each instance keeps one expiring key in the plugin's KV store. Work that an instance owns is
//! marked with the instance's id; when that key is gone, another instance may take the work over.
//! So ownership costs one write in a while for each *instance*, however much work it owns.
//!
//! Expiry is counted by the server, so the plugin nodes' clocks do not matter. An instance that
//! was stalled (a suspended machine, a lost database) must not go on as if nothing happened:
//! [`Presence::is_certain`] tells whether its key can still be there, by this process's own
//! monotonic clock. Taking over is a compare-and-set on the work's own record; that, not the key,
//! is what makes two owners impossible.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Api;
use crate::api::KvSet;
use crate::error::Error;

/// This instance's announcement that it is alive.
pub struct Presence {
    api: Api,
    prefix: &'static str,
    id: String,
    time_to_live: Duration,
    announced: Mutex<Option<Instant>>,
    lapses: AtomicU64,
}

impl Presence {
    /// An instance with a fresh random id. `prefix` starts the keys of all instances;
    /// `time_to_live` (whole seconds, at least 3) is how long a dead instance is believed alive.
    #[must_use]
    pub fn new(api: Api, prefix: &'static str, time_to_live: Duration) -> Self {
        Self {
            api,
            prefix,
            id: super::random_id(),
            time_to_live,
            announced: Mutex::new(None),
            lapses: AtomicU64::new(0),
        }
    }

    /// This instance's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn key(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    /// Writes the key once.
    ///
    /// # Errors
    /// When the server does not take it.
    pub async fn announce(&self) -> Result<(), Error> {
        // Taken before the call: the server counts from when the call arrives, which is later.
        let now = Instant::now();
        self.api
            .kv()
            .set_with(
                &self.key(&self.id),
                "1",
                KvSet::new().ttl(self.time_to_live),
            )
            .await?;
        let mut announced = self
            .announced
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if announced.is_some_and(|at| at.elapsed() >= self.time_to_live) {
            self.lapses.fetch_add(1, Ordering::SeqCst);
        }
        *announced = Some(now);
        Ok(())
    }

    /// Announces three times in each time to live, until `stop`; then withdraws.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.announce().await {
                tracing::warn!(%error, "cannot announce this instance; other instances may take its work over");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(self.time_to_live / 3) => {}
            }
        }
        if let Err(error) = self.withdraw().await {
            tracing::debug!(%error, "the announcement of this instance is left to expire");
        }
    }

    /// Removes the key, so that others take over at once.
    ///
    /// # Errors
    /// When the server does not remove it.
    pub async fn withdraw(&self) -> Result<(), Error> {
        *self
            .announced
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        self.api.kv().delete(&self.key(&self.id)).await
    }

    /// Whether this instance's own key is surely still there.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        let announced = *self
            .announced
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        announced.is_some_and(|at| at.elapsed() < self.time_to_live)
    }

    /// How often the key may have been gone for a while, so that other instances may have taken work
    /// over. Work that was this instance's before a lapse is its own again only when a
    /// compare-and-set on the work's record says so.
    #[must_use]
    pub fn lapses(&self) -> u64 {
        self.lapses.load(Ordering::SeqCst)
    }

    /// Whether the instance `id` is alive, as far as the store knows.
    ///
    /// # Errors
    /// When the store cannot be read; nothing should be taken over then.
    pub async fn is_alive(&self, id: &str) -> Result<bool, Error> {
        Ok(self.api.kv().get(&self.key(id)).await?.is_some())
    }
}

impl std::fmt::Debug for Presence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presence")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
