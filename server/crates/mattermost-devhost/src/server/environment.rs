//! The plugins of a server and their instances on each node (`public/plugin/environment.go`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use mattermost_plugin::model::{AppError, Manifest, PluginStatus};
use mattermost_plugin::{Hooks, Host, LogLevel};
use serde_json::Map;

use super::{Caller, Server};
use crate::api::PluginHost;
use crate::errors::app_error;

/// Starts an instance of a plugin.
pub(crate) trait Launch: Send + Sync + 'static {
    /// Starts one that calls `host`; its hooks answer when this returns.
    fn launch(&self, host: Arc<dyn Host>) -> BoxFuture<'_, Result<Launched, String>>;
}

/// A plugin that runs.
pub(crate) struct Launched {
    pub(crate) hooks: Arc<dyn Hooks>,
    pub(crate) control: Arc<dyn Control>,
}

/// The handle of whatever an instance runs in.
pub(crate) trait Control: Send + Sync + 'static {
    /// Whether it answers.
    fn ping(&self) -> BoxFuture<'_, bool>;
    /// Asks it to end, and ends it if it does not; nothing of it is left after that.
    fn stop(&self) -> BoxFuture<'_, ()>;
    /// Ends it at once, as `kill -9` does.
    fn kill(&self) -> BoxFuture<'_, ()>;
    /// Cuts the connection to it.
    fn cut(&self);
    /// Lets nothing through the connection, or something again.
    fn stall(&self, stalled: bool);
    /// Its process, when it has one of its own.
    fn process_id(&self) -> Option<u32>;
}

/// A plugin that runs on a node.
pub(crate) struct Instance {
    pub(crate) hooks: Arc<dyn Hooks>,
    pub(crate) control: Arc<dyn Control>,
    implemented: BTreeSet<String>,
}

/// What a node knows of a plugin.
#[derive(Default)]
pub(crate) struct OnNode {
    pub(crate) state: i64,
    pub(crate) error: String,
    pub(crate) instance: Option<Arc<Instance>>,
    /// When it failed, in milliseconds.
    pub(crate) failures: Vec<i64>,
}

/// An installed plugin.
pub(crate) struct Installed {
    pub(crate) manifest: Manifest,
    /// Where its bundle is unpacked.
    pub(crate) directory: Option<PathBuf>,
    pub(crate) launch: Arc<dyn Launch>,
    pub(crate) nodes: BTreeMap<usize, OnNode>,
}

/// All installed plugins, in the order of installation.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) installed: Vec<Installed>,
}

impl Environment {
    pub(crate) fn find(&self, plugin_id: &str) -> Option<&Installed> {
        self.installed.iter().find(|plugin| plugin.manifest.id == plugin_id)
    }

    pub(crate) fn find_mut(&mut self, plugin_id: &str) -> Option<&mut Installed> {
        self.installed.iter_mut().find(|plugin| plugin.manifest.id == plugin_id)
    }

    fn on_node(&mut self, plugin_id: &str, node: usize) -> Option<&mut OnNode> {
        self.find_mut(plugin_id).map(|plugin| plugin.nodes.entry(node).or_default())
    }
}

impl Server {
    /// Installs a plugin on `nodes` nodes without activating it.
    pub(crate) fn install(&self, manifest: Manifest, directory: Option<PathBuf>, launch: Arc<dyn Launch>, nodes: usize) {
        let nodes = (0..nodes).map(|node| (node, OnNode::default())).collect();
        let mut environment = self.environment();
        environment.installed.retain(|known| known.manifest.id != manifest.id);
        environment.installed.push(Installed { manifest, directory, launch, nodes });
        drop(environment);
        self.changed();
    }

    /// The running instance of a plugin on a node, when it is active.
    pub(crate) fn instance(&self, plugin_id: &str, node: usize) -> Option<Arc<Instance>> {
        let environment = self.environment();
        let on_node = environment.find(plugin_id)?.nodes.get(&node)?;
        if on_node.state == PluginStatus::RUNNING { on_node.instance.clone() } else { None }
    }

    /// Hooks of all plugins that are active on a node and implement `hook`.
    pub(crate) fn implementing(&self, hook: &str, node: usize) -> Vec<(String, Arc<dyn Hooks>)> {
        let environment = self.environment();
        environment
            .installed
            .iter()
            .filter_map(|plugin| {
                let on_node = plugin.nodes.get(&node)?;
                let instance = on_node.instance.as_ref().filter(|_| on_node.state == PluginStatus::RUNNING)?;
                instance
                    .implemented
                    .contains(hook)
                    .then(|| (plugin.manifest.id.clone(), instance.hooks.clone()))
            })
            .collect()
    }

    /// The nodes that a plugin is installed on.
    pub(crate) fn nodes_of(&self, plugin_id: &str) -> Vec<usize> {
        self.environment().find(plugin_id).map(|plugin| plugin.nodes.keys().copied().collect()).unwrap_or_default()
    }

    /// Starts an instance and activates it. An active one stays as it is.
    ///
    /// # Errors
    /// Why it does not run. The state of the plugin says it too.
    pub(crate) async fn activate(self: &Arc<Self>, plugin_id: &str, node: usize) -> Result<(), String> {
        {
            let mut environment = self.environment();
            let on_node = environment.on_node(plugin_id, node).ok_or_else(|| format!("plugin not found: {plugin_id}"))?;
            // A configuration saved while a plugin is being activated must not start it again.
            if on_node.state == PluginStatus::RUNNING || on_node.state == PluginStatus::STARTING {
                return Ok(());
            }
            on_node.state = PluginStatus::STARTING;
        }
        let result = self.start(plugin_id, node).await;
        if let Some(on_node) = self.environment().on_node(plugin_id, node) {
            match &result {
                Ok(instance) => {
                    on_node.state = PluginStatus::RUNNING;
                    on_node.error = String::new();
                    on_node.instance = Some(instance.clone());
                }
                Err(error) => {
                    on_node.state = PluginStatus::FAILED_TO_START;
                    on_node.error.clone_from(error);
                    on_node.instance = None;
                }
            }
        }
        if let Err(error) = &result {
            let fields = vec![("error".to_owned(), error.clone())];
            self.log(LogLevel::Error, plugin_id, node, "Unable to activate plugin", fields);
        }
        self.changed();
        result.map(|_| ())
    }

    async fn start(self: &Arc<Self>, plugin_id: &str, node: usize) -> Result<Arc<Instance>, String> {
        let (manifest, directory, launch) = {
            let environment = self.environment();
            let plugin = environment.find(plugin_id).ok_or_else(|| format!("plugin not found: {plugin_id}"))?;
            (plugin.manifest.clone(), plugin.directory.clone(), plugin.launch.clone())
        };
        let host = Arc::new(PluginHost::new(self.clone(), manifest, directory, node));
        let launched = launch.launch(host).await?;
        let activation = async {
            let implemented = launched.hooks.implemented().await.map_err(|failure| failure.to_string())?;
            launched
                .hooks
                .on_activate()
                .await
                .map_err(|failure| failure.to_string())?
                .map_err(|error| error.to_string())?;
            Ok(implemented)
        };
        match activation.await {
            Ok(implemented) => Ok(Arc::new(Instance {
                hooks: launched.hooks,
                control: launched.control,
                implemented: implemented.into_iter().collect(),
            })),
            Err(error) => {
                launched.control.stop().await;
                Err(error)
            }
        }
    }

    /// Deactivates an instance and ends it; answers whether it was active.
    pub(crate) async fn deactivate(self: &Arc<Self>, plugin_id: &str, node: usize) -> bool {
        let active = self.instance(plugin_id, node);
        let instance = {
            let mut environment = self.environment();
            let Some(on_node) = environment.on_node(plugin_id, node) else {
                return false;
            };
            on_node.state = PluginStatus::NOT_RUNNING;
            on_node.instance.take()
        };
        self.changed();
        let Some(instance) = instance else {
            return false;
        };
        if active.is_some()
            && instance.implemented.contains("OnDeactivate")
            && let Ok(Err(error)) = instance.hooks.on_deactivate().await
        {
            let fields = vec![("error".to_owned(), error.to_string())];
            self.log(LogLevel::Error, plugin_id, node, "Plugin OnDeactivate() error", fields);
        }
        instance.control.stop().await;
        if self.nodes_of(plugin_id).iter().all(|other| self.instance(plugin_id, *other).is_none()) {
            self.write(|data| data.commands.unregister_plugin(plugin_id));
        }
        active.is_some()
    }

    /// Activates what is switched on and deactivates what is switched off
    /// (`syncPluginsActiveState`).
    pub(crate) async fn synchronize_plugins(self: &Arc<Self>) {
        let config = self.config();
        let plugins: Vec<(String, Vec<usize>)> = {
            let environment = self.environment();
            environment
                .installed
                .iter()
                .map(|plugin| (plugin.manifest.id.clone(), plugin.nodes.keys().copied().collect()))
                .collect()
        };
        for (plugin_id, nodes) in plugins {
            for node in nodes {
                if config.is_enabled(&plugin_id) {
                    // The reason is in the log and in the plugin's state.
                    let _ = self.activate(&plugin_id, node).await;
                } else if self.instance(&plugin_id, node).is_some() {
                    self.deactivate(&plugin_id, node).await;
                }
            }
        }
    }

    /// The manifests of all installed plugins.
    pub(crate) fn manifests(&self) -> Vec<Manifest> {
        self.environment().installed.iter().map(|plugin| plugin.manifest.clone()).collect()
    }

    /// The state of a plugin on a node.
    ///
    /// # Errors
    /// When it is not installed.
    pub(crate) fn plugin_status(&self, plugin_id: &str, node: usize) -> Result<PluginStatus, AppError> {
        let environment = self.environment();
        let plugin = environment.find(plugin_id).ok_or_else(|| not_installed("GetPluginStatus"))?;
        let on_node = plugin.nodes.get(&node);
        Ok(PluginStatus {
            plugin_id: plugin_id.to_owned(),
            cluster_id: node.to_string(),
            plugin_path: plugin.directory.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
            state: on_node.map_or(PluginStatus::NOT_RUNNING, |on_node| on_node.state),
            error: on_node.map(|on_node| on_node.error.clone()).unwrap_or_default(),
            name: plugin.manifest.name.clone(),
            description: plugin.manifest.description.clone(),
            version: plugin.manifest.version.clone(),
        })
    }

    /// Takes a plugin off the server.
    ///
    /// # Errors
    /// When it is not installed.
    pub(crate) async fn remove_plugin(self: &Arc<Self>, plugin_id: &str) -> Result<(), AppError> {
        if self.environment().find(plugin_id).is_none() {
            return Err(not_installed("removePlugin"));
        }
        for node in self.nodes_of(plugin_id) {
            self.deactivate(plugin_id, node).await;
        }
        self.environment().installed.retain(|plugin| plugin.manifest.id != plugin_id);
        Ok(())
    }

    /// Lets go of all instances without asking them to end; their handles end them when dropped.
    pub(crate) fn abandon(&self) {
        for plugin in &mut self.environment().installed {
            plugin.nodes.clear();
        }
    }

    /// Ends everything.
    pub(crate) async fn shut_down(self: &Arc<Self>) {
        let plugins: Vec<String> = self.manifests().into_iter().map(|manifest| manifest.id).collect();
        for plugin_id in plugins {
            for node in self.nodes_of(&plugin_id) {
                self.deactivate(&plugin_id, node).await;
            }
        }
    }

    /// Sends an event to the other instances of a plugin, or to one of them
    /// (`PublishPluginClusterEvent`).
    ///
    /// # Errors
    /// When there is no node of that name.
    pub(crate) fn send_cluster_event(
        self: &Arc<Self>,
        plugin_id: &str,
        from: usize,
        event: mattermost_plugin::model::ClusterEvent,
        target: &str,
    ) -> Result<(), String> {
        let nodes = self.nodes_of(plugin_id);
        if !target.is_empty() && !nodes.iter().any(|node| node.to_string() == target) {
            return Err(format!("failed to send message to cluster node {target:?}: no such node"));
        }
        for node in nodes {
            let wanted = if target.is_empty() { node != from } else { node.to_string() == target };
            if !wanted {
                continue;
            }
            for (id, hooks) in self.implementing("OnPluginClusterEvent", node) {
                if id == plugin_id {
                    let event = event.clone();
                    let context = Caller::system(node).context;
                    tokio::spawn(async move { hooks.on_plugin_cluster_event(context, event).await });
                }
            }
        }
        Ok(())
    }

    /// Settings of a plugin that is switched on or off by name.
    ///
    /// # Errors
    /// When it is not installed.
    pub(crate) async fn set_plugin_enabled(self: &Arc<Self>, plugin_id: &str, enabled: bool, node: usize) -> Result<(), AppError> {
        let plugin_id = plugin_id.to_lowercase();
        if self.environment().find(&plugin_id).is_none() {
            return Err(not_installed(if enabled { "EnablePlugin" } else { "DisablePlugin" }));
        }
        if !enabled {
            self.write(|data| data.commands.unregister_plugin(&plugin_id));
        }
        let mut config = self.config();
        config.set_enabled(&plugin_id, enabled);
        self.save_config(config.value().clone(), node).await
    }

    /// Settings of all plugins, by id.
    #[must_use]
    pub fn plugin_settings(&self) -> Map<String, serde_json::Value> {
        self.config().get("PluginSettings.Plugins").and_then(serde_json::Value::as_object).cloned().unwrap_or_default()
    }
}

pub(crate) fn not_installed(place: &str) -> AppError {
    app_error(place, "app.plugin.not_installed.app_error", "Plugin is not installed.", 404)
}
