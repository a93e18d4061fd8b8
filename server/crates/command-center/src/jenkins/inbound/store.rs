//! Sources in the KV store.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_hook_v1_<id>` | a [`Hook`] |
//! | `jenkins_hook_use_v1_<id>` | a [`HookUse`], for 90 days after the last use |
//! | `jenkins_hooks_v1` | the ids of all sources |

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mattermost_plugin::{Api, Error};
use tokio::time::Instant;

use super::hook::{Hook, HookUse};
use crate::stored::{self, StoredList};

const HOOK_PREFIX: &str = "jenkins_hook_v1_";
const USE_PREFIX: &str = "jenkins_hook_use_v1_";
const INDEX: &str = "jenkins_hooks_v1";
const USE_KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// How long a source is believed to be as it was read; changes are told to all nodes besides.
const FRESH: Duration = Duration::from_secs(30);

/// Reads and writes sources.
#[derive(Debug)]
pub struct HookStore {
    api: Api,
    index: StoredList,
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Cache {
    hooks: HashMap<String, (Instant, Arc<Hook>)>,
    /// How many changes there were: what was read before one of them is not kept.
    changes: u64,
}

impl HookStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            index: StoredList::new(api.clone(), INDEX),
            api,
            cache: Mutex::default(),
        }
    }

    /// A source as it was within the last half minute. Ids that are not there are asked for each time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn recent(&self, id: &str) -> Result<Option<Arc<Hook>>, Error> {
        let (cached, changes) = {
            let cache = self.lock();
            (cache.hooks.get(id).cloned(), cache.changes)
        };
        if let Some((read_at, hook)) = cached
            && read_at.elapsed() < FRESH
        {
            return Ok(Some(hook));
        }
        let hook = self.get(id).await?.map(Arc::new);
        let mut cache = self.lock();
        match &hook {
            Some(hook) if cache.changes == changes => {
                let entry = (Instant::now(), Arc::clone(hook));
                cache.hooks.insert(id.to_owned(), entry);
            }
            Some(_) => {}
            None => drop(cache.hooks.remove(id)),
        }
        Ok(hook)
    }

    /// A source as it is.
    ///
    /// # Errors
    /// When the store does not answer, or holds something else.
    pub async fn get(&self, id: &str) -> Result<Option<Hook>, Error> {
        self.api.kv().get_json(&hook_key(id)).await
    }

    /// All sources, oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Vec<Hook>, Error> {
        let mut hooks = Vec::new();
        for id in self.index.all().await? {
            hooks.extend(self.get(&id).await?);
        }
        Ok(hooks)
    }

    /// Stores a new source.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn insert(&self, hook: &Hook) -> Result<(), Error> {
        self.index.add(&hook.id).await?;
        self.api.kv().set_json(&hook_key(&hook.id), hook).await
    }

    /// Changes a source, if it is there, and tells how it is now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn change(
        &self,
        id: &str,
        change: impl Fn(Hook) -> Hook,
    ) -> Result<Option<Hook>, Error> {
        let changed = stored::change(&self.api, &hook_key(id), None, |hook: &mut Option<Hook>| {
            *hook = hook.take().map(&change);
            hook.clone()
        })
        .await?;
        self.forget(id);
        Ok(changed)
    }

    /// Removes a source.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, id: &str) -> Result<(), Error> {
        self.api.kv().delete(&hook_key(id)).await?;
        self.forget(id);
        self.index.remove(id).await?;
        self.api.kv().delete(&use_key(id)).await
    }

    /// What became of what a source sent.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn usage(&self, id: &str) -> Result<HookUse, Error> {
        Ok(self
            .api
            .kv()
            .get_json(&use_key(id))
            .await?
            .unwrap_or_default())
    }

    /// Adds to what is known of a source's use.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn add_usage(&self, id: &str, more: &HookUse) -> Result<(), Error> {
        let key = use_key(id);
        stored::change(&self.api, &key, Some(USE_KEPT), |usage| {
            let usage: &mut HookUse = usage.get_or_insert_default();
            usage.accepted = usage.accepted.saturating_add(more.accepted);
            usage.refused = usage.refused.saturating_add(more.refused);
            usage.last_at = usage.last_at.max(more.last_at);
            if !more.last_sender.is_empty() {
                usage.last_sender.clone_from(&more.last_sender);
            }
            if !more.last_problem.is_empty() {
                usage.last_problem.clone_from(&more.last_problem);
            }
        })
        .await
    }

    /// Reads a source anew when it is asked for next.
    pub fn forget(&self, id: &str) {
        let mut cache = self.lock();
        cache.changes += 1;
        cache.hooks.remove(id);
    }

    /// Reads all sources anew when they are asked for next.
    pub fn forget_all(&self) {
        let mut cache = self.lock();
        cache.changes += 1;
        cache.hooks.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hook_key(id: &str) -> String {
    format!("{HOOK_PREFIX}{id}")
}

fn use_key(id: &str) -> String {
    format!("{USE_PREFIX}{id}")
}
