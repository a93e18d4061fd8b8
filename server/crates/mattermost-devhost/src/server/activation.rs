//! Starting and ending plugins (`public/plugin/environment.go`, `app/plugin.go`).

use std::sync::Arc;

use mattermost_plugin::LogLevel;
use mattermost_plugin::model::{AppError, PluginStatus};

use super::environment::{Instance, not_installed};
use super::{Caller, Server};
use crate::api::PluginHost;

impl Server {
    /// Starts an instance and activates it. An active one stays as it is.
    ///
    /// # Errors
    /// Why it does not run. The state of the plugin says it too.
    pub(crate) async fn activate(
        self: &Arc<Self>,
        plugin_id: &str,
        node: usize,
    ) -> Result<(), String> {
        {
            let mut environment = self.environment();
            let on_node = environment
                .on_node(plugin_id, node)
                .ok_or_else(|| format!("plugin not found: {plugin_id}"))?;
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
        match &result {
            Ok(_) => self.log(
                LogLevel::Info,
                plugin_id,
                node,
                "Plugin activated",
                Vec::new(),
            ),
            Err(error) => {
                let fields = vec![("error".to_owned(), error.clone())];
                self.log(
                    LogLevel::Error,
                    plugin_id,
                    node,
                    "Unable to activate plugin",
                    fields,
                );
            }
        }
        self.changed();
        result.map(|_| ())
    }

    async fn start(
        self: &Arc<Self>,
        plugin_id: &str,
        node: usize,
    ) -> Result<Arc<Instance>, String> {
        let (manifest, directory, launch) = {
            let environment = self.environment();
            let plugin = environment
                .find(plugin_id)
                .ok_or_else(|| format!("plugin not found: {plugin_id}"))?;
            (
                plugin.manifest.clone(),
                plugin.directory.clone(),
                plugin.launch.clone(),
            )
        };
        let host = Arc::new(PluginHost::new(self.clone(), manifest, directory, node));
        let launched = launch.launch(host).await?;
        let activation = async {
            let implemented = launched
                .hooks
                .implemented()
                .await
                .map_err(|failure| failure.to_string())?;
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

    /// Deactivates an instance and ends it; answers whether it was active. Its commands stay, as
    /// they do on the server until the plugin is disabled.
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
            self.log(
                LogLevel::Error,
                plugin_id,
                node,
                "Plugin OnDeactivate() error",
                fields,
            );
        }
        instance.control.stop().await;
        self.log(
            LogLevel::Info,
            plugin_id,
            node,
            "Plugin deactivated",
            Vec::new(),
        );
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
                .map(|plugin| {
                    (
                        plugin.manifest.id.clone(),
                        plugin.nodes.keys().copied().collect(),
                    )
                })
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
        self.environment()
            .installed
            .retain(|plugin| plugin.manifest.id != plugin_id);
        self.write(|data| data.commands.unregister_plugin(plugin_id));
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
        let plugins: Vec<String> = self
            .manifests()
            .into_iter()
            .map(|manifest| manifest.id)
            .collect();
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
            return Err(format!(
                "failed to send message to cluster node {target:?}: no such node"
            ));
        }
        for node in nodes {
            let wanted = if target.is_empty() {
                node != from
            } else {
                node.to_string() == target
            };
            if !wanted {
                continue;
            }
            for (id, hooks) in self.implementing("OnPluginClusterEvent", node) {
                if id == plugin_id {
                    let event = event.clone();
                    let context = Caller::system(node).context;
                    tokio::spawn(
                        async move { hooks.on_plugin_cluster_event(context, event).await },
                    );
                }
            }
        }
        Ok(())
    }

    /// Settings of a plugin that is switched on or off by name.
    ///
    /// # Errors
    /// When it is not installed.
    pub(crate) async fn set_plugin_enabled(
        self: &Arc<Self>,
        plugin_id: &str,
        enabled: bool,
        node: usize,
    ) -> Result<(), AppError> {
        let plugin_id = plugin_id.to_lowercase();
        if self.environment().find(&plugin_id).is_none() {
            return Err(not_installed(if enabled {
                "EnablePlugin"
            } else {
                "DisablePlugin"
            }));
        }
        if !enabled {
            self.write(|data| data.commands.unregister_plugin(&plugin_id));
        }
        let mut config = self.config();
        config.set_enabled(&plugin_id, enabled);
        self.save_config(config.value().clone(), node).await
    }
}
