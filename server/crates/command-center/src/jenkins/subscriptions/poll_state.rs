//! Which builds a poll has seen, and which it looks at next. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::jenkins::JobPath;
use crate::jenkins::client::JobHead;
use crate::jenkins::model::Build;

/// Builds between two polls that are looked for; of more, the newest.
const MOST_MISSED: u64 = 10;
/// How exact the time of the last poll is, in milliseconds.
const SINCE_STEP: i64 = 5 * 60 * 1000;

/// What was seen of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PollState {
    /// When it was polled, about, in milliseconds since 1970.
    pub since: i64,
    /// Jobs by full name.
    pub jobs: BTreeMap<String, SeenJob>,
    /// Entries of the queue that were told as stuck.
    pub stuck: BTreeSet<u64>,
    /// Nodes that were offline; `None` while nobody wants to hear of nodes.
    pub offline: Option<BTreeSet<String>>,
}

/// What was seen of one job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenJob {
    /// The newest build that was seen.
    #[serde(rename = "n")]
    pub newest: u64,
    /// Builds up to that one that were not over.
    #[serde(rename = "o", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub open: BTreeSet<u64>,
}

impl SeenJob {
    /// A job that is seen for the first time: with its newest build as news, or as known.
    fn at(last: &Build, is_news: bool) -> Self {
        if is_news {
            return Self {
                newest: last.number.saturating_sub(1),
                open: BTreeSet::new(),
            };
        }
        Self {
            newest: last.number,
            open: last.running.then_some(last.number).into_iter().collect(),
        }
    }

    /// Those that were not over, and those that are new, in rising order.
    fn numbers_to_look_at(&self, last: u64) -> BTreeSet<u64> {
        let first = (self.newest + 1).max((last + 1).saturating_sub(MOST_MISSED));
        self.open.iter().copied().chain(first..=last).collect()
    }
}

/// A build to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its job.
    pub job: JobPath,
    /// Its number.
    pub number: u64,
    /// The build itself, if it was told already.
    pub seen: Option<Build>,
}

impl PollState {
    /// What is seen now, and what to look at; at most `most` builds that have to be asked for. For a job
    /// that was not seen before, only builds count that began after the last poll and after
    /// `subscribed_at`: nothing is told that happened before somebody wanted to hear of it.
    #[must_use]
    pub fn next(
        before: Option<&Self>,
        heads: Vec<JobHead>,
        now: i64,
        most: usize,
        subscribed_at: impl Fn(&JobPath) -> i64,
    ) -> (Self, Vec<Look>) {
        let mut state = before.cloned().unwrap_or_default();
        let mut looks = Vec::new();
        let mut asked = 0;
        for JobHead { job, last } in heads {
            let is_news = before.is_some_and(|before| {
                last.started_at > before.since && last.started_at > subscribed_at(&job)
            });
            let known = state.jobs.get(&job.full_name()).cloned();
            // A job that was deleted and made anew counts from one again.
            let known = known.filter(|seen| last.number >= seen.newest);
            let mut seen = known.unwrap_or_else(|| SeenJob::at(&last, is_news));
            for number in seen.numbers_to_look_at(last.number) {
                let is_last = number == last.number;
                if !is_last && asked >= most {
                    seen.open.insert(number);
                    continue;
                }
                asked += usize::from(!is_last);
                looks.push(Look {
                    job: job.clone(),
                    number,
                    seen: is_last.then(|| last.clone()),
                });
            }
            seen.newest = last.number;
            state.jobs.insert(job.full_name(), seen);
        }
        // Not each time: the state is written only when it has changed.
        if now.saturating_sub(state.since) > SINCE_STEP || before.is_none() {
            state.since = now;
        }
        (state, looks)
    }

    /// Notes that a build goes on.
    pub fn open(&mut self, job: &JobPath, number: u64) {
        if let Some(seen) = self.jobs.get_mut(&job.full_name()) {
            seen.open.insert(number);
        }
    }

    /// Notes that a build is over.
    pub fn close(&mut self, job: &JobPath, number: u64) {
        if let Some(seen) = self.jobs.get_mut(&job.full_name()) {
            seen.open.remove(&number);
        }
    }
}

#[cfg(test)]
#[path = "poll_state_tests.rs"]
mod tests;
