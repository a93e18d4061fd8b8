//! What people see of a watch: one card, edited in place, and one announcement at the end.
//!
//! A crash may fall between a post and the record that says so. So each post carries the id of its
//! watch, and is looked for before it is made by anybody who cannot know whether it was.

use std::sync::Arc;

use mattermost_plugin::model::{Attachment, Post};
use mattermost_plugin::{Api, Error};

use super::record::{Place, WatchRecord};
use crate::jenkins::log_follow::record::FollowRecord;
use crate::jenkins::restart::record::RestartRecord;
use crate::monitoring::Counters;
use crate::notifications::bot_posts::{BotPosts, Mark, is_refusal};

/// Property of a card: the id of its watch, restart or followed log.
pub const CARD_PROPERTY: &str = "command_center_watch";
/// Property of an announcement: the id of its watch or restart.
pub const ANNOUNCEMENT_PROPERTY: &str = "command_center_announcement";

/// Makes and edits the posts of watches.
#[derive(Debug, Clone)]
pub struct Delivery {
    api: Api,
    posts: BotPosts,
    counters: Arc<Counters>,
}

/// What posts are made for: a watch, or a restart or log that is followed.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    id: &'a str,
    place: &'a Place,
    /// No post for it is older; milliseconds since 1970.
    since: i64,
}

impl<'a> From<&'a WatchRecord> for Subject<'a> {
    fn from(watch: &'a WatchRecord) -> Self {
        Self {
            id: &watch.id,
            place: &watch.place,
            since: watch.created_at,
        }
    }
}

impl<'a> From<&'a RestartRecord> for Subject<'a> {
    fn from(restart: &'a RestartRecord) -> Self {
        Self {
            id: &restart.id,
            place: &restart.place,
            since: restart.requested_at,
        }
    }
}

impl<'a> From<&'a FollowRecord> for Subject<'a> {
    fn from(follow: &'a FollowRecord) -> Self {
        Self {
            id: &follow.id,
            place: &follow.place,
            since: follow.since,
        }
    }
}

/// What became of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The card shows it.
    Done,
    /// Somebody deleted the card.
    CardDeleted,
    /// The server does not let the card be changed: its channel may be archived.
    Refused,
}

impl Delivery {
    /// Posts are made by this bot.
    #[must_use]
    pub fn new(api: Api, bot_user_id: String, counters: Arc<Counters>) -> Self {
        Self {
            posts: BotPosts::new(api.clone(), bot_user_id),
            api,
            counters,
        }
    }

    /// The card's post id: the one that is there if `look` is set, else a new one.
    ///
    /// # Errors
    /// When the server refuses the post or does not answer; look for it before the next try.
    pub async fn card<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
        attachment: &Attachment,
        look: bool,
    ) -> Result<String, Error> {
        let subject = subject.into();
        let Subject { id, place, since } = subject;
        let mark = Mark {
            property: CARD_PROPERTY,
            id,
        };
        if look && let Some(card) = self.posts.find(&place.channel_id, mark, since).await? {
            return Ok(card.id);
        }
        let mut post = Post {
            channel_id: place.channel_id.clone(),
            root_id: place.root_id.clone(),
            ..Post::default()
        };
        post.set_attachments(std::slice::from_ref(attachment));
        let pending = format!("{id}:card");
        let card = self.posts.create(mark, &pending, post).await?;
        self.counters.posts.add("card");
        Ok(card.id)
    }

    /// Shows `attachment` on the card. Showing it twice does no harm.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn edit(&self, post_id: &str, attachment: &Attachment) -> Result<Edit, Error> {
        let Some(mut post) = self.api.posts().get_optional(post_id).await? else {
            return Ok(Edit::CardDeleted);
        };
        post.set_attachments(std::slice::from_ref(attachment));
        match self.api.posts().update(&post).await {
            Ok(_) => Ok(Edit::Done),
            Err(error) if error.is_not_found() => Ok(Edit::CardDeleted),
            Err(error) if is_refusal(&error) => {
                tracing::warn!(post_id, %error, "a card cannot be changed");
                Ok(Edit::Refused)
            }
            Err(error) => Err(error),
        }
    }

    /// Posts `message` in the card's thread: if `look` is set, only if it is not there yet.
    ///
    /// # Errors
    /// When the server refuses or does not answer; look for it before the next try.
    pub async fn announce<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
        card: Option<&str>,
        message: &str,
        look: bool,
    ) -> Result<(), Error> {
        let subject = subject.into();
        let card = match card {
            Some(id) => self.api.posts().get_optional(id).await?,
            None => None,
        };
        let root = match &card {
            Some(post) if post.root_id.is_empty() => post.id.clone(),
            Some(post) => post.root_id.clone(),
            None => subject.place.root_id.clone(),
        };
        if look && self.is_announced(subject, &root).await? {
            return Ok(());
        }
        let post = Post {
            channel_id: subject.place.channel_id.clone(),
            root_id: root,
            message: message.to_owned(),
            ..Post::default()
        };
        let pending = format!("{}:announcement", subject.id);
        self.posts
            .create(announcement(subject), &pending, post)
            .await?;
        self.counters.posts.add("announcement");
        Ok(())
    }

    /// The channel in which a user and the bot are alone.
    ///
    /// # Errors
    /// When the server refuses it or does not answer.
    pub async fn direct_channel(&self, user_id: &str) -> Result<String, Error> {
        let channels = self.api.channels();
        Ok(channels.direct(user_id, self.posts.bot_user_id()).await?.id)
    }

    /// Posts `message` in a direct channel, besides what is told at the subject's own place: if `look`
    /// is set, only if it is not there yet.
    ///
    /// # Errors
    /// When the server refuses or does not answer; look for it before the next try.
    pub async fn tell_directly<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
        channel_id: &str,
        message: &str,
        look: bool,
    ) -> Result<(), Error> {
        let subject = subject.into();
        let mark = announcement(subject);
        if look
            && self
                .posts
                .find(channel_id, mark, subject.since)
                .await?
                .is_some()
        {
            return Ok(());
        }
        let post = Post {
            channel_id: channel_id.to_owned(),
            message: message.to_owned(),
            ..Post::default()
        };
        let pending = format!("{}:direct", subject.id);
        self.posts.create(mark, &pending, post).await?;
        Ok(())
    }

    async fn is_announced(&self, subject: Subject<'_>, root: &str) -> Result<bool, Error> {
        let mark = announcement(subject);
        if !root.is_empty() {
            let ours = |post: &Post| self.posts.is(post, mark);
            match self.api.posts().thread(root).await {
                Ok(thread) if thread.posts.values().any(ours) => return Ok(true),
                Ok(_) => {}
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        // The thread may have been deleted after the announcement was made outside it.
        let channel_id = &subject.place.channel_id;
        let found = self.posts.find(channel_id, mark, subject.since).await?;
        Ok(found.is_some())
    }
}

fn announcement<'a>(subject: Subject<'a>) -> Mark<'a> {
    Mark {
        property: ANNOUNCEMENT_PROPERTY,
        id: subject.id,
    }
}
