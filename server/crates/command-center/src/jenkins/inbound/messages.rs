//! Messages of Jenkins to the channels that they name.

use mattermost_plugin::model::Post;
use mattermost_plugin::{Api, Error};

use super::anchors::{Anchor, Anchors, Found};
use super::event::Message;
use super::hook::Hook;
use super::inbox::Accepted;
use crate::notifications::ChannelTarget;
use crate::notifications::bot_posts::is_refusal;
use crate::notifications::channels::Channels;
use crate::notifications::poster::{News, Poster};
use crate::text;

/// Posts messages.
#[derive(Debug, Clone)]
pub struct MessageDelivery {
    api: Api,
    channels: Channels,
    anchors: Anchors,
    poster: Poster,
}

impl MessageDelivery {
    /// Posts are made by this bot.
    #[must_use]
    pub fn new(api: Api, poster: Poster) -> Self {
        let bot_user_id = poster.bot_user_id().to_owned();
        Self {
            channels: Channels::new(api.clone(), bot_user_id.clone()),
            anchors: Anchors::new(api.clone(), bot_user_id),
            poster,
            api,
        }
    }

    /// Posts a message where it belongs, once. `look`: it may have been posted before, in part.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn deliver(
        &self,
        hook: &Hook,
        accepted: &Accepted,
        message: &Message,
        look: bool,
    ) -> Result<(), Error> {
        let targets = ChannelTarget::parse_list(&message.channels);
        let route = self
            .channels
            .route(&hook.permit(), &targets, message.team.as_deref())
            .await?;
        for channel_id in &route.channel_ids {
            let is_home = *channel_id == hook.channel_id;
            let notes: &[String] = if is_home { &route.notes } else { &[] };
            let is_posted = self
                .post(accepted, channel_id, message, notes, look)
                .await?;
            if !is_posted && is_home {
                self.tell_creator(hook, accepted, message, look).await?;
            }
        }
        Ok(())
    }

    /// Tells whether the channel takes it.
    async fn post(
        &self,
        accepted: &Accepted,
        channel_id: &str,
        message: &Message,
        notes: &[String],
        look: bool,
    ) -> Result<bool, Error> {
        let parts = std::iter::once(&message.text).chain(notes);
        let parts: Vec<&str> = parts
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        let mut post = Post {
            message: parts.join("\n\n"),
            ..Post::default()
        };
        if !message.attachments.is_empty() {
            post.set_attachments(&message.attachments);
        }
        let news = News {
            event_id: format!("message/{}/{channel_id}", accepted.id),
            channel_id: channel_id.to_owned(),
            root_id: String::new(),
            look_since: look.then_some(accepted.received_at),
        };
        match self.place(&accepted.hook_id, message, news, post).await {
            Ok(()) => Ok(true),
            Err(error) if is_refusal(&error) => {
                tracing::warn!(channel_id, %error, "a channel does not take a message of Jenkins");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Changes the post that the message takes the place of, or makes one, in the thread of the post
    /// that it answers. Where there is no such post yet, this one is it from now on.
    async fn place(
        &self,
        hook_id: &str,
        message: &Message,
        news: News,
        post: Post,
    ) -> Result<(), Error> {
        let channel_id = news.channel_id.clone();
        let anchor = |name: &String| Anchor::new(hook_id, &channel_id, name);
        let (replaces, answers) = (
            message.replaces.as_ref().map(anchor),
            message.answers.as_ref().map(anchor),
        );
        let replaced = self.find(replaces.as_ref()).await?;
        if let Some(mut old) = replaced.post {
            old.set_attachments(&post.attachments());
            old.message = post.message;
            self.api.posts().update(&old).await?;
            return Ok(());
        }
        let answered = self.find(answers.as_ref()).await?;
        let root_id = match &answered.post {
            Some(root) if root.root_id.is_empty() => root.id.clone(),
            Some(reply) => reply.root_id.clone(),
            None => String::new(),
        };
        let is_root = answered.post.is_none();
        let news = News { root_id, ..news };
        let post_id = self.poster.once(&news, post).await?;
        if let Some(replaces) = &replaces {
            self.anchors.set(replaces, replaced, &post_id).await?;
        }
        if let Some(answers) = answers.as_ref().filter(|_| is_root)
            && replaces.as_ref() != Some(answers)
        {
            self.anchors.set(answers, answered, &post_id).await?;
        }
        Ok(())
    }

    async fn find(&self, anchor: Option<&Anchor<'_>>) -> Result<Found, Error> {
        match anchor {
            Some(anchor) => self.anchors.find(anchor).await,
            None => Ok(Found::default()),
        }
    }

    /// The home channel is archived or gone: whoever made the source gets its messages.
    async fn tell_creator(
        &self,
        hook: &Hook,
        accepted: &Accepted,
        message: &Message,
        look: bool,
    ) -> Result<(), Error> {
        let creator = &hook.creator.user_id;
        let bot = self.poster.bot_user_id();
        let channel = match self.api.channels().direct(creator, bot).await {
            Ok(channel) => channel,
            Err(error) if is_refusal(&error) => {
                tracing::error!(webhook = hook.id, %error, "nobody can be told what Jenkins sent");
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let note = format!(
            "Jenkins sent this to the webhook {}, whose channel takes no posts any more. Make another one with `/jenkins webhook add`, or delete it with `/jenkins webhook delete`.",
            text::code_span(&hook.name)
        );
        self.post(accepted, &channel.id, message, &[note], look)
            .await
            .map(drop)
    }
}
