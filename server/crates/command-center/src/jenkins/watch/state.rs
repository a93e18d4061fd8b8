//! What is known of a watched build.

use serde::{Deserialize, Serialize};

/// Where a build is between the request and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BuildState {
    /// Jenkins took the request; no executor has begun.
    Queued {
        /// Jenkins' own words for why it waits.
        why: Option<String>,
        /// Jenkins thinks that it waits for too long.
        stuck: bool,
    },
    /// An executor works on it.
    Running(Running),
    /// It is over, or nothing more can be learned of it.
    Finished(Outcome),
}

/// A build that an executor works on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The build's number.
    pub number: u64,
    /// When it began, in milliseconds since 1970 by Jenkins' clock.
    pub started_at: i64,
    /// How long Jenkins expects it to take, in milliseconds; `None` when it does not know.
    pub expected: Option<u64>,
    /// The pipeline stage it is in.
    pub stage: Option<String>,
    /// It waits for somebody's input.
    pub waits_for_input: bool,
    /// What it asks, as far as that is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<AskedInput>,
}

/// A question that a pipeline asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedInput {
    /// Its id, unique in its build.
    pub id: String,
    /// What it asks.
    pub message: String,
    /// The word on the button that goes on.
    pub proceed: String,
}

/// How a watch ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What came out.
    pub verdict: Verdict,
    /// The build's number, when there was a build.
    pub number: Option<u64>,
    /// How long it ran, in milliseconds, when it ran.
    pub duration: Option<u64>,
    /// The stage that was the last one seen, for a build that did not succeed.
    pub stage: Option<String>,
}

/// What came out of a request to build. Only what Jenkins said is told as Jenkins' result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Jenkins' `SUCCESS`.
    Success,
    /// Jenkins' `UNSTABLE`: built, with failed tests or the like.
    Unstable,
    /// Jenkins' `FAILURE`.
    Failure,
    /// Jenkins' `ABORTED`.
    Aborted,
    /// Jenkins' `NOT_BUILT`.
    NotBuilt,
    /// The queue item was cancelled before a build began.
    Cancelled,
    /// The queue item vanished and no build of it is known.
    QueueItemVanished,
    /// The build is not there any more.
    BuildDeleted,
    /// The requester's Jenkins token is refused and was not replaced in time.
    AccessLost,
    /// Jenkins did not answer for too long.
    Unreachable,
    /// The plugin stopped while it sent the request, and Jenkins knows of no such build.
    NeverStarted,
    /// It took longer than builds are watched.
    TooLong,
    /// Who watched it does not any more.
    Unwatched,
}

impl Verdict {
    /// Jenkins' result by its name (`hudson.model.Result`), or `None` for a name that is new.
    #[must_use]
    pub fn from_jenkins(result: &str) -> Option<Self> {
        Some(match result {
            "SUCCESS" => Self::Success,
            "UNSTABLE" => Self::Unstable,
            "FAILURE" => Self::Failure,
            "ABORTED" => Self::Aborted,
            "NOT_BUILT" => Self::NotBuilt,
            _ => return None,
        })
    }

    /// Whether Jenkins itself said this.
    #[must_use]
    pub fn is_result(self) -> bool {
        matches!(
            self,
            Self::Success | Self::Unstable | Self::Failure | Self::Aborted | Self::NotBuilt
        )
    }
}

impl Outcome {
    /// An end without a build.
    #[must_use]
    pub fn without_build(verdict: Verdict) -> Self {
        Self {
            verdict,
            number: None,
            duration: None,
            stage: None,
        }
    }
}
