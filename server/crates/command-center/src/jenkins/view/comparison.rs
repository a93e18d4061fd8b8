//! The tests of two builds beside each other.

use std::collections::HashSet;

use crate::jenkins::model::{FailedTest, TestReport};

/// What changed from an earlier report to a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What fails in the later one and did not in the earlier one, in the later one's order.
    pub new: Vec<FailedTest>,
    /// What failed in the earlier one and does not in the later one, in the earlier one's order.
    pub gone: Vec<FailedTest>,
    /// How many failed in both.
    pub both: usize,
    /// True if each list of failed tests was whole: of longer ones, only a part is known.
    pub is_whole: bool,
}

impl Comparison {
    /// Compares by job, suite, class and name.
    #[must_use]
    pub fn of(earlier: &TestReport, later: &TestReport) -> Self {
        let before: HashSet<_> = earlier.failed.iter().map(identity).collect();
        let after: HashSet<_> = later.failed.iter().map(identity).collect();
        let without = |tests: &[FailedTest], others: &HashSet<_>| -> Vec<FailedTest> {
            let tests = tests
                .iter()
                .filter(|test| !others.contains(&identity(test)));
            tests.cloned().collect()
        };
        let is_whole = |report: &TestReport| report.failed.len() as u64 >= report.fail;
        Self {
            new: without(&later.failed, &before),
            gone: without(&earlier.failed, &after),
            both: after.intersection(&before).count(),
            is_whole: is_whole(earlier) && is_whole(later),
        }
    }
}

type Identity<'a> = (
    Option<&'a crate::jenkins::JobPath>,
    &'a str,
    &'a str,
    &'a str,
);

fn identity(test: &FailedTest) -> Identity<'_> {
    (test.job.as_ref(), &test.suite, &test.class, &test.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::model::FailedTestStatus;
    use proptest::prelude::*;

    fn report(names: &[u8], fail: u64) -> TestReport {
        let test = |name: &u8| FailedTest {
            name: name.to_string(),
            class: "T".to_owned(),
            suite: String::new(),
            status: FailedTestStatus::Failed,
            age: 1,
            failed_since: None,
            error_details: None,
            duration: std::time::Duration::ZERO,
            job: None,
        };
        TestReport {
            fail,
            failed: names.iter().map(test).collect(),
            ..TestReport::default()
        }
    }

    fn names(tests: &[FailedTest]) -> Vec<&str> {
        tests.iter().map(|test| test.name.as_str()).collect()
    }

    #[test]
    fn what_is_new_and_what_is_gone() {
        let compared = Comparison::of(&report(&[1, 2], 2), &report(&[3, 2], 2));
        assert_eq!(names(&compared.new), ["3"]);
        assert_eq!(names(&compared.gone), ["1"]);
        assert_eq!((compared.both, compared.is_whole), (1, true));
        assert!(!Comparison::of(&report(&[1], 9), &report(&[1], 1)).is_whole);
    }

    proptest! {
        #[test]
        fn every_failure_is_counted_once(
            before in prop::collection::hash_set(0_u8..12, 0..8),
            after in prop::collection::hash_set(0_u8..12, 0..8),
        ) {
            let list = |set: &HashSet<u8>| set.iter().copied().collect::<Vec<_>>();
            let (before, after) = (list(&before), list(&after));
            let compared = Comparison::of(
                &report(&before, before.len() as u64),
                &report(&after, after.len() as u64),
            );
            prop_assert_eq!(compared.new.len() + compared.both, after.len());
            prop_assert_eq!(compared.gone.len() + compared.both, before.len());
        }
    }
}
