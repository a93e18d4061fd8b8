//! Test reports (junit-plugin `TestResult`, `SuiteResult`, `CaseResult`).

use serde_json::{Value, json};

use super::item_path;
use super::parts::leaf_bean;
use super::select::{Bean, Select};
use crate::jenkins::model::{TestCase, TestReport};

/// `…/testReport`: a `TestResult`, or an `AggregatedTestResultAction` of what other builds left.
pub(crate) fn test_report(
    report: &TestReport,
    build: u32,
    root: &str,
    select: Select<'_>,
) -> Value {
    if report.children.is_empty() {
        return test_result(report, build, select);
    }
    let mut bean = Bean::new("hudson.maven.reporters.SurefireAggregatedReport", select);
    bean.value("failCount", || report.failed());
    bean.value("skipCount", || report.skipped());
    bean.value("totalCount", || report.cases().count());
    bean.value("urlName", || "testReport");
    bean.list(1, "childReports", &report.children, |child, select| {
        let mut bean = Bean::plain(select);
        bean.object(2, "child", |select| {
            let url = format!("{root}/{}{}/", item_path(&child.job), child.build);
            leaf_bean(
                "hudson.maven.MavenBuild",
                &json!({"number": child.build, "url": url}),
                select,
            )
        });
        bean.object(2, "result", |select| {
            test_result(&child.report, child.build, select)
        });
        bean.finish()
    });
    bean.finish()
}

fn test_result(report: &TestReport, build: u32, select: Select<'_>) -> Value {
    let seconds: f64 = report.cases().map(|case| case.duration.as_secs_f64()).sum();
    let mut bean = Bean::new("hudson.tasks.junit.TestResult", select);
    bean.value("duration", || seconds);
    bean.value("empty", || report.suites.is_empty());
    bean.value("failCount", || report.failed());
    bean.value("passCount", || {
        report.cases().count() - report.failed() - report.skipped()
    });
    bean.value("skipCount", || report.skipped());
    bean.list(1, "suites", &report.suites, |(name, cases), select| {
        let mut suite = Bean::plain(select);
        suite.list(2, "cases", cases, |case, select| {
            test_case(case, build, select)
        });
        suite.visible(2, "name", || name.as_str());
        suite.visible(2, "duration", || {
            cases
                .iter()
                .map(|case| case.duration.as_secs_f64())
                .sum::<f64>()
        });
        suite.finish()
    });
    bean.finish()
}

fn test_case(case: &TestCase, build: u32, select: Select<'_>) -> Value {
    // CaseResult.getFailedSince: the build in which it began to fail, 0 while it passes.
    let failed_since = if case.age == 0 {
        0
    } else {
        build.saturating_sub(case.age - 1).max(1)
    };
    let mut bean = Bean::plain(select);
    bean.visible(3, "age", || case.age);
    bean.visible(3, "className", || case.class_name.as_str());
    bean.visible(3, "duration", || case.duration.as_secs_f64());
    bean.visible(3, "errorDetails", || case.error.clone());
    bean.visible(3, "errorStackTrace", || {
        case.error
            .as_ref()
            .map(|error| format!("{error}\n\tat {}", case.class_name))
    });
    bean.visible(3, "failedSince", || failed_since);
    bean.visible(3, "name", || case.name.as_str());
    bean.visible(3, "skipped", || {
        case.status == crate::jenkins::model::TestStatus::Skipped
    });
    bean.visible(3, "status", || case.status.as_str());
    bean.finish()
}
