//! A source: one address that somebody gave to a Jenkins.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::secret::SecretDigest;
use crate::config::ServerAlias;
use crate::notifications::channels::Permit;

/// How long the former secret is accepted after a rotation, in milliseconds: a day.
pub const GRACE: i64 = 24 * 60 * 60 * 1000;

/// A source, as it stands in the KV store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Identifies it; part of its address.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Which Jenkins sends there.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// Where messages go that name no channel.
    pub channel_id: String,
    /// Team of that channel; empty when it belongs to none.
    pub team_id: String,
    /// Whether messages may name other public channels of the team, and its members.
    #[serde(default)]
    pub elsewhere: bool,
    /// Who made it.
    pub creator: Creator,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
    /// Of the secret in its address.
    pub secret: SecretDigest,
    /// The one before, after a rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
}

/// Who made something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creator {
    /// Mattermost user id.
    pub user_id: String,
    /// Mattermost user name at that time.
    pub username: String,
}

/// A secret that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Of the secret.
    pub secret: SecretDigest,
    /// Until when it is accepted, in milliseconds since 1970.
    pub until: i64,
}

impl Hook {
    /// Whether this secret proves the source at `now`, in milliseconds since 1970.
    #[must_use]
    pub fn accepts(&self, secret: &SecretString, now: i64) -> bool {
        let is_current = self.secret.is_of(secret);
        let is_former = self
            .former
            .as_ref()
            .is_some_and(|former| former.secret.is_of(secret) & (now < former.until));
        is_current | is_former
    }

    /// The same with another secret; the present one is accepted for a day longer.
    #[must_use]
    pub fn rotated(self, secret: &SecretString, now: i64) -> Self {
        let former = Former {
            secret: self.secret,
            until: now.saturating_add(GRACE),
        };
        Self {
            secret: SecretDigest::of(secret),
            former: Some(former),
            ..self
        }
    }

    /// Where it may lead its messages.
    #[must_use]
    pub fn permit(&self) -> Permit {
        Permit {
            home_channel_id: self.channel_id.clone(),
            team_id: self.team_id.clone(),
            elsewhere: self.elsewhere,
        }
    }
}

/// What became of what a source sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HookUse {
    /// Bodies that were taken.
    pub accepted: u64,
    /// Bodies that were not: unreadable, or too many.
    pub refused: u64,
    /// When the last one came, in milliseconds since 1970.
    pub last_at: i64,
    /// What the last one was.
    pub last_sender: String,
    /// The last thing that went wrong; plain text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_problem: String,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A source with this secret.
    pub(crate) fn hook(secret: &SecretString) -> Hook {
        Hook {
            id: "abcdefghijklmnopqrstuvwxyz".to_owned(),
            name: "ci".to_owned(),
            server: ServerAlias::default(),
            channel_id: "home".to_owned(),
            team_id: "team".to_owned(),
            elsewhere: false,
            creator: Creator {
                user_id: "u".to_owned(),
                username: "alice".to_owned(),
            },
            created_at: 1,
            secret: SecretDigest::of(secret),
            former: None,
        }
    }

    #[test]
    fn the_former_secret_is_accepted_for_a_day() {
        let secrets = ["one", "two", "three"].map(SecretString::from);
        let hook = hook(&secrets[0]);
        assert!(hook.accepts(&secrets[0], 0) && !hook.accepts(&secrets[1], 0));
        let hook = hook.rotated(&secrets[1], 1000);
        assert!(hook.accepts(&secrets[1], 1000 + GRACE));
        assert!(hook.accepts(&secrets[0], 999 + GRACE));
        assert!(!hook.accepts(&secrets[0], 1000 + GRACE));
        let hook = hook.rotated(&secrets[2], 2000);
        assert!(!hook.accepts(&secrets[0], 2001) && hook.accepts(&secrets[1], 2001));
        let stored = serde_json::to_string(&hook).unwrap();
        assert!(!stored.contains("three"), "{stored}");
    }
}
