//! Subscriptions in the KV store, and all of them in memory.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_subscription_v1_<id>` | a [`Rule`] |
//! | `jenkins_subscriptions_v1` | the ids of all subscriptions |
//!
//! Each event is held against all of them, so they are kept in memory: read again after a change on any
//! node, and once a minute besides.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use mattermost_plugin::{Api, Error};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::rule::Rule;
use crate::stored::{self, StoredList};

const RULE_PREFIX: &str = "jenkins_subscription_v1_";
const INDEX: &str = "jenkins_subscriptions_v1";
const FRESH: Duration = Duration::from_secs(60);

/// Reads and writes subscriptions.
#[derive(Debug)]
pub struct RuleStore {
    api: Api,
    index: StoredList,
    loaded: ArcSwapOption<Loaded>,
    /// How many changes there were.
    changes: AtomicU64,
    loading: Mutex<()>,
}

#[derive(Debug)]
struct Loaded {
    at: Instant,
    /// The changes before it was read.
    changes: u64,
    rules: Arc<Vec<Arc<Rule>>>,
}

impl RuleStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            index: StoredList::new(api.clone(), INDEX),
            api,
            loaded: ArcSwapOption::empty(),
            changes: AtomicU64::default(),
            loading: Mutex::default(),
        }
    }

    /// All subscriptions, oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Arc<Vec<Arc<Rule>>>, Error> {
        if let Some(rules) = self.fresh() {
            return Ok(rules);
        }
        let _loading = self.loading.lock().await;
        if let Some(rules) = self.fresh() {
            return Ok(rules);
        }
        // Before reading: a change that comes meanwhile makes what is read stale.
        let changes = self.changes.load(Ordering::SeqCst);
        let rules = Arc::new(self.read().await?);
        self.loaded.store(Some(Arc::new(Loaded {
            at: Instant::now(),
            changes,
            rules: Arc::clone(&rules),
        })));
        Ok(rules)
    }

    fn fresh(&self) -> Option<Arc<Vec<Arc<Rule>>>> {
        let loaded = self.loaded.load_full()?;
        let is_current = loaded.changes == self.changes.load(Ordering::SeqCst);
        (is_current && loaded.at.elapsed() < FRESH).then(|| Arc::clone(&loaded.rules))
    }

    async fn read(&self) -> Result<Vec<Arc<Rule>>, Error> {
        let mut rules = Vec::new();
        for id in self.index.all().await? {
            match self.api.kv().get_json::<Rule>(&rule_key(&id)).await {
                Ok(rule) => rules.extend(rule.map(Arc::new)),
                Err(Error::Invalid(reason)) => {
                    tracing::error!(subscription = id, reason, "a subscription is left alone");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(rules)
    }

    /// The subscriptions of a channel.
    ///
    /// # Errors
    /// As [`RuleStore::all`].
    pub async fn of_channel(&self, channel_id: &str) -> Result<Vec<Arc<Rule>>, Error> {
        let rules = self.all().await?;
        let here = rules.iter().filter(|rule| rule.channel_id == channel_id);
        Ok(here.cloned().collect())
    }

    /// Stores a new subscription.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn insert(&self, rule: &Rule) -> Result<(), Error> {
        self.index.add(&rule.id).await?;
        self.api.kv().set_json(&rule_key(&rule.id), rule).await?;
        self.forget();
        Ok(())
    }

    /// Changes a subscription, if it is there, and tells how it is now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn change(
        &self,
        id: &str,
        change: impl Fn(Rule) -> Rule,
    ) -> Result<Option<Rule>, Error> {
        let changed = stored::change(&self.api, &rule_key(id), None, |rule: &mut Option<Rule>| {
            *rule = rule.take().map(&change);
            rule.clone()
        })
        .await;
        self.forget();
        changed
    }

    /// Removes a subscription.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, id: &str) -> Result<(), Error> {
        self.api.kv().delete(&rule_key(id)).await?;
        self.forget();
        self.index.remove(id).await
    }

    /// Reads them anew when they are asked for next.
    pub fn forget(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }
}

fn rule_key(id: &str) -> String {
    format!("{RULE_PREFIX}{id}")
}
