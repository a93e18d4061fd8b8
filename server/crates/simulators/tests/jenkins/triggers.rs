//! Starting builds.

use reqwest::Method;
use simulators::jenkins::{BuildScript, Job, Multibranch, Parameter, ParameterKind};

use crate::client::{Talk, header, queue_id, world};

fn deploy() -> Job {
    Job::pipeline("deploy")
        .parameter(Parameter::choice("TARGET", ["staging", "production"]))
        .parameter(Parameter::boolean("DRY_RUN", true))
        .parameter(Parameter::string("VERSION", "1.0"))
        .parameter(Parameter::password("SECRET", "default-secret"))
}

fn values(talk: &Talk, number: u32) -> Vec<(String, String)> {
    let values = talk.jenkins.build_parameters("deploy", number);
    values
        .iter()
        .map(|value| (value.name().to_owned(), value.value().to_owned()))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn a_build_is_201_with_the_queue_item_in_location() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    let response = talk.post("/job/x/build?delay=0sec").await;
    assert_eq!(response.status(), 201);
    assert_eq!(
        header(&response, "location"),
        format!("{}/queue/item/1/", talk.jenkins.url())
    );
    assert_eq!(talk.jenkins.builds_started("x"), 1);
}

#[tokio::test]
async fn location_follows_the_host_and_bodies_follow_the_public_url() {
    let config = world()
        .context_path("/jenkins")
        .public_url("https://ci.example.com/jenkins/")
        .item(Job::freestyle("x"));
    let talk = Talk::start(config).await;
    let response = talk
        .request(Method::POST, "/job/x/build")
        .header("Host", "inside:8080")
        .send()
        .await
        .unwrap();
    assert_eq!(
        header(&response, "location"),
        "http://inside:8080/jenkins/queue/item/1/"
    );
    let job = talk.json("/job/x/api/json").await;
    assert_eq!(job["url"], "https://ci.example.com/jenkins/job/x/");
    assert_eq!(
        job["lastBuild"]["url"],
        "https://ci.example.com/jenkins/job/x/1/"
    );
}

#[tokio::test]
async fn a_disabled_job_is_409() {
    let talk = Talk::start(world().item(Job::freestyle("x").disabled())).await;
    let response = talk.post("/job/x/build").await;
    assert_eq!(response.status(), 409);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("x is not buildable")
    );
}

#[tokio::test]
async fn parameters_without_a_form_are_400() {
    let talk = Talk::start(world().item(deploy())).await;
    let nothing = talk.post("/job/deploy/build").await;
    assert_eq!(nothing.status(), 400);
    assert!(
        nothing
            .text()
            .await
            .unwrap()
            .contains("Nothing is submitted")
    );
    let other = talk
        .post_form("/job/deploy/build", &[("VERSION", "2")])
        .await;
    assert_eq!(other.status(), 400);
    assert!(
        other
            .text()
            .await
            .unwrap()
            .contains("This page expects a form submission")
    );
}

#[tokio::test]
async fn a_json_form_carries_parameters() {
    let talk = Talk::start(world().item(deploy())).await;
    let json = r#"{"parameter":[{"name":"VERSION","value":"2"},{"name":"DRY_RUN","value":false}]}"#;
    assert_eq!(
        talk.post_form("/job/deploy/build", &[("json", json)])
            .await
            .status(),
        201
    );
    assert_eq!(
        values(&talk, 1),
        pairs(&[("VERSION", "2"), ("DRY_RUN", "false")])
    );
    let unknown = r#"{"parameter":[{"name":"NOPE","value":"2"}]}"#;
    assert_eq!(
        talk.post_form("/job/deploy/build", &[("json", unknown)])
            .await
            .status(),
        500
    );
}

#[tokio::test]
async fn build_with_parameters_fills_defaults_and_ignores_unknown_names() {
    let talk = Talk::start(world().item(deploy())).await;
    let form = [("TARGET", "production"), ("NOPE", "x")];
    assert_eq!(
        talk.post_form("/job/deploy/buildWithParameters?VERSION=2.0", &form)
            .await
            .status(),
        201
    );
    let expected = [
        ("TARGET", "production"),
        ("DRY_RUN", "true"),
        ("VERSION", "2.0"),
        ("SECRET", "default-secret"),
    ];
    assert_eq!(values(&talk, 1), pairs(&expected));
}

#[tokio::test]
async fn an_illegal_choice_and_a_repeated_name_are_500() {
    let talk = Talk::start(world().item(deploy())).await;
    assert_eq!(
        talk.post_form("/job/deploy/buildWithParameters", &[("TARGET", "moon")])
            .await
            .status(),
        500
    );
    let twice = [("VERSION", "1"), ("VERSION", "2")];
    assert_eq!(
        talk.post_form("/job/deploy/buildWithParameters", &twice)
            .await
            .status(),
        500
    );
    assert_eq!(talk.jenkins.builds_started("deploy"), 0);
    assert_eq!(talk.jenkins.builds_requested("deploy"), 2);
}

#[tokio::test]
async fn build_with_parameters_of_a_job_without_is_400() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    let response = talk.post("/job/x/buildWithParameters").await;
    assert_eq!(response.status(), 400);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("x is not parameterized")
    );
}

#[tokio::test]
async fn an_identical_queued_item_is_303_and_another_is_new() {
    let talk = Talk::start(world().item(deploy())).await;
    talk.jenkins.hold_queue("deploy");
    let first = talk
        .post_form("/job/deploy/buildWithParameters", &[("VERSION", "2")])
        .await;
    let again = talk
        .post_form("/job/deploy/buildWithParameters", &[("VERSION", "2")])
        .await;
    let other = talk
        .post_form("/job/deploy/buildWithParameters", &[("VERSION", "3")])
        .await;
    assert_eq!(
        (first.status(), again.status(), other.status()),
        (
            201.try_into().unwrap(),
            303.try_into().unwrap(),
            201.try_into().unwrap()
        )
    );
    assert_eq!(queue_id(&first), queue_id(&again));
    assert_ne!(queue_id(&first), queue_id(&other));
    talk.jenkins.release("deploy");
    assert_eq!(talk.jenkins.builds_started("deploy"), 2);
}

#[tokio::test]
async fn a_refused_build_goes_back_to_the_job() {
    let talk = Talk::start(world().item(Job::freestyle("x").refuses_builds())).await;
    let response = talk.post("/job/x/build").await;
    assert_eq!(response.status(), 302);
    assert_eq!(
        header(&response, "location"),
        format!("{}/job/x/", talk.jenkins.url())
    );
}

#[tokio::test]
async fn get_is_405_where_post_is_required() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    for path in [
        "/job/x/build",
        "/job/x/enable",
        "/job/x/disable",
        "/job/x/doDelete",
        "/queue/cancelItem?id=1",
        "/createItem?name=y",
    ] {
        let response = talk.get(path).await;
        assert_eq!(response.status(), 405, "{path}");
        assert_eq!(header(&response, "allow"), "POST");
    }
    assert_eq!(talk.post("/job/nope/build").await.status(), 404);
}

#[tokio::test]
async fn building_a_multibranch_project_scans_it() {
    let config = world()
        .item(Multibranch::new("repo").branch("main"))
        .item(Multibranch::new("off").disabled());
    let talk = Talk::start(config).await;
    let response = talk
        .request(Method::POST, "/job/repo/build")
        .header("Referer", "http://before/")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(header(&response, "location"), "http://before/");
    assert_eq!(talk.jenkins.scans_started("repo"), 1);
    let log = talk.text("/job/repo/indexing/consoleText").await;
    assert!(
        log.contains("Started by user Alice Liddell") && log.contains("Checking branch main"),
        "{log}"
    );
    let refused = talk.post("/job/off/build").await;
    assert_eq!(refused.status(), 500);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("off cannot be recomputed")
    );
}

#[tokio::test]
async fn the_cause_is_the_owner_of_the_token() {
    let talk = Talk::start(world().item(Job::freestyle("x").script(BuildScript::success()))).await;
    talk.post("/job/x/build").await;
    let build = talk.json("/job/x/1/api/json?tree=actions[causes[*]]").await;
    let cause = &build["actions"][0]["causes"][0];
    assert_eq!(cause["_class"], "hudson.model.Cause$UserIdCause");
    assert_eq!(cause["userId"], "alice");
    assert_eq!(cause["shortDescription"], "Started by user Alice Liddell");
}

#[tokio::test]
async fn a_file_parameter_is_a_multipart_field_and_has_no_default() {
    let job = Job::freestyle("x")
        .parameter(Parameter::new("data.csv", ParameterKind::File))
        .parameter(Parameter::string("A", "a"));
    let talk = Talk::start(world().item(job)).await;
    let body = "--cut\r\nContent-Disposition: form-data; name=\"data.csv\"; filename=\"d.csv\"\r\n\r\n1;2\r\n--cut--\r\n";
    let request = talk.request(Method::POST, "/job/x/buildWithParameters");
    let response = request
        .header("Content-Type", "multipart/form-data; boundary=cut")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    talk.jenkins
        .finish_build("x", 1, simulators::jenkins::BuildResult::Success);
    talk.post("/job/x/buildWithParameters").await;
    let names = |number| -> Vec<String> {
        talk.jenkins
            .build_parameters("x", number)
            .iter()
            .map(|value| value.name().to_owned())
            .collect()
    };
    assert_eq!(names(1), ["data.csv", "A"]);
    assert_eq!(names(2), ["A"]);
}
