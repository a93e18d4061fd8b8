//! Builds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::QueueId;
use super::details::{GivenParameterJson, RevisionJson};

/// One build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// Its number.
    pub number: u64,
    /// A name that its author gave it, if it is not just `#number`.
    pub display_name: Option<String>,
    /// True until Jenkins has written the result down for good.
    pub running: bool,
    /// The result. A running build may already have one, and it may still get worse.
    pub result: Option<BuildResult>,
    /// When it started, in milliseconds since 1970 by Jenkins' clock.
    pub started_at: i64,
    /// How long it took; zero while it runs.
    pub duration: Duration,
    /// How long earlier builds took.
    pub estimated_duration: Option<Duration>,
    /// The entry of the queue that it came from.
    pub queue_id: Option<QueueId>,
    /// Why it runs.
    pub causes: Vec<Cause>,
    /// How many tests it ran.
    pub tests: Option<TestCounts>,
}

/// How a build ended (`hudson.model.Result`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildResult {
    /// All well.
    Success,
    /// It came to its end, but tests failed.
    Unstable,
    /// It failed.
    Failure,
    /// It did nothing.
    NotBuilt,
    /// Somebody or something stopped it.
    Aborted,
    /// A word that this program does not know.
    Unknown,
}

/// Why a build runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Jenkins' words, e.g. `Started by user Alice`.
    pub description: String,
    /// The user who started it.
    pub user: Option<String>,
}

/// Results of tests (junit-plugin, `TestResultAction`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCounts {
    /// Failed.
    pub failed: u64,
    /// Skipped.
    pub skipped: u64,
    /// All.
    pub total: u64,
}

/// A build in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildSummary {
    /// Its number.
    pub number: u64,
    /// A name that its author gave it, if it is not just `#number`.
    pub display_name: Option<String>,
    /// True until Jenkins has written the result down for good.
    pub running: bool,
    /// The result, as [`Build::result`].
    pub result: Option<BuildResult>,
    /// When it started, in milliseconds since 1970 by Jenkins' clock.
    pub started_at: i64,
    /// How long it took; zero while it runs.
    pub duration: Duration,
    /// Why it runs: the first of its causes.
    pub cause: Option<Cause>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct BuildJson {
    number: Option<u64>,
    display_name: Option<String>,
    building: bool,
    in_progress: Option<bool>,
    result: Option<String>,
    timestamp: i64,
    duration: i64,
    estimated_duration: i64,
    queue_id: Option<i64>,
    pub(super) actions: Vec<Option<ActionJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ActionJson {
    pub(super) causes: Vec<CauseJson>,
    fail_count: Option<u64>,
    skip_count: Option<u64>,
    total_count: Option<u64>,
    pub(super) parameters: Vec<GivenParameterJson>,
    pub(super) last_built_revision: Option<RevisionJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct CauseJson {
    short_description: Option<String>,
    pub(super) user_id: Option<String>,
}

/// A job's builds, newest first; `allBuilds` are more than the newest hundred (`hudson.model.Job`).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HistoryJson {
    builds: Vec<BuildJson>,
    all_builds: Vec<BuildJson>,
}

/// A job's builds, newest first, only to find one by its queue id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BuildsJson {
    builds: Vec<BuildJson>,
}

impl BuildJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "number,displayName,building,inProgress,result,timestamp,duration,\
        estimatedDuration,queueId,actions[causes[shortDescription,userId],failCount,skipCount,totalCount]";

    /// The same without actions.
    pub(super) const FIELDS: &'static str = "number,displayName,building,inProgress,result,timestamp,duration,\
        estimatedDuration,queueId";

    /// `None` if the answer is about something else.
    pub(crate) fn into_build(self) -> Option<Build> {
        let number = self.number?;
        let actions: Vec<ActionJson> = self.actions.into_iter().flatten().collect();
        let tests = actions.iter().find_map(|action| {
            Some(TestCounts {
                total: action.total_count?,
                failed: action.fail_count.unwrap_or(0),
                skipped: action.skip_count.unwrap_or(0),
            })
        });
        let causes = actions
            .into_iter()
            .flat_map(ActionJson::into_causes)
            .collect();
        let result = self.result.as_deref().map(BuildResult::parse);
        Some(Build {
            number,
            display_name: self
                .display_name
                .filter(|name| *name != format!("#{number}")),
            // `building` ends before publishers have run; `inProgress` says the rest
            // (hudson.model.Run, isBuilding and isLogUpdated). Without a result it is not done either.
            running: self.building || self.in_progress.unwrap_or(false) || result.is_none(),
            result,
            started_at: self.timestamp,
            duration: millis(self.duration).unwrap_or_default(),
            estimated_duration: millis(self.estimated_duration)
                .filter(|duration| !duration.is_zero()),
            queue_id: self
                .queue_id
                .and_then(|id| u64::try_from(id).ok())
                .filter(|id| *id > 0)
                .map(QueueId),
            causes,
            tests,
        })
    }
}

impl ActionJson {
    pub(super) fn into_causes(self) -> impl Iterator<Item = Cause> {
        let causes = self.causes.into_iter();
        causes.filter_map(|cause| {
            Some(Cause {
                description: cause.short_description?,
                user: cause.user_id,
            })
        })
    }
}

impl From<Build> for BuildSummary {
    fn from(build: Build) -> Self {
        Self {
            number: build.number,
            display_name: build.display_name,
            running: build.running,
            result: build.result,
            started_at: build.started_at,
            duration: build.duration,
            cause: build.causes.into_iter().next(),
        }
    }
}

impl BuildSummary {
    /// The part of a `tree` that this type reads of a build.
    pub(super) const TREE: &'static str = "number,displayName,building,inProgress,result,timestamp,duration,\
        actions[causes[shortDescription,userId]]";

    pub(super) fn of(json: BuildJson) -> Option<Self> {
        json.into_build().map(Self::from)
    }
}

impl HistoryJson {
    /// The `tree` that this type reads: the newest so many.
    pub(crate) fn tree(limit: u32) -> String {
        // Jenkins keeps the newest hundred at hand.
        let list = if limit > 100 { "allBuilds" } else { "builds" };
        format!("{list}[{}]{{0,{limit}}}", BuildSummary::TREE)
    }

    pub(crate) fn into_summaries(self) -> Vec<BuildSummary> {
        let builds = self.builds.into_iter().chain(self.all_builds);
        builds.filter_map(BuildSummary::of).collect()
    }
}

impl BuildsJson {
    /// The `tree` that this type reads: the newest fifty.
    pub(crate) const TREE: &'static str = "builds[number,queueId]{0,50}";

    pub(crate) fn number_of(self, id: QueueId) -> Option<u64> {
        self.builds
            .into_iter()
            .filter_map(BuildJson::into_build)
            .find(|build| build.queue_id == Some(id))
            .map(|b| b.number)
    }
}

impl BuildResult {
    fn parse(word: &str) -> Self {
        match word {
            "SUCCESS" => Self::Success,
            "UNSTABLE" => Self::Unstable,
            "FAILURE" => Self::Failure,
            "NOT_BUILT" => Self::NotBuilt,
            "ABORTED" => Self::Aborted,
            _ => Self::Unknown,
        }
    }
}

/// Jenkins says -1 where it does not know.
pub(super) fn millis(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
