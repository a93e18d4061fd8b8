//! Users and how to list them.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;
use crate::transport::netrpc::gob::Unknown;

/// A user or a bot account.
///
/// Go: `User` in `server/public/model/user.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct User {
    /// Identifier, 26 characters.
    pub id: String,
    /// When it was created, in milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    pub username: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub password: String,
    /// Id at the external login service.
    #[serde(skip_serializing_if = "json::is_default")]
    pub auth_data: Option<String>,
    /// External login service; empty for e-mail and password.
    pub auth_service: String,
    pub email: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub email_verified: bool,
    pub nickname: String,
    pub first_name: String,
    pub last_name: String,
    pub position: String,
    /// System-wide roles, separated by spaces.
    pub roles: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub allow_marketing: bool,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub props: BTreeMap<String, String>,
    /// Notification settings.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub notify_props: BTreeMap<String, String>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub last_password_update: i64,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub last_picture_update: i64,
    #[serde(skip_serializing_if = "json::is_default")]
    pub failed_attempts: i64,
    pub locale: String,
    /// `automaticTimezone`, `manualTimezone`, `useAutomaticTimezone`.
    #[serde(deserialize_with = "json::null_as_default")]
    pub timezone: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub mfa_active: bool,
    #[serde(skip_serializing_if = "json::is_default")]
    pub mfa_secret: String,
    /// Id of the remote cluster that the user comes from.
    #[serde(skip_serializing_if = "json::is_default")]
    pub remote_id: Option<String>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub last_activity_at: i64,
    #[serde(skip_serializing_if = "json::is_default")]
    pub is_bot: bool,
    #[serde(skip_serializing_if = "json::is_default")]
    pub bot_description: String,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub bot_last_icon_update: i64,
    #[serde(skip_serializing_if = "json::is_default")]
    pub terms_of_service_id: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub terms_of_service_create_at: i64,
    pub disable_welcome_email: bool,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub last_login: i64,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub mfa_used_timestamps: Vec<String>,
    /// Fields of a newer server: see [`Unknown`].
    #[go(unknown)]
    #[serde(skip)]
    pub unknown: Unknown,
}

/// Which users to list, and which page of them.
///
/// Go: `UserGetOptions` in `server/public/model/user_get.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct UserGetOptions {
    pub in_team_id: String,
    pub not_in_team_id: String,
    pub in_channel_id: String,
    pub not_in_channel_id: String,
    pub in_group_id: String,
    pub not_in_group_id: String,
    pub group_constrained: bool,
    pub without_team: bool,
    pub inactive: bool,
    pub active: bool,
    /// A system-wide role that users must have.
    pub role: String,
    /// System-wide roles of which users must have one.
    #[serde(deserialize_with = "json::null_as_default")]
    pub roles: Vec<String>,
    /// Needs `in_channel_id`.
    #[serde(deserialize_with = "json::null_as_default")]
    pub channel_roles: Vec<String>,
    /// Needs `in_team_id`.
    #[serde(deserialize_with = "json::null_as_default")]
    pub team_roles: Vec<String>,
    /// `""` by username, `last_activity_at`, `create_at`, `status`, `admin`, …
    pub sort: String,
    pub view_restrictions: Option<ViewUsersRestrictions>,
    /// Counted from 0.
    pub page: i64,
    pub per_page: i64,
    /// Milliseconds since 1970.
    pub updated_after: i64,
}

/// Teams and channels that a list of users is limited to.
///
/// Go: `ViewUsersRestrictions` in `server/public/model/user.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct ViewUsersRestrictions {
    #[serde(deserialize_with = "json::null_as_default")]
    pub teams: Vec<String>,
    #[serde(deserialize_with = "json::null_as_default")]
    pub channels: Vec<String>,
}

impl User {
    /// Whether the account is deactivated.
    #[must_use]
    pub fn is_deactivated(&self) -> bool {
        self.delete_at != 0
    }

    /// Whether one of the user's system-wide roles is `role`, such as `system_admin`.
    #[must_use]
    pub fn is_in_role(&self, role: &str) -> bool {
        self.roles.split_whitespace().any(|own| own == role)
    }
}
