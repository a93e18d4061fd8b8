//! All watches of this instance, and those of instances that died.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use mattermost_plugin::Error;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::record::WatchRecord;
use super::store::Stored;
use super::task::{Origin, Task, Tools};

/// How often the watches of dead instances are looked for.
const SCAN_INTERVAL: Duration = Duration::from_secs(3);

/// Keeps one task for each watch that this instance owns.
pub struct Supervisor {
    tools: Arc<Tools>,
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Supervisor {
    /// A supervisor that ends its tasks when `stop` is cancelled.
    #[must_use]
    pub fn new(tools: Arc<Tools>, stop: CancellationToken) -> Self {
        Self {
            tools,
            running: Arc::default(),
            tasks: TaskTracker::new(),
            stop,
        }
    }

    /// What the watches use.
    #[must_use]
    pub fn tools(&self) -> &Arc<Tools> {
        &self.tools
    }

    /// Number of watches that this instance works on.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Looks for watches without a living owner, again and again, until it is stopped.
    pub async fn run(&self) {
        loop {
            if let Err(error) = self.take_over().await {
                tracing::warn!(%error, "watches of other instances cannot be looked for");
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = self.tools.clock.sleep(SCAN_INTERVAL) => {}
            }
        }
    }

    /// Waits until all tasks have ended, which they do when the supervisor is stopped.
    pub async fn wait(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Claims an id before its watch is stored, so that nobody here takes it for an abandoned one.
    /// `None` when a task has it already.
    #[must_use]
    pub fn reserve(&self, id: &str) -> Option<Reservation> {
        let mut running = self.lock();
        if running.contains_key(id) {
            return None;
        }
        let stop = self.stop.child_token();
        running.insert(id.to_owned(), stop.clone());
        Some(Reservation {
            id: id.to_owned(),
            stop,
            running: Arc::clone(&self.running),
        })
    }

    /// Lets a watch be taken up anew from its record, which somebody has changed: at once if a task of
    /// this instance has it, else when its own task finds that out.
    pub fn interrupt(&self, id: &str) {
        if let Some(stop) = self.lock().get(id) {
            stop.cancel();
        }
    }

    /// What ends the work of this instance.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Works on a watch that this instance owns.
    pub fn start(&self, stored: Stored, origin: Origin, reservation: Reservation) {
        let tools = Arc::clone(&self.tools);
        let task = Task::new(tools, stored, origin, reservation.stop.clone());
        self.tasks.spawn(async move {
            match std::panic::AssertUnwindSafe(task.run())
                .catch_unwind()
                .await
            {
                Ok(end) => tracing::debug!(watch = reservation.id, ?end, "a watch ended"),
                Err(_) => tracing::error!(
                    watch = reservation.id,
                    "a watch failed inside the plugin and is taken up again"
                ),
            }
        });
    }

    async fn take_over(&self) -> Result<(), Error> {
        let now = self.tools.clock.now();
        let here: HashSet<String> = self.lock().keys().cloned().collect();
        let presence = &self.tools.presence;
        let mut alive: HashMap<String, bool> = HashMap::from([(presence.id().to_owned(), false)]);
        for mut stored in self.tools.store.all(|id| here.contains(id), now).await? {
            let owner = stored.record.owner.clone();
            let is_alive = match alive.get(&owner) {
                Some(known) => *known,
                None => {
                    let answer = presence.is_alive(&owner).await?;
                    alive.insert(owner, answer);
                    answer
                }
            };
            if is_alive || !presence.is_certain() {
                continue;
            }
            // One of ours is here when its task failed.
            let Some(reservation) = self.reserve(&stored.record.id) else {
                continue;
            };
            if stored.record.owner == presence.id() {
                // It may have ended since it was read.
                match self.tools.store.get(&stored.record.id).await? {
                    Some(current) if current.record.owner == presence.id() => stored = current,
                    _ => continue,
                }
            }
            let record = WatchRecord {
                owner: presence.id().to_owned(),
                ..stored.record.clone()
            };
            if self.tools.store.replace(&mut stored, record).await? {
                tracing::info!(watch = stored.record.id, "a watched build is taken over");
                self.start(stored, Origin::TakenOver, reservation);
            }
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An id that belongs to a task of this instance, until it is dropped.
pub struct Reservation {
    id: String,
    /// Ends its task.
    stop: CancellationToken,
    running: Arc<Mutex<HashMap<String, CancellationToken>>>,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
    }
}
