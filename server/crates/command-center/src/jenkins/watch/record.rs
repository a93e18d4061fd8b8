//! The stored form of a watch.

use serde::{Deserialize, Serialize};

use super::machine::Progress;
use super::ping::Ping;
use super::state::Outcome;
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::action::{BuildKey, QueueKey};

/// A watched build, as it stands in the KV store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchRecord {
    /// Identifies the watch, and the posts made for it.
    pub id: String,
    /// The plugin instance that works on it.
    pub owner: String,
    /// Counts how often the owner made sure that it still is: a change that makes others, who were
    /// about to take the watch over, lose.
    #[serde(default)]
    pub claim: u64,
    /// When the command was typed, in milliseconds since 1970.
    pub created_at: i64,
    /// Who asked for the build.
    pub requester: Requester,
    /// Where the card stands.
    pub place: Place,
    /// What is built.
    pub job: WatchedJob,
    /// How far it is.
    pub stage: Stage,
}

/// Who asked for a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// Mattermost user id.
    pub user_id: String,
    /// Mattermost user name.
    pub username: String,
    /// Jenkins user id.
    pub jenkins_user: String,
    /// How they are told of the end. Chosen once: somebody who looks whether they were told already
    /// has to know where.
    #[serde(default)]
    pub ping: Ping,
}

/// Where a command was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Channel id.
    pub channel_id: String,
    /// First post of the thread, empty outside threads.
    pub root_id: String,
}

/// The job of a watched build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedJob {
    /// At which server.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// Real names of the items on the way to it, as Jenkins has them (`feature%2Flogin`).
    pub path: Vec<String>,
    /// Name as people know it (`repo/feature/login`).
    pub display_name: String,
}

impl WatchedJob {
    /// An entry of the queue that belongs to it; `None` for names that cannot be those of a job.
    #[must_use]
    pub fn queued(&self, queue_id: u64) -> Option<QueueKey> {
        Some(QueueKey {
            server: self.server.clone(),
            job: JobPath::new(self.path.clone()).ok()?,
            queue_id,
        })
    }

    /// Whether both are one job.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.server == other.server && self.path == other.path
    }

    /// One of its builds; `None` for names that cannot be those of a job.
    #[must_use]
    pub fn build(&self, number: u64) -> Option<BuildKey> {
        Some(BuildKey {
            server: self.server.clone(),
            job: JobPath::new(self.path.clone()).ok()?,
            number,
        })
    }
}

/// How far a watch is. Each step is stored before its visible effect is tried, and each visible
/// effect can be recognized when it is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The request may or may not have reached Jenkins.
    Submitting {
        /// Number the job's next build had before the request.
        next_number: u64,
    },
    /// Jenkins took the request.
    Watching {
        /// Its entry in Jenkins' queue; none if somebody else asked for the build.
        queue_id: Option<u64>,
        /// The card, once it is known to be there.
        post_id: Option<String>,
        /// What is known of the build.
        progress: Progress,
    },
    /// The end is known and is being told.
    Announcing {
        /// Its entry in Jenkins' queue, when it had one.
        queue_id: Option<u64>,
        /// The card, once it is known to be there.
        post_id: Option<String>,
        /// How it ended.
        outcome: Outcome,
    },
}

impl Stage {
    /// The entry in Jenkins' queue that belongs to the watch.
    #[must_use]
    pub fn queue_id(&self) -> Option<u64> {
        match self {
            Self::Submitting { .. } => None,
            Self::Watching { queue_id, .. } | Self::Announcing { queue_id, .. } => *queue_id,
        }
    }

    /// The card, once it is known to be there.
    #[must_use]
    pub fn post_id(&self) -> Option<&str> {
        match self {
            Self::Submitting { .. } => None,
            Self::Watching { post_id, .. } | Self::Announcing { post_id, .. } => post_id.as_deref(),
        }
    }
}
