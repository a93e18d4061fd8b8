//! Watches in the KV store.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_watch_v1_<id>` | a [`WatchRecord`] |
//! | `jenkins_queue_v1_<queue id>`, `jenkins_queue_v1_<alias>/<queue id>` | the id of the watch that the entry of Jenkins' queue belongs to, for a day |
//! | `jenkins_watches_v1_<0..3>` | the ids of the records, each with the time it was added |
//!
//! The index spares a walk over all keys of the plugin. An id is in the index before its record is
//! written and leaves it after the record is gone; an id without a record is swept later.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mattermost_plugin::api::KvSet;
use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::record::WatchRecord;
use crate::config::ServerAlias;

const RECORD_PREFIX: &str = "jenkins_watch_v1_";
const CLAIM_PREFIX: &str = "jenkins_queue_v1_";
const CLAIMED_FOR: Duration = Duration::from_secs(24 * 60 * 60);
const INDEX_PREFIX: &str = "jenkins_watches_v1_";
/// Parts of the index, so that many watches do not rewrite one long list.
const INDEX_PARTS: u8 = 4;
/// How often a write that lost a race is tried again.
const RACES: u32 = 20;
/// An id may stand in the index without a record this long, in milliseconds.
const RECORD_FOLLOWS_WITHIN: i64 = 60_000;

/// The watches of all instances.
#[derive(Debug, Clone)]
pub struct WatchStore {
    api: Api,
    /// Held while the index is changed: the tasks of one instance do not race each other.
    indexing: Arc<Mutex<()>>,
}

/// A record with the exact bytes that are stored, which compare-and-set needs.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The record.
    pub record: WatchRecord,
    bytes: Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct IndexEntry {
    id: String,
    added_at: i64,
}

impl WatchStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            api,
            indexing: Arc::default(),
        }
    }

    /// Stores a new watch.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn insert(&self, record: WatchRecord, now: i64) -> Result<Stored, Error> {
        let entry = IndexEntry {
            id: record.id.clone(),
            added_at: now,
        };
        self.change_index(&record.id, move |entries| entries.push(entry.clone()))
            .await?;
        let bytes = encode(&record)?;
        self.api
            .kv()
            .set(&record_key(&record.id), bytes.clone())
            .await?;
        Ok(Stored { record, bytes })
    }

    /// One watch.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something else.
    pub async fn get(&self, id: &str) -> Result<Option<Stored>, Error> {
        let Some(bytes) = self.api.kv().get(&record_key(id)).await? else {
            return Ok(None);
        };
        let record = serde_json::from_slice(&bytes)
            .map_err(|error| Error::Invalid(format!("the watch {id} cannot be read: {error}")))?;
        Ok(Some(Stored { record, bytes }))
    }

    /// Replaces a watch if it is still as `stored` has it, and tells whether it was.
    ///
    /// # Errors
    /// When the store does not answer; then the watch may or may not be replaced.
    pub async fn replace(&self, stored: &mut Stored, record: WatchRecord) -> Result<bool, Error> {
        if stored.record == record {
            return Ok(true);
        }
        let bytes = encode(&record)?;
        let key = record_key(&record.id);
        let won = self
            .api
            .kv()
            .set_with(
                &key,
                bytes.clone(),
                KvSet::new().if_equals(stored.bytes.clone()),
            )
            .await?;
        // A write whose answer was lost and that is tried again finds its own bytes.
        let won = won
            || self
                .api
                .kv()
                .get(&key)
                .await?
                .is_some_and(|current| current == bytes);
        if won {
            *stored = Stored { record, bytes };
        }
        Ok(won)
    }

    /// Takes an entry of Jenkins' queue for a watch, and tells whether it is that watch's. Kept for a
    /// day, longer than the watch itself: a lost request that is looked for later must not be taken
    /// for one whose result is told already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn claim(
        &self,
        server: &ServerAlias,
        queue_id: u64,
        watch_id: &str,
    ) -> Result<bool, Error> {
        let key = claim_key(server, queue_id);
        let options = KvSet::new().ttl(CLAIMED_FOR).if_absent();
        let is_new = self
            .api
            .kv()
            .set_with(&key, watch_id.to_owned(), options)
            .await?;
        Ok(is_new
            || self
                .api
                .kv()
                .get(&key)
                .await?
                .is_some_and(|owner| owner == watch_id.as_bytes()))
    }

    /// The id of the watch that an entry of Jenkins' queue belongs to, also when that watch is over.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn claimed_by(
        &self,
        server: &ServerAlias,
        queue_id: u64,
    ) -> Result<Option<String>, Error> {
        let id = self.api.kv().get(&claim_key(server, queue_id)).await?;
        Ok(id.and_then(|id| String::from_utf8(id.to_vec()).ok()))
    }

    /// Removes a watch if it is still as `stored` has it, and tells whether it was.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, stored: &Stored) -> Result<bool, Error> {
        let id = &stored.record.id;
        let removed = self
            .api
            .kv()
            .delete_if_equals(&record_key(id), stored.bytes.clone())
            .await?;
        if removed {
            self.change_index(id, |entries| entries.retain(|entry| entry.id != *id))
                .await?;
        }
        Ok(removed)
    }

    /// All watches, and ids whose record has been missing for too long are swept.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all(&self, skip: impl Fn(&str) -> bool, now: i64) -> Result<Vec<Stored>, Error> {
        let mut found = Vec::new();
        for part in 0..INDEX_PARTS {
            let bytes = self.api.kv().get(&index_key(part)).await?;
            let entries = bytes.map(|bytes| entries(&bytes)).unwrap_or_default();
            for entry in entries.into_iter().filter(|entry| !skip(&entry.id)) {
                match self.get(&entry.id).await {
                    Ok(Some(stored)) => found.push(stored),
                    Ok(None) if now.saturating_sub(entry.added_at) > RECORD_FOLLOWS_WITHIN => {
                        self.change_index(&entry.id, |entries| {
                            entries.retain(|other| other.id != entry.id);
                        })
                        .await?;
                    }
                    Ok(None) => {}
                    Err(Error::Invalid(reason)) => {
                        tracing::error!(watch = entry.id, reason, "a watch is left alone");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(found)
    }

    async fn change_index(
        &self,
        id: &str,
        change: impl Fn(&mut Vec<IndexEntry>),
    ) -> Result<(), Error> {
        let key = index_key(part_of(id));
        let _indexing = self.indexing.lock().await;
        for _ in 0..RACES {
            let current = self.api.kv().get(&key).await?;
            let before = current
                .as_ref()
                .map(|bytes| entries(bytes))
                .unwrap_or_default();
            let mut after = before.clone();
            change(&mut after);
            if after == before {
                return Ok(());
            }
            let condition = match current {
                Some(bytes) => KvSet::new().if_equals(bytes),
                None => KvSet::new().if_absent(),
            };
            if self.api.kv().set_json_with(&key, &after, condition).await? {
                return Ok(());
            }
        }
        Err(Error::Invalid(
            "the index of watches changes too fast".to_owned(),
        ))
    }
}

fn encode(record: &WatchRecord) -> Result<Bytes, Error> {
    serde_json::to_vec(record)
        .map(Bytes::from)
        .map_err(|error| Error::Invalid(error.to_string()))
}

/// An index that cannot be read is as good as none: it is written anew with the next watch.
fn entries(bytes: &[u8]) -> Vec<IndexEntry> {
    serde_json::from_slice(bytes).unwrap_or_else(|error| {
        tracing::error!(%error, "an index of watches cannot be read");
        Vec::new()
    })
}

fn record_key(id: &str) -> String {
    format!("{RECORD_PREFIX}{id}")
}

fn claim_key(server: &ServerAlias, queue_id: u64) -> String {
    if server.is_main() {
        format!("{CLAIM_PREFIX}{queue_id}")
    } else {
        format!("{CLAIM_PREFIX}{server}/{queue_id}")
    }
}

fn index_key(part: u8) -> String {
    format!("{INDEX_PREFIX}{part}")
}

/// Ids are random, so any of their bytes spreads them evenly.
fn part_of(id: &str) -> u8 {
    id.bytes().last().unwrap_or(0) % INDEX_PARTS
}
