//! Connections and retired keys in the KV store.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_connection_v1_<user id>` | a [`ConnectionRecord`] for the server `main` |
//! | `jenkins_connection_v1_<user id>/<alias>` | one for another server |
//! | `jenkins_account_v1_<SHA-256 of alias and Jenkins user>` | the id of the user who connected with it last |
//! | `retired_keys_v1` | a list of former keys, each sealed with the current one |

use bytes::Bytes;
use mattermost_plugin::api::KvSet;
use mattermost_plugin::{Api, Error};

use super::{Account, ConnectionRecord, SealedSecret};
use crate::config::ServerAlias;
use crate::key_hash::key_hash;

const CONNECTION_PREFIX: &str = "jenkins_connection_v1_";
const OWNER_PREFIX: &str = "jenkins_account_v1_";
const RETIRED_KEYS: &str = "retired_keys_v1";

/// Reads and writes connections.
#[derive(Debug, Clone)]
pub struct ConnectionStore {
    api: Api,
}

/// A record with the exact bytes that are stored.
#[derive(Debug, Clone)]
pub struct StoredConnection {
    /// The record.
    pub record: ConnectionRecord,
    bytes: Bytes,
}

impl ConnectionStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// A user's connection to one server.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something else.
    pub async fn get(&self, account: &Account) -> Result<Option<StoredConnection>, Error> {
        let Some(bytes) = self.api.kv().get(&key(account)).await? else {
            return Ok(None);
        };
        let record = serde_json::from_slice(&bytes)
            .map_err(|error| Error::Invalid(format!("a connection cannot be read: {error}")))?;
        Ok(Some(StoredConnection { record, bytes }))
    }

    /// Stores a connection, whatever was there.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put(&self, record: &ConnectionRecord) -> Result<(), Error> {
        self.api
            .kv()
            .set_json(&key(&record.account()), record)
            .await
    }

    /// Replaces a connection if it is still as it was, and tells whether it was.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn replace(
        &self,
        stored: &StoredConnection,
        record: &ConnectionRecord,
    ) -> Result<bool, Error> {
        let condition = KvSet::new().if_equals(stored.bytes.clone());
        self.api
            .kv()
            .set_json_with(&key(&record.account()), record, condition)
            .await
    }

    /// Notes who is connected with an account of Jenkins: the way back from there.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn note_owner(
        &self,
        server: &ServerAlias,
        jenkins_user: &str,
        user_id: &str,
    ) -> Result<(), Error> {
        let key = owner_key(server, jenkins_user);
        self.api.kv().set(&key, user_id.to_owned()).await
    }

    /// Who was connected last with an account of Jenkins; they need not be any more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn owner(
        &self,
        server: &ServerAlias,
        jenkins_user: &str,
    ) -> Result<Option<String>, Error> {
        let bytes = self.api.kv().get(&owner_key(server, jenkins_user)).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
    }

    /// Forgets who was connected, if it is still this user.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget_owner(
        &self,
        server: &ServerAlias,
        jenkins_user: &str,
        user_id: &str,
    ) -> Result<(), Error> {
        let key = owner_key(server, jenkins_user);
        let kv = self.api.kv();
        kv.delete_if_equals(&key, user_id.to_owned())
            .await
            .map(drop)
    }

    /// Forgets a connection.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, account: &Account) -> Result<(), Error> {
        self.api.kv().delete(&key(account)).await
    }

    /// All connected accounts. Walks over all keys: for rare work only.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let keys = self.api.kv().keys(CONNECTION_PREFIX).await?;
        Ok(keys.iter().filter_map(|key| account_of(key)).collect())
    }

    /// Former keys that records may still be sealed with.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn retired_keys(&self) -> Result<Vec<SealedSecret>, Error> {
        Ok(self
            .api
            .kv()
            .get_json(RETIRED_KEYS)
            .await?
            .unwrap_or_default())
    }

    /// Stores the former keys.
    ///
    /// # Errors
    /// When the store does not take them.
    pub async fn set_retired_keys(&self, keys: &[SealedSecret]) -> Result<(), Error> {
        self.api.kv().set_json(RETIRED_KEYS, keys).await
    }

    /// Forgets the former keys if they are still these.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget_retired_keys(&self, keys: &[SealedSecret]) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let bytes = serde_json::to_vec(keys).map_err(|error| Error::Invalid(error.to_string()))?;
        self.api
            .kv()
            .delete_if_equals(RETIRED_KEYS, bytes)
            .await
            .map(drop)
    }
}

fn key(account: &Account) -> String {
    let Account { user_id, server } = account;
    if server.is_main() {
        format!("{CONNECTION_PREFIX}{user_id}")
    } else {
        format!("{CONNECTION_PREFIX}{user_id}/{server}")
    }
}

/// Jenkins' ids ignore case (`IdStrategy.CASE_INSENSITIVE`).
fn owner_key(server: &ServerAlias, jenkins_user: &str) -> String {
    let user = jenkins_user.to_lowercase();
    let hash = key_hash([server.as_str(), user.as_str()]);
    format!("{OWNER_PREFIX}{hash}")
}

fn account_of(key: &str) -> Option<Account> {
    let name = key.strip_prefix(CONNECTION_PREFIX)?;
    let (user_id, server) = match name.split_once('/') {
        Some((user_id, alias)) => (user_id, ServerAlias::parse(alias).ok()?),
        None => (name, ServerAlias::default()),
    };
    Some(Account::new(user_id, &server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_back_to_its_account() {
        for (alias, expected) in [
            ("main", "jenkins_connection_v1_abc"),
            ("legacy", "jenkins_connection_v1_abc/legacy"),
        ] {
            let account = Account::new("abc", &ServerAlias::parse(alias).unwrap());
            assert_eq!(key(&account), expected);
            assert_eq!(account_of(expected), Some(account));
        }
        assert_eq!(account_of("jenkins_connection_v1_abc/Ä"), None);
    }
}
