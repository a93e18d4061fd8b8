//! Buttons and menus on posts, and what their use sends to a plugin.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Post, json};

/// A button or menu of an attachment.
///
/// Go: `PostAction` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostAction {
    /// Letters and digits; made up by the server when empty.
    #[serde(skip_serializing_if = "json::is_default")]
    pub id: String,
    /// `button` or `select`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub r#type: String,
    /// The text on it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub name: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub tooltip: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub disabled: bool,
    /// `default`, `primary`, `success`, `good`, `warning`, `danger` or `#rrggbb`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub style: String,
    /// What a menu offers: `users`, `channels`, or empty for `options`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub data_source: String,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub options: Vec<PostActionOption>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub default_option: String,
    /// Where a use of it is sent. Clients never see it.
    #[serde(skip_serializing_if = "json::is_default")]
    pub integration: Option<PostActionIntegration>,
    /// The sealed integration of a post that is not stored.
    #[serde(skip_serializing_if = "json::is_default")]
    pub cookie: String,
}

/// An entry of a menu.
///
/// Go: `PostActionOptions` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
#[go(name = "PostActionOptions")]
pub struct PostActionOption {
    pub text: String,
    pub value: String,
}

/// Where the use of a button or menu is sent.
///
/// Go: `PostActionIntegration` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostActionIntegration {
    /// `/plugins/<id>/…` for a plugin.
    #[go(name = "URL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub url: String,
    /// Sent along unchanged.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub context: Map<String, Value>,
}

/// What a server posts to [`PostActionIntegration::url`] as JSON.
///
/// Go: `PostActionIntegrationRequest` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostActionIntegrationRequest {
    /// Who used it. For a plugin, trust the `Mattermost-User-Id` header alone.
    pub user_id: String,
    pub user_name: String,
    /// Identifier of the channel.
    pub channel_id: String,
    pub channel_name: String,
    /// Identifier of the team.
    pub team_id: String,
    /// The name in the team's URL.
    #[serde(rename = "team_domain")]
    pub team_name: String,
    /// Identifier of the post.
    pub post_id: String,
    /// Opens a dialog within three seconds.
    pub trigger_id: String,
    pub r#type: String,
    pub data_source: String,
    /// From the integration; a menu adds `selected_option`.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub context: Map<String, Value>,
}

/// What to answer to it.
///
/// Go: `PostActionIntegrationResponse` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct PostActionIntegrationResponse {
    /// What the post becomes.
    pub update: Option<Post>,
    /// What the user alone is told.
    pub ephemeral_text: String,
    /// Do not convert Slack markup in the text.
    pub skip_slack_parsing: bool,
}
