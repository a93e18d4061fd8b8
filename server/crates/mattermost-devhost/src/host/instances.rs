//! Plugins on nodes: ending, cutting, stalling and starting them again.

use std::sync::Arc;

use mattermost_plugin::Host;
use mattermost_plugin::model::PluginStatus;

use super::DevHost;
use crate::api::PluginHost;

impl DevHost {
    /// Id of the first plugin.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn plugin_id(&self) -> String {
        self.server
            .manifests()
            .first()
            .map(|manifest| manifest.id.clone())
            .expect("a plugin is installed")
    }

    /// The API as the first plugin on a node has it, without a wire: to prepare what a test needs.
    ///
    /// # Panics
    /// When there is no plugin.
    #[must_use]
    #[track_caller]
    pub fn plugin_api(&self, node: usize) -> Arc<dyn Host> {
        let manifest = self
            .server
            .manifests()
            .into_iter()
            .next()
            .expect("a plugin is installed");
        Arc::new(PluginHost::new(self.server.clone(), manifest, None, node))
    }

    /// The state of the first plugin on a node; its numbers are in
    /// [`PluginStatus`].
    ///
    /// # Panics
    /// When there is no plugin.
    #[must_use]
    #[track_caller]
    pub fn plugin_status(&self, node: usize) -> PluginStatus {
        self.server
            .plugin_status(&self.plugin_id(), node)
            .expect("the plugin is installed")
    }

    /// Process id of the first plugin on a node, when it runs as a process.
    #[must_use]
    pub fn process_id(&self, node: usize) -> Option<u32> {
        self.server
            .instance(&self.plugin_id(), node)?
            .control
            .process_id()
    }

    /// Ends the first plugin on a node at once, as `kill -9` does. The server does not know it until
    /// it looks.
    pub async fn kill(&self, node: usize) {
        if let Some(instance) = self.server.instance(&self.plugin_id(), node) {
            instance.control.kill().await;
        }
    }

    /// Cuts the connection to the first plugin on a node.
    pub fn cut(&self, node: usize) {
        if let Some(instance) = self.server.instance(&self.plugin_id(), node) {
            instance.control.cut();
        }
    }

    /// Lets nothing through the connection to the first plugin on a node, in either direction, or
    /// (`false`) something again. Most calls of the server wait as long as it lasts, as they do for a
    /// real plugin that hangs.
    pub fn stall(&self, node: usize, stalled: bool) {
        if let Some(instance) = self.server.instance(&self.plugin_id(), node) {
            instance.control.stall(stalled);
        }
    }

    /// Switches the first plugin on or off on all nodes, as an administrator does it.
    ///
    /// # Panics
    /// When a plugin refuses the configuration.
    pub async fn set_enabled(&self, enabled: bool) {
        let changed = self
            .server
            .set_plugin_enabled(&self.plugin_id(), enabled, 0)
            .await;
        changed.unwrap_or_else(|error| panic!("the configuration was refused: {error}"));
    }

    /// Deactivates the first plugin on a node and ends it.
    pub async fn deactivate(&self, node: usize) {
        self.server.deactivate(&self.plugin_id(), node).await;
    }

    /// Activates the first plugin on a node.
    ///
    /// # Errors
    /// What the plugin says.
    pub async fn activate(&self, node: usize) -> Result<(), String> {
        self.server.activate(&self.plugin_id(), node).await
    }

    /// Ends what is left of the first plugin on a node and starts it anew.
    ///
    /// # Errors
    /// What the plugin says.
    pub async fn restart(&self, node: usize) -> Result<(), String> {
        self.deactivate(node).await;
        self.activate(node).await
    }
}
