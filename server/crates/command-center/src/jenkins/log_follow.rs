//! Logs that are shown anew while their builds run: one post each, edited at a bounded rate.
//!
//! - [`record`]: the stored form.
//! - [`view`]: pure; what people read.
//! - [`store`], the set of all here, and its tasks: the same with the server and Jenkins.

pub mod record;
pub mod store;
mod task;
pub mod view;

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::{Api, Error};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::access::Access;
use super::watch::task::Tools;
use crate::places::{Place, Places};
use record::FollowRecord;
use store::{FollowStore, Inserted};
use task::Task;

/// How often logs without a living follower are looked for.
const SCAN_INTERVAL: Duration = Duration::from_secs(5);

/// All logs that this instance follows, those of instances that died included.
pub struct LogFollows {
    store: FollowStore,
    access: Arc<Access>,
    tools: Arc<Tools>,
    here: Places<String>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl LogFollows {
    /// Follows with these tools until `stop` is cancelled.
    #[must_use]
    pub fn new(api: Api, access: Arc<Access>, tools: Arc<Tools>, stop: CancellationToken) -> Self {
        Self {
            store: FollowStore::new(api),
            access,
            tools,
            here: Places::default(),
            tasks: TaskTracker::new(),
            stop,
        }
    }

    /// Follows a log, if there is room and nobody follows it at this place.
    ///
    /// # Errors
    /// When the store does not answer; then it may or may not be followed.
    pub async fn begin(&self, record: FollowRecord) -> Result<Inserted, Error> {
        let record = FollowRecord {
            owner: self.tools.presence.id().to_owned(),
            ..record
        };
        let inserted = self.store.insert(record.clone()).await?;
        if inserted == Inserted::Done
            && let Some(place) = self.here.take(&record.id)
        {
            self.spawn(record, place, false);
        }
        Ok(inserted)
    }

    /// Follows a log no longer, because somebody of this name wants so. The post says so within seconds.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn end(&self, id: &str, username: &str) -> Result<(), Error> {
        self.store.stop(id, username).await
    }

    /// Looks for logs whose follower died, again and again, until it is stopped.
    pub async fn run(&self) {
        loop {
            if let Err(error) = self.take_over().await {
                tracing::warn!(%error, "followed logs of other instances cannot be looked for");
            }
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = self.tools.clock.sleep(SCAN_INTERVAL) => {}
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn take_over(&self) -> Result<(), Error> {
        let presence = &self.tools.presence;
        for record in self.store.all().await? {
            let Some(place) = self.here.take(&record.id) else {
                continue;
            };
            let is_own = record.owner == presence.id();
            if (!is_own && presence.is_alive(&record.owner).await?) || !presence.is_certain() {
                continue;
            }
            let taken = self
                .store
                .take(&record.id, &record.owner, presence.id())
                .await?;
            if let Some(record) = taken {
                self.spawn(record, place, true);
            }
        }
        Ok(())
    }

    /// `look` says whether an earlier try can have left a post.
    fn spawn(&self, record: FollowRecord, place: Place<String>, look: bool) {
        let task = Task::new(
            self.store.clone(),
            Arc::clone(&self.access),
            Arc::clone(&self.tools),
            record,
            look,
        );
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            // A stop never falls into a step: the next follower sees all its effects.
            task.run(stop).await;
            drop(place);
        });
    }
}
