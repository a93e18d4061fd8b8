//! Results of tests (junit-plugin, `TestResult`), in bounded memory: what passed is dropped while it is read.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::location::LocatedBuildJson;
use crate::jenkins::JobPath;
use crate::text;

/// The most failed tests, and the most fixed ones, that are kept.
const KEPT: usize = 500;

/// The most runes of an error message that are kept.
const LONGEST_ERROR: usize = 2000;

/// The tests of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestReport {
    /// How many passed.
    pub pass: u64,
    /// How many failed.
    pub fail: u64,
    /// How many were skipped.
    pub skip: u64,
    /// How long they took together, if Jenkins says.
    pub duration: Duration,
    /// Those that failed, in Jenkins' order; at most 500.
    pub failed: Vec<FailedTest>,
    /// Those that failed in the build before and pass now; at most 500.
    pub fixed: Vec<FixedTest>,
    /// How much of the report was short enough to be read.
    pub coverage: ReportCoverage,
}

/// How much of a report was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportCoverage {
    /// All of it.
    #[default]
    Full,
    /// All but the error messages.
    WithoutErrors,
    /// The numbers only: the lists are empty.
    Totals,
}

/// A test that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTest {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Its suite.
    pub suite: String,
    /// Whether it passed before.
    pub status: FailedTestStatus,
    /// For how many builds it has been failing; 1 is only this one.
    pub age: u64,
    /// The number of the build since which it fails.
    pub failed_since: Option<u64>,
    /// The first 2000 characters of its error message.
    pub error_details: Option<String>,
    /// How long it took.
    pub duration: Duration,
    /// The job that ran it, if that is another one than was asked about: a module or a configuration.
    pub job: Option<JobPath>,
}

/// Whether a test that failed is news (junit-plugin, `CaseResult.Status`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedTestStatus {
    /// It passed in the build before.
    Regression,
    /// It failed in the build before, too.
    Failed,
}

/// A test that passes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedTest {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Its suite.
    pub suite: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TestReportJson {
    pass_count: Option<u64>,
    fail_count: Option<u64>,
    skip_count: Option<u64>,
    /// Of an aggregated report, which has no `passCount`.
    total_count: Option<u64>,
    duration: Option<f64>,
    suites: Vec<SuiteJson>,
    /// Of an aggregated report: Maven modules, matrix configurations.
    child_reports: Vec<ChildReportJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChildReportJson {
    child: LocatedBuildJson,
    result: Option<ResultJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ResultJson {
    duration: Option<f64>,
    suites: Vec<SuiteJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SuiteJson {
    name: Option<String>,
    cases: Cases,
}

/// The cases that are worth telling.
#[derive(Debug, Default)]
struct Cases(Vec<CaseJson>);

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CaseJson {
    class_name: Option<String>,
    name: Option<String>,
    status: Option<String>,
    age: u64,
    failed_since: u64,
    error_details: Option<String>,
    duration: Option<f64>,
}

impl<'de> Deserialize<'de> for Cases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Interesting;

        impl<'de> Visitor<'de> for Interesting {
            type Value = Cases;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of test cases")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cases, A::Error> {
                let mut kept = Vec::new();
                while let Some(mut case) = list.next_element::<CaseJson>()? {
                    if case.is_telling() && kept.len() < 2 * KEPT {
                        let cut = |text: String| text::truncate(&text, LONGEST_ERROR);
                        case.error_details = case.error_details.map(cut);
                        kept.push(case);
                    }
                }
                Ok(Cases(kept))
            }
        }

        deserializer.deserialize_seq(Interesting)
    }
}

impl CaseJson {
    fn failed(&self) -> Option<FailedTestStatus> {
        match self.status.as_deref()? {
            "REGRESSION" => Some(FailedTestStatus::Regression),
            "FAILED" => Some(FailedTestStatus::Failed),
            _ => None,
        }
    }

    fn is_fixed(&self) -> bool {
        self.status.as_deref() == Some("FIXED")
    }

    fn is_telling(&self) -> bool {
        self.is_fixed() || self.failed().is_some()
    }
}

impl TestReportJson {
    /// The `tree` that this type reads.
    pub(crate) fn tree(coverage: ReportCoverage) -> String {
        const TOTALS: &str = "passCount,failCount,skipCount,totalCount,duration";
        let error = match coverage {
            ReportCoverage::Full => ",errorDetails",
            ReportCoverage::WithoutErrors => "",
            ReportCoverage::Totals => return TOTALS.to_owned(),
        };
        let suites =
            format!("suites[name,cases[className,name,status,age,failedSince,duration{error}]]");
        format!("{TOTALS},{suites},childReports[child[number,url],result[duration,{suites}]]")
    }

    /// `None` if the answer is about something else.
    pub(crate) fn into_report(self, coverage: ReportCoverage) -> Option<TestReport> {
        let fail = self.fail_count?;
        let skip = self.skip_count.unwrap_or(0);
        let pass = self.pass_count.or_else(|| {
            let total = self.total_count?;
            Some(total.saturating_sub(fail).saturating_sub(skip))
        });
        let mut report = TestReport {
            pass: pass.unwrap_or(0),
            fail,
            skip,
            coverage,
            ..TestReport::default()
        };
        let mut whole = self.duration;
        report.add(self.suites, None);
        for child in self.child_reports {
            let job = child.child.job();
            let Some(result) = child.result else { continue };
            if let Some(seconds) = result.duration {
                whole = Some(whole.unwrap_or(0.0) + seconds);
            }
            report.add(result.suites, job.as_ref());
        }
        report.duration = seconds(whole);
        Some(report)
    }
}

impl TestReport {
    fn add(&mut self, suites: Vec<SuiteJson>, job: Option<&JobPath>) {
        for suite in suites {
            let name = suite.name.unwrap_or_default();
            for case in suite.cases.0 {
                let status = case.failed();
                let is_fixed = case.is_fixed();
                let (test, class) = (
                    case.name.unwrap_or_default(),
                    case.class_name.unwrap_or_default(),
                );
                match status {
                    Some(status) if self.failed.len() < KEPT => self.failed.push(FailedTest {
                        name: test,
                        class,
                        suite: name.clone(),
                        status,
                        age: case.age,
                        failed_since: Some(case.failed_since).filter(|number| *number > 0),
                        error_details: case.error_details.filter(|text| !text.trim().is_empty()),
                        duration: seconds(case.duration),
                        job: job.cloned(),
                    }),
                    None if is_fixed && self.fixed.len() < KEPT => self.fixed.push(FixedTest {
                        name: test,
                        class,
                        suite: name.clone(),
                    }),
                    _ => {}
                }
            }
        }
    }
}

fn seconds(seconds: Option<f64>) -> Duration {
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or_default()
}

#[cfg(test)]
#[path = "test_report_tests.rs"]
mod tests;
