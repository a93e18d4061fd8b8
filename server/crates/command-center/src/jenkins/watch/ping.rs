//! How somebody is told of the end of their builds.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_ping_v1_<user id>` | a [`Ping`] as JSON; none where it is the usual one |

use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};

const PREFIX: &str = "jenkins_ping_v1_";

/// How the requester of a build is told of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ping {
    /// Mentioned in the thread of the card.
    #[default]
    Thread,
    /// By a direct message; the thread mentions nobody.
    Direct,
    /// Not at all: the card shows it.
    Off,
}

impl Ping {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Thread, Self::Direct, Self::Off];

    /// As it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Direct => "dm",
            Self::Off => "off",
        }
    }
}

/// What users chose.
#[derive(Debug, Clone)]
pub struct PingStore {
    api: Api,
}

impl PingStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// What a user chose, or the usual.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(&self, user_id: &str) -> Result<Ping, Error> {
        let chosen = self.api.kv().get(&key(user_id)).await?;
        // A choice that only a later version knows must not keep anybody from building.
        let chosen = chosen.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(chosen.unwrap_or_default())
    }

    /// From now on it is this one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn choose(&self, user_id: &str, ping: Ping) -> Result<(), Error> {
        match ping {
            Ping::Thread => self.api.kv().delete(&key(user_id)).await,
            ping => self.api.kv().set_json(&key(user_id), &ping).await,
        }
    }
}

fn key(user_id: &str) -> String {
    format!("{PREFIX}{user_id}")
}
