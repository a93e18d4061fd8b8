//! The stored form of a log that is followed.

use serde::{Deserialize, Serialize};

use crate::jenkins::action::BuildKey;
use crate::jenkins::watch::record::Place;

/// A log that is followed, as it stands in the KV store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowRecord {
    /// Identifies it, and its post.
    pub id: String,
    /// The plugin instance that follows it.
    pub owner: String,
    /// The Mattermost user whose account reads it.
    pub user_id: String,
    /// Where it is shown.
    pub place: Place,
    /// Whose log it is.
    pub build: BuildKey,
    /// Since when, in milliseconds since 1970.
    pub since: i64,
    /// The post, once it is known to be there.
    pub post_id: Option<String>,
    /// The Mattermost name of the user who wants it to end, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<String>,
}

impl FollowRecord {
    /// Whether both show the same log at the same place.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.build == other.build && self.place == other.place
    }
}
