//! Making and keeping the addresses that Jenkins sends to.

use mattermost_plugin::api::new_id;
use secrecy::{ExposeSecret, SecretString};

use super::{Caller, JenkinsService, Reply};
use crate::config::PLUGIN_ID;
use crate::jenkins::access::AccessError;
use crate::jenkins::command::webhook::Request;
use crate::jenkins::inbound::hook::Hook;
use crate::jenkins::inbound::intake::HOOK_PATH;
use crate::jenkins::inbound::recipe::recipe;
use crate::jenkins::inbound::secret::{self, SecretDigest};
use crate::text;

/// Most webhooks of one channel.
const MOST_HOOKS: usize = 20;
/// Longest name, in runes.
const NAME_RUNES: usize = 60;

impl JenkinsService {
    pub(super) async fn webhook(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Add {
                name,
                server,
                anywhere,
            } => {
                self.add_hook(caller, &name, server.as_deref(), anywhere)
                    .await
            }
            Request::List => self.list_hooks(caller).await,
            Request::Show { id } => self.show_hook(caller, &id).await,
            Request::Rotate { id } => self.rotate_hook(caller, &id).await,
            Request::Delete { id } => self.delete_hook(caller, &id).await,
        }
    }

    async fn add_hook(
        &self,
        caller: &Caller,
        name: &str,
        server: Option<&str>,
        anywhere: bool,
    ) -> Reply {
        let channel = self.managed_channel(caller).await?;
        let server = self.server(caller, server).await?;
        let here = self.hooks_here(caller).await?;
        if here.len() >= MOST_HOOKS {
            return refused(&format!(
                "This channel has {MOST_HOOKS} webhooks already. Delete one that is not used: `/jenkins webhook list`."
            ));
        }
        let name = match text::truncate(&text::one_line(name), NAME_RUNES) {
            name if name.is_empty() => format!("webhook {}", here.len() + 1),
            name => name,
        };
        if here
            .iter()
            .any(|hook| hook.name.eq_ignore_ascii_case(&name))
        {
            return refused(&format!(
                "This channel has a webhook {} already. Choose another name, or `/jenkins webhook rotate` it for a new secret.",
                text::code_span(&name)
            ));
        }
        let secret = new_secret()?;
        let hook = Hook {
            id: new_id(),
            name,
            server: server.alias.clone(),
            channel_id: channel.id,
            team_id: channel.team_id,
            elsewhere: anywhere,
            creator: self.creator(caller).await?,
            created_at: self.clock.now(),
            secret: SecretDigest::of(&secret),
            former: None,
        };
        self.feeds.hooks.insert(&hook).await?;
        self.feeds.changed().await;
        let intro = format!(
            "The webhook {} is ready: what Jenkins sends there appears in this channel. Builds are shown as this channel's subscriptions say (`/jenkins subscribe`), all of them while it has none.",
            text::code_span(&hook.name)
        );
        Ok(Some(self.with_recipe(&intro, &hook, &secret).await?))
    }

    async fn rotate_hook(&self, caller: &Caller, id: &str) -> Reply {
        self.managed_channel(caller).await?;
        let hook = self.hook_named(caller, id).await?;
        let secret = new_secret()?;
        let now = self.clock.now();
        let changed = self
            .feeds
            .hooks
            .change(&hook.id, |hook| hook.rotated(&secret, now))
            .await?;
        self.feeds.changed().await;
        let Some(hook) = changed else {
            return refused("This webhook was deleted just now.");
        };
        let intro = format!(
            "The webhook {} has a new secret. The former address works for 24 hours longer: change it in Jenkins before.",
            text::code_span(&hook.name)
        );
        Ok(Some(self.with_recipe(&intro, &hook, &secret).await?))
    }

    async fn delete_hook(&self, caller: &Caller, id: &str) -> Reply {
        self.managed_channel(caller).await?;
        let hook = self.hook_named(caller, id).await?;
        self.feeds.hooks.remove(&hook.id).await?;
        self.feeds.changed().await;
        Ok(Some(format!(
            "The webhook {} is deleted. Jenkins gets status 404 for what it sends there from now on.",
            text::code_span(&hook.name)
        )))
    }

    async fn list_hooks(&self, caller: &Caller) -> Reply {
        let hooks = self.hooks_here(caller).await?;
        if hooks.is_empty() {
            return Ok(Some(
                "This channel has no webhook. `/jenkins webhook add` makes one and shows what to paste into Jenkins.".to_owned(),
            ));
        }
        let mut lines = vec!["###### Webhooks of this channel".to_owned()];
        for hook in hooks {
            let usage = self.feeds.hooks.usage(&hook.id).await?;
            let used = if usage.last_at == 0 {
                "never used".to_owned()
            } else {
                format!("last used {}", self.ago(usage.last_at))
            };
            lines.push(format!(
                "- {} (`{}`), server `{}`, by {}: {used}",
                text::code_span(&hook.name),
                short(&hook.id),
                hook.server,
                text::code_span(&format!("@{}", hook.creator.username)),
            ));
        }
        Ok(Some(lines.join("\n")))
    }

    async fn show_hook(&self, caller: &Caller, id: &str) -> Reply {
        let hook = self.hook_named(caller, id).await?;
        let usage = self.feeds.hooks.usage(&hook.id).await?;
        let mut lines = vec![
            format!("###### Webhook {}", text::code_span(&hook.name)),
            format!("- Address: `{}`", self.address_of(&hook, "<secret>").await?),
            format!("- Server: `{}`", hook.server),
            format!(
                "- Messages may name other channels: {}",
                if hook.elsewhere {
                    "yes, public ones of this team, and users"
                } else {
                    "no"
                }
            ),
            format!(
                "- Made by {} {}",
                text::code_span(&format!("@{}", hook.creator.username)),
                self.ago(hook.created_at)
            ),
            format!("- Taken: {}, refused: {}", usage.accepted, usage.refused),
        ];
        if usage.last_at > 0 {
            lines.push(format!(
                "- Last used {}, by {}",
                self.ago(usage.last_at),
                text::plain(&usage.last_sender)
            ));
        }
        if !usage.last_problem.is_empty() {
            lines.push(format!(
                "- Last problem: {}",
                text::plain(&usage.last_problem)
            ));
        }
        lines.push(
            "The secret is not stored. If it is lost, `/jenkins webhook rotate` makes a new one."
                .to_owned(),
        );
        Ok(Some(lines.join("\n")))
    }

    async fn hooks_here(&self, caller: &Caller) -> Result<Vec<Hook>, AccessError> {
        let mut hooks = self.feeds.hooks.all().await?;
        hooks.retain(|hook| hook.channel_id == caller.channel_id);
        Ok(hooks)
    }

    /// The webhook of the channel that has this name, or whose id begins so.
    async fn hook_named(&self, caller: &Caller, typed: &str) -> Result<Hook, AccessError> {
        let hooks = self.hooks_here(caller).await?;
        let found: Vec<&Hook> = hooks
            .iter()
            .filter(|hook| hook.name.eq_ignore_ascii_case(typed) || hook.id.starts_with(typed))
            .collect();
        match found.as_slice() {
            [hook] => Ok((*hook).clone()),
            [] => Err(AccessError::Refused(format!(
                "This channel has no webhook {}. See `/jenkins webhook list`.",
                text::code_span(typed)
            ))),
            _ => Err(AccessError::Refused(format!(
                "{} could be several webhooks. Type more of the id that `/jenkins webhook list` shows.",
                text::code_span(typed)
            ))),
        }
    }

    async fn with_recipe(
        &self,
        intro: &str,
        hook: &Hook,
        secret: &SecretString,
    ) -> Result<String, AccessError> {
        let address = self.address_of(hook, secret.expose_secret()).await?;
        Ok(format!(
            "{intro}\n\nIts address, shown this once:\n{}\nPaste one of these into Jenkins:\n\n{}",
            text::code_block("text", &address),
            recipe(&address)
        ))
    }

    async fn address_of(&self, hook: &Hook, secret: &str) -> Result<String, AccessError> {
        let config = self.api.config().server().await?;
        let site = config
            .get("/ServiceSettings/SiteURL")
            .and_then(|url| url.as_str())
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        Ok(format!(
            "{site}/plugins/{PLUGIN_ID}{HOOK_PATH}{}.{secret}",
            hook.id
        ))
    }

    /// A time in milliseconds since 1970, for people.
    pub(super) fn ago(&self, time: i64) -> String {
        let timestamp = |time| jiff::Timestamp::from_millisecond(time).unwrap_or_default();
        text::relative_time(timestamp(time), timestamp(self.clock.now()))
    }
}

fn new_secret() -> Result<SecretString, AccessError> {
    secret::generate().map_err(|error| {
        AccessError::Refused(format!("No secret can be made: {error}. Try again."))
    })
}

fn short(id: &str) -> &str {
    id.get(..6).unwrap_or(id)
}

fn refused(words: &str) -> Reply {
    Err(AccessError::Refused(words.to_owned()))
}
