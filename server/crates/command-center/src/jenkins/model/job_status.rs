//! How a job is doing.

use serde::{Deserialize, Deserializer};

use super::QueueId;
use super::build::{BuildJson, BuildSummary};
use super::item::{Child, ChildJson, folder_kind};
use super::parameter::{PROPERTY_TREE, PropertyJson, declared_parameters};
use crate::jenkins::error::FolderKind;
use crate::jenkins::parameters::Parameter;

/// How a job is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatus {
    /// The name that people see.
    pub display_name: String,
    /// What its author wrote about it; plain text or HTML.
    pub description: String,
    /// The state of its newest builds.
    pub color: JobColor,
    /// False if it is disabled.
    pub buildable: bool,
    /// Its entry in the queue, and why that waits.
    pub queued: Option<(QueueId, Option<String>)>,
    /// Jenkins' reports about it, worst first.
    pub health: Vec<Health>,
    /// Its newest build, running or not.
    pub last: Option<BuildSummary>,
    /// The newest that is done.
    pub last_completed: Option<BuildSummary>,
    /// The newest that did not fail.
    pub last_successful: Option<BuildSummary>,
    /// The newest that failed.
    pub last_failed: Option<BuildSummary>,
    /// The number that its next build gets.
    pub next_build: Option<u64>,
    /// What it declares.
    pub parameters: Vec<Parameter>,
}

/// One report (`hudson.model.HealthReport`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// From 0, worst, to 100.
    pub score: u8,
    /// Jenkins' words.
    pub words: String,
}

/// Jenkins' one word for the state of a job (`hudson.model.BallColor`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct JobColor {
    /// The result of the newest completed build.
    pub state: JobState,
    /// True while a build runs (`…_anime`).
    pub building: bool,
}

/// The state of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Blue.
    Success,
    /// Yellow.
    Unstable,
    /// Red.
    Failure,
    /// It was never built, or the build did nothing.
    NotBuilt,
    /// Somebody or something stopped the build.
    Aborted,
    /// It cannot be built.
    Disabled,
    /// A word that this program does not know, or none.
    #[default]
    Unknown,
}

/// A folder has no status of its own.
pub(crate) enum StatusOf {
    Job(Box<JobStatus>),
    Folder {
        kind: FolderKind,
        children: Vec<Child>,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct JobStatusJson {
    #[serde(rename = "_class")]
    class: String,
    display_name: Option<String>,
    description: Option<String>,
    color: JobColor,
    buildable: Option<bool>,
    queue_item: Option<QueuedJson>,
    health_report: Vec<HealthJson>,
    builds: Option<Vec<BuildJson>>,
    jobs: Option<Vec<ChildJson>>,
    last_build: Option<BuildJson>,
    last_completed_build: Option<BuildJson>,
    last_successful_build: Option<BuildJson>,
    last_failed_build: Option<BuildJson>,
    next_build_number: Option<u64>,
    property: Vec<PropertyJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QueuedJson {
    id: Option<u64>,
    why: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HealthJson {
    score: i64,
    description: Option<String>,
}

impl JobStatusJson {
    /// The `tree` that this type reads.
    pub(crate) fn tree() -> String {
        let builds = [
            "lastBuild",
            "lastCompletedBuild",
            "lastSuccessfulBuild",
            "lastFailedBuild",
        ]
        .map(|name| format!("{name}[{}]", BuildSummary::TREE))
        .join(",");
        format!(
            "_class,displayName,description,color,buildable,queueItem[id,why],healthReport[score,description],\
             builds[number]{{0,1}},jobs[_class,name,displayName]{{0,20}},{builds},nextBuildNumber,{PROPERTY_TREE}"
        )
    }

    /// `None` if the answer is about something else.
    pub(crate) fn into_status(self) -> Option<StatusOf> {
        let display_name = self.display_name?;
        if let (Some(children), None) = (self.jobs, self.builds) {
            return Some(StatusOf::Folder {
                kind: folder_kind(&self.class),
                children: children.into_iter().map(ChildJson::into_child).collect(),
            });
        }
        let summary = |build: Option<BuildJson>| build.and_then(BuildSummary::of);
        let health = self.health_report.into_iter().map(|report| Health {
            score: u8::try_from(report.score.clamp(0, 100)).unwrap_or_default(),
            words: report.description.unwrap_or_default(),
        });
        let mut health: Vec<Health> = health.collect();
        health.sort_by_key(|report| report.score);
        Some(StatusOf::Job(Box::new(JobStatus {
            display_name,
            description: self.description.unwrap_or_default(),
            color: self.color,
            buildable: self.buildable.unwrap_or(true),
            queued: self
                .queue_item
                .and_then(|item| Some((QueueId(item.id?), item.why))),
            health,
            last: summary(self.last_build),
            last_completed: summary(self.last_completed_build),
            last_successful: summary(self.last_successful_build),
            last_failed: summary(self.last_failed_build),
            next_build: self.next_build_number,
            parameters: declared_parameters(self.property),
        })))
    }
}

impl JobColor {
    /// Reads Jenkins' word.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        let (word, building) = match word.strip_suffix("_anime") {
            Some(word) => (word, true),
            None => (word, false),
        };
        let state = match word {
            "blue" => JobState::Success,
            "yellow" => JobState::Unstable,
            "red" => JobState::Failure,
            "grey" | "notbuilt" | "nobuilt" => JobState::NotBuilt,
            "aborted" => JobState::Aborted,
            "disabled" => JobState::Disabled,
            _ => JobState::Unknown,
        };
        Self { state, building }
    }
}

impl<'de> Deserialize<'de> for JobColor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word: Option<std::borrow::Cow<'de, str>> = Option::deserialize(deserializer)?;
        Ok(Self::parse(&word.unwrap_or_default()))
    }
}

#[cfg(test)]
#[path = "job_status_tests.rs"]
mod tests;
