//! Posts that a sender names, to answer or change them later.
//!
//! Slack names a message by its `ts`, which `slackSend` gives back in `thread_ts` for an answer and in
//! `ts` for a change. With another base URL it never hears a `ts`, but sends on whatever a pipeline
//! writes: `channel: "builds:${BUILD_TAG}"`, `timestamp: "${BUILD_TAG}"`
//! (`StandardSlackService.publish`). So the sender chooses the name, and the first message that uses it
//! is the post that it stands for.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_anchor_v1_<hash of source, channel and name>` | the id of the post, for 30 days |

use std::time::Duration;

use bytes::Bytes;
use mattermost_plugin::api::KvSet;
use mattermost_plugin::model::Post;
use mattermost_plugin::{Api, Error};

use crate::key_hash::key_hash;

const PREFIX: &str = "jenkins_anchor_v1_";
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Remembers which post a name stands for.
#[derive(Debug, Clone)]
pub struct Anchors {
    api: Api,
    bot_user_id: String,
}

/// A name, where it counts: no source reaches the posts of another one, and none those of another
/// channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor<'a> {
    channel_id: &'a str,
    key: String,
}

impl<'a> Anchor<'a> {
    /// What a source calls `name` in a channel.
    #[must_use]
    pub fn new(hook_id: &str, channel_id: &'a str, name: &str) -> Self {
        let hash = key_hash([hook_id, channel_id, name]);
        Self {
            channel_id,
            key: format!("{PREFIX}{hash}"),
        }
    }
}

/// The post of a name, if it has one that is still there.
#[derive(Debug, Default)]
pub struct Found {
    /// The post.
    pub post: Option<Post>,
    /// What the store has.
    stored: Option<Bytes>,
}

impl Anchors {
    /// Of posts of this bot.
    #[must_use]
    pub fn new(api: Api, bot_user_id: String) -> Self {
        Self { api, bot_user_id }
    }

    /// Looks it up.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn find(&self, anchor: &Anchor<'_>) -> Result<Found, Error> {
        let stored = self.api.kv().get(&anchor.key).await?;
        let id = stored
            .as_deref()
            .and_then(|id| std::str::from_utf8(id).ok());
        let post = match id {
            Some(id) => self.api.posts().get_optional(id).await?,
            None => None,
        };
        let is_there = |post: &Post| {
            post.delete_at == 0
                && post.user_id == self.bot_user_id
                && post.channel_id == anchor.channel_id
        };
        Ok(Found {
            post: post.filter(is_there),
            stored,
        })
    }

    /// Lets it stand for this post, unless somebody else was faster.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn set(&self, anchor: &Anchor<'_>, found: Found, post_id: &str) -> Result<(), Error> {
        let options = KvSet::new().ttl(KEPT);
        let options = match found.stored {
            Some(old) => options.if_equals(old),
            None => options.if_absent(),
        };
        let value = Bytes::copy_from_slice(post_id.as_bytes());
        self.api.kv().set_with(&anchor.key, value, options).await?;
        Ok(())
    }
}
