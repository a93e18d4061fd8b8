//! What a server remembers, without wire, hooks or time of its own: pure tables and their rules.
//!
//! Every rule names the file of Mattermost's server that it follows. Times are milliseconds after
//! 1970-01-01 UTC and come in as arguments.

pub mod bots;
pub mod channels;
pub mod commands;
pub mod dialogs;
pub mod emoji;
pub mod files;
pub mod kv;
pub mod members;
pub mod post_limits;
mod post_lists;
pub mod posts;
pub mod preferences;
pub mod reactions;
pub mod roles;
pub mod sessions;
pub mod teams;
pub mod text;
pub mod uploads;
pub mod users;

#[cfg(test)]
mod content_tests;
#[cfg(test)]
mod dialogs_tests;
#[cfg(test)]
mod kv_tests;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod posts_tests;

use std::collections::BTreeMap;

use bytes::Bytes;
use mattermost_plugin::model::{Bot, Preference, Reaction, Status};

/// All tables of one server.
#[derive(Debug, Default)]
pub struct Data {
    /// Accounts, bots too.
    pub users: users::Users,
    /// What only bots have.
    pub bots: BTreeMap<String, Bot>,
    /// Presence of users.
    pub statuses: BTreeMap<String, Status>,
    /// Pictures that were set for users.
    pub profile_images: BTreeMap<String, Bytes>,
    /// Preferences of users, by user, category and name.
    pub preferences: BTreeMap<(String, String, String), Preference>,
    /// Logged-in clients.
    pub sessions: sessions::Sessions,
    /// Teams and their members.
    pub teams: teams::Teams,
    /// Channels and their members.
    pub channels: channels::Channels,
    /// Posts, their earlier versions, and the ephemeral posts of each user.
    pub posts: posts::Posts,
    /// Reactions to posts, in the order they were given.
    pub reactions: Vec<Reaction>,
    /// Stored files.
    pub files: files::Files,
    /// Uploads under way.
    pub uploads: BTreeMap<String, uploads::Upload>,
    /// Key-value stores by plugin id.
    pub kv: BTreeMap<String, kv::KeyValueStore>,
    /// What buttons of ephemeral posts do, by cookie.
    pub action_cookies: BTreeMap<String, serde_json::Value>,
    /// Slash commands of plugins.
    pub commands: commands::Commands,
}

impl Data {
    /// The key-value store of a plugin.
    pub fn kv(&mut self, plugin_id: &str) -> &mut kv::KeyValueStore {
        self.kv.entry(plugin_id.to_owned()).or_default()
    }
}
