//! Login sessions.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::{TeamMember, json};

/// A login, or a personal access token in use.
///
/// Go: `Session` in `server/public/model/session.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Session {
    /// Identifier, 26 characters.
    pub id: String,
    /// The secret that authenticates a request.
    pub token: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// Milliseconds since 1970; 0 for never.
    pub expires_at: i64,
    /// Milliseconds since 1970.
    pub last_activity_at: i64,
    /// Identifier of the user.
    pub user_id: String,
    /// The mobile device it belongs to.
    pub device_id: String,
    /// System-wide roles, separated by spaces.
    pub roles: String,
    #[go(name = "IsOAuth")]
    pub is_oauth: bool,
    /// Whether the user was told that it ended.
    pub expired_notify: bool,
    /// Free values beside the fields.
    #[serde(deserialize_with = "json::null_as_default")]
    pub props: BTreeMap<String, String>,
    /// The user's team memberships.
    #[serde(deserialize_with = "json::null_as_default")]
    pub team_members: Vec<TeamMember>,
    /// Whether it came over the local socket.
    pub local: bool,
}
