//! A development server that runs: what tests and the playground hold.

mod builder;
mod instances;
mod world;

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::Capability;
use mattermost_plugin::model::Post;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::client::User;
use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::server::faults::Fault;
use crate::server::hub::Event;
use crate::server::records::{LogLine, Mail, OpenDialog};
use crate::server::{HealthPolicy, Server};

pub use builder::{Builder, StartError};

/// How long [`DevHost::wait_for`] waits before it gives up.
pub const WAIT: Duration = Duration::from_secs(10);

/// A Mattermost in memory with its plugins running.
///
/// Dropping it ends in-process plugins and kills plugin processes; [`stop`](DevHost::stop) ends
/// them in order.
pub struct DevHost {
    server: Arc<Server>,
    health: HealthPolicy,
    health_check: JoinHandle<()>,
    /// Holds unpacked bundles.
    _directory: Option<TempDir>,
}

impl std::fmt::Debug for DevHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevHost")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl Drop for DevHost {
    fn drop(&mut self) {
        self.health_check.abort();
        self.server.abandon();
    }
}

impl DevHost {
    /// Begins to describe a server.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The server itself: state, configuration, records.
    #[must_use]
    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }

    /// Whether the wire between this server and its plugins carries something: what a test has to
    /// ask before it expects it.
    #[must_use]
    pub fn supports(&self, capability: Capability) -> bool {
        self.server.protocol().supports(capability)
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.server.clock()
    }

    /// A client of the user with this name, logged in with its first request.
    #[must_use]
    pub fn user(&self, username: &str) -> User {
        User::new(self.server.clone(), username, 0)
    }

    /// Id of the user with this name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn user_id(&self, username: &str) -> String {
        let id = self
            .server
            .read(|data| data.users.by_username(username).map(|user| user.id.clone()));
        id.unwrap_or_else(|| panic!("there is no user {username}"))
    }

    /// Id of the channel with this name in any team.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn channel_id(&self, name: &str) -> String {
        let id = self.server.read(|data| {
            data.channels
                .all()
                .into_iter()
                .find(|channel| channel.name == name)
                .map(|channel| channel.id.clone())
        });
        id.unwrap_or_else(|| panic!("there is no channel {name}"))
    }

    /// A copy of the configuration.
    #[must_use]
    pub fn config(&self) -> ServerConfig {
        self.server.config()
    }

    /// Saves a setting of the server, such as `ServiceSettings.SiteURL`; plugins are told.
    ///
    /// # Panics
    /// When a plugin refuses the configuration.
    pub async fn set_config(&self, path: &str, value: impl Into<Value>) {
        let mut config = self.server.config();
        config.set(path, value.into());
        let saved = self.server.save_config(config.value().clone(), 0).await;
        saved.unwrap_or_else(|error| panic!("the configuration was refused: {error}"));
    }

    /// Saves a setting of the first plugin, as the System Console does; the plugin is told.
    ///
    /// # Panics
    /// When a plugin refuses the configuration.
    pub async fn set_setting(&self, key: &str, value: impl Into<Value>) {
        let plugin_id = self.plugin_id();
        let mut settings = self.server.config().plugin(&plugin_id);
        settings.insert(key.to_owned(), value.into());
        let saved = self
            .server
            .save_plugin_settings(&plugin_id, settings, 0)
            .await;
        saved.unwrap_or_else(|error| panic!("the settings were refused: {error}"));
    }

    /// Lets something happen to the next calls of an API method, by its Go name.
    pub fn fault(&self, method: &str, fault: Fault) {
        self.server.faults().plan(method, fault);
    }

    /// Forgets all planned faults.
    pub fn clear_faults(&self) {
        self.server.faults().clear();
    }

    /// How often an API method was called, by its Go name.
    #[must_use]
    pub fn calls(&self, method: &str) -> u64 {
        self.server
            .records(|records| records.calls.get(method).copied().unwrap_or_default())
    }

    /// The log so far.
    #[must_use]
    pub fn logs(&self) -> Vec<LogLine> {
        self.server.records(|records| records.logs.clone())
    }

    /// Mails so far.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.server.records(|records| records.mails.clone())
    }

    /// Websocket events so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.server.events()
    }

    /// Dialogs that are open.
    #[must_use]
    pub fn dialogs(&self) -> Vec<OpenDialog> {
        self.server.records(|records| records.dialogs.clone())
    }

    /// What plugins did that a real server or its clients would not put up with.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.server.records(|records| records.violations.clone())
    }

    /// Fails if a plugin did what a real server or its clients would not put up with.
    ///
    /// # Panics
    /// When there are violations.
    #[track_caller]
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "violations: {violations:#?}");
    }

    /// Fails if `secret` can be read in logs, posts, events, mails, audit records or stored values.
    ///
    /// # Panics
    /// When it can, saying where.
    #[track_caller]
    pub fn assert_no_secret(&self, secret: &str) {
        let places = self.server.places_of(secret);
        assert!(places.is_empty(), "the secret can be read in {places:#?}");
    }

    /// Waits until `look` finds something, looking again after every change.
    ///
    /// # Panics
    /// When nothing was found within [`WAIT`].
    pub async fn wait_for<T>(&self, what: &str, mut look: impl FnMut(&Server) -> Option<T>) -> T {
        let mut changes = self.server.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&self.server) {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        match tokio::time::timeout(WAIT, found).await {
            Ok(found) => found,
            Err(_) => {
                let logs: Vec<String> = self
                    .logs()
                    .iter()
                    .rev()
                    .take(20)
                    .map(ToString::to_string)
                    .collect();
                let posts: Vec<String> = self
                    .server
                    .read(|data| data.posts.all())
                    .into_iter()
                    .map(|post| post.message)
                    .collect();
                panic!("waited {WAIT:?} for {what}; last log lines: {logs:#?}; posts: {posts:#?}");
            }
        }
    }

    /// Waits for a stored post.
    ///
    /// # Panics
    /// When there is none within [`WAIT`].
    pub async fn wait_for_post(&self, wanted: impl Fn(&Post) -> bool) -> Post {
        self.wait_for("a post", |server| {
            server
                .read(|data| data.posts.all())
                .into_iter()
                .find(|post| wanted(post))
        })
        .await
    }

    /// Checks the health of all plugins now, as the server does every 30 seconds.
    pub async fn check_health(&self) {
        self.server.check_health(self.health).await;
    }

    /// Deactivates all plugins and ends their processes.
    pub async fn stop(self) {
        self.shut_down().await;
    }

    /// The same for a server that others hold too; it answers without plugins from then on.
    pub async fn shut_down(&self) {
        self.health_check.abort();
        self.server.shut_down().await;
    }
}
