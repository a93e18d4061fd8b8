//! Where running pipelines are, for the cards of subscriptions: an extra that is asked for sparingly.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::kind::EventKind;
use super::poll_state::Look;
use super::rule::Rule;
use crate::config::ServerAlias;
use crate::jenkins::inbound::BuildReport;
use crate::jenkins::inbound::event::kept;
use crate::jenkins::model::{Stage, StageStatus};
use crate::jenkins::{JenkinsClient, JobPath};

/// So many builds are asked for in one round, in turn; those that may wait for input come besides.
const AT_ONCE: usize = 5;
/// Jobs without stages that are remembered.
const MOST_PLAIN: usize = 10_000;

/// Looks for stages.
#[derive(Debug, Default)]
pub struct StageLooks {
    /// Counts rounds.
    round: AtomicUsize,
    /// Jobs that turned out to be no pipelines.
    plain: Mutex<HashSet<(ServerAlias, JobPath)>>,
}

/// Where a pipeline is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenStage {
    /// The name of its stage, cut, if it is in one.
    pub name: Option<String>,
    /// Whether it waits for somebody's input.
    pub waits: bool,
}

impl StageLooks {
    /// The builds whose turn it is: of those that run and have a card meanwhile.
    #[must_use]
    pub fn in_turn(
        &self,
        alias: &ServerAlias,
        rules: &[&Arc<Rule>],
        looks: &[Look],
    ) -> HashSet<(JobPath, u64)> {
        let plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        let has_card = |job: &JobPath| {
            let mut about = rules.iter().filter(|rule| rule.target.includes(job));
            about.any(|rule| rule.events.contains(EventKind::Start))
        };
        let running = looks.iter().filter(|look| {
            let build = look.seen.as_ref();
            build.is_none_or(|build| build.running)
                && has_card(&look.job)
                && !plain.contains(&(alias.clone(), look.job.clone()))
        });
        let mut running: Vec<_> = running.map(|look| (&look.job, look.number)).collect();
        if running.len() > AT_ONCE {
            let round = self.round.fetch_add(1, Ordering::Relaxed);
            let first = round.wrapping_mul(AT_ONCE) % running.len();
            running.rotate_left(first);
        }
        let in_turn = running.into_iter().take(AT_ONCE);
        in_turn.map(|(job, number)| (job.clone(), number)).collect()
    }

    /// Asks about one. The build is told without an answer all the same.
    pub async fn look(
        &self,
        alias: &ServerAlias,
        client: &JenkinsClient,
        report: &BuildReport,
    ) -> SeenStage {
        match client.stages(&report.job, report.number).await {
            Ok(Some(stages)) => seen(&stages),
            Ok(None) => {
                let mut plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
                if plain.len() >= MOST_PLAIN {
                    plain.clear();
                }
                plain.insert((alias.clone(), report.job.clone()));
                SeenStage::default()
            }
            Err(error) => {
                tracing::debug!(%error, "the stages of a build are not known");
                SeenStage::default()
            }
        }
    }
}

fn seen(stages: &[Stage]) -> SeenStage {
    let last = |status: StageStatus| stages.iter().rev().find(|stage| stage.status == status);
    let waiting = last(StageStatus::PausedPendingInput);
    let stage = waiting.or(last(StageStatus::InProgress));
    SeenStage {
        name: stage.map(|stage| kept(&stage.name)),
        waits: waiting.is_some(),
    }
}
