//! Websocket events and who gets them (`platform/web_conn.go`).

use std::sync::Arc;

use mattermost_plugin::model::{WebSocketBroadcast, WebSocketRequest};
use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot};

use super::{Caller, Server};
use crate::ids::new_id;

/// How many events the history keeps; older ones are forgotten.
const HISTORY_MAX: usize = 10_000;

/// An event as it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name, `custom_<plugin id>_<event>` for those of plugins.
    pub name: String,
    /// What it carries.
    pub data: Map<String, Value>,
    /// Who gets it.
    pub broadcast: WebSocketBroadcast,
}

/// A client's websocket.
#[derive(Debug)]
struct Connection {
    id: String,
    user_id: String,
    sender: mpsc::UnboundedSender<Event>,
}

/// Open websockets and past events.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    connections: Vec<Connection>,
    history: Vec<Event>,
}

/// Receives the events of one websocket until it is dropped.
#[derive(Debug)]
pub struct Subscription {
    /// Id of the connection.
    pub connection_id: String,
    receiver: mpsc::UnboundedReceiver<Event>,
    closed: Option<oneshot::Sender<()>>,
}

impl Subscription {
    /// The next event; `None` when the server is gone.
    pub async fn next(&mut self) -> Option<Event> {
        self.receiver.recv().await
    }
}

impl Server {
    /// Publishes an event to the clients that its broadcast names.
    pub(crate) fn publish(
        &self,
        name: &str,
        data: Map<String, Value>,
        broadcast: WebSocketBroadcast,
    ) {
        let event = Event {
            name: name.to_owned(),
            data,
            broadcast,
        };
        let mut hub = self
            .hub
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        hub.connections
            .retain(|connection| !connection.sender.is_closed());
        for connection in &hub.connections {
            if self.is_for(&event.broadcast, &connection.id, &connection.user_id) {
                // A receiver that is gone is removed with the next event.
                let _ = connection.sender.send(event.clone());
            }
        }
        if hub.history.len() >= HISTORY_MAX {
            hub.history.remove(0);
        }
        hub.history.push(event);
        drop(hub);
        self.changed();
    }

    /// Publishes an event to one user.
    pub(crate) fn publish_to_user(&self, name: &str, user_id: &str, data: Map<String, Value>) {
        let broadcast = WebSocketBroadcast {
            user_id: user_id.to_owned(),
            ..WebSocketBroadcast::default()
        };
        self.publish(name, data, broadcast);
    }

    /// Publishes an event to the members of a channel.
    pub(crate) fn publish_to_channel(
        &self,
        name: &str,
        channel_id: &str,
        data: Map<String, Value>,
    ) {
        let broadcast = WebSocketBroadcast {
            channel_id: channel_id.to_owned(),
            ..WebSocketBroadcast::default()
        };
        self.publish(name, data, broadcast);
    }

    /// All events so far, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.hub
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .history
            .clone()
    }

    /// Opens a websocket for a client; plugins on its node are told, and again when it closes.
    pub(crate) fn connect_websocket(self: &Arc<Self>, caller: &Caller) -> Subscription {
        let user_id = caller.user_id();
        let mut subscription = self.subscribe(&user_id);
        let connection_id = subscription.connection_id.clone();
        for (_, hooks) in self.implementing("OnWebSocketConnect", caller.node) {
            let (connection_id, user_id) = (connection_id.clone(), user_id.clone());
            tokio::spawn(async move { hooks.on_web_socket_connect(connection_id, user_id).await });
        }
        let (closed, on_close) = oneshot::channel::<()>();
        subscription.closed = Some(closed);
        let (server, node) = (self.clone(), caller.node);
        tokio::spawn(async move {
            // The sender is never used, only dropped.
            let _ = on_close.await;
            for (_, hooks) in server.implementing("OnWebSocketDisconnect", node) {
                // The hook answers nothing.
                let _ = hooks
                    .on_web_socket_disconnect(connection_id.clone(), user_id.clone())
                    .await;
            }
        });
        subscription
    }

    /// Hands a client's message `custom_<plugin id>_…` to the plugin.
    pub(crate) fn websocket_message(
        self: &Arc<Self>,
        caller: &Caller,
        connection_id: &str,
        request: &WebSocketRequest,
    ) {
        for (plugin_id, hooks) in self.implementing("WebSocketMessageHasBeenPosted", caller.node) {
            if request.action.starts_with(&format!("custom_{plugin_id}_")) {
                let (connection_id, user_id, request) =
                    (connection_id.to_owned(), caller.user_id(), request.clone());
                tokio::spawn(async move {
                    hooks
                        .web_socket_message_has_been_posted(connection_id, user_id, request)
                        .await
                });
            }
        }
    }

    /// Opens a websocket for a user, without telling plugins.
    pub(crate) fn subscribe(&self, user_id: &str) -> Subscription {
        let (sender, receiver) = mpsc::unbounded_channel();
        let connection = Connection {
            id: new_id(),
            user_id: user_id.to_owned(),
            sender,
        };
        let connection_id = connection.id.clone();
        self.hub
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .connections
            .push(connection);
        Subscription {
            connection_id,
            receiver,
            closed: None,
        }
    }

    fn is_for(&self, broadcast: &WebSocketBroadcast, connection_id: &str, user_id: &str) -> bool {
        let administrator = self.read(|data| {
            data.users.get(user_id).is_some_and(|user| {
                crate::state::roles::grant(user.roles.split_whitespace(), "manage_system")
            })
        });
        if broadcast.contains_sanitized_data && administrator
            || broadcast.contains_sensitive_data && !administrator
        {
            return false;
        }
        if !broadcast.connection_id.is_empty() {
            return broadcast.connection_id == connection_id;
        }
        if broadcast.omit_connection_id == connection_id {
            return false;
        }
        if !broadcast.user_id.is_empty() {
            return broadcast.user_id == user_id;
        }
        if broadcast.omit_users.contains_key(user_id) {
            return false;
        }
        if !broadcast.channel_id.is_empty() {
            return self.read(|data| {
                data.channels
                    .member(&broadcast.channel_id, user_id)
                    .is_some()
            });
        }
        if !broadcast.team_id.is_empty() {
            return self.read(|data| data.teams.is_member(&broadcast.team_id, user_id));
        }
        true
    }
}
