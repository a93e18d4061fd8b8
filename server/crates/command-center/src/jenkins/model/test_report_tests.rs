use super::*;

fn report(json: &str) -> TestReport {
    serde_json::from_str::<TestReportJson>(json)
        .unwrap()
        .into_report(ReportCoverage::Full)
        .unwrap()
}

#[test]
fn what_passed_is_dropped() {
    let report = report(
        r#"{"passCount":2,"failCount":2,"skipCount":1,"duration":1.5,"suites":[{"name":"s","cases":[
        {"className":"c","name":"ok","status":"PASSED","age":0},
        {"className":"c","name":"again","status":"FIXED"},
        {"className":"c","name":"new","status":"REGRESSION","age":1,"failedSince":7,"errorDetails":"boom","duration":0.25},
        {"className":"c","name":"old","status":"FAILED","age":3,"failedSince":5,"errorDetails":" "},
        {"name":"odd","status":null},{"status":"SOMETHING"},
        {"className":"c","name":"skip","status":"SKIPPED"}]},{"name":null,"cases":[]}]}"#,
    );
    assert_eq!((report.pass, report.fail, report.skip), (2, 2, 1));
    assert_eq!(report.duration, Duration::from_millis(1500));
    assert_eq!(report.fixed.len(), 1);
    let [new, old] = &report.failed[..] else {
        panic!("{report:?}")
    };
    assert_eq!(new.status, FailedTestStatus::Regression);
    assert_eq!((new.age, new.failed_since), (1, Some(7)));
    assert_eq!(new.error_details.as_deref(), Some("boom"));
    assert_eq!(new.duration, Duration::from_millis(250));
    assert_eq!((old.suite.as_str(), &old.error_details), ("s", &None));
}

#[test]
fn reports_of_modules_are_added_up() {
    let report = report(
        r#"{"failCount":1,"skipCount":1,"totalCount":5,"childReports":[
        {"child":{"number":3,"url":"http://x/job/maven/org.example$core/3/"},"result":{"duration":1.0,"suites":[{"name":"a","cases":[
          {"className":"c","name":"t","status":"FAILED","age":1}]}]}},
        {"child":{"number":3,"url":""},"result":{"duration":0.5}},{}]}"#,
    );
    assert_eq!((report.pass, report.fail, report.skip), (3, 1, 1));
    assert_eq!(report.failed.len(), 1);
    assert_eq!(report.duration, Duration::from_millis(1500));
}

#[test]
fn error_messages_and_lists_are_bounded() {
    let case = format!(
        r#"{{"name":"t","status":"FAILED","errorDetails":"{}"}}"#,
        "ж".repeat(5000)
    );
    let cases = vec![case; 700].join(",");
    let report = report(&format!(
        r#"{{"failCount":700,"suites":[{{"name":"s","cases":[{cases}]}}]}}"#
    ));
    assert_eq!((report.fail, report.failed.len()), (700, KEPT));
    let error = report.failed[0].error_details.as_deref().unwrap();
    assert!(text::rune_count(error) <= LONGEST_ERROR);
}

#[test]
fn numbers_that_are_none_do_no_harm() {
    let report = report(r#"{"failCount":0,"duration":-1.0,"suites":[]}"#);
    assert_eq!((report.duration, report.pass), (Duration::ZERO, 0));
    assert!(
        serde_json::from_str::<TestReportJson>("{}")
            .unwrap()
            .into_report(ReportCoverage::Full)
            .is_none()
    );
}
