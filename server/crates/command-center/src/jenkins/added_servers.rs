//! Servers that users added, besides those of the settings.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_servers_v1` | a list of [`AddedServer`] |
//!
//! A token that was given for an alias must never go to another address. So an alias that is in use, or
//! that anybody still has an account for, is not given again.

use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};

use super::inbound::hook::Creator;
use crate::config::{ServerAddress, ServerAlias, Settings};
use crate::stored;

const KEY: &str = "jenkins_servers_v1";
/// How many there may be: all of them are held in memory and shown in one list.
pub const MOST: usize = 50;

/// A server that a user added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedServer {
    /// Its short name.
    pub alias: ServerAlias,
    /// Where the Mattermost server reaches it.
    pub address: String,
    /// Where people reach it.
    pub public_address: String,
    /// Who added it.
    pub creator: Creator,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
}

/// What came of adding one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adding {
    /// It is there.
    Done,
    /// Another one has its alias.
    Taken,
    /// There are [`MOST`] already.
    Full,
}

/// Reads and writes them.
#[derive(Debug, Clone)]
pub struct AddedServers {
    api: Api,
}

impl AddedServers {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// All of them, oldest first, those included that the settings do not allow any more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Vec<AddedServer>, Error> {
        Ok(self.api.kv().get_json(KEY).await?.unwrap_or_default())
    }

    /// Adds one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn add(&self, server: &AddedServer) -> Result<Adding, Error> {
        self.change(|servers| {
            if servers.iter().any(|other| other.alias == server.alias) {
                return Adding::Taken;
            }
            if servers.len() >= MOST {
                return Adding::Full;
            }
            servers.push(server.clone());
            Adding::Done
        })
        .await
    }

    /// Removes one, and tells whether it was there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, alias: &ServerAlias) -> Result<bool, Error> {
        self.change(|servers| {
            let before = servers.len();
            servers.retain(|server| server.alias != *alias);
            servers.len() < before
        })
        .await
    }

    async fn change<R>(
        &self,
        mut change: impl FnMut(&mut Vec<AddedServer>) -> R,
    ) -> Result<R, Error> {
        stored::change(&self.api, KEY, None, |servers| {
            change(servers.get_or_insert_default())
        })
        .await
    }
}

impl AddedServer {
    /// Where it is, if the settings allow that and no server of theirs has its alias.
    #[must_use]
    pub fn address(
        &self,
        settings: &Settings,
        configured: &[ServerAddress],
    ) -> Option<ServerAddress> {
        let address =
            ServerAddress::read(self.alias.clone(), &self.address, &self.public_address).ok()?;
        let is_free = configured.iter().all(|server| server.alias != self.alias);
        let is_allowed =
            settings.may_be_added(&address.root) && settings.may_be_added(&address.public_root);
        (is_free && is_allowed).then_some(address)
    }
}
