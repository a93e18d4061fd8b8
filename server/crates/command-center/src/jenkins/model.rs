//! What Jenkins' JSON says, in our own types.
//!
//! Every field may be missing: versions and plugins differ, and a user may see less than another.

mod artifact;
mod build;
mod catalog;
mod details;
mod input;
mod item;
mod job_status;
mod location;
mod node;
mod parameter;
mod queue;
mod requests;
mod server;
mod stage;
mod stage_node;
mod test_report;

pub use artifact::Artifact;
pub use build::{Build, BuildResult, BuildSummary, Cause, TestCounts};
pub use catalog::{CatalogEntry, CatalogKind};
pub use details::{BuildDetails, Change, Person, Revision};
pub use input::PendingInput;
pub use item::{Child, Item, ItemKind};
pub use job_status::{Health, JobColor, JobState, JobStatus};
pub use node::{Node, Nodes, RunningBuild};
pub use queue::{QueueEntry, QueueItem, QueueState};
pub use server::{Identity, PluginInfo, ServerState};
pub use stage::{Stage, StageStatus};
pub use stage_node::StageLog;
pub use test_report::{FailedTest, FailedTestStatus, FixedTest, ReportCoverage, TestReport};

pub(crate) use artifact::{ArtifactsJson, SizedArtifactJson};
pub(crate) use build::{BuildJson, BuildsJson, HistoryJson};
#[cfg(test)]
pub(crate) use catalog::catalog_of;
pub(crate) use catalog::{CATALOG_DEPTH, CatalogJson, CatalogPart};
pub(crate) use details::{BuildDetailsJson, BuildKeptJson};
pub(crate) use input::PendingInputJson;
pub(crate) use item::{ChildrenJson, ItemJson};
pub(crate) use job_status::{JobStatusJson, StatusOf};
pub(crate) use node::NodesJson;
pub(crate) use queue::{QueueEntriesJson, QueueItemJson, QueueJson};
pub(crate) use requests::{QueuedTasksJson, RequestsJson};
pub(crate) use server::{CrumbJson, PluginsJson, ServerStateJson, UserJson, WhoAmIJson};
pub(crate) use stage::StagesJson;
pub(crate) use stage_node::{NodeLogJson, StageNodeJson};
pub(crate) use test_report::TestReportJson;

use serde::{Deserialize, Serialize};

/// The id of an entry of Jenkins' queue. A build remembers it for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QueueId(pub u64);
