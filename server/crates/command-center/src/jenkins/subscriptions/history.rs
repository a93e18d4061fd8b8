//! The last results of each job, to tell what a new one means.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_results_v1_<digest of server and job>` | [`Results`], for half a year |

use std::time::Duration;

use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};

use super::build_store::digest;
use super::kind::counts;
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::watch::state::Verdict;
use crate::stored;

const PREFIX: &str = "jenkins_results_v1_";
const KEPT: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// How many results are kept: builds that run side by side end in any order.
const MOST: usize = 20;

/// Results of one job by number, in rising order. Only those that say how the job is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Results(Vec<(u64, Verdict)>);

impl Results {
    /// The result before a build.
    #[must_use]
    pub fn before(&self, number: u64) -> Option<Verdict> {
        let earlier = self.0.iter().rev().find(|(other, _)| *other < number);
        earlier.map(|(_, verdict)| *verdict)
    }

    /// Adds the result of a build, or replaces it.
    pub fn add(&mut self, number: u64, verdict: Verdict) {
        if !counts(verdict) {
            return;
        }
        match self.0.binary_search_by_key(&number, |(other, _)| *other) {
            Ok(at) => self.0[at].1 = verdict,
            Err(at) => self.0.insert(at, (number, verdict)),
        }
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }
}

/// The results of all jobs.
#[derive(Debug, Clone)]
pub struct History {
    api: Api,
}

impl History {
    /// The history behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Writes the result of a build down, and tells the one before it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn add(
        &self,
        server: &ServerAlias,
        job: &JobPath,
        number: u64,
        verdict: Verdict,
    ) -> Result<Option<Verdict>, Error> {
        let key = format!("{PREFIX}{}", digest(server, job, None));
        stored::change(&self.api, &key, Some(KEPT), |results| {
            let results: &mut Results = results.get_or_insert_default();
            let before = results.before(number);
            results.add(number, verdict);
            before
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_before_is_that_of_the_number_before() {
        let mut results = Results::default();
        results.add(12, Verdict::Success);
        results.add(10, Verdict::Failure);
        results.add(11, Verdict::Aborted);
        assert_eq!(results.before(10), None);
        assert_eq!(results.before(12), Some(Verdict::Failure));
        assert_eq!(results.before(99), Some(Verdict::Success));
        results.add(12, Verdict::Unstable);
        assert_eq!(results.before(13), Some(Verdict::Unstable));
        for number in 20..60 {
            results.add(number, Verdict::Success);
        }
        assert_eq!(results.0.len(), MOST);
        assert_eq!(results.0[0].0, 40);
    }
}
