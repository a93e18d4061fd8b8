//! Online statuses.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// Whether a user is online.
///
/// Go: `Status` in `server/public/model/status.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Status {
    /// Identifier of the user.
    pub user_id: String,
    /// `online`, `away`, `dnd` or `offline`.
    pub status: String,
    /// Set by the user, not by activity.
    pub manual: bool,
    /// Milliseconds since 1970.
    pub last_activity_at: i64,
    /// Identifier of the channel the user looks at.
    #[serde(skip_serializing_if = "json::is_default")]
    pub active_channel: String,
    /// When do-not-disturb ends, in **seconds** since 1970.
    #[go(name = "DNDEndTime")]
    pub dnd_end_time: i64,
    /// The status before do-not-disturb.
    #[serde(skip)]
    pub prev_status: String,
}
