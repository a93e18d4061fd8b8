//! Describing and starting a development server.

use std::path::{Path, PathBuf};

use mattermost_plugin::model::{AppError, Manifest, PluginStatus};
use mattermost_plugin::transport::UnknownProtocol;
use mattermost_plugin::{Api, Plugin, Protocol};
use serde_json::Value;
use tempfile::TempDir;

use super::{DevHost, world};
use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::launch::{self, Source, bundle};
use crate::server::{HealthPolicy, Server};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The first users and channels could not be made.
    #[error("the first users and channels could not be made: {0}")]
    World(#[from] AppError),
    /// There is no room on disk for bundles.
    #[error("no directory for plugins: {0}")]
    Directory(#[from] std::io::Error),
    /// The environment asks for a protocol that there is not.
    #[error("HOST_PROTOCOL: {0}")]
    Protocol(#[from] UnknownProtocol),
    /// A bundle or manifest is none.
    #[error("{what}: {problem}")]
    Bundle {
        /// The file.
        what: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A plugin was not activated.
    #[error("plugin {plugin_id} on node {node} was not activated: {problem}")]
    Activation {
        /// Id of the plugin.
        plugin_id: String,
        /// Node of the cluster, from 0.
        node: usize,
        /// What it says.
        problem: String,
    },
}

/// Describes a development server.
///
/// It begins with a team `devhost`, the users `admin`, `alice` and `bob`, and the channels
/// `town-square`, `off-topic` and `builds`.
pub struct Builder {
    config: ServerConfig,
    settings: Vec<(String, Value)>,
    plugins: Vec<Added>,
    nodes: usize,
    clock: Option<i64>,
    health: HealthPolicy,
    manifest: Option<Manifest>,
    accept_failed_activation: bool,
    protocol: Option<Protocol>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            config: ServerConfig::default(),
            settings: Vec::new(),
            plugins: Vec::new(),
            nodes: 1,
            clock: None,
            health: HealthPolicy::default(),
            manifest: None,
            accept_failed_activation: false,
            protocol: None,
        }
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("nodes", &self.nodes)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Sets a setting of the server, such as `FileSettings.MaxFileSize`.
    #[must_use]
    pub fn config(mut self, path: &str, value: impl Into<Value>) -> Self {
        self.config.set(path, value.into());
        self
    }

    /// Sets a setting of the first plugin, with the key as in `plugin.json`.
    #[must_use]
    pub fn setting(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.settings.push((key.to_owned(), value.into()));
        self
    }

    /// How many nodes the cluster has, each with an instance of every plugin; one by default.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes.max(1);
        self
    }

    /// When the server's clock starts, in milliseconds after 1970-01-01 UTC; now by default.
    #[must_use]
    pub fn clock_starting_at(mut self, milliseconds: i64) -> Self {
        self.clock = Some(milliseconds);
        self
    }

    /// How the server talks to its plugins; as the environment variable `HOST_PROTOCOL` says by
    /// default (`netrpc` or `grpc`), and as released servers do when that is not set.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// When plugins are checked and given up.
    #[must_use]
    pub fn health(mut self, policy: HealthPolicy) -> Self {
        self.health = policy;
        self
    }

    /// The manifest of the plugin that is added next; without one it is called
    /// `com.example.plugin`.
    #[must_use]
    pub fn manifest(mut self, manifest: Manifest) -> Self {
        self.manifest = Some(manifest);
        self
    }

    /// The manifest of the plugin that is added next, from its JSON.
    ///
    /// # Panics
    /// When the text is no manifest.
    #[must_use]
    #[track_caller]
    pub fn manifest_json(self, json: &str) -> Self {
        let manifest = serde_json::from_str(json)
            .unwrap_or_else(|error| panic!("the manifest is none: {error}"));
        self.manifest(manifest)
    }

    /// Adds a plugin that runs inside of this process: over the same wire, without a process of its
    /// own. `make` is called for each node and each restart.
    #[must_use]
    pub fn plugin_in_process<P: Plugin>(
        mut self,
        make: impl Fn(Api) -> P + Send + Sync + 'static,
    ) -> Self {
        let manifest = self.manifest.take().unwrap_or_else(|| Manifest {
            id: "com.example.plugin".to_owned(),
            name: "Example".to_owned(),
            version: "0.1.0".to_owned(),
            ..Manifest::default()
        });
        self.plugins
            .push(Added::Ready(Box::new(manifest), Source::in_process(make)));
        self
    }

    /// Adds a plugin from a bundle (`.tar.gz`), which is unpacked and started as the server does it.
    #[must_use]
    pub fn plugin_bundle(mut self, path: impl AsRef<Path>) -> Self {
        self.plugins.push(Added::Bundle(path.as_ref().to_owned()));
        self
    }

    /// Adds a plugin from its executable.
    #[must_use]
    pub fn plugin_executable(mut self, path: impl Into<PathBuf>, manifest: Manifest) -> Self {
        self.plugins.push(Added::Ready(
            Box::new(manifest),
            Source::Executable(path.into()),
        ));
        self
    }

    /// Starts even if a plugin is not activated; its state says why.
    #[must_use]
    pub fn accept_failed_activation(mut self) -> Self {
        self.accept_failed_activation = true;
        self
    }

    /// Starts the server and activates its plugins.
    ///
    /// # Errors
    /// When a bundle is none, a plugin is not activated, or the environment makes no sense.
    pub async fn start(mut self) -> Result<DevHost, StartError> {
        let protocol = match self.protocol {
            Some(protocol) => protocol,
            None => protocol_of_environment()?,
        };
        let clock = self.clock.map_or_else(Clock::system, Clock::starting_at);
        let directory = TempDir::with_prefix("devhost-")?;
        let mut prepared = Vec::new();
        for (index, added) in std::mem::take(&mut self.plugins).into_iter().enumerate() {
            prepared.push(prepare(&directory.path().join(index.to_string()), added)?);
        }
        if let Some(first) = prepared.first() {
            let mut settings = self.config.plugin(&first.manifest.id);
            settings.extend(std::mem::take(&mut self.settings));
            self.config.set_plugin(&first.manifest.id, settings);
        }
        for plugin in &prepared {
            self.config.set_enabled(&plugin.manifest.id, true);
        }
        let server = Server::new(
            clock,
            self.config.clone(),
            directory.path().to_owned(),
            self.nodes,
            protocol,
        );
        world::populate(&server).await?;
        let ids: Vec<String> = prepared
            .iter()
            .map(|plugin| plugin.manifest.id.clone())
            .collect();
        for plugin in prepared {
            launch::install(&server, plugin, self.nodes);
        }
        server.synchronize_plugins().await;
        let health_check = tokio::spawn(server.clone().watch_health(self.health));
        let host = DevHost {
            server,
            health: self.health,
            health_check,
            _directory: Some(directory),
        };
        if !self.accept_failed_activation {
            host.check_activation(&ids)?;
        }
        Ok(host)
    }
}

/// What `HOST_PROTOCOL` says: so a whole suite of tests runs over another protocol.
fn protocol_of_environment() -> Result<Protocol, UnknownProtocol> {
    match std::env::var("HOST_PROTOCOL") {
        Ok(name) if !name.is_empty() => name.parse(),
        _ => Ok(Protocol::default()),
    }
}

/// A plugin as it was added.
enum Added {
    Bundle(PathBuf),
    Ready(Box<Manifest>, Source),
}

fn prepare(target: &Path, added: Added) -> Result<launch::Prepared, StartError> {
    let wrong = |what: String| move |problem: String| StartError::Bundle { what, problem };
    match added {
        Added::Bundle(path) => {
            std::fs::create_dir_all(target)?;
            let what = path.display().to_string();
            let bundle = launch::unpack_file(&path, target).map_err(wrong(what.clone()))?;
            let executable = bundle::executable(&bundle).map_err(wrong(what))?;
            let source = Source::Executable(executable);
            Ok(launch::Prepared {
                manifest: bundle.manifest,
                directory: Some(bundle.directory),
                source,
            })
        }
        Added::Ready(manifest, source) => {
            bundle::check(&manifest).map_err(wrong(format!("manifest of {:?}", manifest.id)))?;
            Ok(launch::Prepared {
                manifest: *manifest,
                directory: None,
                source,
            })
        }
    }
}

impl DevHost {
    fn check_activation(&self, plugin_ids: &[String]) -> Result<(), StartError> {
        for plugin_id in plugin_ids {
            for node in self.server.nodes_of(plugin_id) {
                let status = self.server.plugin_status(plugin_id, node)?;
                if status.state != PluginStatus::RUNNING {
                    return Err(StartError::Activation {
                        plugin_id: plugin_id.clone(),
                        node,
                        problem: status.error,
                    });
                }
            }
        }
        Ok(())
    }
}
