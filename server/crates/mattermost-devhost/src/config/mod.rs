//! The server's configuration: a realistic part of Mattermost's, as JSON with Go's field names
//! (`model/config.go`).

mod plugin_settings;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use plugin_settings::{delivered, restore_secrets, sanitize};

/// What stands for a secret that is not shown (`model.FakeSetting`).
pub const FAKE_SETTING: &str = "********************************";

const DEFAULTS: &str = include_str!("defaults.json");

/// Secrets outside of plugins' settings, which are hidden even when empty (`true`) or only when set.
const SECRETS: &[(&str, bool)] = &[
    ("/SqlSettings/DataSource", true),
    ("/SqlSettings/AtRestEncryptKey", true),
    ("/FileSettings/PublicLinkSalt", true),
    ("/ServiceSettings/SplitKey", true),
    ("/FileSettings/AmazonS3SecretAccessKey", false),
    ("/EmailSettings/SMTPPassword", false),
    ("/GitLabSettings/Secret", false),
    ("/ServiceSettings/GoogleDeveloperKey", false),
    ("/ServiceSettings/GiphySdkKey", false),
];

/// A server's configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    value: Value,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self { value: defaults() }
    }
}

fn defaults() -> Value {
    serde_json::from_str(DEFAULTS).unwrap_or_default()
}

impl ServerConfig {
    /// A configuration as somebody saves it: what is absent gets its default again, as the server
    /// does it with settings that are nil (`Config.SetDefaults`).
    #[must_use]
    pub fn from_saved(mut value: Value) -> Self {
        fill(&mut value, &defaults());
        Self { value }
    }

    /// The whole tree.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The setting at a path such as `ServiceSettings.SiteURL`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.value.pointer(&pointer(path))
    }

    /// The text at a path, empty when there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        self.get(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// The number at a path, 0 when there is none.
    #[must_use]
    pub fn number(&self, path: &str) -> i64 {
        self.get(path).and_then(Value::as_i64).unwrap_or_default()
    }

    /// Whether the switch at a path is on.
    #[must_use]
    pub fn is_on(&self, path: &str) -> bool {
        self.get(path).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Sets the value at a path, making the objects on the way.
    pub fn set(&mut self, path: &str, value: Value) {
        let mut here = &mut self.value;
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            if !here.is_object() {
                *here = Value::Object(Map::new());
            }
            if names.peek().is_none() {
                here[name] = value;
                return;
            }
            here = &mut here[name];
        }
    }

    /// The settings of a plugin, with the keys as they were saved.
    #[must_use]
    pub fn plugin(&self, plugin_id: &str) -> Map<String, Value> {
        self.plugins()
            .get(plugin_id)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    }

    /// Replaces the settings of a plugin.
    pub fn set_plugin(&mut self, plugin_id: &str, settings: Map<String, Value>) {
        // Not by path: ids contain dots.
        if let Some(plugins) = self
            .value
            .pointer_mut("/PluginSettings/Plugins")
            .and_then(Value::as_object_mut)
        {
            plugins.insert(plugin_id.to_owned(), Value::Object(settings));
        }
    }

    /// Whether a plugin is switched on.
    #[must_use]
    pub fn is_enabled(&self, plugin_id: &str) -> bool {
        self.is_on("PluginSettings.Enable")
            && self
                .value
                .pointer("/PluginSettings/PluginStates")
                .and_then(|states| states.get(plugin_id))
                .and_then(|state| state.get("Enable"))
                .and_then(Value::as_bool)
                .unwrap_or(false)
    }

    /// Switches a plugin on or off.
    pub fn set_enabled(&mut self, plugin_id: &str, enabled: bool) {
        if let Some(states) = self
            .value
            .pointer_mut("/PluginSettings/PluginStates")
            .and_then(Value::as_object_mut)
        {
            states.insert(
                plugin_id.to_owned(),
                serde_json::json!({ "Enable": enabled }),
            );
        }
    }

    fn plugins(&self) -> Map<String, Value> {
        self.get("PluginSettings.Plugins")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// Puts the defaults where `value` has nothing. Maps with free keys stay as they are.
fn fill(value: &mut Value, defaults: &Value) {
    let Value::Object(defaults) = defaults else {
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    for (name, default) in defaults {
        let present = &mut value[name.as_str()];
        if default.is_object() {
            fill(present, default);
        } else if present.is_null() {
            *present = default.clone();
        }
    }
}
