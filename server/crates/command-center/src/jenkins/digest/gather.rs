//! Asking Jenkins about a failure, with little time.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::people::{People, suspects};
use super::{Commit, Culprit, Digest, FailedStage, FailedTest, FailedTests, lines};
use crate::jenkins::access::Access;
use crate::jenkins::client::TailRequest;
use crate::jenkins::model::{
    BuildDetails, BuildResult, Change, FailedTestStatus, StageStatus, TestReport,
};
use crate::jenkins::watch::record::WatchRecord;
use crate::jenkins::watch::state::Verdict;
use crate::jenkins::{BuildSelector, JenkinsClient, JobPath};

/// The result may wait this long for it.
const TIME: Duration = Duration::from_secs(3);
/// So many are gathered at once.
const AT_ONCE: usize = 8;
/// Lines of the end of a log that are read.
const LINES: usize = 400;
/// Among so many builds the last success is looked for.
const HISTORY: u32 = 20;
/// So many earlier failures are asked for their commits.
const EARLIER: usize = 4;

/// Gathers what is known of failures.
#[derive(Debug)]
pub struct Digester {
    access: Arc<Access>,
    people: People,
    turns: Semaphore,
}

impl Digester {
    /// Asks there.
    #[must_use]
    pub fn new(access: Arc<Access>, people: People) -> Self {
        Self {
            access,
            people,
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// What could be learned of a build of this watch in three seconds, with the requester's account.
    /// Empty for builds that did not fail.
    pub async fn digest(&self, watch: &WatchRecord, number: u64, verdict: Verdict) -> Digest {
        if !matches!(verdict, Verdict::Failure | Verdict::Unstable) {
            return Digest::default();
        }
        let deadline = Instant::now() + TIME;
        let Ok(job) = JobPath::new(watch.job.path.clone()) else {
            return Digest::default();
        };
        let begin = async {
            let turn = self.turns.acquire().await.ok()?;
            let user_id = &watch.requester.user_id;
            let client = self.access.client(user_id, &watch.job.server).await.ok()?;
            Some((turn, client))
        };
        let Ok(Some((_turn, client))) = timeout_at(deadline, begin).await else {
            return Digest::default();
        };
        let build = Failed {
            client: &client,
            job: &job,
            number,
        };
        let (place, tests, changes) = tokio::join!(
            timeout_at(deadline, build.place()),
            timeout_at(deadline, build.tests()),
            self.changes(&build, watch, deadline),
        );
        let (stage, mut lines) = place.unwrap_or_default();
        let tests = tests.ok().flatten();
        // What the tests say is enough.
        if verdict == Verdict::Unstable && tests.is_some() {
            lines.clear();
        }
        let (commits, more_commits, culprits) = changes;
        Digest {
            stage,
            lines,
            tests,
            commits,
            more_commits,
            culprits,
        }
    }

    async fn changes(
        &self,
        build: &Failed<'_>,
        watch: &WatchRecord,
        deadline: Instant,
    ) -> (Vec<Commit>, bool, Vec<Culprit>) {
        let details = timeout_at(deadline, build.details(build.number)).await;
        let Ok(Some(details)) = details else {
            return (Vec::new(), false, Vec::new());
        };
        let suspects = suspects(&details);
        let found = suspects.iter().map(|suspect| async move {
            let place = &watch.place.channel_id;
            let looking = self
                .people
                .find(build.client, &watch.job.server, place, suspect);
            timeout_at(deadline, looking)
                .await
                .unwrap_or_else(|_| Culprit {
                    name: suspect.person.name.clone(),
                    username: None,
                })
        });
        let (culprits, earlier) = tokio::join!(
            join_all(found),
            timeout_at(deadline, build.earlier_failures())
        );
        let (earlier, is_cut) = earlier.unwrap_or((Vec::new(), false));
        let more = details.changes_cut || is_cut || earlier.iter().any(|build| build.changes_cut);
        let all = std::iter::once(details).chain(earlier);
        // Several branches merged, or several repositories built: Jenkins tells a commit of each again.
        let mut known = HashSet::new();
        let commits = all
            .flat_map(|build| build.changes.into_iter().rev())
            .filter(|change| match &change.commit {
                Some(id) => known.insert(id.clone()),
                None => true,
            })
            .map(commit)
            .collect();
        (commits, more, culprits)
    }
}

/// A build that failed.
struct Failed<'a> {
    client: &'a JenkinsClient,
    job: &'a JobPath,
    number: u64,
}

impl Failed<'_> {
    /// Where it failed, and the lines that say why.
    async fn place(&self) -> (Option<FailedStage>, Vec<String>) {
        let stages = self.client.stages(self.job, self.number).await;
        let failed = stages.ok().flatten().and_then(|stages| {
            stages
                .into_iter()
                .find(|stage| matches!(stage.status, StageStatus::Failed | StageStatus::Unstable))
        });
        if let Some(failed) = failed {
            let log = self
                .client
                .stage_log(self.job, self.number, &failed.id)
                .await;
            let log = log.ok().flatten();
            let stage = FailedStage {
                name: failed.name,
                error: log.as_ref().and_then(|log| log.error.clone()),
            };
            let lines = match log {
                Some(log) if !log.text.trim().is_empty() => lines::telling(&log.text),
                _ => self.log_lines().await,
            };
            return (Some(stage), lines);
        }
        (None, self.log_lines().await)
    }

    async fn log_lines(&self) -> Vec<String> {
        let request = TailRequest {
            lines: LINES,
            time_limit: TIME,
        };
        let build = BuildSelector::Number(self.number);
        match self.client.log_tail(self.job, build, request).await {
            Ok(tail) => lines::telling(&tail.text),
            Err(error) => {
                tracing::debug!(%error, "the log of a failure is not read");
                Vec::new()
            }
        }
    }

    async fn tests(&self) -> Option<FailedTests> {
        let report = self.client.test_report(self.job, self.number).await;
        report.ok().flatten().and_then(failed_tests)
    }

    async fn details(&self, number: u64) -> Option<BuildDetails> {
        let build = BuildSelector::Number(number);
        self.client.details(self.job, build).await.ok().flatten()
    }

    /// The builds between the last success and this one, newest first, and whether there are more.
    async fn earlier_failures(&self) -> (Vec<BuildDetails>, bool) {
        let history = self.client.history(self.job, HISTORY).await;
        let history = history.unwrap_or_default();
        let before = history.iter().filter(|build| build.number < self.number);
        let failures: Vec<u64> = before
            .take_while(|build| build.result != Some(BuildResult::Success))
            .map(|build| build.number)
            .collect();
        let asked = failures
            .iter()
            .take(EARLIER)
            .map(|number| self.details(*number));
        let found = join_all(asked).await.into_iter().flatten().collect();
        (found, failures.len() > EARLIER)
    }
}

fn failed_tests(report: TestReport) -> Option<FailedTests> {
    if report.fail == 0 {
        return None;
    }
    let mut failed = report.failed;
    failed.sort_by_key(|test| (test.status != FailedTestStatus::Regression, test.age));
    let first = failed.into_iter().map(|test| FailedTest {
        name: match test.class.as_str() {
            "" => test.name,
            class => format!("{class}.{}", test.name),
        },
        age: test.age,
    });
    Some(FailedTests {
        count: report.fail,
        first: first.collect(),
    })
}

fn commit(change: Change) -> Commit {
    Commit {
        id: change.commit,
        title: change.title,
        author: change.author.name,
    }
}
