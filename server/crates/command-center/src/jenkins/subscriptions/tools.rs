//! From something that was accepted to what people see of it.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::cluster::Presence;
use mattermost_plugin::{Api, Error};

use super::build_store::{BuildStore, Entry, Held};
use super::delivery::{BuildDelivery, Todo};
use super::digest_store::DigestStore;
use super::history::History;
use super::plan::{self, Telling};
use super::rule::{Rule, Target};
use super::rule_store::RuleStore;
use super::sight::Sight;
use super::{EventKinds, merge, poll, render};
use crate::clock::Clock;
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::access::Access;
use crate::jenkins::error::ErrorKind;
use crate::jenkins::inbound::hook::Hook;
use crate::jenkins::inbound::inbox::{Accepted, Inbox};
use crate::jenkins::inbound::messages::MessageDelivery;
use crate::jenkins::inbound::store::HookStore;
use crate::jenkins::inbound::{BuildReport, InboundEvent};
use crate::monitoring::Counters;
use crate::notifications::Timing;
use crate::notifications::poster::{News, Poster};

/// Event between instances: subscriptions or webhooks have changed.
pub const CHANGED: &str = "jenkins_feeds_changed";
/// Begins the id of the subscription that a webhook stands for.
const IMPLICIT: &str = "hook:";
/// How often an instance looks whether it may act again.
const CERTAINTY: Duration = Duration::from_secs(1);

/// What the feeds use.
pub struct FeedTools {
    /// The server.
    pub api: Api,
    /// Who may ask Jenkins what.
    pub access: Arc<Access>,
    /// Time.
    pub clock: Clock,
    /// Whether this instance may act.
    pub presence: Arc<Presence>,
    /// The webhooks.
    pub hooks: Arc<HookStore>,
    /// What was accepted.
    pub inbox: Arc<Inbox>,
    /// The subscriptions.
    pub rules: RuleStore,
    /// What was collected for later.
    pub digests: DigestStore,
    /// Shows builds.
    pub delivery: BuildDelivery,
    /// Makes posts.
    pub poster: Poster,
    /// What is known of builds.
    pub builds: BuildStore,
    /// The results of jobs.
    pub history: History,
    /// Who may see what.
    pub sight: Sight,
    /// Shows messages.
    pub messages: MessageDelivery,
    /// What is counted.
    pub counters: Arc<Counters>,
}

impl FeedTools {
    /// Tools whose posts are made by this bot.
    #[must_use]
    pub fn new(
        api: Api,
        access: Arc<Access>,
        presence: Arc<Presence>,
        clock: Clock,
        bot_user_id: String,
        counters: Arc<Counters>,
    ) -> Self {
        let poster = Poster::new(api.clone(), bot_user_id, Arc::clone(&counters));
        Self {
            hooks: Arc::new(HookStore::new(api.clone())),
            inbox: Arc::new(Inbox::new(api.clone(), Arc::clone(&presence))),
            rules: RuleStore::new(api.clone()),
            digests: DigestStore::new(api.clone()),
            delivery: BuildDelivery::new(api.clone(), poster.clone()),
            builds: BuildStore::new(api.clone()),
            history: History::new(api.clone()),
            sight: Sight::new(Arc::clone(&access)),
            messages: MessageDelivery::new(api.clone(), poster.clone()),
            poster,
            counters,
            access,
            clock,
            presence,
            api,
        }
    }

    /// Tells all instances that subscriptions, webhooks or servers have changed.
    pub async fn changed(&self) {
        self.rules.forget();
        if let Err(error) = self.api.cluster_events().broadcast(CHANGED, "").await {
            // The others notice within a minute.
            tracing::debug!(%error, "a change is not told to the other instances");
        }
    }

    /// Has an accepted event have its effect. Again after an error, with `look`: nothing is done twice.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn effect(&self, accepted: &Accepted, look: bool) -> Result<(), Error> {
        let hook = if accepted.hook_id.is_empty() {
            None
        } else {
            match self.hooks.recent(&accepted.hook_id).await? {
                Some(hook) => Some(hook),
                // It was deleted meanwhile.
                None => return Ok(()),
            }
        };
        match (&accepted.event, hook) {
            (InboundEvent::Message(message), Some(hook)) => {
                self.messages.deliver(&hook, accepted, message, look).await
            }
            (InboundEvent::Build(report), hook) => {
                let server = &accepted.server;
                let rules = self.rules_for(server, hook.as_deref()).await?;
                let is_wanted = rules.iter().any(|rule| rule.target.includes(&report.job));
                // Of what nobody wants to hear, only the result is kept: not worth a question.
                let report = if hook.is_some() && is_wanted {
                    self.verified(server, report).await
                } else {
                    Some(report.as_ref().clone())
                };
                let Some(report) = report else { return Ok(()) };
                self.tell(server, &report, &rules).await
            }
            (InboundEvent::Message(_) | InboundEvent::Nothing, _) => Ok(()),
        }
    }

    /// What a webhook says, as Jenkins itself says it, where there is an account to ask with. `None`: it
    /// is not true.
    async fn verified(&self, server: &ServerAlias, report: &BuildReport) -> Option<BuildReport> {
        let Some(client) = self.access.service_client(server) else {
            return Some(report.clone());
        };
        match poll::fetch(&client, &report.job, report.number).await {
            Ok(Some(seen)) => Some(BuildReport {
                // Reports of one build are merged anyway; the sender's words only add details.
                details: merge::merge(&seen, report).details,
                ..seen
            }),
            Ok(None) => {
                tracing::warn!(job = %report.job, number = report.number, "a webhook names a build that the service account does not see; it is ignored");
                None
            }
            Err(error) if matches!(error.kind(), ErrorKind::Gone) => None,
            Err(error) => {
                tracing::debug!(%error, "Jenkins does not say more of a build than its webhook");
                Some(report.clone())
            }
        }
    }

    /// The subscriptions that may be about a server. A webhook whose channel has none stands for one: so
    /// what it sends is seen.
    async fn rules_for(
        &self,
        server: &ServerAlias,
        hook: Option<&Hook>,
    ) -> Result<Vec<Arc<Rule>>, Error> {
        let all = self.rules.all().await?;
        let mut rules: Vec<Arc<Rule>> = all
            .iter()
            .filter(|rule| rule.server == *server)
            .cloned()
            .collect();
        if let Some(hook) = hook
            && !rules.iter().any(|rule| rule.channel_id == hook.channel_id)
        {
            rules.push(Arc::new(implicit(hook)));
        }
        Ok(rules)
    }

    async fn tell(
        &self,
        server: &ServerAlias,
        report: &BuildReport,
        rules: &[Arc<Rule>],
    ) -> Result<(), Error> {
        while !self.presence.is_certain() {
            self.clock.sleep(CERTAINTY).await;
        }
        let now = self.clock.now();
        let has_work = |record: &_| plan::has_work(record, rules, now);
        let entry = self
            .builds
            .enter(server, report, &self.presence, now, has_work)
            .await?;
        let Entry::Held(held) = entry else {
            return Ok(());
        };
        let mut held: Held = *held;
        let address = self.access.address(server);
        loop {
            let mut record = held.record.clone();
            if plan::needs_judgement(&record)
                && let Some(verdict) = record.report.verdict()
            {
                let report = &record.report;
                record.previous = self
                    .history
                    .add(server, &report.job, report.number, verdict)
                    .await?;
                record.is_judged = true;
            }
            let tellings = plan::tellings(&record, rules, now);
            let (tellings, unseen) = self.visible(&record.report, tellings).await;
            let todo = Todo {
                tellings: &tellings,
                address: address.as_deref(),
                look: held.look,
                now,
            };
            self.delivery.deliver(&mut record, &todo).await?;
            for telling in unseen {
                record.told.insert(telling.rule.id.clone(), EventKinds::ALL);
            }
            held.record = record;
            if self.builds.leave(&held).await? {
                return Ok(());
            }
            // Somebody else told of the same build meanwhile.
            let record = held.record.clone();
            held = self.builds.keep(&held, record).await?;
        }
    }

    /// Splits off what the creators of subscriptions may not see.
    async fn visible(
        &self,
        report: &BuildReport,
        tellings: Vec<Telling>,
    ) -> (Vec<Telling>, Vec<Telling>) {
        let (mut visible, mut unseen) = (Vec::new(), Vec::new());
        for telling in tellings {
            let rule = &telling.rule;
            if rule.id.starts_with(IMPLICIT) || self.sight.allows(rule, &report.job).await {
                visible.push(telling);
            } else {
                unseen.push(telling);
            }
        }
        (visible, unseen)
    }

    /// Whether a subscription may tell of a job: see [`Sight::allows`].
    pub async fn may_see(&self, rule: &Rule, job: &JobPath) -> bool {
        self.sight.allows(rule, job).await
    }

    /// Tells the digests that are due.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn tell_digests(&self) -> Result<(), Error> {
        let now = self.clock.now();
        for rule in self.rules.all().await?.iter() {
            if rule.timing != Timing::default() {
                self.tell_digest(rule, now).await?;
            }
        }
        Ok(())
    }

    /// Tells what was collected for a subscription, if it is due at `now`, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn tell_digest(&self, rule: &Rule, now: i64) -> Result<(), Error> {
        let Some(digest) = self.digests.due(&rule.id, now).await? else {
            return Ok(());
        };
        if !rule.is_muted(self.clock.now()) {
            let news = News {
                event_id: format!("digest/{}", digest.batch),
                channel_id: rule.channel_id.clone(),
                root_id: String::new(),
                look_since: Some(digest.due.min(self.clock.now())),
            };
            let words = render::digest(rule, &digest, self.clock.now());
            self.delivery.post(&news, words).await?;
        }
        self.digests.told(&rule.id, &digest).await
    }
}

/// The subscription that a webhook stands for while its channel has none.
fn implicit(hook: &Hook) -> Rule {
    Rule {
        id: format!("{IMPLICIT}{}", hook.id),
        channel_id: hook.channel_id.clone(),
        server: hook.server.clone(),
        target: Target::All,
        branch: None,
        events: EventKinds::ALL,
        mention: None,
        thread: false,
        timing: Timing::default(),
        only_first_failure: false,
        muted_until: None,
        creator: hook.creator.clone(),
        created_at: hook.created_at,
    }
}
