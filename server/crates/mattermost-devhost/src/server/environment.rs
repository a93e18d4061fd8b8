//! The plugins of a server and their instances on each node (`public/plugin/environment.go`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use mattermost_plugin::model::{AppError, Manifest, PluginStatus};
use mattermost_plugin::{Hooks, Host};
use serde_json::Map;

use super::Server;
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
    pub(super) implemented: BTreeSet<String>,
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
        self.installed
            .iter()
            .find(|plugin| plugin.manifest.id == plugin_id)
    }

    pub(crate) fn find_mut(&mut self, plugin_id: &str) -> Option<&mut Installed> {
        self.installed
            .iter_mut()
            .find(|plugin| plugin.manifest.id == plugin_id)
    }

    pub(super) fn on_node(&mut self, plugin_id: &str, node: usize) -> Option<&mut OnNode> {
        self.find_mut(plugin_id)
            .map(|plugin| plugin.nodes.entry(node).or_default())
    }
}

impl Server {
    /// Installs a plugin on `nodes` nodes without activating it.
    pub(crate) fn install(
        &self,
        manifest: Manifest,
        directory: Option<PathBuf>,
        launch: Arc<dyn Launch>,
        nodes: usize,
    ) {
        let nodes = (0..nodes).map(|node| (node, OnNode::default())).collect();
        let mut environment = self.environment();
        environment
            .installed
            .retain(|known| known.manifest.id != manifest.id);
        environment.installed.push(Installed {
            manifest,
            directory,
            launch,
            nodes,
        });
        drop(environment);
        self.changed();
    }

    /// The running instance of a plugin on a node, when it is active.
    pub(crate) fn instance(&self, plugin_id: &str, node: usize) -> Option<Arc<Instance>> {
        let environment = self.environment();
        let on_node = environment.find(plugin_id)?.nodes.get(&node)?;
        if on_node.state == PluginStatus::RUNNING {
            on_node.instance.clone()
        } else {
            None
        }
    }

    /// Hooks of all plugins that are active on a node and implement `hook`.
    pub(crate) fn implementing(&self, hook: &str, node: usize) -> Vec<(String, Arc<dyn Hooks>)> {
        let environment = self.environment();
        environment
            .installed
            .iter()
            .filter_map(|plugin| {
                let on_node = plugin.nodes.get(&node)?;
                let instance = on_node
                    .instance
                    .as_ref()
                    .filter(|_| on_node.state == PluginStatus::RUNNING)?;
                instance
                    .implemented
                    .contains(hook)
                    .then(|| (plugin.manifest.id.clone(), instance.hooks.clone()))
            })
            .collect()
    }

    /// The nodes that a plugin is installed on.
    pub(crate) fn nodes_of(&self, plugin_id: &str) -> Vec<usize> {
        self.environment()
            .find(plugin_id)
            .map(|plugin| plugin.nodes.keys().copied().collect())
            .unwrap_or_default()
    }

    /// The manifests of all installed plugins.
    pub(crate) fn manifests(&self) -> Vec<Manifest> {
        self.environment()
            .installed
            .iter()
            .map(|plugin| plugin.manifest.clone())
            .collect()
    }

    /// The state of a plugin on a node.
    ///
    /// # Errors
    /// When it is not installed.
    pub(crate) fn plugin_status(
        &self,
        plugin_id: &str,
        node: usize,
    ) -> Result<PluginStatus, AppError> {
        let environment = self.environment();
        let plugin = environment
            .find(plugin_id)
            .ok_or_else(|| not_installed("GetPluginStatus"))?;
        let on_node = plugin.nodes.get(&node);
        Ok(PluginStatus {
            plugin_id: plugin_id.to_owned(),
            cluster_id: node.to_string(),
            plugin_path: plugin
                .directory
                .as_ref()
                .map(|path| path.display().to_string())
                .unwrap_or_default(),
            state: on_node.map_or(PluginStatus::NOT_RUNNING, |on_node| on_node.state),
            error: on_node
                .map(|on_node| on_node.error.clone())
                .unwrap_or_default(),
            name: plugin.manifest.name.clone(),
            description: plugin.manifest.description.clone(),
            version: plugin.manifest.version.clone(),
        })
    }

    /// Settings of all plugins, by id.
    #[must_use]
    pub fn plugin_settings(&self) -> Map<String, serde_json::Value> {
        self.config()
            .get("PluginSettings.Plugins")
            .and_then(serde_json::Value::as_object)
            .cloned()
            .unwrap_or_default()
    }
}

pub(crate) fn not_installed(place: &str) -> AppError {
    app_error(
        place,
        "app.plugin.not_installed.app_error",
        "Plugin is not installed.",
        404,
    )
}
