//! Faults on demand.

use std::time::{Duration, Instant};

use simulators::jenkins::{BuildScript, Fault, Job, LogText};

use crate::client::{Talk, header, world};

async fn talk() -> Talk {
    let script = BuildScript::success().log(LogText::of_size(20_000));
    Talk::start(world().item(Job::freestyle("x").past_build(script))).await
}

#[tokio::test]
async fn a_fault_strikes_its_path_as_often_as_told() {
    let talk = talk().await;
    talk.jenkins
        .inject(Fault::status(502).on("GET /job/x/*").times(2));
    let root = talk.get("/api/json").await;
    assert_eq!(root.status(), 200);
    for expected in [502, 502, 200] {
        assert_eq!(talk.get("/job/x/api/json").await.status(), expected);
    }
}

#[tokio::test]
async fn faults_are_removed() {
    let talk = talk().await;
    let id = talk.jenkins.inject(Fault::status(500));
    talk.jenkins.inject(Fault::status(503));
    assert_eq!(talk.get("/api/json").await.status(), 500);
    talk.jenkins.remove_fault(id);
    assert_eq!(talk.get("/api/json").await.status(), 503);
    talk.jenkins.clear_faults();
    assert_eq!(talk.get("/api/json").await.status(), 200);
}

#[tokio::test]
async fn replaced_answers_show_no_jenkins() {
    let talk = talk().await;
    talk.jenkins.inject(Fault::login_page().times(1));
    let login = talk.get("/api/json").await;
    assert_eq!(
        (login.status().as_u16(), header(&login, "x-jenkins")),
        (200, String::new())
    );
    assert!(header(&login, "content-type").starts_with("text/html"));

    talk.jenkins
        .inject(Fault::too_many_requests(Duration::from_secs(7)).times(1));
    let limited = talk.get("/api/json").await;
    assert_eq!(
        (limited.status().as_u16(), header(&limited, "retry-after")),
        (429, "7".to_owned())
    );

    talk.jenkins
        .inject(Fault::redirect("https://sso.example.com/").times(1));
    let elsewhere = talk.get("/api/json").await;
    assert_eq!(
        (elsewhere.status().as_u16(), header(&elsewhere, "location")),
        (302, "https://sso.example.com/".to_owned())
    );

    talk.jenkins.inject(Fault::garbage_json().times(1));
    let garbage = talk.get("/api/json").await;
    assert_eq!(garbage.status(), 200);
    assert!(garbage.json::<serde_json::Value>().await.is_err());
}

#[tokio::test]
async fn oversized_json_is_valid_and_of_its_size() {
    let talk = talk().await;
    talk.jenkins.inject(Fault::oversized_json(300_000));
    let body = talk.get("/api/json").await.bytes().await.unwrap();
    assert_eq!(body.len(), 300_000);
    assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
}

#[tokio::test]
async fn a_cut_body_breaks_off() {
    let talk = talk().await;
    talk.jenkins
        .inject(Fault::cut_body(5_000).on("*/consoleText"));
    let mut response = talk.get("/job/x/1/consoleText").await;
    assert_eq!(response.status(), 200);
    let mut read = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => panic!("the body must not end"),
            Err(error) => break error,
        }
    };
    assert_eq!(read, 5_000, "{error}");
}

#[tokio::test]
async fn a_wrong_length_is_noticed() {
    let talk = talk().await;
    let honest = talk.text("/api/json").await.len();
    talk.jenkins
        .inject(Fault::wrong_content_length(10).times(1));
    let longer = talk.get("/api/json").await;
    assert_eq!(header(&longer, "content-length"), (honest + 10).to_string());
    assert!(longer.bytes().await.is_err());
    talk.jenkins
        .inject(Fault::wrong_content_length(-10).times(1));
    assert_eq!(
        talk.get("/api/json").await.bytes().await.unwrap().len(),
        honest - 10
    );
}

#[tokio::test]
async fn a_lost_response_has_done_its_work_and_a_dropped_request_has_not() {
    let talk = talk().await;
    let build = || talk.request(reqwest::Method::POST, "/job/x/build").send();
    talk.jenkins
        .inject(Fault::drop_request().on("POST *").times(1));
    assert!(build().await.is_err());
    assert_eq!(talk.jenkins.builds_started("x"), 0);
    talk.jenkins
        .inject(Fault::lose_response().on("POST *").times(1));
    assert!(build().await.is_err());
    assert_eq!(talk.jenkins.builds_started("x"), 1);
    assert_eq!(talk.jenkins.builds_requested("x"), 2);
}

#[tokio::test]
async fn delays_and_slow_bodies_take_their_time() {
    let talk = talk().await;
    let started = Instant::now();
    talk.jenkins
        .inject(Fault::delay(Duration::from_millis(150)).times(1));
    talk.get("/api/json").await;
    assert!(started.elapsed() >= Duration::from_millis(150));

    talk.jenkins.inject(Fault::slow_body(50_000).times(1));
    let started = Instant::now();
    let body = talk.text("/job/x/1/consoleText").await;
    assert!(body.len() >= 20_000);
    assert!(
        started.elapsed() >= Duration::from_millis(400),
        "20 kB at 50 kB/s"
    );
}
