//! One restart, from where its record stands to its end.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::Error;
use tokio_util::sync::CancellationToken;

use super::machine::{self, Seen, Stage};
use super::record::RestartRecord;
use super::store::{RestartStore, Stored};
use super::view;
use crate::jenkins::access::{Access, AccessError};
use crate::jenkins::error::ErrorKind;
use crate::jenkins::notice::Initiator;
use crate::jenkins::watch::task::Tools;

/// How often Jenkins is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Follows one restart.
pub(super) struct Task {
    store: RestartStore,
    access: Arc<Access>,
    tools: Arc<Tools>,
    /// The lapses of the presence up to which the restart is known to be ours.
    lapses: u64,
    stored: Stored,
    /// What the post says.
    shown: Option<String>,
    /// Whether posts are looked for before they are made.
    look: bool,
}

impl Task {
    /// Follows a restart that this instance owns; `look` says whether an earlier try can have left a
    /// post.
    pub(super) fn new(
        store: RestartStore,
        access: Arc<Access>,
        tools: Arc<Tools>,
        stored: Stored,
        look: bool,
    ) -> Self {
        Self {
            store,
            access,
            lapses: tools.presence.lapses(),
            tools,
            stored,
            shown: None,
            look,
        }
    }

    /// Works until the end is told, or the plugin stops. A stop never falls into a step.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            match self.step().await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => {
                    // The failed call may have had its effect.
                    self.look = true;
                    tracing::warn!(%error, "a restart of Jenkins is told later");
                }
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = self.tools.clock.sleep(LOOK) => {}
            }
        }
    }

    /// One look and what follows from it; true at the end.
    async fn step(&mut self) -> Result<bool, Error> {
        if !self.tools.presence.is_certain() {
            return Ok(false);
        }
        if !self.is_ours() && !self.reclaim().await? {
            return Ok(true);
        }
        let record = &self.stored.record;
        let seen = match record.progress {
            Stage::Ended(_) => Seen::Unknown,
            _ => self.seen().await,
        };
        let now = self.tools.clock.now();
        let next = machine::advance(record.progress, seen, record.requested_at, now);
        let record = RestartRecord {
            progress: next,
            ..record.clone()
        };
        if !self.store.replace(&mut self.stored, record).await? {
            return Ok(true);
        }
        if !self.is_ours() {
            return Ok(false);
        }
        let Some(post_id) = self.show().await? else {
            return Ok(true);
        };
        let Stage::Ended(end) = next else {
            return Ok(false);
        };
        if !self.is_ours() {
            return Ok(false);
        }
        let record = &self.stored.record;
        let message = view::announcement(record, end);
        self.tools
            .delivery
            .announce(record, Some(&post_id), &message, self.look)
            .await?;
        self.store.remove(&self.stored).await?;
        Ok(true)
    }

    /// Shows how far it is; the post's id, or nothing if the restart is followed by another instance.
    async fn show(&mut self) -> Result<Option<String>, Error> {
        let record = self.stored.record.clone();
        let said = view::told(&record);
        let initiator = Initiator {
            username: record.requester.username.clone(),
            jenkins_user: record.requester.jenkins_user.clone(),
        };
        let attachment = initiator.attachment(&said);
        let post_id = match record.post_id.clone() {
            Some(post_id) => {
                if self.shown.as_ref() != Some(&said) {
                    self.tools.delivery.edit(&post_id, &attachment).await?;
                }
                post_id
            }
            None => {
                let post_id = self
                    .tools
                    .delivery
                    .card(&record, &attachment, self.look)
                    .await?;
                let record = RestartRecord {
                    post_id: Some(post_id.clone()),
                    ..record
                };
                if !self.store.replace(&mut self.stored, record).await? {
                    return Ok(None);
                }
                // A post of an earlier try may say what was true then.
                if self.look {
                    self.tools.delivery.edit(&post_id, &attachment).await?;
                }
                post_id
            }
        };
        self.shown = Some(said);
        Ok(Some(post_id))
    }

    fn is_ours(&self) -> bool {
        let presence = &self.tools.presence;
        presence.is_certain() && presence.lapses() == self.lapses
    }

    /// Others may have seen us as dead: only a write to the record tells whether it is ours.
    async fn reclaim(&mut self) -> Result<bool, Error> {
        let presence = Arc::clone(&self.tools.presence);
        let lapses = presence.lapses();
        let current = self.store.get(&self.stored.record.server).await?;
        let is_same = |current: &Stored| {
            current.record.owner == presence.id() && current.record.id == self.stored.record.id
        };
        let Some(current) = current.filter(is_same) else {
            return Ok(false);
        };
        self.stored = current;
        let record = RestartRecord {
            claim: self.stored.record.claim + 1,
            ..self.stored.record.clone()
        };
        (self.lapses, self.look) = (lapses, true);
        self.store.replace(&mut self.stored, record).await
    }

    async fn seen(&self) -> Seen {
        let record = &self.stored.record;
        let client = match self
            .access
            .client(&record.requester.user_id, &record.server)
            .await
        {
            Ok(client) => client,
            Err(AccessError::Jenkins(error)) => {
                tracing::debug!(%error, "a restart cannot be looked at");
                return Seen::Unknown;
            }
            Err(_) => return Seen::Unknown,
        };
        match client.server_state().await {
            Ok(state) => Seen::Up {
                is_another: match (&record.session, &state.session) {
                    (Some(before), Some(now)) => before != now,
                    // A proxy cuts the session off: then only an absence tells.
                    _ => matches!(record.progress, Stage::Away { .. }) && !state.quieting_down,
                },
                quieting_down: state.quieting_down,
            },
            Err(error) if error.kind() == ErrorKind::Passing => Seen::Away,
            Err(error) => {
                tracing::debug!(%error, "a restart cannot be looked at");
                Seen::Unknown
            }
        }
    }
}
