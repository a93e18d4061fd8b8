//! Stages of a pipeline.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::build::millis;

/// One stage of a pipeline (pipeline-rest-api, `StageNodeExt`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The id of its node in the graph of the pipeline; empty in records of earlier versions.
    #[serde(default)]
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: StageStatus,
    /// How long it took so far.
    pub duration: Duration,
}

/// Where a stage stands (pipeline-rest-api, `StatusExt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StageStatus {
    /// It was skipped.
    NotExecuted,
    /// Running.
    InProgress,
    /// It waits for an answer of a person.
    PausedPendingInput,
    /// Passed.
    Success,
    /// Passed with a warning.
    Unstable,
    /// Failed.
    Failed,
    /// Stopped.
    Aborted,
    /// A word that this program does not know.
    Unknown,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StagesJson {
    stages: Vec<StageJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct StageJson {
    id: String,
    name: String,
    status: String,
    duration_millis: i64,
}

impl StagesJson {
    pub(crate) fn into_stages(self) -> Vec<Stage> {
        let stages = self.stages.into_iter().map(|stage| Stage {
            id: stage.id,
            name: stage.name,
            status: StageStatus::parse(&stage.status),
            duration: millis(stage.duration_millis).unwrap_or_default(),
        });
        stages.collect()
    }
}

impl StageStatus {
    pub(super) fn parse(word: &str) -> Self {
        match word {
            "NOT_EXECUTED" => Self::NotExecuted,
            "IN_PROGRESS" => Self::InProgress,
            "PAUSED_PENDING_INPUT" => Self::PausedPendingInput,
            "SUCCESS" => Self::Success,
            "UNSTABLE" => Self::Unstable,
            "FAILED" => Self::Failed,
            "ABORTED" => Self::Aborted,
            _ => Self::Unknown,
        }
    }
}
