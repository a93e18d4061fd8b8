//! The health check of plugins and what follows when one fails (`public/plugin/health_check.go`).

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::LogLevel;
use mattermost_plugin::model::PluginStatus;

use super::Server;

/// Pings in a row that must fail.
const PING_FAILURES: usize = 3;

/// When a plugin is checked and when it is given up.
#[derive(Debug, Clone, Copy)]
pub struct HealthPolicy {
    /// Time between two checks; the server's is 30 seconds.
    pub interval: Duration,
    /// The failure that stops the plugin for good; the server's is the third.
    pub failures: usize,
    /// The time within which failures are counted; the server's is 60 minutes.
    pub window: Duration,
}

impl Default for HealthPolicy {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(30),
            failures: 3,
            window: Duration::from_secs(3_600),
        }
    }
}

impl Server {
    /// Checks all plugins again and again.
    pub(crate) async fn watch_health(self: Arc<Self>, policy: HealthPolicy) {
        loop {
            tokio::time::sleep(policy.interval).await;
            if self.config().is_on("PluginSettings.EnableHealthCheck") {
                self.check_health(policy).await;
            }
        }
    }

    /// Checks all plugins once.
    pub(crate) async fn check_health(self: &Arc<Self>, policy: HealthPolicy) {
        for manifest in self.manifests() {
            for node in self.nodes_of(&manifest.id) {
                if self.instance(&manifest.id, node).is_some()
                    && !self.is_healthy(&manifest.id, node).await
                {
                    self.handle_failure(&manifest.id, node, policy).await;
                }
            }
        }
    }

    /// Whether a plugin answers. One that does not run is no problem of this check.
    pub(crate) async fn is_healthy(&self, plugin_id: &str, node: usize) -> bool {
        let Some(instance) = self.instance(plugin_id, node) else {
            return true;
        };
        for _ in 0..PING_FAILURES {
            if instance.control.ping().await {
                return true;
            }
        }
        false
    }

    async fn handle_failure(self: &Arc<Self>, plugin_id: &str, node: usize, policy: HealthPolicy) {
        self.log(
            LogLevel::Warn,
            plugin_id,
            node,
            "Health check failed for plugin",
            Vec::new(),
        );
        let now = self.now();
        let window = i64::try_from(policy.window.as_millis()).unwrap_or(i64::MAX);
        let give_up = {
            let mut environment = self.environment();
            let Some(on_node) = environment
                .find_mut(plugin_id)
                .and_then(|plugin| plugin.nodes.get_mut(&node))
            else {
                return;
            };
            on_node.failures.push(now);
            let counted = on_node
                .failures
                .len()
                .checked_sub(policy.failures)
                .and_then(|first| on_node.failures.get(first));
            counted.is_some_and(|first| now - first <= window)
        };
        self.deactivate(plugin_id, node).await;
        if !give_up {
            // The reason of a failure is in the log and in the plugin's state.
            let _ = self.activate(plugin_id, node).await;
            return;
        }
        if let Some(on_node) = self
            .environment()
            .find_mut(plugin_id)
            .and_then(|plugin| plugin.nodes.get_mut(&node))
        {
            on_node.failures.clear();
            on_node.state = PluginStatus::FAILED_TO_STAY_RUNNING;
        }
        self.log(
            LogLevel::Error,
            plugin_id,
            node,
            "Plugin failed to stay running",
            Vec::new(),
        );
    }
}
