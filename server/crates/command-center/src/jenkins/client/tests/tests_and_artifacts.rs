use simulators::jenkins::{
    Artifact as SimulatedArtifact, Fault, TestCase, TestReport as SimulatedReport, TestStatus,
};

use super::*;
use crate::http_client::HttpFailure;
use crate::http_client::wire_server::{Reply, WireServer};
use crate::jenkins::error::NotJenkinsHint;
use crate::jenkins::model::{FailedTestStatus, ReportCoverage};

/// A Jenkins with one finished build of a pipeline `x`.
async fn with_build(script: BuildScript) -> JenkinsSimulator {
    start(world().item(SimulatedJob::pipeline("x").past_build(script))).await
}

async fn read(mut download: Download) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

#[tokio::test]
async fn failed_tests_are_told_and_passed_ones_counted() {
    let report = SimulatedReport::new().suite(
        "suite",
        [
            TestCase::new("c", "ok", TestStatus::Passed),
            TestCase::new("c", "again", TestStatus::Fixed),
            TestCase::new("c", "new", TestStatus::Regression).error("boom"),
            TestCase::new("c", "old", TestStatus::Failed).age(3),
            TestCase::new("c", "skip", TestStatus::Skipped),
        ],
    );
    let jenkins = with_build(BuildScript::success().test_report(report)).await;
    let client = alice(&jenkins);
    let report = client.test_report(&path("x"), 1).await.unwrap().unwrap();
    assert_eq!((report.pass, report.fail, report.skip), (2, 2, 1));
    assert_eq!(report.coverage, ReportCoverage::Full);
    let [new, old] = &report.failed[..] else {
        panic!("{report:?}")
    };
    assert_eq!(
        (new.status, new.error_details.as_deref()),
        (FailedTestStatus::Regression, Some("boom"))
    );
    assert_eq!((old.status, old.age), (FailedTestStatus::Failed, 3));
    assert_eq!(report.fixed[0].name, "again");
    assert_eq!(client.test_report(&path("hello"), 1).await, Ok(None));
}

#[tokio::test]
async fn modules_are_added_up() {
    let module = SimulatedReport::new().suite("s", [TestCase::new("c", "a", TestStatus::Failed)]);
    let report = SimulatedReport::new().child("maven/core", 3, module).child(
        "maven/web",
        3,
        SimulatedReport::of_size(5, 100),
    );
    let jenkins = with_build(BuildScript::success().test_report(report)).await;
    let report = alice(&jenkins)
        .test_report(&path("x"), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((report.pass, report.fail), (5, 1));
    assert_eq!(report.failed[0].job, Some(path("maven/core")));
}

#[tokio::test]
async fn a_long_report_is_read_as_far_as_it_fits() {
    let details = "x".repeat(3000);
    let cases = (0..3000).map(|number| {
        TestCase::new(
            "org.example.Test",
            &format!("t{number}"),
            TestStatus::Failed,
        )
        .error(&details)
    });
    let long = SimulatedReport::new().suite("s", cases.collect::<Vec<_>>());
    let jenkins = with_build(BuildScript::success().test_report(long)).await;
    let client = alice(&jenkins);
    let report = client.test_report(&path("x"), 1).await.unwrap().unwrap();
    assert_eq!(report.coverage, ReportCoverage::WithoutErrors);
    assert_eq!((report.fail, report.failed.len()), (3000, 500));
    assert_eq!(jenkins.requests_to("/job/x/1/testReport/*").len(), 2);

    let jenkins =
        with_build(BuildScript::success().test_report(SimulatedReport::of_size(60_000, 7))).await;
    let report = alice(&jenkins)
        .test_report(&path("x"), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(report.coverage, ReportCoverage::Totals);
    assert_eq!(
        (report.pass + report.fail, report.failed.len()),
        (60_000, 0)
    );
}

#[tokio::test]
async fn artifacts_have_sizes_where_jenkins_tells_them() {
    let script = BuildScript::success()
        .artifact(SimulatedArtifact::new("dist/a b%.txt", "content"))
        .artifact(SimulatedArtifact::of_size("big.bin", 5_000_000));
    let jenkins = start(
        world()
            .item(SimulatedJob::pipeline("x").past_build(script.clone()))
            .item(SimulatedJob::freestyle("y").past_build(script)),
    )
    .await;
    let client = alice(&jenkins);
    let sizes = async |name: &str| {
        let artifacts = client.artifacts(&path(name), 1).await.unwrap();
        let pairs = artifacts.into_iter().map(|a| (a.relative_path, a.size));
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(
        sizes("x").await,
        [
            ("dist/a b%.txt".into(), Some(7)),
            ("big.bin".into(), Some(5_000_000))
        ]
    );
    assert_eq!(sizes("y").await[1], ("big.bin".into(), None));
    let fault = jenkins.inject(Fault::login_page().on("/job/x/1/wfapi/artifacts"));
    assert_eq!(sizes("x").await[1].1, None, "sizes are worth no failure");
    jenkins.remove_fault(fault);
    assert!(matches!(
        client.artifacts(&path("x"), 9).await,
        Err(JenkinsError::NotFound { thing: Thing::Build, name, .. }) if name == "x #9"
    ));
}

#[tokio::test]
async fn an_artifact_is_streamed() {
    let script = BuildScript::success()
        .artifact(SimulatedArtifact::new("dist/a b%.txt", "content"))
        .artifact(SimulatedArtifact::of_size("big.bin", 5_000_000));
    let jenkins = with_build(script).await;
    let client = alice(&jenkins);
    let small = client
        .artifact(&path("x"), 1, "dist/a b%.txt")
        .await
        .unwrap();
    assert_eq!(
        (small.size, small.content_type.as_deref()),
        (Some(7), Some("text/plain"))
    );
    assert_eq!(read(small).await, b"content");
    let big = client.artifact(&path("x"), 1, "big.bin").await.unwrap();
    assert_eq!(read(big).await.len(), 5_000_000);
    for (wrong, is_sent) in [
        ("../config.xml", false),
        ("/etc/passwd", false),
        ("nope", true),
    ] {
        jenkins.clear_requests();
        let error = client.artifact(&path("x"), 1, wrong).await.unwrap_err();
        assert_eq!(!jenkins.requests().is_empty(), is_sent, "{wrong}");
        assert!(error.to_string().contains(wrong), "{error}");
    }
}

#[tokio::test]
async fn another_host_sees_no_credentials() {
    let storage = WireServer::start([Reply::answer("200 OK", "bytes")]).await;
    let elsewhere = format!("{}bucket/key?signature=s", storage.url);
    let script =
        BuildScript::success().artifact(SimulatedArtifact::new("a.zip", "").redirect(&elsewhere));
    let jenkins = with_build(script).await;
    let download = alice(&jenkins)
        .artifact(&path("x"), 1, "a.zip")
        .await
        .unwrap();
    assert_eq!(read(download).await, b"bytes");
    let requests = storage.requests();
    let sent = requests[0].to_ascii_lowercase();
    assert!(sent.contains("bucket/key?signature=s"), "{sent}");
    assert!(
        !sent.contains("authorization") && !sent.contains("cookie"),
        "{sent}"
    );
}

#[tokio::test]
async fn a_login_page_is_not_taken_for_a_file() {
    let script = BuildScript::success()
        .artifact(SimulatedArtifact::new("a.zip", "x"))
        .artifact(SimulatedArtifact::new("report.html", "x"));
    let jenkins = with_build(script).await;
    let client = alice(&jenkins);
    jenkins.inject(Fault::respond(200, "text/html", "<form>").on("/job/x/1/artifact/*"));
    assert!(matches!(
        client.artifact(&path("x"), 1, "a.zip").await,
        Err(JenkinsError::NotJenkins {
            hint: NotJenkinsHint::WebPage,
            ..
        })
    ));
    assert!(client.artifact(&path("x"), 1, "report.html").await.is_ok());
    jenkins.clear_faults();
    let login = format!("{}/login?from=x", jenkins.url());
    jenkins.inject(Fault::redirect(&login).on("/job/x/1/artifact/*"));
    assert!(matches!(
        client.artifact(&path("x"), 1, "report.html").await,
        Err(JenkinsError::NotJenkins {
            hint: NotJenkinsHint::LoginPage,
            ..
        })
    ));
}

#[tokio::test]
async fn a_cut_download_is_a_failure() {
    let jenkins = with_build(
        BuildScript::success().artifact(SimulatedArtifact::of_size("big.bin", 5_000_000)),
    )
    .await;
    jenkins.inject(Fault::cut_body(1000).on("/job/x/1/artifact/*"));
    let mut download = alice(&jenkins)
        .artifact(&path("x"), 1, "big.bin")
        .await
        .unwrap();
    let failure = loop {
        match download.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it ended"),
            Err(error) => break error,
        }
    };
    assert!(
        matches!(failure, JenkinsError::Http(HttpFailure::Cut { .. })),
        "{failure:?}"
    );
}
