//! Preferences of users.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// One setting of one user.
///
/// Go: `Preference` in `server/public/model/preference.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Preference {
    /// Identifier of the user.
    pub user_id: String,
    /// What it belongs to.
    pub category: String,
    /// Its name within the category.
    pub name: String,
    /// Its value.
    pub value: String,
}
