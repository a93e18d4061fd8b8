//! Installation of the plugin.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// Somebody installed the plugin.
///
/// Go: `OnInstallEvent` in `server/public/model/plugin_on_install_event.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
#[go(name = "OnInstallEvent")]
pub struct InstallEvent {
    /// Who did.
    pub user_id: String,
}
