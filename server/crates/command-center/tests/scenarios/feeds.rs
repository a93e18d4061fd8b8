//! What the tests of webhooks and subscriptions share.

use http::{Method, Request, StatusCode};
use mattermost_devhost::Builder;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::Post;
use serde_json::{Value, json};
use simulators::jenkins::JenkinsConfig;

use crate::harness::{ALICE_TOKEN, World};

/// A world in which members may subscribe channels, with alice connected.
pub(crate) async fn world(config: JenkinsConfig) -> World {
    world_with(config, |builder| builder).await
}

/// The same, with a server that `change` describes further.
pub(crate) async fn world_with(
    config: JenkinsConfig,
    change: impl FnOnce(Builder) -> Builder,
) -> World {
    let world = World::start_with(config, |builder| {
        change(builder.setting("JenkinsSubscriptionManagers", "member"))
    })
    .await;
    world.connect("alice", ALICE_TOKEN).await;
    world
}

/// Makes a webhook for `builds`; the path of its address.
pub(crate) async fn webhook(world: &World, arguments: &str) -> String {
    let said = world
        .say("alice", &format!("/jenkins webhook add {arguments}"))
        .await;
    address_in(&said)
}

/// The path of the address that an answer shows first.
pub(crate) fn address_in(said: &str) -> String {
    let start = said.find("/plugins/").unwrap_or_else(|| panic!("{said}"));
    let path = said[start..].split(['\n', '`', '\'', '"']).next();
    path.expect("a path").to_owned()
}

/// Sends a body to a node, as Jenkins does: nobody is logged in.
pub(crate) async fn send_to(
    world: &World,
    node: usize,
    method: Method,
    path: &str,
    body: impl Into<Body>,
) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(body.into())
        .expect("a request");
    let server = world.host.server();
    let response = server.serve_plugin_request(node, request, "10.0.0.7").await;
    let status = response.status();
    let body = response.into_body().collect(1 << 20).await;
    let body = body.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Sends JSON, which has to be taken.
pub(crate) async fn send(world: &World, path: &str, body: &Value) {
    let (status, said) = send_to(world, 0, Method::POST, path, body.to_string()).await;
    assert_eq!((status, said.as_str()), (StatusCode::OK, "ok"));
}

/// What the Notification plugin sends about a build of the job `hello`.
pub(crate) fn notification(number: u64, phase: &str, status: Option<&str>) -> Value {
    let mut build = json!({
        "full_url": format!("https://elsewhere.example.com/job/hello/{number}/"),
        "number": number, "phase": phase, "url": format!("job/hello/{number}/"), "timestamp": 1_700_000_000_000_i64,
    });
    if let Some(status) = status {
        build["status"] = json!(status);
        build["duration"] = json!(61_000);
    }
    json!({"name": "hello", "url": "job/hello/", "build": build})
}

/// All posts that tell news, oldest first: messages, cards, replies, digests.
pub(crate) fn news(world: &World) -> Vec<Post> {
    let mut posts = world.host.server().read(|data| data.posts.all());
    posts.retain(|post| post.props.contains_key("command_center_event") && post.delete_at == 0);
    posts.sort_by_key(|post| post.create_at);
    posts
}

/// Everything that a post shows.
pub(crate) fn shown(post: &Post) -> String {
    let mut text = post.message.clone();
    for attachment in post.attachments() {
        let fields = attachment.fields.iter();
        let fields: Vec<String> = fields
            .map(|field| {
                format!(
                    "{}: {}",
                    field.title,
                    field.value.as_str().unwrap_or_default()
                )
            })
            .collect();
        let parts = [attachment.pretext, attachment.text, fields.join("\n")];
        text = format!("{text}\n{}", parts.join("\n"));
    }
    text
}

/// The first news that `wanted` accepts.
pub(crate) async fn told(world: &World, wanted: impl Fn(&str) -> bool) -> Post {
    world
        .host
        .wait_for("news", |_| {
            news(world).into_iter().find(|post| wanted(&shown(post)))
        })
        .await
}

/// Waits until everything that was accepted has had its effect.
pub(crate) async fn settled(world: &World) {
    world
        .host
        .wait_for("an empty inbox", |_| {
            let stored = crate::harness::stored(&world.host);
            let is_waiting = |key: &String| key.starts_with("jenkins_inbox_v1_");
            (!stored.keys().any(is_waiting)).then_some(())
        })
        .await;
}
