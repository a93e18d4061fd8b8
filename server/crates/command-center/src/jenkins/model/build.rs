//! Builds and their stages.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::QueueId;
use crate::jenkins::JobPath;
use crate::jenkins::address::decode_segments;

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

/// One stage of a pipeline (pipeline-rest-api, `StageNodeExt`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
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
    actions: Vec<Option<ActionJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ActionJson {
    causes: Vec<CauseJson>,
    fail_count: Option<u64>,
    skip_count: Option<u64>,
    total_count: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CauseJson {
    short_description: Option<String>,
    user_id: Option<String>,
}

/// A job's builds, newest first, only to find one by its queue id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BuildsJson {
    builds: Vec<BuildJson>,
}

/// What somebody asked of a job: its queue entry and its newest builds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RequestsJson {
    queue_item: Option<QueuedJson>,
    builds: Vec<BuildJson>,
}

/// The whole queue, with who asked for what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QueuedTasksJson {
    items: Vec<QueuedJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QueuedJson {
    id: Option<u64>,
    task: TaskJson,
    actions: Vec<Option<ActionJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaskJson {
    url: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StagesJson {
    stages: Vec<StageJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct StageJson {
    name: String,
    status: String,
    duration_millis: i64,
}

impl BuildJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "number,displayName,building,inProgress,result,timestamp,duration,\
        estimatedDuration,queueId,actions[causes[shortDescription,userId],failCount,skipCount,totalCount]";

    /// `None` if the answer is about something else.
    pub(crate) fn into_build(self) -> Option<Build> {
        let number = self.number?;
        let mut actions: Vec<ActionJson> = self.actions.into_iter().flatten().collect();
        let tests = actions.iter().find_map(|action| {
            Some(TestCounts {
                total: action.total_count?,
                failed: action.fail_count.unwrap_or(0),
                skipped: action.skip_count.unwrap_or(0),
            })
        });
        let causes = actions
            .iter_mut()
            .flat_map(|action| std::mem::take(&mut action.causes));
        let causes = causes
            .filter_map(|cause| {
                Some(Cause {
                    description: cause.short_description?,
                    user: cause.user_id,
                })
            })
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

impl RequestsJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "queueItem[id,actions[causes[userId]]],\
        builds[number,queueId,actions[causes[shortDescription,userId]]]{0,50}";

    /// The queue ids of what this user asked for: what waits, and builds from this number on.
    pub(crate) fn by_user(self, user: &str, first_number: u64) -> impl Iterator<Item = QueueId> {
        let waiting = self
            .queue_item
            .filter(|item| item.is_by(user))
            .and_then(|item| item.id)
            .map(QueueId);
        let builds = self
            .builds
            .into_iter()
            .filter_map(BuildJson::into_build)
            .filter(move |build| build.number >= first_number);
        let user = user.to_owned();
        let built = builds.filter_map(move |build| {
            let is_by = build
                .causes
                .iter()
                .any(|cause| cause.user.as_deref() == Some(&user));
            build.queue_id.filter(|_| is_by)
        });
        waiting.into_iter().chain(built)
    }
}

impl QueuedTasksJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "items[id,task[url],actions[causes[userId]]]";

    /// The entries of this user whose task has the address of this job, on whatever host.
    pub(crate) fn by_user(self, user: &str, job: &JobPath) -> Vec<QueueId> {
        let items = self.items.into_iter().filter(|item| item.is_by(user));
        let items = items.filter(|item| names_at_end(&item.task.url) == job.names());
        items.filter_map(|item| item.id).map(QueueId).collect()
    }
}

impl QueuedJson {
    fn is_by(&self, user: &str) -> bool {
        let causes = self
            .actions
            .iter()
            .flatten()
            .flat_map(|action| &action.causes);
        causes
            .into_iter()
            .any(|cause| cause.user_id.as_deref() == Some(user))
    }
}

/// The names in the `job/<name>` pairs at the end of an address.
fn names_at_end(address: &str) -> Vec<String> {
    let Ok(url) = Url::parse(address) else {
        return Vec::new();
    };
    let segments = decode_segments(url.path());
    let pairs = segments
        .rchunks_exact(2)
        .take_while(|pair| pair[0] == "job");
    let mut names: Vec<String> = pairs.map(|pair| pair[1].clone()).collect();
    names.reverse();
    names
}

impl StagesJson {
    pub(crate) fn into_stages(self) -> Vec<Stage> {
        let stages = self.stages.into_iter().map(|stage| Stage {
            name: stage.name,
            status: StageStatus::parse(&stage.status),
            duration: millis(stage.duration_millis).unwrap_or_default(),
        });
        stages.collect()
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

impl StageStatus {
    fn parse(word: &str) -> Self {
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

/// Jenkins says -1 where it does not know.
fn millis(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(json: &str) -> Build {
        serde_json::from_str::<BuildJson>(json)
            .unwrap()
            .into_build()
            .unwrap()
    }

    #[test]
    fn a_finished_build() {
        let build = build(
            r##"{"number":5,"displayName":"#5","building":false,"inProgress":false,"result":"UNSTABLE","timestamp":1700000000000,
            "duration":72000,"estimatedDuration":60000,"queueId":42,"actions":[null,{},{"causes":[{"shortDescription":"Started by user Alice","userId":"alice"}]},
            {"failCount":1,"skipCount":0,"totalCount":3,"urlName":"testReport"}]}"##,
        );
        assert!(!build.running && build.display_name.is_none());
        assert_eq!(build.result, Some(BuildResult::Unstable));
        assert_eq!(build.duration, Duration::from_secs(72));
        assert_eq!(build.queue_id, Some(QueueId(42)));
        assert_eq!(
            build.tests,
            Some(TestCounts {
                failed: 1,
                skipped: 0,
                total: 3
            })
        );
        assert_eq!(build.causes[0].user.as_deref(), Some("alice"));
    }

    #[test]
    fn a_build_is_done_only_when_jenkins_says_so_in_full() {
        for running in [
            r#"{"number":1,"building":true,"result":"FAILURE"}"#,
            r#"{"number":1,"building":false,"inProgress":true,"result":"SUCCESS"}"#,
            r#"{"number":1,"building":false}"#,
            r#"{"number":1}"#,
        ] {
            assert!(build(running).running, "{running}");
        }
        let old = build(
            r#"{"number":1,"building":false,"result":"SUCCESS","estimatedDuration":-1,"queueId":-1}"#,
        );
        assert!(!old.running && old.estimated_duration.is_none() && old.queue_id.is_none());
        assert!(
            serde_json::from_str::<BuildJson>("{}")
                .unwrap()
                .into_build()
                .is_none()
        );
    }

    #[test]
    fn requests_of_a_user_are_found() {
        let requests: RequestsJson = serde_json::from_str(
            r#"{"queueItem":{"id":93,"actions":[{},{"causes":[{"userId":"alice"}]}]},"builds":[
            {"number":8,"queueId":92,"actions":[{"causes":[{"shortDescription":"x","userId":"alice"}]}]},
            {"number":7,"queueId":91,"actions":[{"causes":[{"shortDescription":"x","userId":"bob"}]}]},
            {"number":6,"queueId":90,"actions":[{"causes":[{"shortDescription":"x","userId":"alice"}]}]}]}"#,
        )
        .unwrap();
        assert_eq!(
            requests.by_user("alice", 7).collect::<Vec<_>>(),
            [QueueId(93), QueueId(92)]
        );
        let queue: QueuedTasksJson = serde_json::from_str(
            r#"{"items":[{"id":1,"task":{"url":"http://x/ctx/job/a/job/b%20c/"},"actions":[{"causes":[{"userId":"alice"}]}]},
            {"id":2,"task":{"url":"http://x/ctx/job/b%20c/"},"actions":[{"causes":[{"userId":"alice"}]}]}]}"#,
        )
        .unwrap();
        let job = JobPath::new(vec!["a".into(), "b c".into()]).unwrap();
        assert_eq!(queue.by_user("alice", &job), [QueueId(1)]);
    }

    #[test]
    fn a_build_is_found_by_its_queue_id() {
        let builds: BuildsJson = serde_json::from_str(
            r#"{"builds":[{"number":8,"queueId":90},{"number":7,"queueId":80}]}"#,
        )
        .unwrap();
        assert_eq!(builds.number_of(QueueId(80)), Some(7));
    }
}
