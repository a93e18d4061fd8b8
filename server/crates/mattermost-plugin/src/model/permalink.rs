//! The preview of a post that another post links to.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::Post;

/// A post that another one links to.
///
/// Go: `PreviewPost` in `server/public/model/permalink.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PreviewPost {
    #[go(name = "PostID")]
    pub post_id: String,
    pub post: Option<Box<Post>>,
    pub team_name: String,
    pub channel_display_name: String,
    pub channel_type: String,
    #[go(name = "ChannelID")]
    pub channel_id: String,
}
