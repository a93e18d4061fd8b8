//! Teams and their members.

use super::macros::message;

message! {
    Team = Team {
        id, create_at, update_at, delete_at, display_name, name, description, email, company_name,
        allowed_domains, invite_id, allow_open_invite, last_team_icon_update, scheme_id,
        group_constrained, policy_id, cloud_limits_archived,
    }
    through { r#type => r#type, team_type }
    lost { unknown }
}

message! {
    TeamMember = TeamMember {
        team_id, user_id, roles, delete_at, scheme_guest, scheme_user, scheme_admin, create_at,
    }
    lost { explicit_roles }
}

message! { TeamStats = TeamStats { team_id, total_member_count, active_member_count } }

/// `model.TeamOpen` and `model.TeamInvite`.
mod team_type {
    use crate::transport::grpc::messages::api::TeamType;

    pub(super) fn to_wire(kind: String) -> i32 {
        let kind = match kind.as_str() {
            "O" => TeamType::Open,
            "I" => TeamType::Invite,
            _ => TeamType::Unspecified,
        };
        kind.into()
    }

    pub(super) fn from_wire(wire: i32) -> String {
        let kind = match TeamType::try_from(wire) {
            Ok(TeamType::Open) => "O",
            Ok(TeamType::Invite) => "I",
            _ => "",
        };
        kind.to_owned()
    }
}
