//! The key-value store of one plugin (`app/plugin_key_value_store.go`,
//! `store/sqlstore/plugin_store.go`).

use std::collections::BTreeMap;

use bytes::Bytes;
use mattermost_plugin::model::{AppError, KvSetOptions};

use crate::errors::{app_error, detailed};

/// Longest key, in runes (`model/plugin_key_value.go`).
pub const KEY_MAX_RUNES: usize = 150;

/// Page size of a listing when none is asked for (`store/sqlstore/plugin_store.go`).
const DEFAULT_LIST_LIMIT: usize = 10;

/// A stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    value: Bytes,
    /// When the value is gone, in milliseconds; 0 is never.
    expires_at: i64,
}

impl Entry {
    fn is_live(&self, now: i64) -> bool {
        self.expires_at == 0 || self.expires_at > now
    }
}

/// Keys and values of one plugin. An empty value is the same as none: the wire cannot tell them
/// apart, and the server removes what is set to nothing.
///
/// Listings are in byte order, as PostgreSQL's collation `C` has it. Other collations order upper
/// case and punctuation differently: a plugin must not depend on it.
#[derive(Debug, Clone, Default)]
pub struct KeyValueStore {
    entries: BTreeMap<String, Entry>,
}

impl KeyValueStore {
    /// The value of `key`, empty when there is none.
    #[must_use]
    pub fn get(&self, key: &str, now: i64) -> Bytes {
        match self.entries.get(key) {
            Some(entry) if entry.is_live(now) => entry.value.clone(),
            _ => Bytes::new(),
        }
    }

    /// Sets `key`, and answers whether it was set.
    ///
    /// # Errors
    /// When the key is empty or too long, or an old value comes without `atomic`.
    pub fn set(
        &mut self,
        key: &str,
        value: Bytes,
        options: &KvSetOptions,
        now: i64,
    ) -> Result<bool, AppError> {
        if !options.atomic && !options.old_value.is_empty() {
            return Err(app_error(
                "PluginKVSetOptions.IsValid",
                "model.plugin_kvset_options.is_valid.old_value.app_error",
                "Invalid old value, it shouldn't be set when the operation is not atomic.",
                400,
            ));
        }
        check_key(key)?;
        let expires_at = match options.expire_in_seconds {
            0 => 0,
            seconds => now + seconds * 1_000,
        };
        if options.atomic {
            return self.compare_and_set(key, &options.old_value, value, expires_at, now);
        }
        if value.is_empty() {
            self.entries.remove(key);
        } else {
            self.entries
                .insert(key.to_owned(), Entry { value, expires_at });
        }
        Ok(true)
    }

    /// Sets `key` only if it holds `old_value`; nothing as old value inserts only.
    fn compare_and_set(
        &mut self,
        key: &str,
        old_value: &Bytes,
        value: Bytes,
        expires_at: i64,
        now: i64,
    ) -> Result<bool, AppError> {
        if value.is_empty() {
            return self.compare_and_delete(key, old_value, now);
        }
        let live = self.entries.get(key).filter(|entry| entry.is_live(now));
        let matches = match live {
            Some(entry) => !old_value.is_empty() && entry.value == *old_value,
            None => old_value.is_empty(),
        };
        if matches {
            self.entries
                .insert(key.to_owned(), Entry { value, expires_at });
        }
        Ok(matches)
    }

    /// Removes `key` if it holds `old_value`, and answers whether it did.
    ///
    /// # Errors
    /// When the key is empty or too long.
    pub fn compare_and_delete(
        &mut self,
        key: &str,
        old_value: &Bytes,
        now: i64,
    ) -> Result<bool, AppError> {
        check_key(key)?;
        let matches = !old_value.is_empty()
            && self
                .entries
                .get(key)
                .is_some_and(|entry| entry.is_live(now) && entry.value == *old_value);
        if matches {
            self.entries.remove(key);
        }
        Ok(matches)
    }

    /// Removes `key`, if it is there.
    pub fn delete(&mut self, key: &str) {
        self.entries.remove(key);
    }

    /// Removes everything, the id of the plugin's bot too.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// One page of the keys that are alive.
    #[must_use]
    pub fn list(&self, page: i64, per_page: i64, now: i64) -> Vec<String> {
        let limit = usize::try_from(per_page)
            .ok()
            .filter(|limit| *limit > 0)
            .unwrap_or(DEFAULT_LIST_LIMIT);
        let offset = usize::try_from(page.saturating_mul(per_page)).unwrap_or(0);
        self.entries
            .iter()
            .filter(|(_, entry)| entry.is_live(now))
            .map(|(key, _)| key.clone())
            .skip(offset)
            .take(limit)
            .collect()
    }

    /// All keys and values, expired ones too.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.entries
            .iter()
            .map(|(key, entry)| (key.as_str(), &entry.value))
    }

    /// How many keys are alive.
    #[must_use]
    pub fn len(&self, now: i64) -> usize {
        self.entries
            .values()
            .filter(|entry| entry.is_live(now))
            .count()
    }
}

fn check_key(key: &str) -> Result<(), AppError> {
    if key.is_empty() || key.chars().count() > KEY_MAX_RUNES {
        let error = app_error(
            "PluginKeyValue.IsValid",
            "model.plugin_key_value.is_valid.key.app_error",
            format!(
                "Invalid key, must be more than 0 and a of maximum {KEY_MAX_RUNES} characters long."
            ),
            400,
        );
        return Err(detailed(error, format!("key={key}")));
    }
    Ok(())
}
