//! Interactive dialogs.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{PostActionOption, json};

/// Opens a dialog for the user whose action gave the trigger id.
///
/// Go: `OpenDialogRequest` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct OpenDialogRequest {
    /// From a command or a button; valid for three seconds.
    pub trigger_id: String,
    /// Where the result is sent: `/plugins/<id>/…`.
    #[go(name = "URL")]
    pub url: String,
    pub dialog: Dialog,
}

/// A form.
///
/// Go: `Dialog` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Dialog {
    /// Sent back with the result.
    pub callback_id: String,
    /// At most 24 characters.
    pub title: String,
    pub introduction_text: String,
    #[go(name = "IconURL")]
    pub icon_url: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub elements: Vec<DialogElement>,
    pub submit_label: String,
    /// Send a request also when the user cancels.
    pub notify_on_cancel: bool,
    /// Sent back with the result.
    pub state: String,
    /// Where changed fields with `refresh` are sent.
    #[go(name = "SourceURL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub source_url: String,
}

/// A field of a form.
///
/// Go: `DialogElement` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct DialogElement {
    /// At most 24 characters.
    pub display_name: String,
    /// Key in the result; at most 300 characters.
    pub name: String,
    /// `text`, `textarea`, `select`, `bool`, `radio`, `date` or `datetime`.
    pub r#type: String,
    /// For `text`: `text`, `email`, `number`, `tel`, `url` or `password`.
    #[serde(rename = "subtype")]
    pub sub_type: String,
    pub default: String,
    pub placeholder: String,
    pub help_text: String,
    pub optional: bool,
    pub min_length: i64,
    /// Characters; at most 150 for `text`, 3000 for `textarea`.
    pub max_length: i64,
    /// For `select`: `users`, `channels`, `dynamic`, or empty for `options`.
    pub data_source: String,
    #[go(name = "DataSourceURL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub data_source_url: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub options: Vec<PostActionOption>,
    #[serde(rename = "multiselect")]
    pub multi_select: bool,
    #[serde(skip_serializing_if = "json::is_default")]
    pub refresh: bool,
    #[serde(rename = "datetime_config", skip_serializing_if = "json::is_default")]
    pub date_time_config: Option<DialogDateTimeConfig>,
    #[serde(skip_serializing_if = "json::is_default")]
    pub min_date: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub max_date: String,
    /// Minutes.
    #[serde(skip_serializing_if = "json::is_default")]
    pub time_interval: i64,
}

/// How a date or time is entered.
///
/// Go: `DialogDateTimeConfig` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct DialogDateTimeConfig {
    /// Minutes between the times offered.
    #[serde(skip_serializing_if = "json::is_default")]
    pub time_interval: i64,
    /// IANA name, such as `Europe/Berlin`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub location_timezone: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub allow_manual_time_entry: bool,
}

/// What a server posts to [`OpenDialogRequest::url`] as JSON.
///
/// Go: `SubmitDialogRequest` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct SubmitDialogRequest {
    /// `dialog_submission`, `dialog_cancelled` or `refresh`.
    pub r#type: String,
    #[go(name = "URL")]
    #[serde(skip_serializing_if = "json::is_default")]
    pub url: String,
    pub callback_id: String,
    pub state: String,
    /// Who answered. For a plugin, trust the `Mattermost-User-Id` header alone.
    pub user_id: String,
    /// Identifier of the channel.
    pub channel_id: String,
    /// Identifier of the team.
    pub team_id: String,
    /// Values by the elements' names.
    #[serde(deserialize_with = "json::null_as_default")]
    pub submission: Map<String, Value>,
    pub cancelled: bool,
}

/// What to answer to it; all empty closes the dialog.
///
/// Go: `SubmitDialogResponse` in `server/public/model/integration_action.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct SubmitDialogResponse {
    /// Shown above the buttons.
    #[serde(skip_serializing_if = "json::is_default")]
    pub error: String,
    /// Shown at elements, by their names.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub errors: BTreeMap<String, String>,
    /// Empty, `ok`, `form` or `navigate`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub r#type: String,
    /// The form that replaces this one, with type `form`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub form: Option<Dialog>,
}
