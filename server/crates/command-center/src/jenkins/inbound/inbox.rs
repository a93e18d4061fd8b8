//! Events that were accepted and have not had their effect yet.
//!
//! Jenkins is told "ok" only when an event is stored here. Each instance has an inbox with a fixed
//! number of slots, so writing to it races with nobody; when the instance dies, another one takes over
//! what is in it.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_inbox_v1_<instance>/<slot>` | an [`Accepted`], for a day |
//! | `jenkins_inboxes_v1` | the instances that have an inbox, and who empties each |

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mattermost_plugin::api::KvSet;
use mattermost_plugin::cluster::Presence;
use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};

use super::event::InboundEvent;
use crate::config::ServerAlias;
use crate::stored;

const SLOT_PREFIX: &str = "jenkins_inbox_v1_";
const INDEX: &str = "jenkins_inboxes_v1";
/// Slots of an inbox: how many events may wait on one instance.
pub const SLOTS: u16 = 1024;
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// An event that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// Identifies it, and the posts made for it.
    pub id: String,
    /// The source that it came from.
    pub hook_id: String,
    /// The Jenkins of that source.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// When it came, in milliseconds since 1970.
    pub received_at: i64,
    /// What it says.
    pub event: InboundEvent,
}

/// Who empties whose inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    instance: String,
    owner: String,
}

/// The inbox of this instance.
#[derive(Debug)]
pub struct Inbox {
    api: Api,
    presence: Arc<Presence>,
    free: Arc<Mutex<Vec<u16>>>,
}

/// A place in the inbox, free again when it is dropped.
#[derive(Debug)]
pub struct Slot {
    number: u16,
    free: Arc<Mutex<Vec<u16>>>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        lock(&self.free).push(self.number);
    }
}

impl Inbox {
    /// An inbox for this instance.
    #[must_use]
    pub fn new(api: Api, presence: Arc<Presence>) -> Self {
        Self {
            api,
            presence,
            free: Arc::new(Mutex::new((0..SLOTS).rev().collect())),
        }
    }

    /// Makes the inbox known to the other instances. Before this, nothing may be put into it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open(&self) -> Result<(), Error> {
        let instance = self.presence.id().to_owned();
        self.change_index(|entries| {
            if !entries.iter().any(|entry| entry.instance == instance) {
                entries.push(Entry {
                    instance: instance.clone(),
                    owner: instance.clone(),
                });
            }
        })
        .await
    }

    /// A free place; `None` when too much waits.
    #[must_use]
    pub fn reserve(&self) -> Option<Slot> {
        let number = lock(&self.free).pop()?;
        Some(Slot {
            number,
            free: Arc::clone(&self.free),
        })
    }

    /// Stores an event: from here on it is not lost.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put(&self, slot: &Slot, accepted: &Accepted) -> Result<(), Error> {
        let key = slot_key(self.presence.id(), slot.number);
        let options = KvSet::new().ttl(KEPT);
        self.api.kv().set_json_with(&key, accepted, options).await?;
        Ok(())
    }

    /// Removes an event that has had its effect.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, slot: &Slot) -> Result<(), Error> {
        self.api
            .kv()
            .delete(&slot_key(self.presence.id(), slot.number))
            .await
    }

    /// Takes over the inboxes of instances that died, and tells what is in them, oldest first. Each
    /// may have had its effect already. [`Inbox::emptied`] ends it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take_over(&self) -> Result<Vec<(String, Vec<Accepted>)>, Error> {
        let own = self.presence.id();
        let entries: Vec<Entry> = self.api.kv().get_json(INDEX).await?.unwrap_or_default();
        let mut taken = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.instance != own) {
            let is_mine = entry.owner == own;
            if !is_mine
                && (self.presence.is_alive(&entry.owner).await? || !self.presence.is_certain())
            {
                continue;
            }
            let has_taken = self
                .change_index(|entries| {
                    let same = entries.iter_mut().find(|other| **other == entry);
                    same.map(|other| own.clone_into(&mut other.owner)).is_some()
                })
                .await?;
            if has_taken {
                let left = self.left_by(&entry.instance).await?;
                taken.push((entry.instance, left));
            }
        }
        Ok(taken)
    }

    /// Removes one event of an inbox that was taken over.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove_of(&self, instance: &str, id: &str) -> Result<(), Error> {
        for key in self.keys_of(instance).await? {
            let stored: Option<Accepted> = self.api.kv().get_json(&key).await?;
            if stored.is_some_and(|accepted| accepted.id == id) {
                self.api.kv().delete(&key).await?;
            }
        }
        Ok(())
    }

    /// Forgets an inbox that was taken over and is empty.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn emptied(&self, instance: &str) -> Result<(), Error> {
        self.change_index(|entries| entries.retain(|entry| entry.instance != instance))
            .await
    }

    async fn left_by(&self, instance: &str) -> Result<Vec<Accepted>, Error> {
        let mut left: Vec<Accepted> = Vec::new();
        for key in self.keys_of(instance).await? {
            match self.api.kv().get_json(&key).await {
                Ok(accepted) => left.extend(accepted),
                Err(Error::Invalid(reason)) => {
                    tracing::error!(key, reason, "an accepted event cannot be read");
                    self.api.kv().delete(&key).await?;
                }
                Err(error) => return Err(error),
            }
        }
        left.sort_by_key(|accepted| accepted.received_at);
        Ok(left)
    }

    /// Instances die seldom, so a walk over all keys is fine.
    async fn keys_of(&self, instance: &str) -> Result<Vec<String>, Error> {
        self.api
            .kv()
            .keys(&format!("{SLOT_PREFIX}{instance}/"))
            .await
    }

    async fn change_index<R>(
        &self,
        mut change: impl FnMut(&mut Vec<Entry>) -> R,
    ) -> Result<R, Error> {
        stored::change(&self.api, INDEX, None, |entries| {
            change(entries.get_or_insert_default())
        })
        .await
    }
}

fn lock(free: &Mutex<Vec<u16>>) -> std::sync::MutexGuard<'_, Vec<u16>> {
    free.lock().unwrap_or_else(PoisonError::into_inner)
}

fn slot_key(instance: &str, slot: u16) -> String {
    format!("{SLOT_PREFIX}{instance}/{slot}")
}
