//! Settings of plugins: how they reach the plugin, and which of them are hidden.

use mattermost_plugin::model::Manifest;
use serde_json::{Map, Value};

use super::{FAKE_SETTING, SECRETS, ServerConfig};

/// The settings as `LoadPluginConfiguration` delivers them: the defaults of `settings` (not of
/// sections; null where there is none), then what was saved, all keys in lower case
/// (`app/plugin_api.go`).
#[must_use]
pub fn delivered(config: &ServerConfig, manifest: &Manifest) -> Map<String, Value> {
    let mut settings = Map::new();
    for setting in manifest
        .settings_schema
        .iter()
        .flat_map(|schema| &schema.settings)
    {
        settings.insert(setting.key.to_lowercase(), setting.default.clone());
    }
    for (key, value) in config.plugin(&manifest.id) {
        settings.insert(key.to_lowercase(), value);
    }
    settings
}

/// The configuration with its secrets hidden, and without the settings of plugins that are not
/// installed (`Config.Sanitize`). It must not be saved.
#[must_use]
pub fn sanitize(config: &ServerConfig, manifests: &[Manifest]) -> ServerConfig {
    let mut value = config.value().clone();
    for (pointer, even_empty) in SECRETS {
        if let Some(secret) = value.pointer_mut(pointer)
            && (*even_empty || secret.as_str().is_some_and(|text| !text.is_empty()))
        {
            *secret = Value::from(FAKE_SETTING);
        }
    }
    if let Some(plugins) = value
        .pointer_mut("/PluginSettings/Plugins")
        .and_then(Value::as_object_mut)
    {
        plugins.retain(|id, settings| {
            settings.as_object().is_some_and(Map::is_empty)
                || manifests.iter().any(|manifest| manifest.id == *id)
        });
        for (id, settings) in plugins.iter_mut() {
            if let Some(manifest) = manifests.iter().find(|manifest| manifest.id == *id) {
                hide(settings, manifest);
            }
        }
    }
    ServerConfig { value }
}

fn hide(settings: &mut Value, manifest: &Manifest) {
    let Some(settings) = settings.as_object_mut() else {
        return;
    };
    let all = manifest.settings_schema.iter().flat_map(|schema| {
        schema
            .settings
            .iter()
            .chain(schema.sections.iter().flat_map(|section| &section.settings))
    });
    for secret in all.filter(|setting| setting.secret) {
        for (key, value) in settings.iter_mut() {
            if secret.key.eq_ignore_ascii_case(key) {
                *value = Value::from(FAKE_SETTING);
            }
        }
    }
}

/// Puts the present secrets where a saved configuration has the sign for a hidden one
/// (`config/utils.go`).
#[must_use]
pub fn restore_secrets(saved: ServerConfig, present: &ServerConfig) -> ServerConfig {
    let mut value = saved.value;
    for (pointer, _) in SECRETS {
        if let Some(secret) = value.pointer_mut(pointer)
            && secret.as_str() == Some(FAKE_SETTING)
        {
            *secret = present
                .value()
                .pointer(pointer)
                .cloned()
                .unwrap_or_default();
        }
    }
    if let Some(plugins) = value
        .pointer_mut("/PluginSettings/Plugins")
        .and_then(Value::as_object_mut)
    {
        for (id, settings) in plugins.iter_mut() {
            let before = present.plugin(id);
            for (key, setting) in settings.as_object_mut().into_iter().flatten() {
                if setting.as_str() == Some(FAKE_SETTING)
                    && let Some(secret) = before.get(key)
                {
                    *setting = secret.clone();
                }
            }
        }
    }
    ServerConfig { value }
}
