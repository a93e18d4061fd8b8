//! Restarts in the KV store.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_restart_v1_<alias>` | the [`RestartRecord`] of that server, for three hours |

use std::time::Duration;

use bytes::Bytes;
use mattermost_plugin::api::KvSet;
use mattermost_plugin::{Api, Error};

use super::record::RestartRecord;
use crate::config::ServerAlias;

const PREFIX: &str = "jenkins_restart_v1_";
/// Longer than any is followed.
const KEPT_FOR: Duration = Duration::from_secs(3 * 60 * 60);

/// The restarts of all servers.
#[derive(Debug, Clone)]
pub struct RestartStore {
    api: Api,
}

/// A record with the exact bytes that are stored, which compare-and-set needs.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The record.
    pub record: RestartRecord,
    bytes: Bytes,
}

impl RestartStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Stores a new one; `None` if one of that server is there already.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn insert(&self, record: RestartRecord) -> Result<Option<Stored>, Error> {
        let bytes = encode(&record)?;
        let options = KvSet::new().ttl(KEPT_FOR).if_absent();
        let is_new = self
            .api
            .kv()
            .set_with(&key(&record.server), bytes.clone(), options)
            .await?;
        Ok(is_new.then_some(Stored { record, bytes }))
    }

    /// The one of a server.
    ///
    /// # Errors
    /// When the store cannot be read. One that cannot be understood counts as none: it expires.
    pub async fn get(&self, server: &ServerAlias) -> Result<Option<Stored>, Error> {
        let Some(bytes) = self.api.kv().get(&key(server)).await? else {
            return Ok(None);
        };
        let record = serde_json::from_slice(&bytes).ok();
        Ok(record.map(|record| Stored { record, bytes }))
    }

    /// Replaces one if it is still as `stored` has it, and tells whether it was.
    ///
    /// # Errors
    /// When the store does not answer; then it may or may not be replaced.
    pub async fn replace(&self, stored: &mut Stored, record: RestartRecord) -> Result<bool, Error> {
        if stored.record == record {
            return Ok(true);
        }
        let bytes = encode(&record)?;
        let options = KvSet::new().ttl(KEPT_FOR).if_equals(stored.bytes.clone());
        let key = key(&record.server);
        let won = self.api.kv().set_with(&key, bytes.clone(), options).await?;
        // A write whose answer was lost and that is tried again finds its own bytes.
        let won = won
            || self
                .api
                .kv()
                .get(&key)
                .await?
                .is_some_and(|now| now == bytes);
        if won {
            *stored = Stored { record, bytes };
        }
        Ok(won)
    }

    /// Removes one if it is still as `stored` has it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, stored: &Stored) -> Result<(), Error> {
        self.api
            .kv()
            .delete_if_equals(&key(&stored.record.server), stored.bytes.clone())
            .await
            .map(drop)
    }
}

fn encode(record: &RestartRecord) -> Result<Bytes, Error> {
    serde_json::to_vec(record)
        .map(Bytes::from)
        .map_err(|error| Error::Invalid(error.to_string()))
}

fn key(server: &ServerAlias) -> String {
    format!("{PREFIX}{server}")
}
