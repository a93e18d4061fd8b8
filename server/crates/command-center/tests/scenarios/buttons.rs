//! Buttons on cards, and who may use them.

use http::Request;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{
    Channel, Post, PostActionIntegrationRequest, PostActionIntegrationResponse,
};
use serde_json::{Map, Value, json};
use simulators::jenkins::{Artifact, BuildScript, Job, LogText, TestReport};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins_with};

const CALLBACK: &str = "/plugins/command-center/api/v1/jenkins/action";

/// A click as the server passes it on, or as somebody makes it up.
pub(crate) async fn click(
    world: &World,
    user: &str,
    post_id: &str,
    context: Map<String, Value>,
) -> PostActionIntegrationResponse {
    let request = PostActionIntegrationRequest {
        user_id: world.host.user_id("alice"),
        channel_id: world.host.channel_id("builds"),
        post_id: post_id.to_owned(),
        context,
        ..PostActionIntegrationRequest::default()
    };
    let request = Request::post(CALLBACK)
        .header("X-Requested-With", "XMLHttpRequest")
        .body(Body::from(serde_json::to_vec(&request).unwrap()))
        .unwrap();
    let answer = world.host.user(user).request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = answer.into_body().collect(100_000).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn log_context(post: &Post) -> Map<String, Value> {
    let attachment = post.attachments().remove(0);
    let button = attachment
        .actions
        .into_iter()
        .find(|action| action.id == "log");
    let integration = button.and_then(|button| button.integration);
    integration.expect("a button").context
}

fn logs_shown(world: &World) -> usize {
    let posts = world.host.server().read(|data| data.posts.all());
    let shown = posts
        .iter()
        .filter(|post| post.message.starts_with("Console log of the build"));
    shown.count()
}

#[tokio::test]
async fn the_log_is_one_click_away_and_in_the_thread() {
    let script = BuildScript::success().log(LogText::lines(["the *log* of it"]));
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.run("alice", "/jenkins build hello").await;
    world.announced().await;
    let card = world.cards().remove(0).post;
    let clicked = world.host.user("alice").click(&card.id, "Log").await;
    clicked.expect("the click is taken");
    let log = world
        .host
        .wait_for_post(|post| post.message.contains("the *log* of it"))
        .await;
    assert_eq!(log.root_id, card.id);
    // Bob has an account of his own at Jenkins, or none.
    world.host.user("bob").click(&card.id, "Log").await.unwrap();
    let refused = world.host.user("bob").ephemeral().pop().expect("a word");
    assert!(refused.message.contains("/jenkins connect"), "{refused:?}");
    assert_eq!(refused.root_id, "", "where the button is seen");
    world.connect("bob", BOB_TOKEN).await;
    world.host.user("bob").click(&card.id, "Log").await.unwrap();
    assert_eq!(logs_shown(&world), 2);
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn tests_and_artifacts_are_one_click_away() {
    let script = BuildScript::success()
        .test_report(TestReport::of_size(4, 4))
        .artifact(Artifact::new("app.txt", "the app"));
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.run("alice", "/jenkins build hello").await;
    world.announced().await;
    let card = world.cards().remove(0).post;
    let alice = world.host.user("alice");
    alice.click(&card.id, "Tests").await.expect("a click");
    let tests = world
        .host
        .wait_for_post(|post| post.message.contains("**1 failed**"))
        .await;
    assert_eq!(tests.root_id, card.id, "in the card's thread");
    alice.click(&card.id, "Artifacts").await.expect("a click");
    let is_list = |post: &Post| post.message.contains("1 Artifact(s) found");
    let list = world
        .host
        .wait_for("a list of artifacts", |_| {
            alice.ephemeral().into_iter().find(is_list)
        })
        .await;
    assert_eq!(list.root_id, "", "where the button is seen");
    alice.click(&list.id, "Attach it").await.expect("a click");
    let attached = world
        .host
        .wait_for_post(|post| post.file_ids.len() == 1)
        .await;
    assert_eq!(attached.root_id, card.id, "in the card's thread");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_click_that_nobody_made_does_nothing() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("alice", "/jenkins build hello").await;
    world.announced().await;
    let card = world.cards().remove(0).post;
    let genuine = log_context(&card);

    let other = json!({"action": "log", "build": {"job": ["hello"], "number": 2}});
    let invented = other.as_object().unwrap().clone();
    let own = world.host.user("bob").post("builds", "mine").await.unwrap();
    for (user, post_id, context) in [
        ("bob", card.id.as_str(), invented.clone()),
        ("bob", card.id.as_str(), Map::new()),
        ("bob", own.id.as_str(), genuine.clone()),
        ("bob", "nopost", genuine.clone()),
        ("bob", "", invented),
    ] {
        let answer = click(&world, user, post_id, context).await;
        assert!(answer.ephemeral_text.contains("out of date"), "{answer:?}");
        assert_eq!(answer.update, None);
    }
    assert_eq!(logs_shown(&world), 0);
    click(&world, "bob", &card.id, genuine).await;
    assert_eq!(logs_shown(&world), 1);
}

#[tokio::test]
async fn a_button_in_a_channel_of_others_does_nothing() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.connect("bob", BOB_TOKEN).await;
    let api = world.host.plugin_api(0);
    let builds = world.host.channel_id("builds");
    let team_id = api.get_channel(builds).await.unwrap().team_id;
    let secret = api
        .create_channel(Channel {
            team_id,
            r#type: Channel::PRIVATE.to_owned(),
            name: "secret".to_owned(),
            display_name: "Secret".to_owned(),
            ..Channel::default()
        })
        .await
        .unwrap();
    api.add_channel_member(secret.id, world.host.user_id("alice"))
        .await
        .unwrap();
    let alice = world.host.user("alice");
    alice
        .run_command("secret", "/jenkins build hello")
        .await
        .unwrap();
    world.announced().await;
    let card = world.cards().remove(0).post;
    let genuine = log_context(&card);
    // The body names alice and a channel that bob can read; the session is bob's.
    let answer = click(&world, "bob", &card.id, genuine.clone()).await;
    assert!(answer.ephemeral_text.contains("out of date"), "{answer:?}");
    assert_eq!(logs_shown(&world), 0);
    click(&world, "alice", &card.id, genuine).await;
    assert_eq!(logs_shown(&world), 1);
}
