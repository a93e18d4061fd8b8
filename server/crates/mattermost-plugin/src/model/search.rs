//! Searching posts.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// What to search for.
///
/// Go: `SearchParams` in `server/public/model/search_params.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct SearchParams {
    /// Words to find.
    #[serde(skip_serializing_if = "json::is_default")]
    pub terms: String,
    /// Words that must not be there.
    #[serde(skip_serializing_if = "json::is_default")]
    pub excluded_terms: String,
    /// Whether the terms are hashtags.
    #[serde(rename = "ishashtag", skip_serializing_if = "json::is_default")]
    pub is_hashtag: bool,
    /// Only these channels.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub in_channels: Vec<String>,
    /// Not these channels.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub excluded_channels: Vec<String>,
    /// Only these authors.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub from_users: Vec<String>,
    /// Not these authors.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub excluded_users: Vec<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub after_date: String,
    /// Not after this day.
    #[serde(skip_serializing_if = "json::is_default")]
    pub excluded_after_date: String,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub before_date: String,
    /// Not before this day.
    #[serde(skip_serializing_if = "json::is_default")]
    pub excluded_before_date: String,
    /// Only files with these endings.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub extensions: Vec<String>,
    /// Not files with these endings.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub excluded_extensions: Vec<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "json::is_default")]
    pub on_date: String,
    /// Not on this day.
    #[serde(skip_serializing_if = "json::is_default")]
    pub excluded_date: String,
    /// Whether any of the words will do.
    #[serde(skip_serializing_if = "json::is_default")]
    pub or_terms: bool,
    /// Also in archived channels.
    #[serde(skip_serializing_if = "json::is_default")]
    pub include_deleted_channels: bool,
    /// Seconds east of UTC.
    #[serde(rename = "timezone_offset", skip_serializing_if = "json::is_default")]
    pub time_zone_offset: i64,
    /// Whether to search regardless of membership.
    #[serde(skip_serializing_if = "json::is_default")]
    pub search_without_user_id: bool,
    /// How the search was narrowed.
    pub modifier: String,
}
