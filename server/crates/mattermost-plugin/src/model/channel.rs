//! Channels.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::json;
use crate::transport::netrpc::gob::Unknown;

/// A channel, group message or direct message.
///
/// Go: `Channel` in `server/public/model/channel.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Channel {
    /// Identifier, 26 characters.
    pub id: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Empty for direct and group messages.
    pub team_id: String,
    /// `O` open, `P` private, `D` direct, `G` group: see the constants.
    pub r#type: String,
    /// Name as people read it.
    pub display_name: String,
    /// Name as it stands in URLs.
    pub name: String,
    /// Text in the channel's header, Markdown.
    pub header: String,
    /// What the channel is for.
    pub purpose: String,
    /// Milliseconds since 1970.
    pub last_post_at: i64,
    /// Posts in all, replies included.
    pub total_msg_count: i64,
    /// Milliseconds since 1970.
    pub extra_update_at: i64,
    /// Identifier of the user who created it.
    pub creator_id: String,
    /// Permission scheme that overrides the system's.
    pub scheme_id: Option<String>,
    /// Free values beside the fields.
    #[serde(deserialize_with = "json::null_as_default")]
    pub props: Map<String, Value>,
    /// Membership is managed by linked groups.
    pub group_constrained: Option<bool>,
    /// Whether posts are translated.
    #[serde(rename = "autotranslation")]
    pub auto_translation: bool,
    /// Whether the channel is shared with another server.
    pub shared: Option<bool>,
    /// Posts that are not replies.
    pub total_msg_count_root: i64,
    /// Retention policy.
    #[go(name = "PolicyID")]
    pub policy_id: Option<String>,
    /// Milliseconds since 1970.
    pub last_root_post_at: i64,
    /// The channel's banner.
    pub banner_info: Option<ChannelBannerInfo>,
    /// Whether an access policy decides on membership.
    pub policy_enforced: bool,
    /// Whether that policy is active.
    pub policy_is_active: bool,
    /// Sidebar category the channel starts in.
    pub default_category_name: String,
    /// Fields of a newer server: see [`Unknown`].
    #[go(unknown)]
    #[serde(skip)]
    pub unknown: Unknown,
}

/// The banner above a channel.
///
/// Go: `ChannelBannerInfo` in `server/public/model/channel.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct ChannelBannerInfo {
    /// Whether it is shown.
    pub enabled: Option<bool>,
    /// Its text, Markdown.
    pub text: Option<String>,
    /// Its colour, `#rrggbb`.
    pub background_color: Option<String>,
}

/// A user in a channel.
///
/// Go: `ChannelMember` in `server/public/model/channel_member.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct ChannelMember {
    /// Identifier of the channel.
    pub channel_id: String,
    /// Identifier of the user.
    pub user_id: String,
    /// Roles in the channel, separated by spaces.
    pub roles: String,
    /// Milliseconds since 1970.
    pub last_viewed_at: i64,
    /// Posts the user has seen.
    pub msg_count: i64,
    /// Mentions the user has not seen.
    pub mention_count: i64,
    /// Unseen mentions outside threads.
    pub mention_count_root: i64,
    /// Unseen mentions in urgent posts.
    pub urgent_mention_count: i64,
    /// Seen posts that are no replies.
    pub msg_count_root: i64,
    /// Notification settings.
    #[serde(deserialize_with = "json::null_as_default")]
    pub notify_props: BTreeMap<String, String>,
    /// Milliseconds since 1970.
    pub last_update_at: i64,
    /// Whether the guest role of the scheme applies.
    pub scheme_guest: bool,
    /// Whether the member role of the scheme applies.
    pub scheme_user: bool,
    /// Whether the administrator role of the scheme applies.
    pub scheme_admin: bool,
    /// Roles given beside those of the scheme, separated by spaces.
    pub explicit_roles: String,
    /// Whether the user turned translation off.
    #[serde(rename = "autotranslation_disabled")]
    pub auto_translation_disabled: bool,
}

/// How much is in a channel.
///
/// Go: `ChannelStats` in `server/public/model/channel_stats.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct ChannelStats {
    /// Identifier of the channel.
    pub channel_id: String,
    /// Members.
    pub member_count: i64,
    /// Members that are guests.
    pub guest_count: i64,
    /// Pinned posts.
    #[serde(rename = "pinnedpost_count")]
    pub pinned_post_count: i64,
    /// Files.
    pub files_count: i64,
}

impl Channel {
    /// A channel that everybody in the team can find and join.
    pub const OPEN: &'static str = "O";
    /// A channel that needs an invitation.
    pub const PRIVATE: &'static str = "P";
    /// A conversation of two users.
    pub const DIRECT: &'static str = "D";
    /// A conversation of three to eight users.
    pub const GROUP: &'static str = "G";

    /// Whether this is a direct or group message, which belong to no team.
    #[must_use]
    pub fn is_direct_or_group(&self) -> bool {
        self.r#type == Self::DIRECT || self.r#type == Self::GROUP
    }

    /// Whether the channel is archived.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.delete_at != 0
    }
}
