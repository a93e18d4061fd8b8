//! Plugins as the server knows them.

use std::collections::BTreeMap;

use bytes::Bytes;
use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::json;

/// The content of `plugin.json`.
///
/// Go: `Manifest` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Manifest {
    /// Identifier, 26 characters.
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub description: String,
    #[go(name = "HomepageURL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub homepage_url: String,
    #[go(name = "SupportURL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub support_url: String,
    #[go(name = "ReleaseNotesURL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub release_notes_url: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub icon_path: String,
    pub version: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub min_server_version: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub server: Option<ManifestServer>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub webapp: Option<ManifestWebapp>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub settings_schema: Option<PluginSettingsSchema>,
    /// Anything, for other plugins.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub props: Map<String, Value>,
}

/// The server half of a plugin.
///
/// Go: `ManifestServer` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct ManifestServer {
    /// Paths in the bundle by `<os>-<architecture>`, such as `linux-amd64`.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub executables: BTreeMap<String, String>,
    /// Path in the bundle, for systems without an entry above.
    pub executable: String,
}

/// The webapp half of a plugin.
///
/// Go: `ManifestWebapp` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct ManifestWebapp {
    pub bundle_path: String,
    /// FNV-1a of the bundle, by the server.
    #[serde(skip)]
    pub bundle_hash: Bytes,
}

/// What the System Console shows.
///
/// Go: `PluginSettingsSchema` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PluginSettingsSchema {
    pub header: String,
    pub footer: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub settings: Vec<PluginSetting>,
    #[serde(deserialize_with = "json::null_as_default")]
    pub sections: Vec<PluginSettingsSection>,
}

/// A group of settings.
///
/// Go: `PluginSettingsSection` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PluginSettingsSection {
    pub key: String,
    pub title: String,
    pub subtitle: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub settings: Vec<PluginSetting>,
    pub header: String,
    pub footer: String,
    pub custom: bool,
    pub fallback: bool,
}

/// A setting.
///
/// Go: `PluginSetting` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PluginSetting {
    pub key: String,
    pub display_name: String,
    /// `bool`, `dropdown`, `generated`, `radio`, `text`, `longtext`, `number`, `username` or `custom`.
    pub r#type: String,
    pub help_text: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub regenerate_help_text: String,
    pub placeholder: String,
    pub default: Value,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub options: Vec<PluginOption>,
    /// `cloud` or `on-prem` hides it on the other kind.
    pub hosting: String,
    /// Hidden in the System Console and in support packets.
    pub secret: bool,
}

/// A choice of a setting.
///
/// Go: `PluginOption` in `server/public/model/manifest.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PluginOption {
    pub display_name: String,
    pub value: String,
}

/// Whether a plugin runs.
///
/// Go: `PluginStatus` in `server/public/model/plugin_status.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PluginStatus {
    pub plugin_id: String,
    pub cluster_id: String,
    pub plugin_path: String,
    /// See the constants.
    pub state: i64,
    pub error: String,
    pub name: String,
    pub description: String,
    pub version: String,
}

impl PluginStatus {
    /// Not enabled.
    pub const NOT_RUNNING: i64 = 0;
    /// Being activated.
    pub const STARTING: i64 = 1;
    /// Active.
    pub const RUNNING: i64 = 2;
    /// Activation failed.
    pub const FAILED_TO_START: i64 = 3;
    /// Crashed too often to be started again.
    pub const FAILED_TO_STAY_RUNNING: i64 = 4;
    /// Being deactivated.
    pub const STOPPING: i64 = 5;
}
