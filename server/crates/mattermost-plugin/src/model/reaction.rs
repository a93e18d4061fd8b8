//! Reactions to posts.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// A reaction of a user to a post.
///
/// Go: `Reaction` in `server/public/model/reaction.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Reaction {
    /// Identifier of the user.
    pub user_id: String,
    /// Identifier of the post.
    pub post_id: String,
    /// Without colons.
    pub emoji_name: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Remote cluster it came from.
    pub remote_id: Option<String>,
    /// Identifier of the channel.
    pub channel_id: String,
}
