//! Shortcuts in the KV store.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_shortcuts_v1_user_<id>` | the [`Shortcuts`] of a user |
//! | `jenkins_shortcuts_v1_channel_<id>` | those of a channel |

use mattermost_plugin::{Api, Error};

use super::Shortcuts;
use crate::stored;

const PREFIX: &str = "jenkins_shortcuts_v1_";

/// Whose shortcuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A user, by their id.
    User(&'a str),
    /// A channel, by its id.
    Channel(&'a str),
}

/// Reads and writes shortcuts.
#[derive(Clone, Debug)]
pub struct ShortcutStore {
    api: Api,
}

impl ShortcutStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// All that somebody has.
    ///
    /// # Errors
    /// When the store does not answer, or holds something else.
    pub async fn of(&self, owner: Owner<'_>) -> Result<Shortcuts, Error> {
        Ok(self
            .api
            .kv()
            .get_json(&key(owner))
            .await?
            .unwrap_or_default())
    }

    /// Changes what somebody has; nobody else's change is lost.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn change<R>(
        &self,
        owner: Owner<'_>,
        mut change: impl FnMut(&mut Shortcuts) -> R,
    ) -> Result<R, Error> {
        stored::change(
            &self.api,
            &key(owner),
            None,
            |value: &mut Option<Shortcuts>| {
                let shortcuts = value.get_or_insert_default();
                let result = change(shortcuts);
                if shortcuts.is_empty() {
                    *value = None;
                }
                result
            },
        )
        .await
    }
}

fn key(owner: Owner<'_>) -> String {
    match owner {
        Owner::User(id) => format!("{PREFIX}user_{id}"),
        Owner::Channel(id) => format!("{PREFIX}channel_{id}"),
    }
}
