//! A stage of a build at run time.

use crate::jenkins::clock::Millis;

/// A stage that has started.
#[derive(Clone, Debug)]
pub(crate) struct StageRun {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: StageStatus,
    pub(crate) started: Millis,
    pub(crate) ended: Option<Millis>,
    pub(crate) error: Option<String>,
    pub(crate) log: Option<String>,
    /// How long it waited for an answer.
    pub(crate) paused: Millis,
}

/// `StatusExt` of pipeline-stage-view-plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StageStatus {
    Success,
    InProgress,
    PausedPendingInput,
    Failed,
    Unstable,
    Aborted,
}

impl StageStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::InProgress => "IN_PROGRESS",
            Self::PausedPendingInput => "PAUSED_PENDING_INPUT",
            Self::Failed => "FAILED",
            Self::Unstable => "UNSTABLE",
            Self::Aborted => "ABORTED",
        }
    }
}
