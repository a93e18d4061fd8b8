//! What subscriptions are made of as people type it, and how they are described.

use mattermost_plugin::api::permission::USE_CHANNEL_MENTIONS;

use super::subscriptions::FOR_GOOD;
use super::{Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::access::AccessError;
use crate::jenkins::subscriptions::rule::{Mention, Target};
use crate::jenkins::subscriptions::{EventKind, EventKinds, Rule};
use crate::notifications::QuietHours;
use crate::text;

impl JenkinsService {
    pub(super) async fn mention(
        &self,
        caller: &Caller,
        typed: &str,
    ) -> Result<Mention, AccessError> {
        let name = typed.trim().trim_start_matches('@').to_lowercase();
        let everybody = match name.as_str() {
            "channel" | "all" => Some(Mention::Channel),
            "here" => Some(Mention::Here),
            _ => None,
        };
        if let Some(mention) = everybody {
            let may = self
                .api
                .permissions()
                .has_in_channel(&caller.user_id, &caller.channel_id, USE_CHANNEL_MENTIONS)
                .await?;
            let words = "You may not mention everybody in this channel, so a subscription of yours may not either.";
            return if may {
                Ok(mention)
            } else {
                Err(AccessError::Refused(words.to_owned()))
            };
        }
        let user = self.api.users().get_by_username_optional(&name).await?;
        let not_here = || {
            AccessError::Refused(format!(
                "There is no user {} in this channel. Write `channel`, `here`, or the name of a member.",
                text::code_span(&name)
            ))
        };
        let user = user
            .filter(|user| user.delete_at == 0)
            .ok_or_else(not_here)?;
        let member = self
            .api
            .channels()
            .member_optional(&caller.channel_id, &user.id)
            .await?;
        member.ok_or_else(not_here)?;
        Ok(Mention::User {
            user_id: user.id,
            username: user.username,
        })
    }

    /// Without a time zone, the caller's own counts.
    pub(super) async fn quiet_hours(
        &self,
        caller: &Caller,
        typed: &str,
    ) -> Result<QuietHours, AccessError> {
        let user = self.api.users().get(&caller.user_id).await?;
        let zone = |key: &str| user.timezone.get(key).cloned().unwrap_or_default();
        let zone = match zone("useAutomaticTimezone").as_str() {
            "false" => zone("manualTimezone"),
            _ => zone("automaticTimezone"),
        };
        let zone = if zone.is_empty() {
            "UTC".to_owned()
        } else {
            zone
        };
        QuietHours::parse(typed, &zone)
            .map_err(|error| AccessError::Refused(format!("`--quiet`: {error}.")))
    }

    /// A warning if nothing brings news of a server.
    pub(super) async fn note_on_feeds(&self, server: &ServerAlias) -> Result<String, AccessError> {
        let is_polled = self.access.service_client(server).is_some();
        let hooks = self.feeds.hooks.all().await?;
        if is_polled || hooks.iter().any(|hook| hook.server == *server) {
            return Ok(String::new());
        }
        Ok(format!(
            "\n\n:warning: Nothing brings news of the server `{server}` yet. Either let Jenkins send them (`/jenkins webhook add`), or ask the administrator to set `JenkinsServiceUser` and `JenkinsServiceToken`."
        ))
    }

    /// What a new subscription will not be told, although it asks for it.
    pub(super) async fn note_on_rule(&self, rule: &Rule) -> Result<String, AccessError> {
        let mut note = self.note_on_feeds(&rule.server).await?;
        let is_about_all = rule.target == Target::All;
        let only_asked: EventKinds = [EventKind::Input, EventKind::QueueStuck]
            .into_iter()
            .chain(is_about_all.then_some(EventKind::NodeOffline))
            .collect();
        let missed = rule.events.intersection(only_asked);
        let is_polled = self.access.service_client(&rule.server).is_some();
        if note.is_empty() && !is_polled && !missed.is_empty() {
            note.push_str(&format!(
                "\n:information_source: No webhook tells of `{missed}`: ask the administrator to set `JenkinsServiceUser` and `JenkinsServiceToken`."
            ));
        }
        let names_nodes =
            rule.events != EventKinds::ALL && rule.events.contains(EventKind::NodeOffline);
        if names_nodes && !is_about_all {
            note.push_str("\n:information_source: Nodes belong to no job: only a subscription to `all` is told `node-offline`.");
        }
        Ok(note)
    }

    /// What a subscription is about, and how it tells.
    pub(super) fn words(&self, rule: &Rule) -> String {
        let mut words = vec![rule.target.words()];
        if !rule.server.is_main() {
            words.push(format!("at `{}`", rule.server));
        }
        if let Some(branch) = &rule.branch {
            words.push(format!(
                "branches like {}",
                text::code_span(&branch.to_string())
            ));
        }
        words.push(format!("events `{}`", rule.events));
        if let Some(mention) = &rule.mention {
            words.push(format!("mentions {}", text::code_span(&mention.word())));
        }
        if rule.thread {
            words.push("more in the thread".to_owned());
        }
        if rule.only_first_failure {
            words.push("only the first of several failures".to_owned());
        }
        if let Some(digest) = &rule.timing.digest {
            words.push(format!("collected for {digest}"));
        }
        if let Some(quiet) = &rule.timing.quiet {
            words.push(format!("quiet {quiet}"));
        }
        match rule.muted_until.filter(|until| *until > self.clock.now()) {
            Some(FOR_GOOD) => words.push("**muted**".to_owned()),
            // Rounded up: what was muted for 8 hours does not end in 7.
            Some(until) => words.push(format!("**muted**, ends {}", self.ago(until + 59_999))),
            None => {}
        }
        words.join(", ")
    }
}
