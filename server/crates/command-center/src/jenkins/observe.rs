//! What a watch asks Jenkins, with the requester's own account.

mod board;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use board::Board;

use super::access::{Access, AccessError};
use super::error::ErrorKind;
use super::model::{Build, BuildResult, QueueId, QueueState, RunningBuild, Stage, StageStatus};
use super::watch::machine::{Ask, BuildSeen, Progress, Seen, Trouble};
use super::watch::record::{WatchRecord, WatchedJob};
use super::watch::state::{AskedInput, BuildState};
use super::{BuildSelector, JenkinsClient, JenkinsError, JobPath};
use crate::clock::Clock;
use crate::config::ServerAlias;
use crate::connections::Account;
use crate::http_client::Throttle;
use crate::text;

/// Watches ask each server one question in this time, however many there are; the commands of people
/// are not counted.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);
/// Questions that may be asked at once after a quiet time.
const LOOK_BURST: u32 = 40;
/// So many watches of one account share answers about the queue and the executors. Fewer ask for
/// their own builds, which costs a large Jenkins less than a list of all its executors.
const CROWD: usize = 5;
/// How old a shared answer may be.
const FRESH: Duration = Duration::from_secs(1);
/// So many questions of one build are shown.
const SHOWN_INPUTS: usize = 3;
/// Runes of a question that are kept.
const INPUT_RUNES: usize = 300;

/// Looks at Jenkins for watches.
#[derive(Debug)]
pub struct Observer {
    access: Arc<Access>,
    clock: Clock,
    queues: Board<Account, HashMap<u64, Waiting>>,
    executors: Board<Account, HashMap<(JobPath, u64), RunningBuild>>,
    throttles: Mutex<HashMap<ServerAlias, Arc<Throttle>>>,
    watches: Arc<Mutex<HashMap<Account, usize>>>,
}

/// An entry of the queue that waits.
#[derive(Debug, Clone)]
struct Waiting {
    why: Option<String>,
    stuck: bool,
}

/// Counts a watch, as long as it is held.
#[derive(Debug)]
pub struct Attendance {
    account: Account,
    watches: Arc<Mutex<HashMap<Account, usize>>>,
}

impl Drop for Attendance {
    fn drop(&mut self) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = watches.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                watches.remove(&self.account);
            }
        }
    }
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
    pub fn new(access: Arc<Access>, clock: Clock) -> Self {
        Self {
            access,
            clock,
            queues: Board::default(),
            executors: Board::default(),
            throttles: Mutex::default(),
            watches: Arc::default(),
        }
    }

    /// Counts a watch that begins to look; with many, they share what can be shared.
    #[must_use]
    pub fn attend(&self, watch: &WatchRecord) -> Attendance {
        let account = account_of(watch);
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        *watches.entry(account.clone()).or_default() += 1;
        Attendance {
            account,
            watches: Arc::clone(&self.watches),
        }
    }

    fn is_crowded(&self, account: &Account) -> bool {
        let watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.get(account).is_some_and(|count| *count >= CROWD)
    }

    fn throttle(&self, server: &ServerAlias) -> Arc<Throttle> {
        let mut throttles = self
            .throttles
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let throttle = throttles.entry(server.clone()).or_insert_with(|| {
            Arc::new(Throttle::every(self.clock.real(LOOK_INTERVAL), LOOK_BURST))
        });
        Arc::clone(throttle)
    }

    /// Asks once. `has_stages` is cleared when the job turns out to be no pipeline.
    pub async fn look(
        &self,
        watch: &WatchRecord,
        progress: &Progress,
        has_stages: &mut bool,
    ) -> Seen {
        let Ok(job) = JobPath::new(watch.job.path.clone()) else {
            return Seen::Unknown;
        };
        let client = match self.client(watch).await {
            Ok(client) => client,
            Err(error) => return Seen::Trouble(trouble_of_access(&error)),
        };
        let throttle = self.throttle(&watch.job.server);
        if let Some(seen) = self.shared(watch, progress, &client, &throttle).await {
            return seen;
        }
        throttle.turn().await;
        match look(&client, &job, progress.ask, has_stages).await {
            Ok(seen) => seen,
            Err(error) if error.kind() == ErrorKind::Gone => Seen::Unknown,
            Err(error) => {
                tracing::debug!(watch = watch.id, %error, "no answer to go by");
                Seen::Trouble(trouble(&error))
            }
        }
    }

    /// What an answer that many watches share tells of this one; nothing if it has to ask by itself:
    /// it is one of few, its build is on no executor any more, or there is time for a closer look.
    async fn shared(
        &self,
        watch: &WatchRecord,
        progress: &Progress,
        client: &JenkinsClient,
        throttle: &Throttle,
    ) -> Option<Seen> {
        let account = account_of(watch);
        if !self.is_crowded(&account) {
            return None;
        }
        let fresh = self.clock.real(FRESH);
        match progress.ask {
            Ask::QueueItem { queue_id } => {
                let ask = || async {
                    throttle.turn().await;
                    Ok(waiting(client.queue().await?))
                };
                let queue = self.queues.read(&account, fresh, ask).await.ok()?;
                let Waiting { why, stuck } = queue.get(&queue_id)?.clone();
                Some(Seen::Waiting { why, stuck })
            }
            Ask::Build { number } => {
                let ask = || async {
                    throttle.turn().await;
                    Ok(running(client.running_builds().await?))
                };
                let executors = self.executors.read(&account, fresh, ask).await.ok()?;
                let job = JobPath::new(watch.job.path.clone()).ok()?;
                let build = executors.get(&(job, number))?;
                if !matches!(progress.state, BuildState::Running(_)) {
                    return Some(Seen::Build(begun(build)));
                }
                (!throttle.is_free()).then_some(Seen::Unchanged)
            }
            Ask::BuildOfQueueItem { .. } => None,
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

fn account_of(watch: &WatchRecord) -> Account {
    Account::new(&watch.requester.user_id, &watch.job.server)
}

fn waiting(queue: Vec<super::model::QueueEntry>) -> HashMap<u64, Waiting> {
    let entry = |entry: super::model::QueueEntry| {
        let waiting = Waiting {
            why: entry.why,
            stuck: entry.stuck,
        };
        (entry.id.0, waiting)
    };
    queue.into_iter().map(entry).collect()
}

fn running(builds: Vec<RunningBuild>) -> HashMap<(JobPath, u64), RunningBuild> {
    builds
        .into_iter()
        .map(|build| ((build.job.clone(), build.number), build))
        .collect()
}

/// A build that an executor works on, before anything else is known of it.
fn begun(build: &RunningBuild) -> BuildSeen {
    BuildSeen {
        number: build.number,
        building: true,
        started_at: build.started_at.unwrap_or_default(),
        expected: build
            .estimated_duration
            .and_then(|duration| u64::try_from(duration.as_millis()).ok()),
        ..BuildSeen::default()
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
            let mut seen = seen(&build, &stages);
            if seen.waits_for_input {
                seen.inputs = inputs(client, job, number).await;
            }
            Ok(Seen::Build(seen))
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

/// Questions are an extra, too: without them the card has no buttons for them.
async fn inputs(client: &JenkinsClient, job: &JobPath, number: u64) -> Vec<AskedInput> {
    match client.pending_inputs(job, number).await {
        Ok(inputs) => {
            let asked = inputs.into_iter().take(SHOWN_INPUTS);
            asked
                .map(|input| AskedInput {
                    id: input.id,
                    message: text::truncate(&input.message, INPUT_RUNES),
                    proceed: text::truncate(&input.proceed_text, INPUT_RUNES),
                })
                .collect()
        }
        Err(error) => {
            tracing::debug!(%error, "the questions are not known");
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
        inputs: Vec::new(),
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
