//! Push notifications.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;
use crate::transport::netrpc::gob::Unknown;

/// A push notification to a mobile device.
///
/// Go: `PushNotification` in `server/public/model/push_notification.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PushNotification {
    /// Identifier for the receipt.
    pub ack_id: String,
    /// `apple`, `android` and the like.
    pub platform: String,
    /// The sending server.
    pub server_id: String,
    /// The receiving device.
    pub device_id: String,
    /// Identifier of the post.
    pub post_id: String,
    /// What the device may do with it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub category: String,
    /// Sound to play.
    #[serde(skip_serializing_if = "json::is_default")]
    pub sound: String,
    /// Its text.
    #[serde(skip_serializing_if = "json::is_default")]
    pub message: String,
    /// Number on the application's icon.
    #[serde(skip_serializing_if = "json::is_default")]
    pub badge: i64,
    /// 1 when the device should fetch content.
    #[serde(rename = "cont_ava", skip_serializing_if = "json::is_default")]
    pub content_available: i64,
    /// Identifier of the team.
    #[serde(skip_serializing_if = "json::is_default")]
    pub team_id: String,
    /// Identifier of the channel.
    #[serde(skip_serializing_if = "json::is_default")]
    pub channel_id: String,
    /// Identifier of the thread's first post.
    #[serde(skip_serializing_if = "json::is_default")]
    pub root_id: String,
    /// The channel's name as people read it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub channel_name: String,
    /// `message`, `clear`, `update_badge`, `session` or `test`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub r#type: String,
    /// Kind within the type.
    #[serde(skip_serializing_if = "json::is_default")]
    pub sub_type: String,
    /// Identifier of who caused it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub sender_id: String,
    /// Name of who caused it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub sender_name: String,
    /// Name to show instead.
    #[serde(skip_serializing_if = "json::is_default")]
    pub override_username: String,
    /// Picture to show instead.
    #[go(name = "OverrideIconURL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub override_icon_url: String,
    /// `true` when a webhook caused it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub from_webhook: String,
    /// Version of this format.
    #[serde(skip_serializing_if = "json::is_default")]
    pub version: String,
    /// Whether the user sees collapsed threads.
    #[go(name = "IsCRTEnabled")]
    pub is_crt_enabled: bool,
    /// Whether the device fetches the text itself.
    pub is_id_loaded: bool,
    /// Kind of the post.
    #[serde(skip)]
    pub post_type: String,
    /// Kind of the channel.
    #[serde(skip)]
    pub channel_type: String,
    /// The server's signature.
    pub signature: String,
    /// Fields of a newer server: see [`Unknown`].
    #[go(unknown)]
    #[serde(skip)]
    pub unknown: Unknown,
}
