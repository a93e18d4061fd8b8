//! The server's configuration.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::transport::netrpc::gob::shape::Shape;

/// The server's whole configuration, with the field names of Go's `model.Config` (which are those
/// of `config.json`): `ServiceSettings`, `SiteURL`, …
///
/// It is JSON and no struct, so that a configuration of any server version keeps all of its
/// settings when it is saved again. Change and save the one that the server gave: it remembers
/// which Go types the settings have. Settings that Go sends as bytes (`AdvancedLoggingJSON`) are in
/// base64.
///
/// `Debug` shows none of it, as it has secrets.
#[derive(Clone, Default)]
pub struct Config {
    value: Value,
    shape: Option<Arc<Shape>>,
}

impl Config {
    /// A configuration that no server gave. The types of the settings are guessed.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { value, shape: None }
    }

    /// A configuration and the types that it came with.
    pub(crate) fn with_shape(value: Value, shape: Arc<Shape>) -> Self {
        Self {
            value,
            shape: Some(shape),
        }
    }

    /// The types of the settings.
    pub(crate) fn shape(&self) -> Cow<'_, Shape> {
        match &self.shape {
            Some(shape) => Cow::Borrowed(shape),
            None => Cow::Owned(Shape::infer(&self.value)),
        }
    }

    /// All settings.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// All settings, to change. A setting that the server does not know, or of another type, is
    /// refused when the configuration is saved; a removed one gets the server's default.
    pub fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// All settings, to keep.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The setting at a JSON pointer such as `/ServiceSettings/SiteURL` (RFC 6901).
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    /// The setting as text; empty when it is missing or no text.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        self.get(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The setting as a switch; off when it is missing or no switch.
    #[must_use]
    pub fn flag(&self, pointer: &str) -> bool {
        self.get(pointer)
            .and_then(Value::as_bool)
            .unwrap_or_default()
    }

    /// The setting as a whole number; 0 when it is missing or none.
    #[must_use]
    pub fn integer(&self, pointer: &str) -> i64 {
        self.get(pointer)
            .and_then(Value::as_i64)
            .unwrap_or_default()
    }

    /// Changes the setting at a JSON pointer, making the objects around it where they are missing.
    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        let mut place = &mut self.value;
        for token in pointer.split('/').skip(1) {
            let key = token.replace("~1", "/").replace("~0", "~");
            place = match (place.is_array(), key.parse::<usize>()) {
                (true, Ok(index)) if place.get(index).is_some() => &mut place[index],
                _ => {
                    if !place.is_object() {
                        *place = Value::Object(Map::new());
                    }
                    &mut place[key]
                }
            };
        }
        *place = value.into();
    }

    /// Address of the server as its users see it, without a slash at the end; empty when not set.
    #[must_use]
    pub fn site_url(&self) -> &str {
        self.text("/ServiceSettings/SiteURL").trim_end_matches('/')
    }

    /// The settings of a plugin, as saved.
    #[must_use]
    pub fn plugin_settings(&self, plugin_id: &str) -> Option<&Value> {
        self.get("/PluginSettings/Plugins")?.get(plugin_id)
    }
}

impl From<Value> for Config {
    fn from(value: Value) -> Self {
        Self::new(value)
    }
}

impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").finish_non_exhaustive()
    }
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use serde_json::json;

    #[test]
    fn settings_are_read_and_changed_by_pointer() {
        let mut config = Config::new(json!({
            "ServiceSettings": {"SiteURL": "https://chat.example.com/", "EnableCommands": true, "Port": 8065},
            "PluginSettings": {"Plugins": {"com.example": {"key": [1, 2]}}},
        }));
        assert_eq!(config.site_url(), "https://chat.example.com");
        assert!(config.flag("/ServiceSettings/EnableCommands"));
        assert_eq!(config.integer("/ServiceSettings/Port"), 8065);
        assert_eq!(config.integer("/ServiceSettings/SiteURL"), 0);
        assert_eq!(
            config.plugin_settings("com.example"),
            Some(&json!({"key": [1, 2]}))
        );
        assert_eq!(config.plugin_settings("other"), None);

        config.set("/PluginSettings/Plugins/com.example/key/1", 3);
        config.set("/PluginSettings/Plugins/a~1b/deep/er", "x");
        assert_eq!(
            config.get("/PluginSettings/Plugins/com.example/key"),
            Some(&json!([1, 3]))
        );
        assert_eq!(
            config.plugin_settings("a/b"),
            Some(&json!({"deep": {"er": "x"}}))
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let config =
            Config::new(json!({"SqlSettings": {"DataSource": "postgres://user:password@host"}}));
        assert!(!format!("{config:?}").contains("password"));
    }
}
