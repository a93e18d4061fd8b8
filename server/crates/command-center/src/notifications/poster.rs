//! Posts that are made once, whatever crashes in between.
//!
//! A crash may fall between a post and the record that says so. So each post carries the id of what it
//! tells, and is looked for before it is made by anybody who cannot know whether it was.

use std::sync::Arc;

use mattermost_plugin::model::Post;
use mattermost_plugin::{Api, Error};

use super::bot_posts::{BotPosts, Mark};
use crate::monitoring::Counters;

/// Property of a post: the id of what it tells.
pub const EVENT_PROPERTY: &str = "command_center_event";

/// Makes posts as the bot.
#[derive(Debug, Clone)]
pub struct Poster {
    posts: BotPosts,
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
            posts: BotPosts::new(api, bot_user_id),
            counters,
        }
    }

    /// The posts of the bot.
    #[must_use]
    pub fn posts(&self) -> &BotPosts {
        &self.posts
    }

    /// The user id of the bot.
    #[must_use]
    pub fn bot_user_id(&self) -> &str {
        self.posts.bot_user_id()
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
        let mark = Mark {
            property: EVENT_PROPERTY,
            id: &news.event_id,
        };
        if let Some(since) = news.look_since
            && let Some(found) = self.posts.find(&news.channel_id, mark, since).await?
        {
            return Ok(found.id);
        }
        let post = Post {
            channel_id: news.channel_id.clone(),
            root_id: news.root_id.clone(),
            ..post
        };
        let made = self.posts.create(mark, &news.event_id, post).await?;
        self.counters.posts.add("news");
        Ok(made.id)
    }
}
