//! Results of tests.

use std::time::Duration;

use insta::assert_snapshot;

use super::*;
use crate::jenkins::model::{FailedTest, FailedTestStatus, FixedTest, ReportCoverage, TestReport};

fn test(name: &str, status: FailedTestStatus, age: u64) -> FailedTest {
    FailedTest {
        name: name.to_owned(),
        class: "org.example.T".to_owned(),
        suite: String::new(),
        status,
        age,
        failed_since: (age > 1).then_some(12 - age),
        error_details: Some("\n\nexpected 2\n  but was 3".to_owned()),
        duration: Duration::ZERO,
        job: None,
    }
}

fn report() -> TestReport {
    TestReport {
        pass: 96,
        fail: 3,
        skip: 1,
        duration: Duration::from_millis(61_500),
        failed: vec![
            test("old", FailedTestStatus::Failed, 4),
            FailedTest {
                class: String::new(),
                error_details: Some(HOSTILE.to_owned()),
                job: Some(job(&["module `x`"])),
                ..test(HOSTILE, FailedTestStatus::Regression, 1)
            },
            test("younger", FailedTestStatus::Failed, 2),
        ],
        fixed: vec![FixedTest {
            name: HOSTILE.to_owned(),
            class: "C".to_owned(),
            suite: String::new(),
        }],
        coverage: ReportCoverage::Full,
    }
}

#[test]
fn results_of_tests() {
    assert_snapshot!(shown(|view| view.test_results(
        &hello(),
        12,
        &report(),
        None
    )));
    let totals = TestReport {
        failed: Vec::new(),
        fixed: Vec::new(),
        coverage: ReportCoverage::Totals,
        ..report()
    };
    assert_snapshot!(shown(|view| view.test_results(&hello(), 12, &totals, None)));
    assert_snapshot!(shown(|view| view.no_test_results(&hello(), 12)));
    let good = TestReport {
        fail: 0,
        failed: Vec::new(),
        fixed: Vec::new(),
        ..report()
    };
    assert_snapshot!(shown(|view| view.test_results(&hello(), 12, &good, None)));
}

#[test]
fn many_failed_tests_are_counted() {
    let report = TestReport {
        fail: 1_000,
        failed: vec![
            FailedTest {
                error_details: Some(HOSTILE.repeat(40)),
                ..test(&HOSTILE.repeat(40), FailedTestStatus::Regression, 1)
            };
            500
        ],
        ..report()
    };
    let words = shown(|view| view.test_results(&hello(), 12, &report, None));
    assert!(words.contains("and 975 more: [all of it]"), "{words}");
}

#[test]
fn tests_since_an_earlier_build() {
    let before = TestReport {
        fail: 2,
        failed: vec![
            test("old", FailedTestStatus::Failed, 1),
            test("gone", FailedTestStatus::Failed, 1),
        ],
        ..report()
    };
    let since = |comparison| Since {
        number: 9,
        comparison,
    };
    let compared = since(Some(Comparison::of(&before, &report())));
    assert_snapshot!(shown(|view| view.test_results(
        &hello(),
        12,
        &report(),
        Some(&compared)
    )));
    let nothing = since(None);
    let words = shown(|view| view.test_results(&hello(), 12, &report(), Some(&nothing)));
    assert!(words.contains("#9 has no test reports"), "{words}");
}
