//! Subscribing channels.

use std::sync::Arc;

use mattermost_plugin::api::new_id;
use mattermost_plugin::model::Post;

use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::subscriptions::{Options, Request};
use crate::jenkins::model::ItemKind;
use crate::jenkins::pattern::Glob;
use crate::jenkins::policy::Subject;
use crate::jenkins::subscriptions::rule::{Mention, Target};
use crate::jenkins::subscriptions::{EventKinds, Rule};
use crate::jenkins::{JenkinsClient, JenkinsError, JobReference};
use crate::notifications::Timing;
use crate::text;

/// Most subscriptions of one channel.
const MOST_RULES: usize = 50;
/// Silent for good: the last moment that every client can show.
pub(super) const FOR_GOOD: i64 = 253_402_300_799_000;

impl JenkinsService {
    pub(super) async fn subscriptions(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Add { target, options } => self.subscribe(caller, &target, &options).await,
            Request::List => self.list_rules(caller).await,
            Request::Edit { id, options } => self.edit_rule(caller, &id, &options).await,
            Request::Mute { id, seconds } => {
                let until = seconds.map_or(FOR_GOOD, |seconds| {
                    let milliseconds = i64::try_from(seconds).unwrap_or(i64::MAX / 1000);
                    self.clock
                        .now()
                        .saturating_add(milliseconds.saturating_mul(1000))
                        .min(FOR_GOOD)
                });
                self.mute_rule(caller, &id, Some(until)).await
            }
            Request::Unmute { id } => self.mute_rule(caller, &id, None).await,
            Request::Delete { id } => self.delete_rule(caller, &id).await,
            Request::Test { id } => self.test_rule(caller, &id).await,
        }
    }

    async fn subscribe(&self, caller: &Caller, target: &JobArgument, options: &Options) -> Reply {
        let channel = self.managed_channel(caller).await?;
        let (server, typed) = self.server_of_job(caller, target).await?;
        let target = self.subscribable(caller, &server, typed).await?;
        let rule = Rule {
            id: new_id(),
            channel_id: channel.id,
            server: server.alias.clone(),
            target,
            branch: None,
            events: EventKinds::results(),
            mention: None,
            thread: false,
            timing: Timing::default(),
            only_first_failure: false,
            muted_until: None,
            creator: self.creator(caller).await?,
            created_at: self.clock.now(),
        };
        let rule = self.changed(caller, rule, options).await?;
        let here = self.feeds.rules.of_channel(&caller.channel_id).await?;
        let is_same = |other: &&Arc<Rule>| {
            other.server == rule.server
                && other.target == rule.target
                && other.branch == rule.branch
        };
        if let Some(same) = here.iter().find(is_same) {
            return refused(format!(
                "This channel is subscribed to {} already. Change that with `/jenkins subscriptions edit {}`.",
                rule.target.words(),
                same.short_id()
            ));
        }
        if here.len() >= MOST_RULES {
            return refused(format!(
                "This channel has {MOST_RULES} subscriptions already. Subscribe to a folder or a pattern such as `team/**` in place of single jobs."
            ));
        }
        self.feeds.rules.insert(&rule).await?;
        self.feeds.changed().await;
        let mut words = format!("This channel hears of {}.", self.words(&rule));
        if let Some((pattern, event)) = event_in_pattern(&rule.target) {
            words.push_str(&format!(
                "\n:warning: {} counts as part of the name here. If it is what you want to hear of: `/jenkins subscriptions delete {}`, then {}.",
                text::code_span(&event),
                rule.short_id(),
                text::code_span(&format!("/jenkins subscribe {pattern} --events {event}")),
            ));
        }
        words.push_str(&self.note_on_rule(&rule).await?);
        Ok(Some(words))
    }

    /// What was typed, as something to subscribe to that the caller may see.
    async fn subscribable(
        &self,
        caller: &Caller,
        server: &Arc<Server>,
        typed: &str,
    ) -> Result<Target, AccessError> {
        let client = self.own_or_service_client(caller, &server.alias).await?;
        let typed = typed.trim();
        if typed.eq_ignore_ascii_case("all") || typed == "*" || typed == "**" {
            self.permit(caller, &server.alias, Subject::AllJobs).await?;
            return Ok(Target::All);
        }
        if Glob::is_one(typed) {
            let pattern = Glob::parse(typed).map_err(|error| {
                AccessError::Refused(format!("{}: {error}.", text::code_span(typed)))
            })?;
            self.permit(caller, &server.alias, Subject::AllJobs).await?;
            return Ok(Target::Glob { pattern });
        }
        let reference =
            JobReference::parse(typed, client.address()).map_err(JenkinsError::Reference)?;
        let (path, item) = client.resolve_item(&reference).await?;
        let subject = match item.kind {
            ItemKind::Job { .. } => Subject::Job(&path),
            ItemKind::Folder { .. } => Subject::Folder(&path),
        };
        self.permit(caller, &server.alias, subject).await?;
        Ok(match item.kind {
            ItemKind::Job { .. } => Target::Job { path },
            ItemKind::Folder { .. } => Target::Folder { path },
        })
    }

    /// Nobody subscribes a channel to what they may not read: the caller's own account is asked. Who has
    /// none may use what the service account sees.
    async fn own_or_service_client(
        &self,
        caller: &Caller,
        alias: &ServerAlias,
    ) -> Result<JenkinsClient, AccessError> {
        match self.access.client(&caller.user_id, alias).await {
            Err(AccessError::Jenkins(error @ JenkinsError::NotConnected { .. })) => self
                .access
                .service_client(alias)
                .ok_or(AccessError::Jenkins(error)),
            answer => answer,
        }
    }

    /// The rule with what was typed.
    async fn changed(
        &self,
        caller: &Caller,
        rule: Rule,
        options: &Options,
    ) -> Result<Rule, AccessError> {
        let mention = match &options.mention {
            None => rule.mention,
            Some(None) => None,
            Some(Some(typed)) => Some(self.mention(caller, typed).await?),
        };
        let quiet = match &options.quiet {
            None => rule.timing.quiet,
            Some(None) => None,
            Some(Some(typed)) => Some(self.quiet_hours(caller, typed).await?),
        };
        Ok(Rule {
            events: options.events.unwrap_or(rule.events),
            branch: options.branch.clone().unwrap_or(rule.branch),
            mention,
            thread: options.thread.unwrap_or(rule.thread),
            only_first_failure: options
                .only_first_failure
                .unwrap_or(rule.only_first_failure),
            timing: Timing {
                digest: options.digest.unwrap_or(rule.timing.digest),
                quiet,
            },
            ..rule
        })
    }

    async fn list_rules(&self, caller: &Caller) -> Reply {
        let rules = self.feeds.rules.of_channel(&caller.channel_id).await?;
        if rules.is_empty() {
            return Ok(Some(
                "This channel has no subscription. `/jenkins subscribe <job>` makes one; a folder, a pattern such as `team/**`, and `all` work as well.".to_owned(),
            ));
        }
        let mut lines = vec!["###### Subscriptions of this channel".to_owned()];
        let mut servers: Vec<&ServerAlias> = Vec::new();
        for rule in &rules {
            lines.push(format!(
                "- `{}`: {}; by {}",
                rule.short_id(),
                self.words(rule),
                text::code_span(&format!("@{}", rule.creator.username))
            ));
            if !servers.contains(&&rule.server) {
                servers.push(&rule.server);
            }
        }
        for server in servers {
            let note = self.note_on_feeds(server).await?;
            lines.extend((!note.is_empty()).then(|| note.trim().to_owned()));
        }
        Ok(Some(lines.join("\n")))
    }

    async fn edit_rule(&self, caller: &Caller, id: &str, options: &Options) -> Reply {
        self.managed_channel(caller).await?;
        let rule = self.rule_named(caller, id).await?;
        let wanted = self.changed(caller, rule.as_ref().clone(), options).await?;
        let changed = self
            .feeds
            .rules
            .change(&rule.id, |rule| Rule {
                muted_until: rule.muted_until,
                ..wanted.clone()
            })
            .await?;
        self.feeds.changed().await;
        let Some(changed) = changed else {
            return refused("This subscription was deleted just now.".to_owned());
        };
        if changed.timing == Timing::default() {
            // What was collected would wait for ever.
            self.feeds.tell_digest(&changed, FOR_GOOD).await?;
        }
        Ok(Some(format!(
            "This channel hears of {}.",
            self.words(&changed)
        )))
    }

    async fn mute_rule(&self, caller: &Caller, id: &str, until: Option<i64>) -> Reply {
        self.managed_channel(caller).await?;
        let rule = self.rule_named(caller, id).await?;
        let changed = self
            .feeds
            .rules
            .change(&rule.id, |rule| Rule {
                muted_until: until,
                ..rule
            })
            .await?;
        self.feeds.changed().await;
        Ok(Some(match changed {
            None => "This subscription was deleted just now.".to_owned(),
            Some(rule) => format!("This channel hears of {}.", self.words(&rule)),
        }))
    }

    async fn delete_rule(&self, caller: &Caller, id: &str) -> Reply {
        self.managed_channel(caller).await?;
        let rule = self.rule_named(caller, id).await?;
        self.feeds.rules.remove(&rule.id).await?;
        self.feeds.digests.remove(&rule.id).await?;
        self.feeds.changed().await;
        Ok(Some(format!(
            "This channel does not hear of {} any more.",
            rule.target.words()
        )))
    }

    async fn test_rule(&self, caller: &Caller, id: &str) -> Reply {
        self.managed_channel(caller).await?;
        let rule = self.rule_named(caller, id).await?;
        let creator = self.creator(caller).await?;
        let mention = rule.mention.as_ref().map(Mention::word);
        let mention =
            mention.map(|word| format!(" A real one would mention {}.", text::code_span(&word)));
        let post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: rule.channel_id.clone(),
            message: format!(
                ":test_tube: This is a test of the subscription to {}, asked for by {}. Builds appear here like this.{}",
                self.words(&rule),
                text::code_span(&format!("@{}", creator.username)),
                mention.unwrap_or_default()
            ),
            ..Post::default()
        };
        self.api.posts().create(&post).await?;
        let note = self.note_on_feeds(&rule.server).await?;
        Ok((!note.is_empty()).then(|| note.trim().to_owned()))
    }

    /// The subscription of the channel whose id begins so, or that is about this.
    async fn rule_named(&self, caller: &Caller, typed: &str) -> Result<Arc<Rule>, AccessError> {
        let typed = typed.trim();
        let rules = self.feeds.rules.of_channel(&caller.channel_id).await?;
        let is_about = |rule: &Rule| match &rule.target {
            Target::All => typed.eq_ignore_ascii_case("all"),
            Target::Glob { pattern } => pattern.to_string() == typed,
            Target::Job { path } | Target::Folder { path } => {
                path.to_string() == typed || path.full_name() == typed
            }
        };
        let found: Vec<&Arc<Rule>> = rules
            .iter()
            .filter(|rule| (!typed.is_empty() && rule.id.starts_with(typed)) || is_about(rule))
            .collect();
        match found.as_slice() {
            [rule] => Ok(Arc::clone(rule)),
            [] => Err(AccessError::Refused(format!(
                "This channel has no subscription {}. See `/jenkins subscriptions`.",
                text::code_span(typed)
            ))),
            _ => Err(AccessError::Refused(format!(
                "{} could be several subscriptions. Type the id that `/jenkins subscriptions` shows.",
                text::code_span(typed)
            ))),
        }
    }
}

fn refused(words: String) -> Reply {
    Err(AccessError::Refused(words))
}

/// An event that was typed behind a pattern, and so became part of it: names may have spaces.
fn event_in_pattern(target: &Target) -> Option<(String, String)> {
    let Target::Glob { pattern } = target else {
        return None;
    };
    let pattern = pattern.to_string();
    let (pattern, event) = pattern.rsplit_once(' ')?;
    EventKinds::parse(event).ok()?;
    Some((pattern.trim_end().to_owned(), event.to_owned()))
}
