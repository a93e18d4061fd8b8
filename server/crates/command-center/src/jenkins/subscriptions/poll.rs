//! News of a Jenkins that sends nothing: asked for, by a service account, on one instance at a time.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_poll_v1_<alias>` | a [`PollState`] |
//!
//! One request tells the newest build of every job that somebody subscribed to; builds in between are
//! found by their numbers. What was seen is written down only after it was told, so a crash repeats it,
//! and the records of builds tell it once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::dispatch::Dispatcher;
use super::kind::EventKind;
use super::notices;
use super::poll_state::{Look, PollState};
use super::rule::{Rule, Target};
use super::stages::StageLooks;
use super::tools::FeedTools;
use crate::config::ServerAlias;
use crate::http_client::Throttle;
use crate::jenkins::error::JenkinsError;
use crate::jenkins::inbound::event::{Details, Tests, kept, kept_list, kept_parameters};
use crate::jenkins::inbound::inbox::Accepted;
use crate::jenkins::inbound::{BuildReport, InboundEvent, Phase};
use crate::jenkins::model::{Build, BuildResult};
use crate::jenkins::watch::state::Verdict;
use crate::jenkins::{BuildSelector, JenkinsClient, JobPath};

const PREFIX: &str = "jenkins_poll_v1_";
/// Folders and jobs that are asked for one by one; above, everything is asked for at once.
const MOST_PLACES: usize = 10;
/// Builds that are looked at by themselves in one round; the rest waits for the next one.
const MOST_LOOKS: usize = 50;
/// A round may take this part of the time: one tenth.
const SHARE: u32 = 10;
/// The longest pause, however slowly Jenkins answers.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);
/// What a server is asked in the long run: five things each second.
const PACE: Duration = Duration::from_millis(200);
/// What it is asked at once.
const BURST: u32 = 10;
/// Builds that are told side by side.
const SIDE_BY_SIDE: usize = 8;

/// Asks.
pub struct Poller {
    throttle: Throttle,
    tools: Arc<FeedTools>,
    dispatcher: Arc<Dispatcher>,
    stages: StageLooks,
    /// When each server is asked next.
    next: Mutex<HashMap<ServerAlias, (Instant, Duration)>>,
}

impl Poller {
    /// A poller that tells what it finds through `dispatcher`.
    #[must_use]
    pub fn new(tools: Arc<FeedTools>, dispatcher: Arc<Dispatcher>) -> Self {
        Self {
            throttle: Throttle::every(PACE, BURST),
            tools,
            dispatcher,
            stages: StageLooks::default(),
            next: Mutex::default(),
        }
    }

    /// Asks each server whose time has come.
    pub async fn poll_if_due(&self) {
        let Ok(servers) = self.tools.access.servers() else {
            return;
        };
        for server in servers {
            let Some(client) = self.tools.access.service_client(&server.alias) else {
                continue;
            };
            if !self.is_due(&server.alias) {
                continue;
            }
            let began = Instant::now();
            if let Err(error) = self.poll(&server.alias, &client).await {
                tracing::warn!(server = %server.alias, error, "Jenkins does not tell its news; it is asked again later");
            }
            let took = self.tools.clock.elapsed(began);
            let interval = self.tools.access.configuration().current();
            let interval = interval.settings.jenkins_poll_interval;
            let pause = interval.max(took * SHARE).min(LONGEST_PAUSE.max(interval));
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.insert(server.alias.clone(), (began, pause));
        }
    }

    fn is_due(&self, alias: &ServerAlias) -> bool {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.get(alias)
            .is_none_or(|(began, pause)| self.tools.clock.elapsed(*began) >= *pause)
    }

    async fn poll(&self, alias: &ServerAlias, client: &JenkinsClient) -> Result<(), String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let all = self
            .tools
            .rules
            .all()
            .await
            .map_err(|error| words(&error))?;
        let rules: Vec<&Arc<Rule>> = all.iter().filter(|rule| rule.server == *alias).collect();
        if rules.is_empty() {
            return Ok(());
        }
        let key = format!("{PREFIX}{alias}");
        let kv = self.tools.api.kv();
        let stored: Option<PollState> = match kv.get_json(&key).await {
            Ok(stored) => stored,
            // What cannot be read is as good as none: this poll is the first one.
            Err(mattermost_plugin::Error::Invalid(_)) => None,
            Err(error) => return Err(words(&error)),
        };
        let now = self.tools.clock.now();
        let mut heads = Vec::new();
        for place in places(&rules) {
            self.throttle.turn().await;
            let found = client.heads(place.as_ref()).await;
            heads.extend(found.map_err(|error| words(&error))?);
        }
        heads.retain(|head| rules.iter().any(|rule| rule.target.includes(&head.job)));
        let subscribed_at = |job: &JobPath| {
            let about = rules.iter().filter(|rule| rule.target.includes(job));
            about.map(|rule| rule.created_at).min().unwrap_or(i64::MAX)
        };
        let (mut state, looks) =
            PollState::next(stored.as_ref(), heads, now, MOST_LOOKS, subscribed_at);
        let reports = self.look(alias, client, &rules, looks, &mut state).await;
        let telling = futures_util::stream::iter(reports)
            .map(|report| self.dispatcher.finish(self.accepted(alias, report), false));
        let told: Vec<bool> = telling.buffer_unordered(SIDE_BY_SIDE).collect().await;
        notices::tell(&self.tools, client, &rules, &mut state)
            .await
            .map_err(|error| words(&error))?;
        // What was not told is looked at again by the next instance.
        if told.into_iter().all(|told| told) && stored.as_ref() != Some(&state) {
            kv.set_json(&key, &state)
                .await
                .map_err(|error| words(&error))?;
        }
        Ok(())
    }

    async fn look(
        &self,
        alias: &ServerAlias,
        client: &JenkinsClient,
        rules: &[&Arc<Rule>],
        looks: Vec<Look>,
        state: &mut PollState,
    ) -> Vec<BuildReport> {
        let mut reports = Vec::new();
        let in_turn = self.stages.in_turn(alias, rules, &looks);
        for look in looks {
            let tells_more = |rule: &&Arc<Rule>| rule.thread && rule.target.includes(&look.job);
            let seen = match &look.seen {
                Some(build) if build.running || !rules.iter().any(tells_more) => {
                    Ok(Some(of_build(&look.job, build)))
                }
                _ => {
                    self.throttle.turn().await;
                    fetch(client, &look.job, look.number).await
                }
            };
            let mut report = match seen {
                Ok(Some(report)) => report,
                Ok(None) => {
                    state.close(&look.job, look.number);
                    continue;
                }
                Err(error) => {
                    tracing::debug!(job = %look.job, %error, "a build is looked at again later");
                    state.open(&look.job, look.number);
                    continue;
                }
            };
            if report.phase.is_over() {
                state.close(&look.job, look.number);
            } else {
                state.open(&look.job, look.number);
                let asks = |rule: &&Arc<Rule>| {
                    rule.events.contains(EventKind::Input) && rule.target.includes(&look.job)
                };
                let may_ask = rules.iter().any(asks);
                if may_ask || in_turn.contains(&(look.job.clone(), look.number)) {
                    self.throttle.turn().await;
                    let seen = self.stages.look(alias, client, &report).await;
                    // Only who is asked each time is known to have stopped waiting.
                    report.waits_for_input = may_ask && seen.waits;
                    report.stage = seen.name;
                }
            }
            reports.push(report);
        }
        reports
    }

    fn accepted(&self, server: &ServerAlias, report: BuildReport) -> Accepted {
        Accepted {
            id: String::new(),
            hook_id: String::new(),
            server: server.clone(),
            received_at: self.tools.clock.now(),
            event: InboundEvent::Build(Box::new(report)),
        }
    }
}

/// What to ask for: few places one by one, many at once.
fn places(rules: &[&Arc<Rule>]) -> Vec<Option<JobPath>> {
    let mut paths: Vec<&JobPath> = Vec::new();
    for rule in rules {
        match &rule.target {
            Target::All | Target::Glob { .. } => return vec![None],
            Target::Job { path } | Target::Folder { path } if !paths.contains(&path) => {
                paths.push(path);
            }
            Target::Job { .. } | Target::Folder { .. } => {}
        }
    }
    if paths.len() > MOST_PLACES {
        return vec![None];
    }
    let is_inside =
        |path: &JobPath, other: &JobPath| path != other && path.names().starts_with(other.names());
    paths
        .iter()
        .filter(|path| !paths.iter().any(|other| is_inside(path, other)))
        .map(|path| Some((*path).clone()))
        .collect()
}

/// A build as Jenkins itself tells it, with what people want to know of it; `None` if there is none, or
/// the account may not see it.
///
/// # Errors
/// What stands in the way.
pub async fn fetch(
    client: &JenkinsClient,
    job: &JobPath,
    number: u64,
) -> Result<Option<BuildReport>, JenkinsError> {
    let selector = BuildSelector::Number(number);
    let Some(found) = client.details(job, selector).await? else {
        return Ok(None);
    };
    let mut report = of_build(job, &found.build);
    let details = &mut report.details;
    if let Some(revision) = found.revision {
        details.commit = Some(kept(&revision.commit));
        details.branch = revision.branch.map(|branch| kept(&branch));
    }
    details.changes = kept_list(found.changes.iter().map(|change| &change.title));
    details.culprits = kept_list(found.culprits.iter().map(|person| &person.name));
    let parameters = found.parameters.into_iter();
    details.parameters =
        kept_parameters(parameters.filter_map(|(name, value)| Some((name, value?))));
    if let Some(tests) = details.tests.as_mut().filter(|tests| tests.failed > 0) {
        tests.failed_names = failed_tests(client, job, number).await;
    }
    Ok(Some(report))
}

/// Names are an extra: a build is told without them all the same.
async fn failed_tests(client: &JenkinsClient, job: &JobPath, number: u64) -> Vec<String> {
    match client.test_report(job, number).await {
        Ok(report) => {
            let failed = report.into_iter().flat_map(|report| report.failed);
            kept_list(failed.map(|test| format!("{}.{}", test.class, test.name)))
        }
        Err(error) => {
            tracing::debug!(%error, "the names of failed tests are not known");
            Vec::new()
        }
    }
}

fn of_build(job: &JobPath, build: &Build) -> BuildReport {
    let phase = if build.running {
        Phase::Started
    } else {
        Phase::Finalized
    };
    BuildReport {
        result: build.result.and_then(verdict),
        queue_id: build.queue_id.map(|id| id.0),
        expected: build
            .estimated_duration
            .filter(|_| build.running)
            .and_then(|duration| u64::try_from(duration.as_millis()).ok()),
        started_at: Some(build.started_at).filter(|time| *time > 0),
        duration: u64::try_from(build.duration.as_millis())
            .ok()
            .filter(|_| !build.running),
        details: Details {
            cause: build.causes.first().map(|cause| kept(&cause.description)),
            tests: build.tests.map(|tests| Tests {
                total: tests.total,
                failed: tests.failed,
                skipped: tests.skipped,
                failed_names: Vec::new(),
            }),
            ..Details::default()
        },
        ..BuildReport::new(job.clone(), build.number, phase)
    }
}

fn verdict(result: BuildResult) -> Option<Verdict> {
    Some(match result {
        BuildResult::Success => Verdict::Success,
        BuildResult::Unstable => Verdict::Unstable,
        BuildResult::Failure => Verdict::Failure,
        BuildResult::NotBuilt => Verdict::NotBuilt,
        BuildResult::Aborted => Verdict::Aborted,
        BuildResult::Unknown => return None,
    })
}
