//! Authentication, permissions and crumbs.

use reqwest::Method;
use simulators::jenkins::{CrumbMode, Job, Permission, User};

use crate::client::{Talk, header, world};

#[tokio::test]
async fn whoami_knows_the_user_in_their_own_spelling() {
    let talk = Talk::start(world()).await.log_in("ALICE", "alice-token");
    let me = talk.json("/whoAmI/api/json").await;
    assert_eq!(me["name"], "alice");
    assert_eq!(me["anonymous"], false);
    assert_eq!(me["authenticated"], true);
    assert_eq!(me["authorities"][0], "authenticated");
}

#[tokio::test]
async fn whoami_answers_anonymous_too() {
    let talk = Talk::start(world()).await.log_out();
    let me = talk.json("/whoAmI/api/json").await;
    assert_eq!(me["name"], "anonymous");
    assert_eq!(me["anonymous"], true);
}

#[tokio::test]
async fn bad_credentials_are_401_even_where_anonymous_may_read() {
    let config = world().anonymous([Permission::OverallRead, Permission::ItemRead]);
    let talk = Talk::start(config).await.log_in("alice", "wrong");
    let response = talk.get("/api/json").await;
    assert_eq!(response.status(), 401);
    assert_eq!(
        header(&response, "www-authenticate"),
        "Basic realm=\"Jenkins\""
    );
    assert!(!header(&response, "x-jenkins").is_empty());
    assert_eq!(talk.log_out().get("/api/json").await.status(), 200);
}

#[tokio::test]
async fn anonymous_is_led_to_the_login_page() {
    let talk = Talk::start(world().context_path("/jenkins"))
        .await
        .log_out();
    let response = talk.get("/api/json?depth=1").await;
    assert_eq!(response.status(), 403);
    assert_eq!(header(&response, "x-you-are-authenticated-as"), "anonymous");
    assert_eq!(
        header(&response, "x-required-permission"),
        "hudson.model.Hudson.Read"
    );
    let body = response.text().await.unwrap();
    assert!(
        body.contains("/jenkins/login?from=%2Fjenkins%2Fapi%2Fjson%3Fdepth%3D1"),
        "{body}"
    );
    assert!(body.contains("http-equiv='refresh'"));
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let talk = Talk::start(world().item(Job::freestyle("x")))
        .await
        .log_in("bob", "bob-token");
    let response = talk.post("/job/x/build").await;
    assert_eq!(response.status(), 403);
    assert_eq!(header(&response, "x-you-are-authenticated-as"), "bob");
    assert_eq!(
        header(&response, "x-required-permission"),
        "hudson.model.Item.Build"
    );
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("bob is missing the Job/Build permission")
    );
    assert_eq!(talk.jenkins.builds_started("x"), 0);
}

#[tokio::test]
async fn an_item_that_may_not_be_read_does_not_exist() {
    let blind = User::new("eve")
        .token("eve-token")
        .grant([Permission::OverallRead]);
    let talk = Talk::start(world().user(blind).item(Job::freestyle("x")))
        .await
        .log_in("eve", "eve-token");
    assert_eq!(talk.get("/job/x/api/json").await.status(), 404);
    assert_eq!(talk.json("/api/json").await["jobs"], serde_json::json!([]));
}

#[tokio::test]
async fn a_token_needs_no_crumb() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    assert_eq!(talk.post("/job/x/build").await.status(), 201);
}

#[tokio::test]
async fn a_password_needs_a_crumb_of_its_session() {
    let talk = Talk::start(world().item(Job::freestyle("x")))
        .await
        .log_in("alice", "alice-password");
    let refused = talk.post("/job/x/build").await;
    assert_eq!(refused.status(), 403);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("No valid crumb was included in the request")
    );

    let issued = talk.json("/crumbIssuer/api/json").await;
    assert_eq!(issued["crumbRequestField"], "Jenkins-Crumb");
    let crumb = issued["crumb"].as_str().unwrap();
    let with_crumb = talk
        .request(Method::POST, "/job/x/build")
        .header("Jenkins-Crumb", crumb)
        .send()
        .await
        .unwrap();
    assert_eq!(
        with_crumb.status(),
        201,
        "the client keeps the session's cookie"
    );

    let url = format!("{}/job/x/build", talk.jenkins.url());
    let sessionless = reqwest::Client::builder().no_proxy().build().unwrap();
    let stranger = sessionless
        .post(url)
        .basic_auth("alice", Some("alice-password"))
        .header("Jenkins-Crumb", crumb);
    assert_eq!(
        stranger.send().await.unwrap().status(),
        403,
        "the crumb is bound to the cookie"
    );
}

#[tokio::test]
async fn a_crumb_may_be_a_form_field() {
    let talk = Talk::start(world().item(Job::freestyle("x")))
        .await
        .log_in("alice", "alice-password");
    let issued = talk.json("/crumbIssuer/api/json").await;
    let form = [("Jenkins-Crumb", issued["crumb"].as_str().unwrap())];
    assert_eq!(talk.post_form("/job/x/build", &form).await.status(), 201);
}

#[tokio::test]
async fn without_csrf_protection_there_is_no_crumb_issuer() {
    let config = world().crumbs(CrumbMode::Off).item(Job::freestyle("x"));
    let talk = Talk::start(config).await.log_in("alice", "alice-password");
    assert_eq!(talk.get("/crumbIssuer/api/json").await.status(), 404);
    assert_eq!(talk.post("/job/x/build").await.status(), 201);
    assert_eq!(
        talk.json("/api/json?tree=useCrumbs").await["useCrumbs"],
        false
    );
}
