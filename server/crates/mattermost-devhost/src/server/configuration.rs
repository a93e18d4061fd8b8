//! Saving the configuration, and who is told (`platform/config.go`, `app/plugin.go`).

use std::sync::Arc;

use mattermost_plugin::LogLevel;
use mattermost_plugin::model::{AppError, Config, PluginStatus};
use serde_json::{Map, Value};

use super::Server;
use crate::config::{ServerConfig, delivered, restore_secrets, sanitize};
use crate::errors::{app_error, detailed};

impl Server {
    /// The configuration with secrets hidden.
    #[must_use]
    pub fn sanitized_config(&self) -> ServerConfig {
        sanitize(&self.config(), &self.manifests())
    }

    /// The settings of a plugin as it loads them.
    #[must_use]
    pub fn delivered_settings(&self, plugin_id: &str) -> Map<String, Value> {
        let manifests = self.manifests();
        match manifests.iter().find(|manifest| manifest.id == plugin_id) {
            Some(manifest) => delivered(&self.config(), manifest),
            None => Map::new(),
        }
    }

    /// Saves a configuration. Plugins may replace or refuse it; then every instance of every active
    /// plugin is told, before this returns.
    ///
    /// # Errors
    /// When a plugin refuses it.
    pub async fn save_config(self: &Arc<Self>, value: Value, node: usize) -> Result<(), AppError> {
        let mut value = value;
        for (_, hooks) in self.implementing("ConfigurationWillBeSaved", node) {
            match hooks
                .configuration_will_be_saved(Config::new(value.clone()))
                .await
            {
                Ok(Ok(Some(replacement))) => value = replacement.into_value(),
                Ok(Ok(None)) | Err(_) => {}
                Ok(Err(error)) => {
                    let refusal = app_error(
                        "saveConfig",
                        "app.save_config.plugin_hook_error",
                        "Plugin hook error.",
                        400,
                    );
                    return Err(detailed(refusal, error.to_string()));
                }
            }
        }
        {
            let mut config = self.config_lock();
            let saved = restore_secrets(ServerConfig::from_saved(value), &config);
            *config = saved;
        }
        self.changed();
        Box::pin(self.synchronize_plugins()).await;
        self.tell_configuration_change().await;
        Ok(())
    }

    /// Runs `OnConfigurationChange` of every instance of every active plugin.
    async fn tell_configuration_change(self: &Arc<Self>) {
        let nodes: Vec<(String, usize)> = {
            let environment = self.environment();
            environment
                .installed
                .iter()
                .flat_map(|plugin| {
                    plugin
                        .nodes
                        .iter()
                        .filter(|(_, on_node)| on_node.state == PluginStatus::RUNNING)
                        .map(|(node, _)| (plugin.manifest.id.clone(), *node))
                })
                .collect()
        };
        for (plugin_id, node) in nodes {
            for (id, hooks) in self.implementing("OnConfigurationChange", node) {
                if id != plugin_id {
                    continue;
                }
                if let Ok(Err(error)) = hooks.on_configuration_change().await {
                    let fields = vec![("error".to_owned(), error.to_string())];
                    self.log(
                        LogLevel::Error,
                        &plugin_id,
                        node,
                        "Plugin OnConfigurationChange hook failed",
                        fields,
                    );
                }
            }
        }
    }

    /// Replaces the saved settings of a plugin.
    ///
    /// # Errors
    /// When a plugin refuses the configuration.
    pub async fn save_plugin_settings(
        self: &Arc<Self>,
        plugin_id: &str,
        settings: Map<String, Value>,
        node: usize,
    ) -> Result<(), AppError> {
        let mut config = self.config();
        config.set_plugin(plugin_id, settings);
        self.save_config(config.value().clone(), node).await
    }
}
