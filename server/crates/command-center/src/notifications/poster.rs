//! Posts that are made once, whatever crashes in between.
//!
//! A crash may fall between a post and the record that says so. So each post carries the id of what it
//! tells, and is looked for before it is made by anybody who cannot know whether it was.

use std::sync::Arc;

use mattermost_plugin::model::Post;
use mattermost_plugin::{Api, Error};
use serde_json::Value;

use crate::monitoring::Counters;

/// Property of a post: the id of what it tells.
pub const EVENT_PROPERTY: &str = "command_center_event";

/// Makes posts as the bot.
#[derive(Debug, Clone)]
pub struct Poster {
    api: Api,
    bot_user_id: String,
    counters: Arc<Counters>,
}

/// One piece of news.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// Identifies what is told, and where: the same id is posted once.
    pub event_id: String,
    /// Channel id.
    pub channel_id: String,
    /// First post of the thread, empty outside threads.
    pub root_id: String,
    /// Since when the post may be there already, in milliseconds since 1970; `None`: it cannot be.
    pub look_since: Option<i64>,
}

impl Poster {
    /// Posts are made by this bot.
    #[must_use]
    pub fn new(api: Api, bot_user_id: String, counters: Arc<Counters>) -> Self {
        Self {
            api,
            bot_user_id,
            counters,
        }
    }

    /// The user id of the bot.
    #[must_use]
    pub fn bot_user_id(&self) -> &str {
        &self.bot_user_id
    }

    /// Where posts are counted.
    #[must_use]
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// Posts `post` at the place of `news`, unless it is there; tells the id of the post.
    ///
    /// # Errors
    /// When the server refuses the post or does not answer; look for it before the next try.
    pub async fn once(&self, news: &News, post: Post) -> Result<String, Error> {
        if let Some(since) = news.look_since
            && let Some(id) = self.find(news, since).await?
        {
            return Ok(id);
        }
        let mut post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: news.channel_id.clone(),
            root_id: news.root_id.clone(),
            // For half a minute the server answers a second post with the same id by the first one
            // (`App.deduplicateCreatePost`).
            pending_post_id: format!("{}:{}", self.bot_user_id, news.event_id),
            ..post
        };
        post.props.insert(
            EVENT_PROPERTY.to_owned(),
            Value::String(news.event_id.clone()),
        );
        let made = match self.api.posts().create(&post).await {
            // The thread's first post was deleted: the channel takes its place.
            Err(Error::App(error)) if !post.root_id.is_empty() && error.id.contains("root_id") => {
                post.root_id = String::new();
                self.api.posts().create(&post).await?
            }
            answer => answer?,
        };
        self.counters.posts.add("news");
        Ok(made.id)
    }

    async fn find(&self, news: &News, since: i64) -> Result<Option<String>, Error> {
        let posts = self.api.posts().since(&news.channel_id, since - 1).await?;
        Ok(posts
            .posts
            .into_values()
            .find(|post| self.is_ours(post, &news.event_id))
            .map(|post| post.id))
    }

    /// Anybody can put properties on a post of their own.
    fn is_ours(&self, post: &Post, event_id: &str) -> bool {
        post.user_id == self.bot_user_id
            && post.prop(EVENT_PROPERTY) == event_id
            && post.delete_at == 0
    }
}
