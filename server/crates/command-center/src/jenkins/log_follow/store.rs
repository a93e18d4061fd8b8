//! Followed logs in the KV store.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_log_follows_v1` | all [`FollowRecord`]s: they are few and live for minutes |

use std::time::Duration;

use mattermost_plugin::{Api, Error};

use super::record::FollowRecord;
use crate::stored;

const KEY: &str = "jenkins_log_follows_v1";
/// So many are followed at once: each is a few requests to Jenkins and an edit every five seconds.
const MOST: usize = 10;
/// Longer than any is followed.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// All followed logs.
#[derive(Debug, Clone)]
pub struct FollowStore {
    api: Api,
}

/// What became of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is there.
    Done,
    /// The same log is followed at the same place already.
    Twice,
    /// Too many are followed.
    Full,
}

type Records = Option<Vec<FollowRecord>>;

impl FollowStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// All of them.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Vec<FollowRecord>, Error> {
        Ok(self.api.kv().get_json(KEY).await?.unwrap_or_default())
    }

    /// One of them.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn get(&self, id: &str) -> Result<Option<FollowRecord>, Error> {
        let all = self.all().await?;
        Ok(all.into_iter().find(|record| record.id == id))
    }

    /// Adds one.
    ///
    /// # Errors
    /// When the store does not answer; then it may or may not be there.
    pub async fn insert(&self, new: FollowRecord) -> Result<Inserted, Error> {
        self.change(|records| {
            let records = records.get_or_insert_default();
            // A write whose answer was lost and that is tried again finds itself.
            if records.iter().any(|record| record.id == new.id) {
                return Inserted::Done;
            }
            if records.iter().any(|record| record.is_same(&new)) {
                return Inserted::Twice;
            }
            if records.len() >= MOST {
                return Inserted::Full;
            }
            records.push(new.clone());
            Inserted::Done
        })
        .await
    }

    /// Makes `to` the owner, if it is still `from`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take(
        &self,
        id: &str,
        from: &str,
        to: &str,
    ) -> Result<Option<FollowRecord>, Error> {
        self.change(|records| {
            let record = of(records, id).filter(|record| record.owner == from)?;
            record.owner = to.to_owned();
            Some(record.clone())
        })
        .await
    }

    /// Notes its post; false if it is not this owner's any more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn set_post(&self, id: &str, owner: &str, post_id: &str) -> Result<bool, Error> {
        self.change(|records| {
            let record = of(records, id).filter(|record| record.owner == owner);
            let is_own = record.is_some();
            if let Some(record) = record {
                record.post_id = Some(post_id.to_owned());
            }
            is_own
        })
        .await
    }

    /// Notes that somebody wants it to end.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn stop(&self, id: &str, username: &str) -> Result<(), Error> {
        self.change(|records| {
            if let Some(record) = of(records, id) {
                record.stopped_by.get_or_insert_with(|| username.to_owned());
            }
        })
        .await
    }

    /// Removes one that this owner follows.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, id: &str, owner: &str) -> Result<(), Error> {
        self.change(|records| {
            if let Some(list) = records {
                list.retain(|record| record.id != id || record.owner != owner);
                if list.is_empty() {
                    *records = None;
                }
            }
        })
        .await
    }

    async fn change<R>(&self, change: impl FnMut(&mut Records) -> R) -> Result<R, Error> {
        stored::change(&self.api, KEY, Some(KEPT_FOR), change).await
    }
}

fn of<'a>(records: &'a mut Records, id: &str) -> Option<&'a mut FollowRecord> {
    let mut records = records.iter_mut().flatten();
    records.find(|record| record.id == id)
}
