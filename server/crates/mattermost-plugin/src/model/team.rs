//! Teams.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;
use crate::transport::netrpc::gob::Unknown;

/// A team.
///
/// Go: `Team` in `server/public/model/team.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Team {
    /// Identifier, 26 characters.
    pub id: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Name as people read it.
    pub display_name: String,
    /// Name as it stands in URLs.
    pub name: String,
    /// What it is for, as people read it.
    pub description: String,
    /// E-mail address.
    pub email: String,
    /// `O` for open, `I` for invite only.
    pub r#type: String,
    /// Name of the company.
    pub company_name: String,
    /// E-mail domains of people who may join, separated by spaces or commas.
    pub allowed_domains: String,
    /// Part of the invitation link.
    pub invite_id: String,
    /// Whether everybody may join.
    pub allow_open_invite: bool,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "json::is_default")]
    pub last_team_icon_update: i64,
    /// Permission scheme that overrides the system's.
    pub scheme_id: Option<String>,
    /// Whether membership follows groups.
    pub group_constrained: Option<bool>,
    /// Retention policy.
    #[go(name = "PolicyID")]
    pub policy_id: Option<String>,
    /// Whether the team was archived for a plan's limits.
    pub cloud_limits_archived: bool,
    /// Fields of a newer server: see [`Unknown`].
    #[go(unknown)]
    #[serde(skip)]
    pub unknown: Unknown,
}

/// A user in a team.
///
/// Go: `TeamMember` in `server/public/model/team_member.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct TeamMember {
    /// Identifier of the team.
    pub team_id: String,
    /// Identifier of the user.
    pub user_id: String,
    /// Roles in the team, separated by spaces.
    pub roles: String,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Whether the guest role of the scheme applies.
    pub scheme_guest: bool,
    /// Whether the member role of the scheme applies.
    pub scheme_user: bool,
    /// Whether the administrator role of the scheme applies.
    pub scheme_admin: bool,
    /// Roles given beside those of the scheme, separated by spaces.
    pub explicit_roles: String,
    /// When the user joined, in milliseconds since 1970.
    #[serde(skip)]
    pub create_at: i64,
}

/// How many users a team has.
///
/// Go: `TeamStats` in `server/public/model/team_stats.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct TeamStats {
    /// Identifier of the team.
    pub team_id: String,
    /// Members, deactivated ones included.
    pub total_member_count: i64,
    /// Members whose account is not deactivated.
    pub active_member_count: i64,
}
