//! Posts of the bot that carry the id of what they tell, so that whoever cannot know whether one was
//! made looks for it first.

use mattermost_plugin::model::Post;
use mattermost_plugin::{Api, Error};
use serde_json::Value;

/// The server stamps a post with its own clock, which may be set back or differ from that of the node
/// that asks; posts are looked for this much earlier, in milliseconds.
const CLOCKS_DIFFER: i64 = 60 * 1000;

/// What tells one post of the bot from all others.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// Name of the post's property.
    pub property: &'static str,
    /// Value of the property: the id of what is told.
    pub id: &'a str,
}

/// Finds and makes posts of the bot.
#[derive(Debug, Clone)]
pub struct BotPosts {
    api: Api,
    bot_user_id: String,
}

impl BotPosts {
    /// Posts are made by this bot.
    #[must_use]
    pub fn new(api: Api, bot_user_id: String) -> Self {
        Self { api, bot_user_id }
    }

    /// The user id of the bot.
    #[must_use]
    pub fn bot_user_id(&self) -> &str {
        &self.bot_user_id
    }

    /// Whether a post is the bot's own, is there, and carries the mark. Anybody can put properties on a
    /// post of their own.
    #[must_use]
    pub fn is(&self, post: &Post, mark: Mark<'_>) -> bool {
        post.user_id == self.bot_user_id
            && post.prop(mark.property) == mark.id
            && post.delete_at == 0
    }

    /// The post with this mark in a channel, made at `since` at the earliest (milliseconds since 1970).
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn find(
        &self,
        channel_id: &str,
        mark: Mark<'_>,
        since: i64,
    ) -> Result<Option<Post>, Error> {
        let since = since.saturating_sub(CLOCKS_DIFFER);
        let posts = self.api.posts().since(channel_id, since).await?;
        let mut posts = posts.posts.into_values();
        Ok(posts.find(|post| self.is(post, mark)))
    }

    /// Makes a post as the bot, with the mark. For half a minute the server answers a second post with
    /// the same `pending_id` by the first one (`App.deduplicateCreatePost`): another net below looking
    /// for posts, which may read from a replica that is a little behind.
    ///
    /// A thread whose first post was deleted gives way to the channel.
    ///
    /// # Errors
    /// When the server refuses the post or does not answer; look for it before the next try.
    pub async fn create(
        &self,
        mark: Mark<'_>,
        pending_id: &str,
        post: Post,
    ) -> Result<Post, Error> {
        let mut post = Post {
            user_id: self.bot_user_id.clone(),
            pending_post_id: format!("{}:{pending_id}", self.bot_user_id),
            ..post
        };
        let id = Value::String(mark.id.to_owned());
        post.props.insert(mark.property.to_owned(), id);
        match self.api.posts().create(&post).await {
            Err(Error::App(error)) if !post.root_id.is_empty() && error.id.contains("root_id") => {
                post.root_id = String::new();
                self.api.posts().create(&post).await
            }
            answer => answer,
        }
    }
}

/// Whether the server understood the call and will say the same again.
#[must_use]
pub fn is_refusal(error: &Error) -> bool {
    error
        .status_code()
        .is_some_and(|status| (400..500).contains(&status) && status != 408 && status != 429)
}
