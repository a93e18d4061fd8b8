//! Rules that need the whole server: who gets events, who may do what, plugins talking to plugins.

mod support;

use http::Request;
use mattermost_devhost::Caller;
use mattermost_devhost::config::FAKE_SETTING;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{Channel, Post, WebSocketBroadcast};
use serde_json::{Value, json};

use support::{ID, Probe, probe, probe_says, started};

/// Names of the events that somebody gets before the one called `end`.
async fn names_until_end(mut subscription: mattermost_devhost::Subscription) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(event) = subscription.next().await {
        if event.name.ends_with("_end") {
            break;
        }
        names.push(event.name.rsplit('_').next().unwrap_or_default().to_owned());
    }
    names
}

#[tokio::test]
async fn events_reach_those_that_the_broadcast_names() {
    let host = started().await;
    let (admin, alice, bob) = (host.user("admin"), host.user("alice"), host.user("bob"));
    let private = Channel {
        r#type: "P".to_owned(),
        ..channel(&host, "secret")
    };
    let private = host
        .server()
        .create_channel(&Caller::system(0), private)
        .unwrap();
    host.server()
        .add_to_channel(&Caller::system(0), &private.id, &alice.id(), "")
        .await
        .unwrap();
    let of_admin = admin.websocket().await.unwrap();
    let of_alice = alice.websocket().await.unwrap();
    let of_bob = bob.websocket().await.unwrap();
    let alice_connection = of_alice.connection_id.clone();
    let api = host.plugin_api(0);
    let all = WebSocketBroadcast::default;
    for (name, broadcast) in [
        ("all", all()),
        (
            "alice",
            WebSocketBroadcast {
                user_id: alice.id(),
                ..all()
            },
        ),
        (
            "members",
            WebSocketBroadcast {
                channel_id: private.id.clone(),
                ..all()
            },
        ),
        (
            "others",
            WebSocketBroadcast {
                omit_users: [(alice.id(), true)].into(),
                ..all()
            },
        ),
        (
            "admins",
            WebSocketBroadcast {
                contains_sensitive_data: true,
                ..all()
            },
        ),
        (
            "users",
            WebSocketBroadcast {
                contains_sanitized_data: true,
                ..all()
            },
        ),
        (
            "connection",
            WebSocketBroadcast {
                connection_id: alice_connection.clone(),
                ..all()
            },
        ),
        (
            "elsewhere",
            WebSocketBroadcast {
                omit_connection_id: alice_connection,
                ..all()
            },
        ),
        ("end", all()),
    ] {
        api.publish_web_socket_event(name.to_owned(), serde_json::Map::new(), broadcast)
            .await
            .unwrap();
    }
    assert_eq!(
        names_until_end(of_admin).await,
        ["all", "others", "admins", "elsewhere"]
    );
    assert_eq!(
        names_until_end(of_alice).await,
        ["all", "alice", "members", "users", "connection"]
    );
    assert_eq!(
        names_until_end(of_bob).await,
        ["all", "others", "users", "elsewhere"]
    );
    assert!(
        host.events()
            .iter()
            .any(|event| event.name == format!("custom_{ID}_all"))
    );
}

fn channel(host: &mattermost_devhost::DevHost, name: &str) -> Channel {
    let team_id = host.server().read(|data| data.teams.all()[0].id.clone());
    Channel {
        team_id,
        name: name.to_owned(),
        display_name: name.to_owned(),
        r#type: "O".to_owned(),
        ..Channel::default()
    }
}

#[tokio::test]
async fn roles_decide_who_may_do_what() {
    let host = started().await;
    let server = host.server();
    let (admin, alice) = (host.user_id("admin"), host.user_id("alice"));
    assert!(
        server.has_permission(&admin, "manage_system")
            && !server.has_permission(&alice, "manage_system")
    );
    let builds = host.channel_id("builds");
    assert!(server.has_channel_permission(&alice, &builds, "create_post"));
    assert!(!server.has_channel_permission(&alice, &builds, "manage_channel_roles"));
    let roles = "channel_user channel_admin".to_owned();
    host.plugin_api(0)
        .update_channel_member_roles(builds.clone(), alice.clone(), roles)
        .await
        .unwrap();
    assert!(server.has_channel_permission(&alice, &builds, "manage_channel_roles"));
    let other = server
        .create_channel(&Caller::system(0), channel(&host, "other"))
        .unwrap();
    assert!(
        !server.has_channel_permission(&alice, &other.id, "create_post"),
        "she is not in it"
    );
    let refused = host
        .user("alice")
        .run_command("other", "/probe echo x")
        .await
        .unwrap_err();
    assert_eq!(refused.status_code, 403);
    assert!(server.has_channel_permission(&admin, &other.id, "create_post"));
}

#[tokio::test]
async fn posts_fit_their_thread_and_carry_who_made_them() {
    let host = started().await;
    let alice = host.user("alice");
    let root = alice.post("builds", "root").await.unwrap();
    let reply = alice.reply("builds", &root.id, "reply").await.unwrap();
    let nested = alice.reply("builds", &reply.id, "x").await.unwrap_err();
    assert_eq!(
        (nested.id.as_str(), nested.status_code),
        ("api.post.create_post.root_id.app_error", 400)
    );
    let elsewhere = alice.reply("off-topic", &root.id, "x").await.unwrap_err();
    assert_eq!(
        elsewhere.id,
        "api.post.create_post.channel_root_id.app_error"
    );
    let api = host.plugin_api(0);
    let bot = Post::new(
        host.user_id("probe"),
        host.channel_id("builds"),
        "hello @channel",
    );
    let bot = api.create_post(bot).await.unwrap();
    assert_eq!(
        (bot.prop("from_plugin"), bot.prop("from_bot")),
        ("true", "true")
    );
    assert_eq!(
        bot.props["mentionHighlightDisabled"], true,
        "the bot is not in the channel"
    );
    let deleted = api.delete_post(bot.id.clone()).await;
    assert!(
        deleted.is_ok()
            && api
                .get_post(bot.id.clone())
                .await
                .unwrap_err()
                .is_not_found()
    );
    assert_eq!(
        api.delete_post(bot.id).await.unwrap_err().status_code(),
        Some(400)
    );
}

#[tokio::test]
async fn plugins_reach_each_other_by_name() {
    let other = r#"{"id": "com.example.other", "name": "Other"}"#;
    let host = probe()
        .manifest_json(other)
        .plugin_in_process(Probe::new_for_tests)
        .start()
        .await
        .unwrap();
    let request = Request::get("/com.example.other/a?b=1")
        .body(Body::empty())
        .unwrap();
    let answer = host
        .plugin_api(0)
        .plugin_http(request)
        .await
        .unwrap()
        .into_body()
        .collect(10_000)
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(
        (&answer["uri"], &answer["plugin"], &answer["user"]),
        (&json!("/a?b=1"), &json!(ID), &json!(""))
    );
    let missing = Request::get("/com.example.missing/a")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        host.plugin_api(0)
            .plugin_http(missing)
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn secrets_are_found_wherever_they_are() {
    let host = probe()
        .setting("Secret", "in-the-settings")
        .start()
        .await
        .unwrap();
    host.assert_no_secret("in-the-settings");
    let shown = host.plugin_api(0).get_plugin_config().await.unwrap();
    assert_eq!(shown["Secret"], FAKE_SETTING);
    let alice = host.user("alice");
    alice.post("builds", "in-a-post").await.unwrap();
    probe_says(&host, "echo in-a-whisper").await;
    probe_says(&host, "remember in-a-value").await;
    host.plugin_api(0)
        .send_mail("a@b".to_owned(), "s".to_owned(), "in-a-mail".to_owned())
        .await
        .unwrap();
    host.plugin_api(0)
        .log(
            mattermost_plugin::LogLevel::Info,
            "in-a-line".to_owned(),
            Vec::new(),
        )
        .await
        .unwrap();
    for secret in [
        "in-a-post",
        "in-a-whisper",
        "in-a-value",
        "in-a-mail",
        "in-a-line",
    ] {
        assert!(!host.server().places_of(secret).is_empty(), "{secret}");
    }
}

#[tokio::test]
async fn uploads_in_parts_need_five_megabytes_first() {
    let host = started().await;
    let api = host.plugin_api(0);
    let session = mattermost_plugin::model::UploadSession {
        id: mattermost_devhost::ids::new_id(),
        r#type: "attachment".to_owned(),
        user_id: "nouser".to_owned(),
        channel_id: host.channel_id("builds"),
        filename: "log.txt".to_owned(),
        file_size: 6 * 1024 * 1024,
        ..Default::default()
    };
    let session = api.create_upload_session(session).await.unwrap();
    let small = api
        .upload_data(session.clone(), Body::from(vec![0; 1024]))
        .await
        .unwrap_err();
    assert!(
        small.to_string().contains("First part must be at least"),
        "{small}"
    );
    let part = Body::from(vec![0; 5 * 1024 * 1024]);
    assert_eq!(api.upload_data(session.clone(), part).await.unwrap(), None);
    let session = api.get_upload_session(session.id).await.unwrap();
    assert_eq!(session.file_offset, 5 * 1024 * 1024);
    let rest = Body::from(vec![0; 2 * 1024 * 1024]);
    let info = api
        .upload_data(session.clone(), rest)
        .await
        .unwrap()
        .expect("the upload is complete");
    assert_eq!(info.size, 6 * 1024 * 1024, "what is too much is cut off");
    assert!(api.get_upload_session(session.id).await.is_err());
    let file = Post {
        file_ids: vec![info.id.clone()],
        ..Post::new(host.user_id("alice"), host.channel_id("builds"), "")
    };
    assert_eq!(api.create_post(file).await.unwrap().file_ids, [info.id]);
}
