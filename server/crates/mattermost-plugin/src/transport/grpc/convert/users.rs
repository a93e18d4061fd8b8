//! Users, sessions, statuses, preferences.

use super::Wire;
use super::macros::message;
use crate::model::Permission;

message! {
    User = User {
        id, create_at, update_at, delete_at, username, password, auth_data, auth_service, email,
        email_verified, nickname, first_name, last_name, position, roles, allow_marketing, props,
        notify_props, last_password_update, last_picture_update, failed_attempts, locale, timezone,
        mfa_active, mfa_secret, remote_id, last_activity_at, is_bot, bot_description,
        bot_last_icon_update, terms_of_service_id, terms_of_service_create_at,
        disable_welcome_email, last_login,
    }
    lost { mfa_used_timestamps, unknown }
}

message! {
    UserGetOptions = GetUsersRequest {
        in_team_id, not_in_team_id, in_channel_id, not_in_channel_id, in_group_id, not_in_group_id,
        group_constrained, without_team, inactive, active, role, roles, channel_roles, team_roles,
        sort, page, per_page, updated_after, view_restrictions,
    }
}

message! { ViewUsersRestrictions = ViewUsersRestrictions { teams, channels } }

message! {
    Status = Status { user_id, status, manual, last_activity_at, dnd_end_time }
    lost { active_channel, prev_status }
}

message! {
    Session = Session {
        id, token, create_at, expires_at, last_activity_at, user_id, device_id, roles, is_oauth,
        expired_notify, props, team_members, local,
    }
}

message! { Preference = Preference { user_id, category, name, value } }

/// Only the id of a permission travels; the server knows the rest.
impl Wire<String> for Permission {
    fn to_wire(self) -> String {
        self.id
    }

    fn from_wire(wire: String) -> Self {
        Self {
            id: wire,
            ..Self::default()
        }
    }
}
