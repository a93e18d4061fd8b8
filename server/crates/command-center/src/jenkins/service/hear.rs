//! Ordinary posts: commands to the bot without a slash, and pasted addresses.

use std::sync::Arc;

use mattermost_plugin::Capability;
use mattermost_plugin::model::Post;

use super::{Aside, Caller, JenkinsService};
use crate::jenkins::access::AccessError;
use crate::jenkins::command::{self, Request, account};
use crate::jenkins::heard;
use crate::jenkins::policy::Verb;

/// The answer to a token that stands in a post.
const EXPOSED: &str = ":warning: A post is no place for an API token: all who are in this channel can read it, and it stays in the server's database. It was not used. **Revoke it** in Jenkins (your user page > **Security**), delete your post, and connect with `/jenkins connect`, which opens a dialog.";

impl JenkinsService {
    /// Looks at a post that somebody made. Returns at once: what there is to do is done in the
    /// background, for the post's author and with their account.
    pub fn hear(self: &Arc<Self>, post: Post) {
        if post.user_id == self.bot_user_id || !heard::is_typed(&post) {
            return;
        }
        let is_command = heard::after_mention(&post.message, &self.bot_username).is_some();
        let linked = match is_command {
            true => Vec::new(),
            false => self.linked(&post.message),
        };
        let is_elsewhere = self.other_channels.knows(&post.channel_id);
        if !is_command && is_elsewhere && linked.is_empty() {
            return;
        }
        let service = Arc::clone(self);
        self.tasks.spawn(async move {
            let Some(post) = service.typed(post).await else {
                return;
            };
            let between_us = match service.is_between_us(&post).await {
                Ok(between_us) => between_us,
                Err(error) => {
                    tracing::warn!(%error, "a post is not looked at, because the server does not tell where it is");
                    return;
                }
            };
            let only_links = !linked.is_empty() && heard::begins_with_address(&post.message);
            if is_command || between_us && !only_links {
                service.obey(&post, between_us).await;
            } else if !linked.is_empty() {
                let caller = author(&post, between_us, Verb::Status);
                service.preview(&caller, linked).await;
            }
        });
    }

    /// The post, if a user typed it. What tells so is not in each transport's posts; there the server is
    /// asked, of the few posts that are for us.
    async fn typed(&self, post: Post) -> Option<Post> {
        if self.api.supports(Capability::HookPostProps) {
            return Some(post);
        }
        match self.api.posts().get(&post.id).await {
            Ok(post) => heard::is_typed(&post).then_some(post),
            Err(error) => {
                tracing::warn!(%error, "a post is not looked at, because the server does not tell who made it");
                None
            }
        }
    }

    /// Whether only the bot and the post's author read its channel.
    async fn is_between_us(&self, post: &Post) -> Result<bool, mattermost_plugin::Error> {
        if self.other_channels.knows(&post.channel_id) {
            return Ok(false);
        }
        let channel = self.api.channels().get(&post.channel_id).await?;
        // The server names a direct channel after both (`model/channel.go`, `GetDMNameFromIds`).
        let (one, other) = (&self.bot_user_id, &post.user_id);
        let names = [format!("{one}__{other}"), format!("{other}__{one}")];
        let between_us = channel.r#type == "D" && names.contains(&channel.name);
        if !between_us {
            self.other_channels.remember(&post.channel_id);
        }
        Ok(between_us)
    }

    /// Does what a post tells the bot to do.
    async fn obey(self: &Arc<Self>, post: &Post, between_us: bool) {
        let said = heard::after_mention(&post.message, &self.bot_username);
        let typed = heard::as_command(said.unwrap_or(&post.message));
        let understood = command::parse(&self.tree, &typed);
        let verb = understood.as_ref().map_or(Verb::Doctor, |(verb, _)| *verb);
        let mut caller = author(post, between_us, verb);
        if verb == Verb::Webhook && caller.aside == Aside::Post {
            // The address of a source is a secret, and what is posted is stored.
            caller.aside = Aside::Thread;
        }
        match understood {
            _ if holds_token(&typed) => self.tell(&caller, EXPOSED).await,
            Ok((
                _,
                Request::Account(account::Request::Connect {
                    credentials: Some(_),
                    ..
                }),
            )) => {
                self.tell(&caller, EXPOSED).await;
            }
            // A file for a command that is still to come.
            Err(_) if said.is_none() && !post.file_ids.is_empty() => {}
            Err(text) => self.tell(&caller, &text).await,
            Ok((_, request)) => {
                let service = Arc::clone(self);
                let told = caller.clone();
                self.in_background(told, async move { service.run(&caller, request).await });
            }
        }
    }
}

impl Caller {
    /// Refuses what needs a dialog where none can be opened.
    pub(super) fn may_open_dialog(&self) -> Result<(), AccessError> {
        if self.trigger_id.is_empty() {
            let name = self.verb.name();
            return Err(AccessError::Refused(format!(
                "This needs a dialog, and none can be opened for a post: type `/jenkins {name} …` with the slash."
            )));
        }
        Ok(())
    }
}

/// Who wrote a post, and where they read an answer.
fn author(post: &Post, between_us: bool, verb: Verb) -> Caller {
    let is_root = post.root_id.is_empty();
    Caller {
        user_id: post.user_id.clone(),
        channel_id: post.channel_id.clone(),
        // In a channel, an answer is one to the post.
        root_id: match is_root && !between_us {
            true => post.id.clone(),
            false => post.root_id.clone(),
        },
        // Nobody can open a dialog for a post.
        trigger_id: String::new(),
        verb,
        aside: match between_us {
            true => Aside::Post,
            false if is_root => Aside::Channel,
            false => Aside::Thread,
        },
    }
}

/// Whether the command is `connect` with anything that may be a token: what else is wrong with it does
/// not matter then.
fn holds_token(typed: &str) -> bool {
    let mut words = typed.split_whitespace().skip(1);
    if !words
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case(Verb::Connect.name()))
    {
        return false;
    }
    while let Some(word) = words.next() {
        if word == "--server" {
            words.next();
        } else if !word.starts_with("--server=") {
            return true;
        }
    }
    false
}
