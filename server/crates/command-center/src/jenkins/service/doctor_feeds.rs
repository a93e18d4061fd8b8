//! What `doctor` says about news of Jenkins: who tells it, and who hears of it here.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::{Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::inbound::hook::{Hook, HookUse};
use crate::jenkins::render::{self, Finding, Health, count};
use crate::text;

const WEBHOOKS: &str = "Webhooks";
const SERVICE_ACCOUNT: &str = "Service account";
const SUBSCRIPTIONS: &str = "Subscriptions";

impl JenkinsService {
    /// The feeds, and the subscriptions of the caller's channel.
    pub(super) async fn examine_feeds(&self, caller: &Caller) -> Result<Vec<Finding>, AccessError> {
        // Without settings there is nobody to hear of.
        let Ok(servers) = self.access.servers() else {
            return Ok(Vec::new());
        };
        let hooks = self.feeds.hooks.all().await?;
        let mut findings = vec![self.webhooks(caller, &hooks).await?];
        let asked = servers.iter().map(|server| self.service_account(server));
        let accounts: Vec<Option<Finding>> = join_all(asked).await;
        let asked = servers.iter().zip(&accounts);
        let asked: BTreeSet<&ServerAlias> = asked
            .filter(|(_, account)| account.is_some())
            .map(|(server, _)| &server.alias)
            .collect();
        if asked.is_empty() {
            let words = "none is set up, so Jenkins is not asked for news; webhooks tell it";
            findings.push(Finding::new(Health::Note, SERVICE_ACCOUNT, words));
        }
        let told: BTreeSet<&ServerAlias> = hooks.iter().map(|hook| &hook.server).collect();
        findings.extend(accounts.into_iter().flatten());
        findings.push(self.subscribed(caller, &(&told | &asked)).await?);
        Ok(findings)
    }

    async fn webhooks(&self, caller: &Caller, hooks: &[Hook]) -> Result<Finding, AccessError> {
        if hooks.is_empty() {
            let words = "none; `/jenkins webhook add` makes one";
            return Ok(Finding::new(Health::Note, WEBHOOKS, words));
        }
        let here = hooks
            .iter()
            .filter(|hook| hook.channel_id == caller.channel_id)
            .count();
        let number = format!(
            "{} ({here} in this channel)",
            count(hooks.len(), "source", "sources")
        );
        let uses = hooks.iter().map(|hook| self.feeds.hooks.usage(&hook.id));
        let uses: Vec<HookUse> = join_all(uses).await.into_iter().collect::<Result<_, _>>()?;
        let last = uses.iter().max_by_key(|usage| usage.last_at);
        let Some(last) = last.filter(|usage| usage.last_at > 0) else {
            let words = format!(
                "{number}; Jenkins sent nothing to any of them yet, as far as it is written down (once a minute). `/jenkins webhook add` shows what to paste into Jenkins"
            );
            return Ok(Finding::new(Health::Warning, WEBHOOKS, words));
        };
        let when = self.ago(last.last_at);
        if uses.iter().all(|usage| usage.accepted == 0) {
            let words = format!(
                "{number}; something came {when}, but nothing was taken. The last problem: {}",
                text::plain(&last.last_problem)
            );
            return Ok(Finding::new(Health::Warning, WEBHOOKS, words));
        }
        let words = format!("{number}; Jenkins was last heard {when}");
        Ok(Finding::new(Health::Good, WEBHOOKS, words))
    }

    /// Whether the account that asks for news works; `None` if there is none.
    async fn service_account(&self, server: &Server) -> Option<Finding> {
        let client = self.access.service_client(&server.alias)?;
        let at = match server.alias.is_main() {
            true => String::new(),
            false => format!("{}: ", text::code_span(server.alias.as_str())),
        };
        Some(match client.who_am_i().await {
            Ok(identity) => {
                let settings = self.access.configuration().current();
                let every = text::duration(settings.settings.jenkins_poll_interval);
                let words = format!(
                    "{at}{} asks Jenkins for news every {every} while somebody subscribes",
                    text::plain(&identity.user)
                );
                Finding::new(Health::Good, SERVICE_ACCOUNT, words)
            }
            Err(error) => {
                let words = format!(
                    "{at}{} It is set with {} and {}.",
                    render::error(&error),
                    text::code_span("JenkinsServiceUser"),
                    text::code_span("JenkinsServiceToken")
                );
                Finding::new(Health::Bad, SERVICE_ACCOUNT, words)
            }
        })
    }

    /// The subscriptions of the channel; `heard` are the servers that somebody tells news of.
    async fn subscribed(
        &self,
        caller: &Caller,
        heard: &BTreeSet<&ServerAlias>,
    ) -> Result<Finding, AccessError> {
        let rules = self.feeds.rules.all().await?;
        let here = rules
            .iter()
            .filter(|rule| rule.channel_id == caller.channel_id);
        let (mut number, mut unheard) = (0, BTreeSet::new());
        for rule in here {
            number += 1;
            if !heard.contains(&rule.server) {
                unheard.insert(&rule.server);
            }
        }
        if number == 0 {
            let words = "none in this channel; `/jenkins subscribe` makes one";
            return Ok(Finding::new(Health::Note, SUBSCRIPTIONS, words));
        }
        let words = format!("{number} in this channel");
        if unheard.is_empty() {
            return Ok(Finding::new(Health::Good, SUBSCRIPTIONS, words));
        }
        let names: Vec<String> = unheard
            .into_iter()
            .map(|alias| text::code_span(alias.as_str()))
            .collect();
        let words = format!(
            "{words}, but nobody tells of builds at {}: add a webhook, or ask a system administrator for a service account",
            names.join(", ")
        );
        Ok(Finding::new(Health::Warning, SUBSCRIPTIONS, words))
    }
}
