//! The address that says whether the plugin works, and what Prometheus reads.

use http::{Method, Request, StatusCode};
use mattermost_plugin::Capability;
use mattermost_plugin::http::Body;
use serde_json::{Value, json};
use simulators::jenkins::{BuildScript, Job};

use crate::feeds::{notification, send, send_to, settled, webhook, world};
use crate::harness::{ALICE_TOKEN, World, jenkins, jenkins_with};
use crate::hostile::HOSTILE;

const HEALTH: &str = "/plugins/command-center/api/v1/health";

fn request(path: &str) -> Request<Body> {
    let request = Request::get(path).body(Body::empty());
    request.expect("a request")
}

/// What a user is told.
async fn health_for(world: &World, user: &str) -> (StatusCode, Value) {
    let answer = world.host.user(user).request(request(HEALTH)).await;
    let answer = answer.expect("an answer");
    let status = answer.status();
    let body = answer.into_body().collect(1 << 16).await.expect("a body");
    (status, serde_json::from_slice(&body).expect("JSON"))
}

/// What somebody is told who is not logged in.
async fn health_for_nobody(world: &World) -> (StatusCode, String) {
    send_to(world, 0, Method::GET, HEALTH, Body::empty()).await
}

/// What is counted; nothing where the hook does not reach the plugin.
async fn metrics(world: &World) -> Option<String> {
    let request = request("/plugins/command-center/metrics");
    let server = world.host.server();
    let answer = server.serve_metrics_request(0, request).await;
    if !world.host.supports(Capability::NewerHooks) {
        assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
        return None;
    }
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let body = answer.into_body().collect(1 << 16).await.expect("a body");
    Some(String::from_utf8(body.to_vec()).expect("text"))
}

#[tokio::test]
async fn health_tells_administrators_more() {
    let script = BuildScript::success().until_told();
    let world = world(jenkins_with(Job::freestyle(HOSTILE).script(script))).await;
    world
        .run("alice", &format!("/jenkins build \"{HOSTILE}\""))
        .await;
    world.jenkins.wait_for_build(HOSTILE, 1).await;
    world
        .say("alice", &format!("/jenkins subscribe \"{HOSTILE}\""))
        .await;

    let short = (StatusCode::OK, r#"{"status":"ok"}"#.to_owned());
    assert_eq!(health_for_nobody(&world).await, short);
    assert_eq!(
        health_for(&world, "alice").await,
        (StatusCode::OK, json!({"status": "ok"}))
    );
    let (status, told) = health_for(&world, "admin").await;
    assert_eq!((status, &told["status"]), (StatusCode::OK, &json!("ok")));
    assert_eq!(told["settings_complete"], true);
    assert_eq!(told["watches"], 1);
    assert_eq!(
        (&told["subscriptions"], &told["webhooks"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(told["servers"][0]["alias"], "main");
    assert_eq!(told["servers"][0]["reachable"], true);
    assert!(told["instance"].is_string() && told["version"].is_string());
    for secret in [ALICE_TOKEN, "evil", &world.jenkins.url()] {
        assert!(!told.to_string().contains(secret), "{secret} in {told}");
    }

    world.jenkins.stop_listening().await;
    world.run("alice", "/jenkins queue").await;
    world.told("alice", "No connection").await;
    let (status, told) = health_for(&world, "admin").await;
    assert_eq!(status, StatusCode::OK, "the plugin is well");
    assert_eq!(told["servers"][0]["reachable"], false);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_forged_user_is_nobody() {
    let world = World::start_with(jenkins(), |builder| builder.setting("JenkinsURL", "")).await;
    let admin = world.host.user_id("admin");
    let forged = Request::get(HEALTH)
        .header("Mattermost-User-Id", admin)
        .body(Body::empty())
        .expect("a request");
    let server = world.host.server();
    let answer = server.serve_plugin_request(0, forged, "10.0.0.7").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = answer.into_body().collect(1 << 16).await.expect("a body");
    assert_eq!(body, r#"{"status":"not_configured"}"#);
    let (status, told) = health_for(&world, "admin").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&told["settings_complete"], &told["servers"]),
        (&json!(false), &json!([]))
    );
    let (status, _) = send_to(&world, 0, Method::POST, HEALTH, Body::empty()).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_happens_is_counted() {
    let world = world(jenkins_with(Job::freestyle(HOSTILE))).await;
    let path = webhook(&world, "ci").await;
    send(&world, &path, &notification(1, "STARTED", None)).await;
    settled(&world).await;
    send_to(&world, 0, Method::POST, &path, "not JSON").await;
    send_to(&world, 0, Method::POST, &format!("{path}x"), "{}").await;
    world.say("alice", "/jenkins nonsense").await;
    world
        .run("alice", &format!("/jenkins build \"{HOSTILE}\""))
        .await;
    world.announced().await;
    world.settled().await;

    let Some(text) = metrics(&world).await else {
        return;
    };
    for line in [
        "command_center_settings_complete 1",
        "command_center_watches 0",
        r#"command_center_commands_total{command="build"} 1"#,
        r#"command_center_commands_total{command="connect"} 1"#,
        r#"command_center_commands_total{command="help"} 1"#,
        r#"command_center_posts_total{kind="announcement"} 1"#,
        r#"command_center_posts_total{kind="card"} 1"#,
        r#"command_center_posts_total{kind="news"} 1"#,
        r#"command_center_webhook_requests_total{outcome="refused"} 1"#,
        r#"command_center_webhook_requests_total{outcome="taken"} 1"#,
        r#"command_center_webhook_requests_total{outcome="unproved"} 1"#,
        r#"command_center_jenkins_requests_total{server="main",outcome="no_answer"} 0"#,
        r#"command_center_jenkins_reachable{server="main"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    for secret in [ALICE_TOKEN, "evil", "alice", &world.jenkins.url()] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    world.host.assert_no_violations();
}
