//! What Jenkins' JSON says, in our own types.
//!
//! Every field may be missing: versions and plugins differ, and a user may see less than another.

mod build;
mod item;
mod queue;
mod requests;
mod stage;

pub use build::{Build, BuildResult, Cause, TestCounts};
pub use item::{Child, Item, ItemKind};
pub use queue::{QueueItem, QueueState};
pub use stage::{Stage, StageStatus};

pub(crate) use build::{BuildJson, BuildsJson};
pub(crate) use item::{ChildrenJson, ItemJson};
pub(crate) use queue::{QueueItemJson, QueueJson};
pub(crate) use requests::{QueuedTasksJson, RequestsJson};
pub(crate) use stage::StagesJson;

use serde::{Deserialize, Serialize};

/// The id of an entry of Jenkins' queue. A build remembers it for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QueueId(pub u64);

/// Who Jenkins takes us for (`hudson.security.WhoAmI`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user id, spelled as Jenkins spells it.
    pub user: String,
    /// The version in `X-Jenkins`.
    pub version: String,
}

/// What Jenkins says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerState {
    /// The address that it gives in mails and answers, if its administrator set one.
    pub root_url: Option<String>,
    /// True while it prepares to shut down: no build starts.
    pub quieting_down: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ServerStateJson {
    pub(crate) url: Option<String>,
    pub(crate) quieting_down: bool,
}

impl ServerStateJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "url,quietingDown";
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WhoAmIJson {
    pub(crate) name: String,
    pub(crate) anonymous: bool,
    pub(crate) authenticated: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CrumbJson {
    pub(crate) crumb: String,
    pub(crate) crumb_request_field: String,
}
