//! The plugin's own key-value store.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::KvSet;
use crate::error::Error;

/// The longest key, in runes (`public/model/plugin_key_value.go`).
pub const KEY_MAX_RUNES: usize = 150;

/// Keys that begin like this belong to the server, which keeps the id of the plugin's bot there.
const SERVER_PREFIX: &str = "mmi_";

/// How many keys are asked for at a time when all are wanted.
const LIST_PAGE: i64 = 1000;

service! {
    /// The plugin's own store of keys and bytes, shared by all of its instances.
    ///
    /// **An empty value is no value.** The protocol does not carry the difference: setting an
    /// empty value deletes the key, and a key that does not exist reads as `None`.
    ///
    /// **Reads may be late.** A server with read replicas answers [`get`](Self::get) and
    /// [`keys`](Self::keys) from one of them; only the conditions of
    /// [`set_with`](Self::set_with) and [`delete_if_equals`](Self::delete_if_equals) are decided
    /// on the truth. Build on them wherever two writers can race.
    KeyValueStore
}

impl KeyValueStore<'_> {
    /// The value of a key.
    ///
    /// # Errors
    /// When the server cannot read it, or [`Error::Invalid`] for an impossible key.
    pub async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        check_length(key)?;
        let value = self.host.kv_get(key.to_owned()).await?;
        Ok(Some(value).filter(|value| !value.is_empty()))
    }

    /// The value of a key that was stored by [`set_json`](Self::set_json).
    ///
    /// # Errors
    /// As [`get`](Self::get), and [`Error::Invalid`] when the value is not a `T`.
    pub async fn get_json<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.get(key).await? else {
            return Ok(None);
        };
        serde_json::from_slice(&value).map(Some).map_err(|error| {
            // The position helps; the value itself may be a secret and stays out.
            Error::Invalid(format!(
                "the stored value of {key:?} is not what was expected (line {}, column {})",
                error.line(),
                error.column()
            ))
        })
    }

    /// Stores a value for ever, whatever was there. An empty value deletes the key.
    ///
    /// # Errors
    /// When the server cannot store it, or [`Error::Invalid`] for an impossible key.
    pub async fn set(&self, key: &str, value: impl Into<Bytes>) -> Result<(), Error> {
        check_key(key)?;
        self.host.kv_set(key.to_owned(), value.into()).await
    }

    /// Stores a value as JSON, for ever, whatever was there.
    ///
    /// # Errors
    /// As [`set`](Self::set), and [`Error::Invalid`] when `value` has no JSON form.
    pub async fn set_json<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), Error> {
        let value = to_json(key, value)?;
        self.set(key, value).await
    }

    /// Stores a value for a time or on a condition, and tells whether the condition held. An
    /// empty value deletes the key (on the condition).
    ///
    /// # Errors
    /// When the server cannot store it, or [`Error::Invalid`] for an impossible key or time. If
    /// [`is_outcome_unknown`](Error::is_outcome_unknown), the value may have been stored.
    pub async fn set_with(
        &self,
        key: &str,
        value: impl Into<Bytes>,
        options: KvSet,
    ) -> Result<bool, Error> {
        check_key(key)?;
        let options = options.into_model()?;
        self.host
            .kv_set_with_options(key.to_owned(), value.into(), options)
            .await
    }

    /// [`set_with`](Self::set_with) with a value as JSON.
    ///
    /// # Errors
    /// As [`set_with`](Self::set_with), and [`Error::Invalid`] when `value` has no JSON form.
    pub async fn set_json_with<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        options: KvSet,
    ) -> Result<bool, Error> {
        let value = to_json(key, value)?;
        self.set_with(key, value, options).await
    }

    /// Deletes a key. One that does not exist is no error.
    ///
    /// # Errors
    /// When the server cannot delete it, or [`Error::Invalid`] for an impossible key.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        check_key(key)?;
        self.host.kv_delete(key.to_owned()).await
    }

    /// Deletes a key if its value is exactly `old`, and tells whether it was. An empty `old` is
    /// never equal.
    ///
    /// # Errors
    /// As [`delete`](Self::delete).
    pub async fn delete_if_equals(&self, key: &str, old: impl Into<Bytes>) -> Result<bool, Error> {
        check_key(key)?;
        self.host
            .kv_compare_and_delete(key.to_owned(), old.into())
            .await
    }

    /// Deletes every key of the plugin, the server's own `mmi_` keys included: the next
    /// [`ensure`](super::Bots::ensure) finds the bot by its name.
    ///
    /// # Errors
    /// When the server cannot delete them.
    pub async fn delete_all(&self) -> Result<(), Error> {
        self.host.kv_delete_all().await
    }

    /// Keys in alphabetical order, page by page from 0. The server's own `mmi_` keys are among
    /// them.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn keys_page(&self, page: i64, per_page: i64) -> Result<Vec<String>, Error> {
        self.host.kv_list(page, per_page).await
    }

    /// All keys that begin with `prefix`, in alphabetical order and without the server's own.
    ///
    /// The server has no filter: this reads **all** keys of the plugin, a thousand per call. Keys
    /// that are added or deleted meanwhile may be missed or appear twice.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for page in 0.. {
            let keys = self.keys_page(page, LIST_PAGE).await?;
            let is_last = (keys.len() as i64) < LIST_PAGE;
            found.extend(
                keys.into_iter()
                    .filter(|key| key.starts_with(prefix) && !key.starts_with(SERVER_PREFIX)),
            );
            if is_last {
                break;
            }
        }
        Ok(found)
    }
}

fn to_json<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::Invalid(format!("the value for {key:?} has no JSON form: {error}")))
}

fn check_length(key: &str) -> Result<(), Error> {
    let runes = key.chars().count();
    if runes == 0 || runes > KEY_MAX_RUNES {
        return Err(Error::Invalid(format!(
            "a key has 1 to {KEY_MAX_RUNES} characters, {key:?} has {runes}"
        )));
    }
    Ok(())
}

fn check_key(key: &str) -> Result<(), Error> {
    if key.starts_with(SERVER_PREFIX) {
        return Err(Error::Invalid(format!(
            "keys that begin with {SERVER_PREFIX:?} belong to the server: {key:?}"
        )));
    }
    check_length(key)
}
