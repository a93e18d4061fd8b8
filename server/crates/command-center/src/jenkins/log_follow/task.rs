//! One log, from where its record stands to its end.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::Error;
use mattermost_plugin::model::Attachment;
use tokio_util::sync::CancellationToken;

use super::record::FollowRecord;
use super::store::FollowStore;
use super::view::{self, State};
use crate::jenkins::access::{Access, AccessError};
use crate::jenkins::client::TailRequest;
use crate::jenkins::error::ErrorKind;
use crate::jenkins::view::View;
use crate::jenkins::watch::delivery::Edit;
use crate::jenkins::watch::task::Tools;
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, render};
use crate::notifications::bot_posts::is_refusal;

/// How often Jenkins is looked at, and the post is edited at most.
const LOOK: Duration = Duration::from_secs(5);
/// How long a log is followed, in milliseconds.
const LONGEST: i64 = 30 * 60 * 1000;
/// The lines that are shown.
const TAIL: TailRequest = TailRequest {
    lines: 25,
    time_limit: Duration::from_secs(20),
};

/// Follows one log.
pub(super) struct Task {
    store: FollowStore,
    access: Arc<Access>,
    tools: Arc<Tools>,
    record: FollowRecord,
    /// The last lines as they were seen last.
    log: String,
    /// What the post shows.
    shown: Option<Attachment>,
    /// Whether the post is looked for before it is made.
    look: bool,
}

impl Task {
    /// Follows a log that this instance owns; `look` says whether an earlier try can have left a post.
    pub(super) fn new(
        store: FollowStore,
        access: Arc<Access>,
        tools: Arc<Tools>,
        record: FollowRecord,
        look: bool,
    ) -> Self {
        Self {
            store,
            access,
            tools,
            record,
            log: String::new(),
            shown: None,
            look,
        }
    }

    /// Works until the end is shown, or the plugin stops. A stop never falls into a step.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            match self.step().await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) if is_refusal(&error) => {
                    tracing::warn!(%error, "a log is not followed any more: its post is refused");
                    self.remove().await;
                    return;
                }
                Err(error) => {
                    // The failed call may have had its effect.
                    self.look = true;
                    tracing::warn!(%error, "a followed log is shown later");
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
        let presence = Arc::clone(&self.tools.presence);
        // Others may have seen us as dead and taken it over.
        let current = self.store.get(&self.record.id).await?;
        let Some(record) = current.filter(|record| record.owner == presence.id()) else {
            return Ok(true);
        };
        self.record = record;
        let state = self.state().await?;
        if !presence.is_certain() {
            return Ok(false);
        }
        let Some(attachment) = self.attachment(&state) else {
            // The server was taken out of the settings: nothing can be shown of it.
            self.remove().await;
            return Ok(true);
        };
        let is_there = self.show(attachment).await?;
        if state == State::Live && is_there {
            return Ok(false);
        }
        self.remove().await;
        Ok(true)
    }

    /// How far it is now; reads the log.
    async fn state(&mut self) -> Result<State, Error> {
        let seen = match self.client().await {
            Ok(client) => self.read(&client).await,
            Err(AccessError::Jenkins(error)) => Err(error),
            Err(AccessError::Server(error)) => return Err(error),
            Err(AccessError::Refused(why)) => return Ok(State::Failed(why)),
        };
        let state = match seen {
            Ok(state) => state,
            Err(error) if error.kind() == ErrorKind::Passing => State::Live,
            Err(error) => State::Failed(render::error(&error)),
        };
        if state != State::Live {
            return Ok(state);
        }
        if let Some(username) = &self.record.stopped_by {
            return Ok(State::Stopped(username.clone()));
        }
        let now = self.tools.clock.now();
        Ok(match now.saturating_sub(self.record.since) >= LONGEST {
            true => State::TooLong,
            false => State::Live,
        })
    }

    async fn client(&self) -> Result<JenkinsClient, AccessError> {
        let server = &self.record.build.server;
        self.access.client(&self.record.user_id, server).await
    }

    async fn read(&mut self, client: &JenkinsClient) -> Result<State, JenkinsError> {
        let build = &self.record.build;
        let selector = BuildSelector::Number(build.number);
        let tail = client.log_tail(&build.job, selector, TAIL).await?;
        let is_running = tail.running;
        self.log = tail.text;
        if is_running {
            return Ok(State::Live);
        }
        let build = client.build(&build.job, selector).await?;
        Ok(State::Over(build.and_then(|build| build.result)))
    }

    fn attachment(&self, state: &State) -> Option<Attachment> {
        let address = self.access.address(&self.record.build.server)?;
        let view = View {
            address: &address,
            now: self.tools.clock.now(),
        };
        Some(view::attachment(&view, &self.record, &self.log, state))
    }

    /// False if the post is gone or cannot be changed, or is another instance's now.
    async fn show(&mut self, attachment: Attachment) -> Result<bool, Error> {
        let delivery = &self.tools.delivery;
        let post_id = match self.record.post_id.clone() {
            Some(post_id) => post_id,
            None => {
                let post_id = delivery.card(&self.record, &attachment, self.look).await?;
                let owner = &self.record.owner;
                let is_own = self
                    .store
                    .set_post(&self.record.id, owner, &post_id)
                    .await?;
                // A post that was there already may show something older.
                if !self.look {
                    self.shown = Some(attachment.clone());
                }
                if !is_own {
                    return Ok(false);
                }
                post_id
            }
        };
        if self.shown.as_ref() == Some(&attachment) {
            return Ok(true);
        }
        let edit = delivery.edit(&post_id, &attachment).await?;
        self.shown = Some(attachment);
        Ok(edit == Edit::Done)
    }

    /// A record that stays is taken up again, and ends in the same way.
    async fn remove(&self) {
        let removed = self.store.remove(&self.record.id, &self.record.owner);
        if let Err(error) = removed.await {
            tracing::warn!(%error, "the record of a followed log stays for now");
        }
    }
}
