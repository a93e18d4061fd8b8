//! Builds.

use std::time::Duration;

use simulators::jenkins::{
    Artifact, BuildResult, BuildScript, Cause, Change, Job, Parameter, StopSignal, TestCase,
    TestReport, TestStatus,
};

use crate::client::{Talk, header, world};

#[tokio::test]
async fn a_build_runs_for_its_time_and_ends_with_its_result() {
    let past = BuildScript::success().duration(Duration::from_secs(40));
    let job = Job::freestyle("x")
        .past_build(past)
        .script(BuildScript::failure().duration(Duration::from_secs(10)));
    let talk = Talk::start(world().item(job)).await;
    talk.post("/job/x/build").await;
    talk.jenkins.advance(Duration::from_secs(4));
    let build = talk.json("/job/x/lastBuild/api/json").await;
    assert_eq!(build["number"], 2);
    assert_eq!(build["building"], true);
    assert_eq!(build["inProgress"], true);
    assert!(build["result"].is_null());
    assert_eq!(build["duration"], 0);
    assert_eq!(build["estimatedDuration"], 40_000);
    assert_eq!(build["executor"]["progress"], 10);
    assert_eq!(build["timestamp"], talk.jenkins.now_millis() - 4_000);
    assert_eq!(talk.json("/job/x/api/json").await["color"], "blue_anime");

    talk.jenkins.advance(Duration::from_secs(60));
    let build = talk.json("/job/x/2/api/json").await;
    assert_eq!(build["building"], false);
    assert_eq!(build["result"], "FAILURE");
    assert_eq!(build["duration"], 10_000);
    assert_eq!(build["previousBuild"]["number"], 1);
    assert!(build["nextBuild"].is_null() && build["executor"].is_null());
    assert_eq!(build["fullDisplayName"], "x #2");
    assert_eq!(talk.json("/job/x/api/json").await["color"], "red");
}

#[tokio::test]
async fn permalinks_name_builds() {
    let results = [
        BuildResult::Success,
        BuildResult::Unstable,
        BuildResult::Failure,
        BuildResult::Aborted,
    ];
    let job = results
        .into_iter()
        .fold(Job::freestyle("x"), |job, result| {
            job.past_build(BuildScript::new(result))
        });
    let talk = Talk::start(world().item(job.script(BuildScript::success().until_told()))).await;
    talk.post("/job/x/build").await;
    let expected = [
        ("lastBuild", 5),
        ("lastCompletedBuild", 4),
        ("lastUnsuccessfulBuild", 4),
        ("lastFailedBuild", 3),
        ("lastUnstableBuild", 2),
        ("lastSuccessfulBuild", 2),
        ("lastStableBuild", 1),
    ];
    let job = talk.json("/job/x/api/json").await;
    for (permalink, number) in expected {
        assert_eq!(
            talk.json(&format!("/job/x/{permalink}/api/json")).await["number"],
            number,
            "{permalink}"
        );
        assert_eq!(job[permalink]["number"], number, "{permalink}");
    }
    assert_eq!(job["firstBuild"]["number"], 1);
}

#[tokio::test]
async fn changes_causes_and_parameters_are_told() {
    let script = BuildScript::success()
        .change(
            Change::new("abc123", "Alice Liddell", "alice@example.com", "Fix it").path("src/a.rs"),
        )
        .culprit("Alice Liddell")
        .cause(Cause::Upstream {
            project: "a/b".to_owned(),
            build: 7,
        });
    let job = Job::freestyle("x")
        .script(script.clone())
        .parameter(Parameter::password("P", "hidden"))
        .parameter(Parameter::boolean("B", true));
    let talk = Talk::start(world().item(job).item(Job::pipeline("p").script(script))).await;
    talk.post("/job/x/buildWithParameters").await;
    talk.post("/job/p/build").await;
    let build = talk.json("/job/x/1/api/json").await;
    assert_eq!(build["changeSet"]["kind"], "git");
    let change = &build["changeSet"]["items"][0];
    assert_eq!(change["commitId"], "abc123");
    assert_eq!(change["author"]["fullName"], "Alice Liddell");
    assert_eq!(change["authorEmail"], "alice@example.com");
    assert_eq!(change["paths"][0]["file"], "src/a.rs");
    assert_eq!(build["culprits"][0]["fullName"], "Alice Liddell");
    let causes = &build["actions"][0]["causes"];
    assert_eq!(causes[0]["userId"], "alice");
    assert_eq!(causes[1]["upstreamUrl"], "job/a/job/b/");
    assert_eq!(
        build["actions"][1]["_class"],
        "hudson.model.ParametersAction"
    );
    assert_eq!(build["actions"][1]["parameters"][1]["value"], true);
    assert!(!build.to_string().contains("hidden"));
    assert_eq!(build["actions"][2]["lastBuiltRevision"]["SHA1"], "abc123");
    let pipeline = talk.json("/job/p/1/api/json").await;
    assert_eq!(pipeline["changeSets"][0]["items"][0]["msg"], "Fix it");
    assert!(pipeline.get("changeSet").is_none() && pipeline.get("builtOn").is_none());
}

#[tokio::test]
async fn tests_are_reported_after_the_build() {
    let report = TestReport::new().suite(
        "s",
        [
            TestCase::new("c", "ok", TestStatus::Passed),
            TestCase::new("c", "off", TestStatus::Skipped),
            TestCase::new("c", "bad", TestStatus::Failed)
                .error("boom")
                .age(3),
        ],
    );
    let past = (0..4).fold(Job::freestyle("x"), |job, _| {
        job.past_build(BuildScript::success())
    });
    let talk = Talk::start(
        world().item(past.script(BuildScript::new(BuildResult::Unstable).test_report(report))),
    )
    .await;
    talk.post("/job/x/build").await;
    assert_eq!(talk.get("/job/x/5/testReport/api/json").await.status(), 404);
    talk.jenkins.advance(Duration::from_secs(10));
    let report = talk.json("/job/x/5/testReport/api/json").await;
    assert_eq!(
        (
            &report["failCount"],
            &report["skipCount"],
            &report["passCount"]
        ),
        (&1.into(), &1.into(), &1.into())
    );
    let case = &report["suites"][0]["cases"][2];
    assert_eq!(case["status"], "FAILED");
    assert_eq!(case["failedSince"], 3);
    assert_eq!(case["errorDetails"], "boom");
    let tree = "/job/x/5/testReport/api/json?tree=failCount,suites[cases[name]{0,1}]";
    assert_eq!(
        talk.json(tree).await["suites"][0]["cases"],
        serde_json::json!([{"name": "ok"}])
    );
    let actions = talk.json("/job/x/5/api/json").await["actions"].clone();
    assert_eq!(actions[1]["urlName"], "testReport");
    assert_eq!(actions[1]["totalCount"], 3);
    assert_eq!(talk.get("/job/x/1/testReport/api/json").await.status(), 404);
}

#[tokio::test]
async fn artifacts_are_downloaded_by_encoded_path() {
    let script = BuildScript::success()
        .artifact(Artifact::new("dist/a b%.txt", "content"))
        .artifact(Artifact::new("big.zip", "").redirect("https://s3.example.com/big.zip?sig=1"));
    let talk = Talk::start(world().item(Job::freestyle("x").past_build(script))).await;
    let build = talk.json("/job/x/1/api/json").await;
    assert_eq!(build["artifacts"][0]["fileName"], "a b%.txt");
    assert_eq!(build["artifacts"][0]["relativePath"], "dist/a b%.txt");
    let response = talk.get("/job/x/1/artifact/dist/a%20b%25.txt").await;
    assert_eq!(header(&response, "content-length"), "7");
    assert_eq!(response.text().await.unwrap(), "content");
    let elsewhere = talk.get("/job/x/1/artifact/big.zip").await;
    assert_eq!(elsewhere.status(), 302);
    assert_eq!(
        header(&elsewhere, "location"),
        "https://s3.example.com/big.zip?sig=1"
    );
    assert_eq!(talk.get("/job/x/1/artifact/nope").await.status(), 404);
}

#[tokio::test]
async fn stop_aborts_and_is_harmless_afterwards() {
    let talk =
        Talk::start(world().item(Job::freestyle("x").script(BuildScript::success().until_told())))
            .await;
    talk.post("/job/x/build").await;
    assert_eq!(talk.post("/job/x/1/stop").await.status(), 302);
    assert_eq!(
        talk.jenkins.build_result("x", 1),
        Some(BuildResult::Aborted)
    );
    assert_eq!(talk.json("/job/x/api/json").await["color"], "aborted");
    assert_eq!(talk.post("/job/x/1/stop").await.status(), 302);
    assert_eq!(
        talk.post("/job/x/1/term").await.status(),
        404,
        "freestyle builds know only stop"
    );
}

#[tokio::test]
async fn a_stubborn_pipeline_needs_a_stronger_signal() {
    let script = BuildScript::success()
        .until_told()
        .ends_on(StopSignal::Kill);
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    assert_eq!(talk.post("/job/p/1/stop").await.status(), 302);
    assert_eq!(talk.post("/job/p/1/term").await.status(), 200);
    assert_eq!(talk.jenkins.is_running("p", 1), Some(true));
    assert_eq!(talk.post("/job/p/1/kill").await.status(), 200);
    assert_eq!(
        talk.jenkins.build_result("p", 1),
        Some(BuildResult::Aborted)
    );
}

#[tokio::test]
async fn scripts_can_be_given_to_single_builds() {
    let talk = Talk::start(world().item(Job::pipeline("p"))).await;
    talk.jenkins.script_next_build("p", BuildScript::failure());
    talk.post("/job/p/build").await;
    talk.post("/job/p/build").await;
    talk.jenkins.advance(Duration::from_secs(10));
    assert_eq!(
        talk.jenkins.build_result("p", 1),
        Some(BuildResult::Failure)
    );
    assert_eq!(
        talk.jenkins.build_result("p", 2),
        Some(BuildResult::Success)
    );
}

#[tokio::test]
async fn a_build_can_be_described_kept_and_deleted() {
    let talk =
        Talk::start(world().item(Job::freestyle("x").past_build(BuildScript::success()))).await;
    talk.post_form(
        "/job/x/1/submitDescription",
        &[("description", "the good one")],
    )
    .await;
    talk.post("/job/x/1/toggleLogKeep").await;
    let build = talk.json("/job/x/1/api/json").await;
    assert_eq!(build["description"], "the good one");
    assert_eq!(build["keepLog"], true);
    assert_eq!(talk.post("/job/x/1/doDelete").await.status(), 302);
    assert_eq!(talk.get("/job/x/1/api/json").await.status(), 404);
}

#[tokio::test]
async fn reports_of_modules_are_one() {
    let module = |name: &str, status| {
        TestReport::new().suite("s", [TestCase::new("c", name, status).error("boom")])
    };
    let report = TestReport::new()
        .child("maven/org.example$core", 3, module("a", TestStatus::Failed))
        .child("maven/org.example$web", 3, module("b", TestStatus::Passed));
    let job = Job::freestyle("maven").past_build(BuildScript::success().test_report(report));
    let talk = Talk::start(world().item(job)).await;
    let tree = "passCount,failCount,totalCount,childReports[child[number,url],result[suites[cases[name,status]]]]";
    let report = talk
        .json(&format!("/job/maven/1/testReport/api/json?tree={tree}"))
        .await;
    assert_eq!(
        (&report["failCount"], &report["totalCount"]),
        (&1.into(), &2.into())
    );
    assert!(report["passCount"].is_null());
    let child = &report["childReports"][0];
    assert_eq!(
        child["child"]["url"],
        format!("{}/job/maven/job/org.example$core/3/", talk.jenkins.url())
    );
    assert_eq!(child["result"]["suites"][0]["cases"][0]["status"], "FAILED");
}

#[tokio::test]
async fn reports_and_artifacts_have_any_size() {
    let script = BuildScript::success().test_report(TestReport::of_size(1000, 100));
    let talk = Talk::start(world().item(Job::pipeline("x").past_build(script))).await;
    let report = talk
        .json("/job/x/1/testReport/api/json?tree=failCount,passCount,suites[cases[status]]")
        .await;
    assert_eq!(
        (&report["failCount"], &report["passCount"]),
        (&10.into(), &990.into())
    );
    assert_eq!(report["suites"].as_array().unwrap().len(), 10);

    talk.jenkins
        .add_artifact("x", 1, Artifact::of_size("big.bin", 3_000_001));
    let response = talk.get("/job/x/1/artifact/big.bin").await;
    assert_eq!(header(&response, "content-length"), "3000001");
    assert_eq!(response.bytes().await.unwrap().len(), 3_000_001);
    let sizes = talk.json("/job/x/1/wfapi/artifacts").await;
    assert_eq!(sizes[0]["size"], 3_000_001);
}
