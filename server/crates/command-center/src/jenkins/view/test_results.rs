//! Results of tests.

use super::comparison::Comparison;
use super::listing::more;
use super::words::short;
use super::{JOB_RUNES, View, plain_name};
use crate::jenkins::JobPath;
use crate::jenkins::model::{FailedTest, FailedTestStatus, ReportCoverage, TestReport};
use crate::text;

/// So many failed tests are named in all.
const SHOWN: usize = 25;
/// So many tests that pass again are named.
const FIXED: usize = 10;
/// Runes of the name of a test, its class included.
const NAME_RUNES: usize = 160;
/// Runes of the first line of an error.
const ERROR_RUNES: usize = 200;

/// An earlier build to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// Its number.
    pub number: u64,
    /// What changed; `None` if it has no test report.
    pub comparison: Option<Comparison>,
}

impl View<'_> {
    /// The tests of a build, what broke in it first.
    #[must_use]
    pub fn test_results(
        &self,
        job: &JobPath,
        number: u64,
        report: &TestReport,
        since: Option<&Since>,
    ) -> String {
        let page = self.build_page(job, number, &["testReport"]);
        // The wording of the former plugin.
        let mut lines = vec![format!(
            "Test reports for the build #{number} of the job '{}': {}",
            plain_name(job),
            text::web_link(&page).unwrap_or_default()
        )];
        lines.push(totals(report));
        let mut room = SHOWN;
        match since {
            Some(since) => lines.extend(since_lines(since, number, &mut room, &page)),
            None => lines.extend(failed_lines(report, &mut room, &page)),
        }
        if since.is_none() {
            lines.extend(fixed_lines(report));
        }
        match report.coverage {
            ReportCoverage::Full => {}
            ReportCoverage::WithoutErrors => {
                lines.push("The report is too long to be read with its error messages.".to_owned());
            }
            ReportCoverage::Totals => lines.push(
                "The report is too long to be read: only its numbers are shown here.".to_owned(),
            ),
        }
        text::join_lines(&lines)
    }
}

/// A build without a report, in the words of the former plugin.
pub(super) fn no_report(job: &JobPath, number: u64) -> String {
    format!(
        "The build #{number} of the job '{}' doesn't have test reports.",
        plain_name(job)
    )
}

impl View<'_> {
    /// What to say where there is no report.
    #[must_use]
    pub fn no_test_results(&self, job: &JobPath, number: u64) -> String {
        format!(
            "{} {}",
            no_report(job, number),
            text::link("Open the build", &self.build_page(job, number, &[]))
        )
    }
}

fn totals(report: &TestReport) -> String {
    let mark = if report.fail > 0 {
        ":x:"
    } else {
        ":white_check_mark:"
    };
    let all = report.pass + report.fail + report.skip;
    let took = match report.duration.is_zero() {
        true => String::new(),
        false => format!(" in {}", text::duration(report.duration)),
    };
    format!(
        "{mark} **{} failed**, {} skipped, {} passed of {all}{took}",
        report.fail, report.skip, report.pass
    )
}

fn failed_lines(report: &TestReport, room: &mut usize, page: &str) -> Vec<String> {
    let of = |status| -> Vec<&FailedTest> {
        let tests = report.failed.iter().filter(|test| test.status == status);
        tests.collect()
    };
    let regressions = of(FailedTestStatus::Regression);
    let mut others = of(FailedTestStatus::Failed);
    others.sort_by_key(|test| test.age);
    let mut lines = group("Regressions (passed before)", &regressions, room);
    lines.extend(group("Failed", &others, room));
    let named = SHOWN - *room;
    if let Some(left) = report
        .fail
        .checked_sub(named as u64)
        .filter(|left| *left > 0)
        && named > 0
    {
        lines.push(format!("- {}", more(left, page)));
    }
    lines
}

fn since_lines(since: &Since, number: u64, room: &mut usize, page: &str) -> Vec<String> {
    if since.number == number {
        let number = since.number;
        return vec![format!(
            "#{number} is this build itself, so there is nothing to compare with."
        )];
    }
    let Some(comparison) = &since.comparison else {
        return vec![format!(
            "The build #{} has no test reports, so there is nothing to compare with.",
            since.number
        )];
    };
    let new: Vec<&FailedTest> = comparison.new.iter().collect();
    let mut lines = vec![format!(
        "Since #{}: {} newly failing, {} no longer failing, {} failing in both",
        since.number,
        comparison.new.len(),
        comparison.gone.len(),
        comparison.both
    )];
    if !comparison.is_whole {
        lines.push(
            "Not all failed tests of both builds are known, so some may be missing or wrong here."
                .to_owned(),
        );
    }
    lines.extend(group("Newly failing", &new, room));
    let left = comparison.new.len().saturating_sub(SHOWN - *room);
    if left > 0 {
        lines.push(format!("- {}", more(left as u64, page)));
    }
    let gone = comparison
        .gone
        .iter()
        .map(|test| (test.class.as_str(), test.name.as_str()));
    lines.extend(names("No longer failing", &gone.collect::<Vec<_>>()));
    lines
}

fn fixed_lines(report: &TestReport) -> Vec<String> {
    let fixed = report
        .fixed
        .iter()
        .map(|test| (test.class.as_str(), test.name.as_str()));
    names("Fixed", &fixed.collect::<Vec<_>>())
}

fn names(title: &str, tests: &[(&str, &str)]) -> Vec<String> {
    if tests.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("**{title}:** {}", tests.len())];
    let named = tests.iter().take(FIXED);
    lines.extend(named.map(|(class, test)| format!("- {}", name(class, test))));
    let left = tests.len().saturating_sub(FIXED);
    lines.extend((left > 0).then(|| format!("- and {left} more")));
    lines
}

/// As many as there is room for.
fn group(title: &str, tests: &[&FailedTest], room: &mut usize) -> Vec<String> {
    let shown = tests.len().min(*room);
    if shown == 0 {
        return Vec::new();
    }
    *room -= shown;
    let mut lines = vec![format!("**{title}:** {}", tests.len())];
    lines.extend(
        tests[..shown]
            .iter()
            .map(|test| format!("- {}", failed(test))),
    );
    lines
}

fn failed(test: &FailedTest) -> String {
    let age = match (test.age, test.failed_since) {
        (0 | 1, _) => "new".to_owned(),
        (age, Some(since)) => format!("for {age} builds, since #{since}"),
        (age, None) => format!("for {age} builds"),
    };
    let job = test.job.as_ref().map(|job| {
        let job = text::truncate_middle(&job.to_string(), JOB_RUNES);
        format!(" in {}", text::plain(&job))
    });
    let error = test.error_details.as_deref().and_then(first_line);
    let error = error.map(|line| format!(": {}", short(line, ERROR_RUNES)));
    format!(
        "{} ({age}){}{}",
        name(&test.class, &test.name),
        job.unwrap_or_default(),
        error.unwrap_or_default()
    )
}

fn name(class: &str, test: &str) -> String {
    let name = match class {
        "" => test.to_owned(),
        class => format!("{class}.{test}"),
    };
    text::code_span(&text::truncate_middle(&text::one_line(&name), NAME_RUNES))
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().find(|line| !line.trim().is_empty())
}
