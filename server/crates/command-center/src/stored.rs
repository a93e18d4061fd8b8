//! Values in the KV store that several writers change, on several nodes.

use std::time::Duration;

use mattermost_plugin::api::KvSet;
use mattermost_plugin::{Api, Error};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How often a write that lost a race is tried again.
const RACES: u32 = 20;

/// Changes the value of a key, by compare-and-set: nobody else's change is lost. `change` may run
/// several times; it makes a value where there is none, and `None` removes it. What cannot be read
/// counts as none. With `ttl` (at least a second), each write prolongs the value's life.
///
/// # Errors
/// When the store does not answer, or others change the value all the time.
pub async fn change<T, R>(
    api: &Api,
    key: &str,
    ttl: Option<Duration>,
    mut change: impl FnMut(&mut Option<T>) -> R,
) -> Result<R, Error>
where
    T: Serialize + DeserializeOwned,
{
    for _ in 0..RACES {
        let stored = api.kv().get(key).await?;
        let mut value: Option<T> = stored.as_ref().and_then(|bytes| {
            let read = serde_json::from_slice(bytes);
            if let Err(error) = &read {
                tracing::error!(key, %error, "a stored value cannot be read and is replaced");
            }
            read.ok()
        });
        let before = encode(key, &value)?;
        let result = change(&mut value);
        let after = encode(key, &value)?;
        if after == before && stored.is_some() == value.is_some() {
            return Ok(result);
        }
        let condition = match (&stored, ttl) {
            (Some(bytes), _) => KvSet::new().if_equals(bytes.clone()),
            (None, _) => KvSet::new().if_absent(),
        };
        let is_changed = match (&value, stored) {
            (None, Some(bytes)) => api.kv().delete_if_equals(key, bytes).await?,
            (None, None) => true,
            (Some(value), _) => {
                let options = ttl.map_or(condition.clone(), |ttl| condition.ttl(ttl));
                api.kv().set_json_with(key, value, options).await?
            }
        };
        if is_changed {
            return Ok(result);
        }
    }
    Err(Error::Invalid(format!("{key:?} changes too fast")))
}

/// A list under one key: the ids of records, so that nobody walks over all keys of the plugin.
#[derive(Debug, Clone)]
pub struct StoredList {
    api: Api,
    key: &'static str,
}

impl StoredList {
    /// The list under this key.
    #[must_use]
    pub fn new(api: Api, key: &'static str) -> Self {
        Self { api, key }
    }

    /// All entries.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Vec<String>, Error> {
        Ok(self.api.kv().get_json(self.key).await?.unwrap_or_default())
    }

    /// Adds an entry, if it is not there. Do this before its record is written.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn add(&self, entry: &str) -> Result<(), Error> {
        change(
            &self.api,
            self.key,
            None,
            |list: &mut Option<Vec<String>>| {
                let list = list.get_or_insert_default();
                if !list.iter().any(|other| other == entry) {
                    list.push(entry.to_owned());
                }
            },
        )
        .await
    }

    /// Removes an entry. Do this after its record is gone.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, entry: &str) -> Result<(), Error> {
        change(
            &self.api,
            self.key,
            None,
            |list: &mut Option<Vec<String>>| {
                if let Some(list) = list {
                    list.retain(|other| other != entry);
                }
            },
        )
        .await
    }
}

fn encode<T: Serialize>(key: &str, value: &Option<T>) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::Invalid(format!("the value for {key:?} has no JSON form: {error}")))
}
