//! The settings in force, swapped as a whole when the administrator changes them.

use std::sync::Arc;

use arc_swap::ArcSwap;
use mattermost_plugin::{Api, Error};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::config::{
    Adoption, JENKINS_PREDECESSOR_ID, Problem, ServerAddress, ServerAlias, Settings,
};
use crate::jenkins::added_servers::{AddedServer, AddedServers};
use crate::jenkins::policy::Policy;

/// One state of the settings. Two states are the same only if they are the same object.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The settings, those of predecessors included where ours are empty.
    pub settings: Settings,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// Who may do what where.
    pub policy: Policy,
    /// What was taken over from a predecessor.
    pub adoptions: Vec<Adoption>,
    /// Every Jenkins that can be used: those of the settings, then those that users added.
    pub servers: Vec<ServerAddress>,
    /// How many of them are those of the settings.
    configured: usize,
    /// What users added, whether it can be used or not.
    added: Vec<AddedServer>,
}

impl Snapshot {
    fn with_added(mut self, added: Vec<AddedServer>) -> Self {
        let configured = self.settings.servers();
        let usable = added
            .iter()
            .filter_map(|server| server.address(&self.settings, &configured));
        self.servers = configured.iter().cloned().chain(usable).collect();
        self.configured = configured.len();
        self.added = added;
        self
    }

    /// Whether the settings name a server with this alias.
    #[must_use]
    pub fn is_configured(&self, alias: &ServerAlias) -> bool {
        let configured = &self.servers[..self.configured];
        configured.iter().any(|server| server.alias == *alias)
    }

    /// Who added a server that can be used; `None` if the settings name it.
    #[must_use]
    pub fn added(&self, alias: &ServerAlias) -> Option<&AddedServer> {
        if self.is_configured(alias) {
            return None;
        }
        self.added.iter().find(|server| server.alias == *alias)
    }
}

/// Holds the settings in force.
#[derive(Debug)]
pub struct Configuration {
    api: Api,
    current: ArcSwap<Snapshot>,
    added: AddedServers,
    /// Held from reading to swapping, so that nothing older replaces what is newer.
    reading: Mutex<()>,
}

impl Configuration {
    /// Nothing configured yet.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            added: AddedServers::new(api.clone()),
            api,
            current: ArcSwap::from_pointee(Snapshot::default()),
            reading: Mutex::default(),
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
        let _reading = self.reading.lock().await;
        let raw = self.api.config().raw().await?;
        let settings = Settings::decode(raw.as_object().unwrap_or(&Map::new()));
        let (settings, adoptions) = match self.predecessor(&settings).await {
            Some(theirs) => settings.adopting(&theirs),
            None => (settings, Vec::new()),
        };
        let problems = settings.problems();
        let added = match self.added.all().await {
            Ok(added) => added,
            Err(error) => {
                tracing::warn!(%error, "servers that users added meanwhile are not known yet");
                self.current.load().added.clone()
            }
        };
        let snapshot = Snapshot {
            policy: settings.policy(),
            settings,
            problems,
            adoptions,
            ..Snapshot::default()
        };
        let snapshot = Arc::new(snapshot.with_added(added));
        self.current.store(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// Reads again which servers users added. Where nothing changed, the state stays the same object.
    ///
    /// # Errors
    /// When the store does not answer; then the former ones stay in force.
    pub async fn reload_added_servers(&self) -> Result<(), Error> {
        let _reading = self.reading.lock().await;
        let added = self.added.all().await?;
        let current = self.current.load_full();
        if added != current.added {
            let snapshot = Snapshot::clone(&current).with_added(added);
            self.current.store(Arc::new(snapshot));
        }
        Ok(())
    }

    /// The servers that users added.
    #[must_use]
    pub fn added_servers(&self) -> &AddedServers {
        &self.added
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
