//! Posts.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Attachment, PostMetadata, User, json};
use crate::transport::netrpc::gob::Unknown;

/// A message.
///
/// Go: `Post` in `server/public/model/post.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Post {
    /// Identifier, 26 characters.
    pub id: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// Milliseconds since 1970; 0 while never edited.
    pub edit_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    pub is_pinned: bool,
    /// Identifier of the user.
    pub user_id: String,
    /// Identifier of the channel.
    pub channel_id: String,
    /// The first post of the thread that this one answers in; empty outside threads.
    pub root_id: String,
    /// For an old version of an edited post: the post itself.
    pub original_id: String,
    pub message: String,
    /// What the user wrote, when the server changed `message` for display.
    #[serde(skip_serializing_if = "json::is_default")]
    pub message_source: String,
    /// Empty for ordinary posts, `system_…` for the server's, `custom_…` for plugins'.
    pub r#type: String,
    /// Attachments and whatever plugins keep with a post.
    #[serde(deserialize_with = "json::null_as_default")]
    pub props: Map<String, Value>,
    pub hashtags: String,
    /// Not used any more.
    #[serde(skip)]
    pub filenames: Vec<String>,
    #[serde(deserialize_with = "json::null_as_default")]
    pub file_ids: Vec<String>,
    /// Chosen by the client that sent the post.
    pub pending_post_id: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub has_reactions: bool,
    /// Id of the remote cluster that the post comes from.
    #[serde(skip_serializing_if = "json::is_default")]
    pub remote_id: Option<String>,
    pub reply_count: i64,
    /// Milliseconds since 1970.
    pub last_reply_at: i64,
    /// Users in the thread.
    #[serde(deserialize_with = "json::null_as_default")]
    pub participants: Vec<User>,
    /// Whether the user that the post is for follows the thread.
    #[serde(skip_serializing_if = "json::is_default")]
    pub is_following: Option<bool>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub metadata: Option<PostMetadata>,
    /// Fields of a newer server: see [`Unknown`].
    #[go(unknown)]
    #[serde(skip)]
    pub unknown: Unknown,
}

/// Posts in order.
///
/// Go: `PostList` in `server/public/model/post_list.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostList {
    /// Ids, newest first.
    #[serde(deserialize_with = "json::null_as_default")]
    pub order: Vec<String>,
    /// The posts by id, among them roots of threads that are not in `order`.
    #[serde(deserialize_with = "json::null_as_default")]
    pub posts: BTreeMap<String, Post>,
    pub next_post_id: String,
    pub prev_post_id: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub has_next: Option<bool>,
    /// Milliseconds since 1970 of the newest post that the licence hides; 0 for none.
    pub first_inaccessible_post_time: i64,
    #[serde(skip)]
    pub burn_on_read_posts: BTreeMap<String, Post>,
}

const ATTACHMENTS: &str = "attachments";

impl Post {
    /// The type of posts that only one user sees and nobody stores.
    pub const EPHEMERAL: &'static str = "system_ephemeral";

    /// A post of `user_id` in a channel.
    pub fn new(
        user_id: impl Into<String>,
        channel_id: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            user_id: user_id.into(),
            channel_id: channel_id.into(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// The message attachments in `props`; those that are no attachments are left out.
    #[must_use]
    pub fn attachments(&self) -> Vec<Attachment> {
        let Some(Value::Array(items)) = self.props.get(ATTACHMENTS) else {
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| Attachment::deserialize(item).ok())
            .collect()
    }

    /// Replaces the message attachments in `props`.
    pub fn set_attachments(&mut self, attachments: &[Attachment]) {
        let items = attachments.iter().map(Attachment::to_props).collect();
        self.props
            .insert(ATTACHMENTS.to_owned(), Value::Array(items));
    }

    /// The same with these message attachments.
    #[must_use]
    pub fn with_attachments(mut self, attachments: &[Attachment]) -> Self {
        self.set_attachments(attachments);
        self
    }

    /// A string in `props`; empty when there is none.
    #[must_use]
    pub fn prop(&self, key: &str) -> &str {
        self.props
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether the server wrote the post itself (somebody joined, the header changed, …).
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.r#type.starts_with("system_")
    }
}

impl PostList {
    /// The posts in the order of `order`.
    pub fn in_order(&self) -> impl Iterator<Item = &Post> {
        self.order.iter().filter_map(|id| self.posts.get(id))
    }
}
