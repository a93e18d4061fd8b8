//! What people see of a watch: one card, edited in place, and one announcement at the end.
//!
//! A crash may fall between a post and the record that says so. So each post carries the id of its
//! watch, and is looked for before it is made by anybody who cannot know whether it was.

use std::sync::Arc;

use mattermost_plugin::model::{Attachment, Post};
use mattermost_plugin::{Api, Error};
use serde_json::Value;

use super::record::{Place, WatchRecord};
use crate::jenkins::log_follow::record::FollowRecord;
use crate::jenkins::restart::record::RestartRecord;
use crate::monitoring::Counters;

/// Property of a card: the id of its watch, restart or followed log.
pub const CARD_PROPERTY: &str = "command_center_watch";
/// Property of an announcement: the id of its watch or restart.
pub const ANNOUNCEMENT_PROPERTY: &str = "command_center_announcement";

/// Makes and edits the posts of watches.
#[derive(Debug, Clone)]
pub struct Delivery {
    api: Api,
    bot_user_id: String,
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
            api,
            bot_user_id,
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
        if look && let Some(id) = self.find_card(subject).await? {
            return Ok(id);
        }
        let mut post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: subject.place.channel_id.clone(),
            root_id: subject.place.root_id.clone(),
            pending_post_id: self.pending_id(subject, "card"),
            ..Post::default()
        };
        post.set_attachments(std::slice::from_ref(attachment));
        post.props.insert(
            CARD_PROPERTY.to_owned(),
            Value::String(subject.id.to_owned()),
        );
        let id = self.create(post).await?.id;
        self.counters.posts.add("card");
        Ok(id)
    }

    async fn find_card(&self, subject: Subject<'_>) -> Result<Option<String>, Error> {
        let posts = self
            .api
            .posts()
            .since(&subject.place.channel_id, subject.since - 1)
            .await?;
        Ok(posts
            .posts
            .into_values()
            .find(|post| self.is_ours(post, CARD_PROPERTY, subject.id))
            .map(|post| post.id))
    }

    /// For half a minute the server answers a second post with the same id by the first one
    /// (`App.deduplicateCreatePost`): another net below looking for posts, which may read from a
    /// replica that is a little behind.
    fn pending_id(&self, subject: Subject<'_>, what: &str) -> String {
        format!("{}:{}:{what}", self.bot_user_id, subject.id)
    }

    fn is_ours(&self, post: &Post, property: &str, id: &str) -> bool {
        // Anybody can put properties on a post of their own.
        post.user_id == self.bot_user_id && post.prop(property) == id && post.delete_at == 0
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
        let mut post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: subject.place.channel_id.clone(),
            root_id: root,
            message: message.to_owned(),
            pending_post_id: self.pending_id(subject, "announcement"),
            ..Post::default()
        };
        post.props.insert(
            ANNOUNCEMENT_PROPERTY.to_owned(),
            Value::String(subject.id.to_owned()),
        );
        self.create(post).await?;
        self.counters.posts.add("announcement");
        Ok(())
    }

    /// The channel in which a user and the bot are alone.
    ///
    /// # Errors
    /// When the server refuses it or does not answer.
    pub async fn direct_channel(&self, user_id: &str) -> Result<String, Error> {
        let channels = self.api.channels();
        Ok(channels.direct(user_id, &self.bot_user_id).await?.id)
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
        if look {
            let posts = self
                .api
                .posts()
                .since(channel_id, subject.since - 1)
                .await?;
            let ours = |post: &Post| self.is_ours(post, ANNOUNCEMENT_PROPERTY, subject.id);
            if posts.posts.values().any(ours) {
                return Ok(());
            }
        }
        let mut post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: channel_id.to_owned(),
            message: message.to_owned(),
            pending_post_id: self.pending_id(subject, "direct"),
            ..Post::default()
        };
        post.props.insert(
            ANNOUNCEMENT_PROPERTY.to_owned(),
            Value::String(subject.id.to_owned()),
        );
        self.create(post).await?;
        Ok(())
    }

    async fn is_announced(&self, subject: Subject<'_>, root: &str) -> Result<bool, Error> {
        let ours = |post: &Post| self.is_ours(post, ANNOUNCEMENT_PROPERTY, subject.id);
        if !root.is_empty() {
            match self.api.posts().thread(root).await {
                Ok(thread) if thread.posts.values().any(ours) => return Ok(true),
                Ok(_) => {}
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        // The thread may have been deleted after the announcement was made outside it.
        let posts = self
            .api
            .posts()
            .since(&subject.place.channel_id, subject.since - 1)
            .await?;
        Ok(posts.posts.values().any(ours))
    }

    /// Creates a post; a thread whose first post was deleted gives way to the channel.
    async fn create(&self, post: Post) -> Result<Post, Error> {
        match self.api.posts().create(&post).await {
            Err(Error::App(error)) if !post.root_id.is_empty() && error.id.contains("root_id") => {
                self.api
                    .posts()
                    .create(&Post {
                        root_id: String::new(),
                        ..post
                    })
                    .await
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
