//! What goes out: events, notifications, mail, log lines, requests to plugins.

use http::{Method, Request};
use mattermost_plugin::host::LogLevel;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{
    AuditEventActor, AuditRecord, ClusterEvent, ClusterEventSendOptions, PushNotification,
    WebSocketBroadcast,
};
use serde_json::{Map, Value, json};

use super::World;
use crate::PLUGIN_ID;
use crate::table::{Checked, Failure, Table, ensure, worked_or_refused};

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let api = world.api;
    table
        .check("PublishWebSocketEvent", async {
            let payload = Map::from_iter([
                ("text".to_owned(), Value::from("é")),
                (
                    "nested".to_owned(),
                    json!({"list": [1, true, null], "empty": {}}),
                ),
            ]);
            let broadcast = WebSocketBroadcast {
                user_id: world.admin().to_owned(),
                ..WebSocketBroadcast::default()
            };
            Ok(api.websocket().publish("ping", payload, &broadcast).await?)
        })
        .await;
    table
        .check("PublishPluginClusterEvent", async {
            let event = ClusterEvent {
                id: "ping".to_owned(),
                data: "conformance".into(),
            };
            let options = ClusterEventSendOptions {
                send_type: ClusterEventSendOptions::BEST_EFFORT.to_owned(),
                ..ClusterEventSendOptions::default()
            };
            api.cluster_events().publish(&event, &options).await?;
            Ok(api
                .cluster_events()
                .broadcast("ping", "conformance")
                .await?)
        })
        .await;
    table
        .check("SendPushNotification", async {
            let notification = PushNotification {
                message: "conformance".to_owned(),
                channel_id: world.channel()?.id.clone(),
                ..PushNotification::default()
            };
            // The user has no device.
            Ok(api.push().send(&world.user()?.id, &notification).await?)
        })
        .await;
    table
        .check("SendMail", async {
            // Without a mail server it cannot be sent.
            let sent = api
                .mail()
                .send(&world.user()?.email, "Conformance", "<p>Nothing to do.</p>")
                .await;
            worked_or_refused(sent, &[500])
        })
        .await;
    table
        .check("LogAuditRec", async {
            let record = AuditRecord {
                event_name: "conformance".to_owned(),
                status: "success".to_owned(),
                actor: AuditEventActor {
                    user_id: world.admin().to_owned(),
                    ..AuditEventActor::default()
                },
                ..AuditRecord::default()
            };
            Ok(api.audit().log(&record).await?)
        })
        .await;
    for (name, level) in [
        ("LogDebug", LogLevel::Debug),
        ("LogInfo", LogLevel::Info),
        ("LogWarn", LogLevel::Warn),
        ("LogError", LogLevel::Error),
    ] {
        table
            .check(name, async {
                Ok(api
                    .log()
                    .write(level, "conformance", [("level", name)])
                    .await?)
            })
            .await;
    }
    table.check("PluginHTTP", plugin_http(world)).await;
}

/// This plugin asks itself, in the middle of a hook, with bodies larger than any window.
async fn plugin_http(world: &World<'_>) -> Checked {
    const SIZE: usize = 1 << 20;
    let request = |method: Method, path: String, body: Body| {
        Request::builder()
            .method(method)
            .uri(path)
            .body(body)
            .map_err(Failure::new)
    };
    let echo = request(
        Method::POST,
        format!("/{PLUGIN_ID}/echo"),
        Body::from(vec![b'e'; SIZE]),
    )?;
    let answer = world.api.plugins_http().request(echo).await?;
    ensure(
        answer.status().is_success(),
        format!("the status is {}", answer.status()),
    )?;
    let body = answer
        .into_body()
        .collect(2 * SIZE)
        .await
        .map_err(Failure::new)?;
    ensure(
        body.len() == SIZE,
        format!("{} bytes came back", body.len()),
    )?;
    let teapot = request(
        Method::GET,
        format!("/{PLUGIN_ID}/status/418"),
        Body::empty(),
    )?;
    let answer = world.api.plugins_http().request(teapot).await?;
    ensure(
        answer.status().as_u16() == 418,
        format!("the status is {}", answer.status()),
    )?;
    ensure(
        answer.headers().contains_key("x-test"),
        "the header is missing",
    )?;
    let nowhere = request(
        Method::GET,
        "/com.example.not-installed/".to_owned(),
        Body::empty(),
    )?;
    let answer = world.api.plugins_http().request(nowhere).await?;
    ensure(
        answer.status().as_u16() == 404,
        format!("an unknown plugin answers {}", answer.status()),
    )
}
