//! Slash commands.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Attachment, AutocompleteData, json};

/// A slash command.
///
/// Go: `Command` in `server/public/model/command.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Command {
    /// Identifier, 26 characters.
    pub id: String,
    pub token: String,
    /// When it was created, in milliseconds since 1970.
    pub create_at: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub update_at: i64,
    /// When it was deleted, in milliseconds since 1970; 0 when it was not.
    pub delete_at: i64,
    /// Identifier of the user who created it.
    pub creator_id: String,
    /// Identifier of the team.
    pub team_id: String,
    /// The word after the slash, in lower case.
    pub trigger: String,
    pub method: String,
    pub username: String,
    #[go(name = "IconURL")]
    pub icon_url: String,
    /// Offer it while the user types.
    pub auto_complete: bool,
    pub auto_complete_desc: String,
    pub auto_complete_hint: String,
    pub display_name: String,
    pub description: String,
    #[go(name = "URL")]
    pub url: String,
    /// Set by the server.
    pub plugin_id: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub autocomplete_data: Option<AutocompleteData>,
    /// `data:image/svg+xml;base64,…`
    #[serde(skip_serializing_if = "json::is_default")]
    pub autocomplete_icon_data: String,
}

/// A command that somebody typed.
///
/// Go: `CommandArgs` in `server/public/model/command_args.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct CommandArgs {
    /// Identifier of the user.
    pub user_id: String,
    /// Identifier of the channel.
    pub channel_id: String,
    /// Identifier of the team.
    pub team_id: String,
    /// The thread it was typed in.
    pub root_id: String,
    pub parent_id: String,
    /// Opens a dialog within three seconds.
    #[serde(skip_serializing_if = "json::is_default")]
    pub trigger_id: String,
    /// All of the text, slash and trigger included.
    pub command: String,
    /// Address of the server.
    #[go(name = "SiteURL")]
    #[serde(skip)]
    pub site_url: String,
    /// Ids by user names in the text.
    #[serde(skip)]
    pub user_mentions: BTreeMap<String, String>,
    /// Ids by channel names in the text.
    #[serde(skip)]
    pub channel_mentions: BTreeMap<String, String>,
}

/// What a command answers.
///
/// Go: `CommandResponse` in `server/public/model/command_response.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct CommandResponse {
    /// [`EPHEMERAL`](Self::EPHEMERAL) or [`IN_CHANNEL`](Self::IN_CHANNEL).
    pub response_type: String,
    pub text: String,
    pub username: String,
    /// Identifier of the channel.
    pub channel_id: String,
    #[go(name = "IconURL")]
    pub icon_url: String,
    pub r#type: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub props: Map<String, Value>,
    /// Where the client goes.
    pub goto_location: String,
    pub trigger_id: String,
    /// Do not convert Slack markup in the text.
    pub skip_slack_parsing: bool,
    #[serde(deserialize_with = "json::null_as_default")]
    pub attachments: Vec<Attachment>,
    #[serde(deserialize_with = "json::null_as_default")]
    pub extra_responses: Vec<CommandResponse>,
}

impl CommandResponse {
    /// Only the user who typed the command sees the answer.
    pub const EPHEMERAL: &'static str = "ephemeral";
    /// Everybody in the channel sees the answer.
    pub const IN_CHANNEL: &'static str = "in_channel";

    /// An answer for the user who typed the command. The text is Markdown and nothing else: the server
    /// would make a Slack link of `<job>` and a `|` further on.
    pub fn ephemeral(text: impl Into<String>) -> Self {
        Self {
            response_type: Self::EPHEMERAL.to_owned(),
            text: text.into(),
            skip_slack_parsing: true,
            ..Self::default()
        }
    }

    /// An answer for everybody in the channel. The text is Markdown, as for
    /// [`ephemeral`](Self::ephemeral).
    pub fn in_channel(text: impl Into<String>) -> Self {
        Self {
            response_type: Self::IN_CHANNEL.to_owned(),
            text: text.into(),
            skip_slack_parsing: true,
            ..Self::default()
        }
    }
}
