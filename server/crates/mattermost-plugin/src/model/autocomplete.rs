//! What a client offers while a command is typed.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::{AutocompleteArgData, json};

/// A command or subcommand.
///
/// Go: `AutocompleteData` in `server/public/model/command_autocomplete.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct AutocompleteData {
    /// The word.
    pub trigger: String,
    /// Shown in grey after the word.
    pub hint: String,
    pub help_text: String,
    /// `system_user` or `system_admin`: a server refuses others, empty too.
    #[go(name = "RoleID")]
    #[serde(rename = "RoleID")]
    pub role_id: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub arguments: Vec<AutocompleteArg>,
    #[serde(deserialize_with = "json::null_as_default")]
    pub sub_commands: Vec<AutocompleteData>,
}

/// An argument.
///
/// Go: `AutocompleteArg` in `server/public/model/command_autocomplete.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct AutocompleteArg {
    /// With a name it is `--name value`; without, the position counts.
    pub name: String,
    pub help_text: String,
    /// `TextInput`, `StaticList` or `DynamicList`, as fits `data`.
    pub r#type: String,
    pub required: bool,
    pub data: AutocompleteArgData,
}

/// Any text.
///
/// Go: `AutocompleteTextArg` in `server/public/model/command_autocomplete.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct AutocompleteTextArg {
    pub hint: String,
    /// A regular expression.
    pub pattern: String,
}

/// An entry of a list.
///
/// Go: `AutocompleteListItem` in `server/public/model/command_autocomplete.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct AutocompleteListItem {
    pub item: String,
    pub hint: String,
    pub help_text: String,
}

/// One of a list.
///
/// Go: `AutocompleteStaticListArg` in `server/public/model/command_autocomplete.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct AutocompleteStaticListArg {
    #[serde(deserialize_with = "json::null_as_default")]
    pub possible_arguments: Vec<AutocompleteListItem>,
}

/// One of a list that the plugin serves.
///
/// Go: `AutocompleteDynamicListArg` in `server/public/model/command_autocomplete.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct AutocompleteDynamicListArg {
    /// `plugins/<id>/…`, without a slash in front.
    #[go(name = "FetchURL")]
    #[serde(rename = "FetchURL")]
    pub fetch_url: String,
}
