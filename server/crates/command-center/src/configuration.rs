//! The settings in force, swapped as a whole when the administrator changes them.

use std::sync::Arc;

use arc_swap::ArcSwap;
use mattermost_plugin::{Api, Error};
use serde_json::{Map, Value};

use crate::config::{Adoption, JENKINS_PREDECESSOR_ID, Problem, Settings};
use crate::jenkins::policy::Policy;

/// One state of the settings. Two states are the same only if they are the same object.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The settings, those of predecessors included where ours are empty.
    pub settings: Settings,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// Who may do what where.
    pub policy: Policy,
    /// What was taken over from a predecessor.
    pub adoptions: Vec<Adoption>,
}

/// Holds the settings in force.
#[derive(Debug)]
pub struct Configuration {
    api: Api,
    current: ArcSwap<Snapshot>,
}

impl Configuration {
    /// Nothing configured yet.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            api,
            current: ArcSwap::from_pointee(Snapshot::default()),
        }
    }

    /// The settings in force.
    #[must_use]
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Reads the settings again. Settings that cannot be used never stop the plugin: they are
    /// listed as problems.
    ///
    /// # Errors
    /// When the server does not tell the settings; then the former ones stay in force.
    pub async fn reload(&self) -> Result<Arc<Snapshot>, Error> {
        let raw = self.api.config().raw().await?;
        let settings = Settings::decode(raw.as_object().unwrap_or(&Map::new()));
        let (settings, adoptions) = match self.predecessor(&settings).await {
            Some(theirs) => settings.adopting(&theirs),
            None => (settings, Vec::new()),
        };
        let problems = settings.problems();
        let snapshot = Arc::new(Snapshot {
            policy: settings.policy(),
            settings,
            problems,
            adoptions,
        });
        self.current.store(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// The settings of the former Jenkins plugin, looked up only while ours are incomplete.
    async fn predecessor(&self, ours: &Settings) -> Option<Map<String, Value>> {
        if !ours.may_adopt() {
            return None;
        }
        let config = match self.api.config().server_unsanitized().await {
            Ok(config) => config,
            Err(error) => {
                tracing::warn!(%error, "the settings of the former Jenkins plugin cannot be read");
                return None;
            }
        };
        config
            .get(&format!("/PluginSettings/Plugins/{JENKINS_PREDECESSOR_ID}"))?
            .as_object()
            .cloned()
    }
}
