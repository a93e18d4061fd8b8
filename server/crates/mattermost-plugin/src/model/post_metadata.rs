//! What a server adds to a post for its clients.

use std::collections::BTreeMap;

use bytes::Bytes;
use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::{Emoji, FileInfo, PostEmbedData, Reaction, json};

/// What a client needs to show a post. A server builds it anew for each post that it takes.
///
/// Go: `PostMetadata` in `server/public/model/post_metadata.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostMetadata {
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub embeds: Vec<PostEmbed>,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub emojis: Vec<Emoji>,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub files: Vec<FileInfo>,
    /// Sizes by URL of the image.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub images: BTreeMap<String, PostImage>,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub reactions: Vec<Reaction>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub priority: Option<PostPriority>,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub acknowledgements: Vec<PostAcknowledgement>,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub translations: BTreeMap<String, PostTranslation>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub expire_at: i64,
    /// Users that a post which is deleted after reading is for.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub recipients: Vec<String>,
}

/// A preview under a post.
///
/// Go: `PostEmbed` in `server/public/model/post_embed.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostEmbed {
    /// `image`, `message_attachment`, `opengraph`, `link`, `permalink` or `boards`.
    pub r#type: String,
    #[go(name = "URL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub url: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub data: PostEmbedData,
}

/// An image in a post.
///
/// Go: `PostImage` in `server/public/model/post_metadata.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostImage {
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// `png`, `gif`, `jpeg`, …
    pub format: String,
    /// Frames of an animated GIF; 0 for other formats.
    pub frame_count: i64,
}

/// How urgent a post is.
///
/// Go: `PostPriority` in `server/public/model/post.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostPriority {
    /// `important` or `urgent`.
    pub priority: Option<String>,
    pub requested_ack: Option<bool>,
    pub persistent_notifications: Option<bool>,
    /// Identifier of the post.
    #[serde(rename = "PostId", skip_serializing_if = "json::is_default")]
    pub post_id: String,
    /// Identifier of the channel.
    #[serde(rename = "ChannelId", skip_serializing_if = "json::is_default")]
    pub channel_id: String,
}

/// A user acknowledged a post.
///
/// Go: `PostAcknowledgement` in `server/public/model/post_acknowledgement.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostAcknowledgement {
    /// Identifier of the user.
    pub user_id: String,
    /// Identifier of the post.
    pub post_id: String,
    /// Milliseconds since 1970.
    pub acknowledged_at: i64,
    /// Identifier of the channel.
    pub channel_id: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub remote_id: Option<String>,
}

/// A post in another language.
///
/// Go: `PostTranslation` in `server/public/model/post_metadata.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostTranslation {
    #[serde(skip_serializing_if = "json::is_default")]
    pub text: String,
    /// JSON, when `type` is `object`.
    #[serde(with = "json::raw_json", skip_serializing_if = "json::is_default")]
    pub object: Bytes,
    pub r#type: String,
    pub state: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub source_lang: String,
}
