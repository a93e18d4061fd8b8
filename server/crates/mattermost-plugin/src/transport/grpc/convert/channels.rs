//! Channels and their members.

use super::macros::message;

message! {
    Channel = Channel {
        id, create_at, update_at, delete_at, team_id, display_name, name, header, purpose,
        last_post_at, total_msg_count, extra_update_at, creator_id, scheme_id, props,
        group_constrained, auto_translation, shared, total_msg_count_root, policy_id,
        last_root_post_at, banner_info, policy_enforced, policy_is_active, default_category_name,
    }
    through { r#type => r#type, channel_type }
    lost { unknown }
}

message! { ChannelBannerInfo = ChannelBannerInfo { enabled, text, background_color } }

message! {
    ChannelMember = ChannelMember {
        channel_id, user_id, roles, last_viewed_at, msg_count, mention_count, mention_count_root,
        urgent_mention_count, msg_count_root, notify_props, last_update_at, scheme_guest,
        scheme_user, scheme_admin,
    }
    lost { explicit_roles, auto_translation_disabled }
}

message! {
    ChannelStats = ChannelStats { channel_id, member_count, guest_count, files_count }
    renamed { pinned_post_count => pinnedpost_count }
}

/// `model.ChannelType`
mod channel_type {
    use crate::transport::grpc::messages::api::ChannelType;

    pub(super) fn to_wire(kind: String) -> i32 {
        let kind = match kind.as_str() {
            "O" => ChannelType::Open,
            "P" => ChannelType::Private,
            "D" => ChannelType::Direct,
            "G" => ChannelType::Group,
            _ => ChannelType::Unspecified,
        };
        kind.into()
    }

    pub(super) fn from_wire(wire: i32) -> String {
        let kind = match ChannelType::try_from(wire) {
            Ok(ChannelType::Open) => "O",
            Ok(ChannelType::Private) => "P",
            Ok(ChannelType::Direct) => "D",
            Ok(ChannelType::Group) => "G",
            _ => "",
        };
        kind.to_owned()
    }
}
