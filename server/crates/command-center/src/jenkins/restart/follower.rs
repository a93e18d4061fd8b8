//! All restarts that this instance follows, those of instances that died included.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::{Api, Error};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::machine::Stage;
use super::record::RestartRecord;
use super::store::{RestartStore, Stored};
use super::task::Task;
use crate::config::ServerAlias;
use crate::jenkins::access::Access;
use crate::jenkins::watch::task::Tools;
use crate::places::{Place, Places};

/// How often restarts without a living follower are looked for.
const SCAN_INTERVAL: Duration = Duration::from_secs(5);

/// All restarts that this instance follows.
pub struct Restarts {
    store: RestartStore,
    access: Arc<Access>,
    tools: Arc<Tools>,
    here: Places<ServerAlias>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// A restart that is about to be asked for.
pub struct Following<'a> {
    restarts: &'a Restarts,
    stored: Stored,
    place: Place<ServerAlias>,
}

impl Following<'_> {
    /// Jenkins took the request: what it does is told from now on.
    pub async fn accepted(mut self) {
        let record = RestartRecord {
            progress: Stage::Waiting { calm: 0 },
            ..self.stored.record.clone()
        };
        if let Err(error) = self.restarts.store.replace(&mut self.stored, record).await {
            tracing::warn!(%error, "a restart is followed as if Jenkins had not answered");
        }
        self.in_doubt();
    }

    /// Jenkins may have got the request: what it does is told from now on.
    pub fn in_doubt(self) {
        self.restarts.spawn(self.stored, self.place, false);
    }

    /// Jenkins refused: there is nothing to tell.
    pub async fn give_up(self) {
        if let Err(error) = self.restarts.store.remove(&self.stored).await {
            tracing::warn!(%error, "the record of a refused restart stays for now");
        }
    }
}

impl Restarts {
    /// Follows with these tools until `stop` is cancelled.
    #[must_use]
    pub fn new(api: Api, access: Arc<Access>, tools: Arc<Tools>, stop: CancellationToken) -> Self {
        Self {
            store: RestartStore::new(api),
            access,
            tools,
            here: Places::default(),
            tasks: TaskTracker::new(),
            stop,
        }
    }

    /// Stores that a restart is about to be asked for; `None` if one is followed already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(&self, record: RestartRecord) -> Result<Option<Following<'_>>, Error> {
        let Some(place) = self.here.take(&record.server) else {
            return Ok(None);
        };
        let record = RestartRecord {
            owner: self.tools.presence.id().to_owned(),
            ..record
        };
        let stored = self.store.insert(record).await?;
        Ok(stored.map(|stored| Following {
            restarts: self,
            stored,
            place,
        }))
    }

    /// Looks for restarts whose follower died, again and again, until it is stopped.
    pub async fn run(&self) {
        loop {
            if let Err(error) = self.take_over().await {
                tracing::warn!(%error, "restarts of other instances cannot be looked for");
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
        // Without settings there is nothing to follow.
        let Ok(servers) = self.access.servers() else {
            return Ok(());
        };
        let presence = &self.tools.presence;
        for server in servers {
            let Some(place) = self.here.take(&server.alias) else {
                continue;
            };
            let Some(mut stored) = self.store.get(&server.alias).await? else {
                continue;
            };
            let owner = stored.record.owner.clone();
            if owner != presence.id() && presence.is_alive(&owner).await? {
                continue;
            }
            let record = RestartRecord {
                owner: presence.id().to_owned(),
                claim: stored.record.claim + 1,
                ..stored.record.clone()
            };
            if presence.is_certain() && self.store.replace(&mut stored, record).await? {
                self.spawn(stored, place, true);
            }
        }
        Ok(())
    }

    fn spawn(&self, stored: Stored, place: Place<ServerAlias>, look: bool) {
        let (store, access) = (self.store.clone(), Arc::clone(&self.access));
        let task = Task::new(store, access, Arc::clone(&self.tools), stored, look);
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            // A stop never falls into a step: the next follower sees all its effects.
            task.run(stop).await;
            drop(place);
        });
    }
}
