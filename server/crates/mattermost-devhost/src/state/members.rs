//! Roles of members, as memberships carry them (`model/channel_member.go`, `model/team_member.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, ChannelMember, TeamMember, User};

use crate::errors::app_error;

/// How a new member of a channel is notified (`GetDefaultChannelNotifyProps`).
fn default_notifications() -> BTreeMap<String, String> {
    [
        ("desktop", "default"),
        ("mark_unread", "all"),
        ("push", "default"),
        ("email", "default"),
        ("ignore_channel_mentions", "default"),
        ("channel_auto_follow_threads", "off"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

fn is_guest(user: &User) -> bool {
    user.roles
        .split_whitespace()
        .any(|role| role == "system_guest")
}

/// A new membership in a channel.
#[must_use]
pub fn channel_member(channel_id: &str, user: &User, admin: bool, now: i64) -> ChannelMember {
    let guest = is_guest(user);
    let mut member = ChannelMember {
        channel_id: channel_id.to_owned(),
        user_id: user.id.clone(),
        notify_props: default_notifications(),
        last_update_at: now,
        scheme_guest: guest,
        scheme_user: !guest,
        scheme_admin: admin,
        ..ChannelMember::default()
    };
    member.roles = scheme_roles("channel", guest, admin);
    member
}

/// A new membership in a team.
#[must_use]
pub fn team_member(team_id: &str, user: &User, admin: bool, now: i64) -> TeamMember {
    let guest = is_guest(user);
    TeamMember {
        team_id: team_id.to_owned(),
        user_id: user.id.clone(),
        roles: scheme_roles("team", guest, admin),
        create_at: now,
        scheme_guest: guest,
        scheme_user: !guest,
        scheme_admin: admin,
        ..TeamMember::default()
    }
}

fn scheme_roles(scope: &str, guest: bool, admin: bool) -> String {
    let mut roles = vec![format!("{scope}_{}", if guest { "guest" } else { "user" })];
    if admin {
        roles.push(format!("{scope}_admin"));
    }
    roles.join(" ")
}

/// What a list of role names says about a membership: guest, user, admin.
///
/// # Errors
/// When a role is not one of the scope's three.
pub fn parse_scheme_roles(scope: &str, roles: &str) -> Result<(bool, bool, bool), AppError> {
    let (mut guest, mut user, mut admin) = (false, false, false);
    for role in roles.split_whitespace() {
        match role
            .strip_prefix(scope)
            .and_then(|rest| rest.strip_prefix('_'))
        {
            Some("guest") => guest = true,
            Some("user") => user = true,
            Some("admin") => admin = true,
            _ => {
                return Err(app_error(
                    "UpdateMemberRoles",
                    "app.role.get_by_name.app_error",
                    format!("Unable to get role {role}."),
                    404,
                ));
            }
        }
    }
    Ok((guest, user, admin))
}
