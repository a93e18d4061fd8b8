//! Custom emoji.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// A custom emoji.
///
/// Go: `Emoji` in `server/public/model/emoji.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Emoji {
    /// Identifier, 26 characters.
    pub id: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Identifier of the user who created it.
    pub creator_id: String,
    /// Its name, without colons.
    pub name: String,
}
