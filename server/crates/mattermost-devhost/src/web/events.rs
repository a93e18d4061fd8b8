//! The websocket: events to the page, messages to plugins.

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use mattermost_plugin::model::WebSocketRequest;
use serde::Deserialize;
use serde_json::json;

use super::Page;
use super::error::Failure;
use crate::server::hub::{Event, Subscription};
use crate::server::{Caller, Server};

#[derive(Deserialize)]
pub(super) struct Asker {
    user: String,
}

/// `ws /api/events?user=`: events as Mattermost sends them, `{event, data, broadcast, seq}`.
pub(super) async fn events(
    State(page): State<Page>,
    Query(asker): Query<Asker>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    let user = page.user(&asker.user);
    let caller = user.caller().await?.clone();
    let subscription = page.host.server().connect_websocket(&caller);
    let server = page.host.server().clone();
    Ok(upgrade.on_upgrade(move |socket| run(socket, subscription, server, caller)))
}

async fn run(
    mut socket: WebSocket,
    mut subscription: Subscription,
    server: std::sync::Arc<Server>,
    caller: Caller,
) {
    let hello = Event {
        name: "hello".to_owned(),
        data: [
            (
                "connection_id".to_owned(),
                json!(subscription.connection_id),
            ),
            (
                "server_version".to_owned(),
                json!(crate::server::SERVER_VERSION),
            ),
        ]
        .into_iter()
        .collect(),
        broadcast: mattermost_plugin::model::WebSocketBroadcast {
            user_id: caller.user_id(),
            ..Default::default()
        },
    };
    let mut sequence = 0_i64;
    let mut next = Some(hello);
    loop {
        if let Some(event) = next.take() {
            let text = json!({"event": event.name, "data": event.data, "broadcast": event.broadcast, "seq": sequence});
            sequence += 1;
            if socket
                .send(Message::Text(text.to_string().into()))
                .await
                .is_err()
            {
                return;
            }
        }
        tokio::select! {
            event = subscription.next() => match event {
                Some(event) => next = Some(event),
                None => return,
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    if let Ok(request) = serde_json::from_str::<WebSocketRequest>(&text) {
                        server.websocket_message(&caller, &subscription.connection_id, &request);
                    }
                }
                Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
}
