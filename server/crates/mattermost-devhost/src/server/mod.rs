//! The server: state and plugins together, as Mattermost's `app` package has them.

mod actions;
mod activation;
mod channels;
mod command_response;
mod commands;
mod configuration;
mod dialogs;
mod environment;
mod ephemeral;
pub mod faults;
mod files;
mod health;
pub mod http;
pub mod hub;
mod local_request;
mod membership;
mod post_changes;
mod posts;
mod reactions;
pub mod records;
mod secrets;
mod suggestions;
mod triggers;
mod users;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mattermost_plugin::model::{Context, Session};
use mattermost_plugin::{LogLevel, Protocol};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::ids::new_id;
use crate::state::Data;

pub use actions::Clicked;
pub use dialogs::Submission;
pub(crate) use environment::{Control, Environment, Launch, Launched};
pub use health::HealthPolicy;
pub(crate) use membership::member_missing;

/// The version that the server says it has.
pub const SERVER_VERSION: &str = "11.6.0";

/// A Mattermost in memory.
pub struct Server {
    clock: Clock,
    data: Mutex<Data>,
    config: Mutex<ServerConfig>,
    records: Mutex<records::Records>,
    faults: Mutex<faults::Faults>,
    hub: Mutex<hub::Hub>,
    environment: Mutex<Environment>,
    triggers: triggers::Triggers,
    server_id: String,
    installed_at: i64,
    /// Where bundles are unpacked.
    plugin_root: PathBuf,
    node_count: usize,
    protocol: Protocol,
    changes: watch::Sender<u64>,
}

/// On whose behalf, and on which node of the cluster, something is done.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Node of the cluster, from 0.
    pub node: usize,
    /// What plugins are told about the request.
    pub context: Context,
    /// The session of the client, if there is one.
    pub session: Option<Session>,
}

impl Caller {
    /// Nobody in particular: what a plugin's API calls run as.
    #[must_use]
    pub fn system(node: usize) -> Self {
        Self {
            node,
            context: Context {
                request_id: new_id(),
                ..Context::default()
            },
            session: None,
        }
    }

    /// The user of the session, empty without one.
    #[must_use]
    pub fn user_id(&self) -> String {
        self.session
            .as_ref()
            .map(|session| session.user_id.clone())
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("server_id", &self.server_id)
            .finish_non_exhaustive()
    }
}

impl Server {
    pub(crate) fn new(
        clock: Clock,
        config: ServerConfig,
        plugin_root: PathBuf,
        node_count: usize,
        protocol: Protocol,
    ) -> Arc<Self> {
        let installed_at = clock.now();
        Arc::new(Self {
            clock,
            data: Mutex::default(),
            config: Mutex::new(config),
            records: Mutex::default(),
            faults: Mutex::default(),
            hub: Mutex::default(),
            environment: Mutex::default(),
            triggers: triggers::Triggers::new(),
            server_id: new_id(),
            installed_at,
            plugin_root,
            node_count,
            protocol,
            changes: watch::Sender::new(0),
        })
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    pub(crate) fn server_id(&self) -> &str {
        &self.server_id
    }

    /// How it talks to its plugins.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// How many nodes the cluster has.
    pub(crate) fn node_count(&self) -> usize {
        self.node_count
    }

    /// An empty directory for a bundle.
    pub(crate) fn new_plugin_directory(&self) -> std::io::Result<PathBuf> {
        let directory = self.plugin_root.join(new_id());
        std::fs::create_dir_all(&directory)?;
        Ok(directory)
    }

    pub(crate) fn installed_at(&self) -> i64 {
        self.installed_at
    }

    /// Looks at the state.
    pub fn read<R>(&self, look: impl FnOnce(&Data) -> R) -> R {
        look(&lock(&self.data))
    }

    /// Changes the state. Rules that plugins hooks take part in are not applied.
    pub fn write<R>(&self, change: impl FnOnce(&mut Data) -> R) -> R {
        let result = change(&mut lock(&self.data));
        self.changed();
        result
    }

    /// A copy of the configuration.
    #[must_use]
    pub fn config(&self) -> ServerConfig {
        lock(&self.config).clone()
    }

    pub(crate) fn config_lock(&self) -> MutexGuard<'_, ServerConfig> {
        lock(&self.config)
    }

    /// Looks at what is kept for tests.
    pub fn records<R>(&self, look: impl FnOnce(&records::Records) -> R) -> R {
        look(&lock(&self.records))
    }

    pub(crate) fn record<R>(&self, change: impl FnOnce(&mut records::Records) -> R) -> R {
        let result = change(&mut lock(&self.records));
        self.changed();
        result
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, faults::Faults> {
        lock(&self.faults)
    }

    pub(crate) fn environment(&self) -> MutexGuard<'_, Environment> {
        lock(&self.environment)
    }

    /// Wakes those who wait for a change.
    pub(crate) fn changed(&self) {
        self.changes
            .send_modify(|version| *version = version.wrapping_add(1));
    }

    /// Tells of every change from now on.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Writes to the server's log.
    pub(crate) fn log(
        &self,
        level: LogLevel,
        plugin_id: &str,
        node: usize,
        message: &str,
        fields: Vec<(String, String)>,
    ) {
        let line = records::LogLine {
            time: self.now(),
            level,
            plugin_id: plugin_id.to_owned(),
            node,
            message: message.to_owned(),
            fields,
        };
        self.record(|records| records.logs.push(line));
    }

    /// Notes something that a real server or its clients would not put up with.
    pub(crate) fn violation(&self, plugin_id: &str, text: String) {
        self.log(
            LogLevel::Warn,
            plugin_id,
            0,
            &format!("violation: {text}"),
            Vec::new(),
        );
        self.record(|records| records.violations.push(text));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
