//! Bot accounts.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// A bot account.
///
/// Go: `Bot` in `server/public/model/bot.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Bot {
    /// Id of the user behind the bot.
    pub user_id: String,
    /// User name, lower case.
    pub username: String,
    /// Name as people read it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub display_name: String,
    /// What it is for, as people read it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub description: String,
    /// Id of the plugin or user that made it.
    pub owner_id: String,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub last_icon_update: i64,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
}

/// What to change of a bot; `None` leaves as it is.
///
/// Go: `BotPatch` in `server/public/model/bot.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct BotPatch {
    /// New user name.
    pub username: Option<String>,
    /// New display name; empty removes it.
    pub display_name: Option<String>,
    /// New description; empty removes it.
    pub description: Option<String>,
}

/// Which bots to list, and which page of them.
///
/// Go: `BotGetOptions` in `server/public/model/bot.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct BotGetOptions {
    /// Only those of this owner, when not empty.
    pub owner_id: String,
    /// Also bots that were disabled.
    pub include_deleted: bool,
    /// Only bots whose owner is deactivated.
    pub only_orphaned: bool,
    /// Counted from 0.
    pub page: i64,
    /// Bots in one page.
    pub per_page: i64,
}
