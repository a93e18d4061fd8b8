//! What a watch asks Jenkins, with the requester's own account.

use std::sync::Arc;

use super::access::{Access, AccessError};
use super::error::ErrorKind;
use super::model::{Build, BuildResult, QueueId, QueueState, Stage, StageStatus};
use super::watch::machine::{Ask, BuildSeen, Seen, Trouble};
use super::watch::record::{WatchRecord, WatchedJob};
use super::{BuildSelector, JenkinsClient, JenkinsError, JobPath};

/// Looks at Jenkins for watches.
#[derive(Debug, Clone)]
pub struct Observer {
    access: Arc<Access>,
}

/// What became of a request whose answer is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// Jenkins has it.
    Found {
        /// Its entry in the queue.
        queue_id: u64,
    },
    /// Jenkins does not have it, so far.
    NotFound,
    /// Jenkins does not say.
    Unknown,
}

impl Observer {
    /// An observer that gets its clients there.
    #[must_use]
    pub fn new(access: Arc<Access>) -> Self {
        Self { access }
    }

    /// Asks once. `has_stages` is cleared when the job turns out to be no pipeline.
    pub async fn look(&self, watch: &WatchRecord, ask: Ask, has_stages: &mut bool) -> Seen {
        let Ok(job) = JobPath::new(watch.job.path.clone()) else {
            return Seen::Unknown;
        };
        let client = match self.client(watch).await {
            Ok(client) => client,
            Err(error) => return Seen::Trouble(trouble_of_access(&error)),
        };
        match look(&client, &job, ask, has_stages).await {
            Ok(seen) => seen,
            Err(error) if error.kind() == ErrorKind::Gone => Seen::Unknown,
            Err(error) => {
                tracing::debug!(watch = watch.id, %error, "no answer to go by");
                Seen::Trouble(trouble(&error))
            }
        }
    }

    /// Looks for a request in Jenkins' queue and builds. `claimed` are the queue ids that belong to
    /// other watches.
    pub async fn find_submission(
        &self,
        watch: &WatchRecord,
        next_number: u64,
        claimed: &[u64],
    ) -> Submission {
        let Ok(job) = JobPath::new(watch.job.path.clone()) else {
            return Submission::NotFound;
        };
        let Ok(client) = self.client(watch).await else {
            return Submission::Unknown;
        };
        match client.own_requests(&job, next_number).await {
            Ok(found) => match found.into_iter().find(|QueueId(id)| !claimed.contains(id)) {
                Some(QueueId(queue_id)) => Submission::Found { queue_id },
                None => Submission::NotFound,
            },
            Err(error) if error.kind() == ErrorKind::Gone => Submission::NotFound,
            Err(_) => Submission::Unknown,
        }
    }

    async fn client(&self, watch: &WatchRecord) -> Result<JenkinsClient, AccessError> {
        self.access
            .client(&watch.requester.user_id, &watch.job.server)
            .await
    }

    /// The job's page for people.
    #[must_use]
    pub fn job_url(&self, job: &WatchedJob) -> Option<String> {
        let path = JobPath::new(job.path.clone()).ok()?;
        Some(
            self.access
                .address(&job.server)?
                .page(path.segments())
                .into(),
        )
    }

    /// A build's page for people.
    #[must_use]
    pub fn build_url(&self, job: &WatchedJob, number: u64) -> Option<String> {
        let path = JobPath::new(job.path.clone()).ok()?;
        let number = number.to_string();
        Some(
            self.access
                .address(&job.server)?
                .page(path.build_segments(&number))
                .into(),
        )
    }
}

async fn look(
    client: &JenkinsClient,
    job: &JobPath,
    ask: Ask,
    has_stages: &mut bool,
) -> Result<Seen, JenkinsError> {
    match ask {
        Ask::QueueItem { queue_id } => Ok(
            match client
                .queue_item(QueueId(queue_id))
                .await?
                .map(|item| item.state)
            {
                Some(QueueState::Waiting { why, stuck }) => Seen::Waiting { why, stuck },
                Some(QueueState::Starting) => Seen::Waiting {
                    why: None,
                    stuck: false,
                },
                Some(QueueState::Started { number }) => Seen::Left { number },
                Some(QueueState::Cancelled) => Seen::Cancelled,
                None => Seen::Unknown,
            },
        ),
        Ask::BuildOfQueueItem { queue_id } => Ok(
            match client.build_of_queue_item(job, QueueId(queue_id)).await? {
                Some(number) => Seen::Left { number },
                None => Seen::Unknown,
            },
        ),
        Ask::Build { number } => {
            let Some(build) = client.build(job, BuildSelector::Number(number)).await? else {
                return Ok(Seen::Unknown);
            };
            let stages = stages(client, job, number, has_stages).await;
            Ok(Seen::Build(seen(&build, &stages)))
        }
    }
}

/// Stages are an extra: without them a build is watched all the same.
async fn stages(
    client: &JenkinsClient,
    job: &JobPath,
    number: u64,
    has_stages: &mut bool,
) -> Vec<Stage> {
    if !*has_stages {
        return Vec::new();
    }
    match client.stages(job, number).await {
        Ok(Some(stages)) => stages,
        Ok(None) => {
            *has_stages = false;
            Vec::new()
        }
        Err(error) => {
            tracing::debug!(%error, "the stages are not known");
            Vec::new()
        }
    }
}

fn seen(build: &Build, stages: &[Stage]) -> BuildSeen {
    let stage = stages
        .iter()
        .rev()
        .find(|stage| {
            matches!(
                stage.status,
                StageStatus::InProgress
                    | StageStatus::PausedPendingInput
                    | StageStatus::Failed
                    | StageStatus::Aborted
            )
        })
        .map(|stage| stage.name.clone());
    BuildSeen {
        number: build.number,
        building: build.running,
        result: build.result.and_then(result_name).map(str::to_owned),
        started_at: build.started_at,
        duration: u64::try_from(build.duration.as_millis()).unwrap_or(u64::MAX),
        expected: build
            .estimated_duration
            .and_then(|duration| u64::try_from(duration.as_millis()).ok()),
        stage,
        waits_for_input: build.running
            && stages
                .iter()
                .any(|stage| stage.status == StageStatus::PausedPendingInput),
    }
}

fn result_name(result: BuildResult) -> Option<&'static str> {
    Some(match result {
        BuildResult::Success => "SUCCESS",
        BuildResult::Unstable => "UNSTABLE",
        BuildResult::Failure => "FAILURE",
        BuildResult::NotBuilt => "NOT_BUILT",
        BuildResult::Aborted => "ABORTED",
        BuildResult::Unknown => return None,
    })
}

fn trouble(error: &JenkinsError) -> Trouble {
    match (error, error.kind()) {
        (JenkinsError::Starting, _) => Trouble::Starting,
        (_, ErrorKind::Access) => Trouble::Refused,
        _ => Trouble::Unreachable,
    }
}

fn trouble_of_access(error: &AccessError) -> Trouble {
    match error {
        AccessError::Jenkins(error) => trouble(error),
        AccessError::Server(_) | AccessError::Refused(_) => Trouble::Unreachable,
    }
}
