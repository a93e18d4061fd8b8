//! The stored form of a restart that is followed.

use serde::{Deserialize, Serialize};

use super::machine::Stage;
use crate::config::ServerAlias;
use crate::jenkins::watch::record::{Place, Requester};

/// A restart, as it stands in the KV store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestartRecord {
    /// Identifies it, and the posts made for it.
    pub id: String,
    /// The plugin instance that follows it.
    pub owner: String,
    /// Counts how often the owner made sure that it still is.
    pub claim: u64,
    /// Which Jenkins.
    pub server: ServerAlias,
    /// Who asked.
    pub requester: Requester,
    /// Where it is told.
    pub place: Place,
    /// When, in milliseconds since 1970.
    pub requested_at: i64,
    /// Jenkins' session before.
    pub session: Option<String>,
    /// The post about it, once it is known to be there.
    pub post_id: Option<String>,
    /// How far it is.
    pub progress: Stage,
}

impl RestartRecord {
    /// A restart that is about to be asked for.
    #[must_use]
    pub fn new(
        id: String,
        server: ServerAlias,
        requester: Requester,
        place: Place,
        session: Option<String>,
        now: i64,
    ) -> Self {
        Self {
            id,
            owner: String::new(),
            claim: 0,
            server,
            requester,
            place,
            requested_at: now,
            session,
            post_id: None,
            progress: Stage::Asking,
        }
    }
}
