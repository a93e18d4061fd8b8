//! Websocket events and messages.

use std::collections::BTreeMap;

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Session, json};

/// Who gets a websocket event. All empty: everybody.
///
/// Go: `WebsocketBroadcast` in `server/public/model/websocket_message.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
#[go(name = "WebsocketBroadcast")]
pub struct WebSocketBroadcast {
    /// Users who do not.
    #[serde(deserialize_with = "json::null_as_default")]
    pub omit_users: BTreeMap<String, bool>,
    /// This user alone.
    pub user_id: String,
    /// Members of this channel alone.
    pub channel_id: String,
    /// Members of this team alone.
    pub team_id: String,
    /// This connection alone.
    pub connection_id: String,
    /// All but this connection.
    pub omit_connection_id: String,
    /// All but administrators.
    #[serde(skip_serializing_if = "json::is_default")]
    pub contains_sanitized_data: bool,
    /// Administrators alone.
    #[serde(skip_serializing_if = "json::is_default")]
    pub contains_sensitive_data: bool,
    /// Send to other nodes of a cluster over TCP.
    #[serde(skip)]
    pub reliable_cluster_send: bool,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub broadcast_hooks: Vec<String>,
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub broadcast_hook_args: Vec<Map<String, Value>>,
}

/// A message from a client.
///
/// Go: `WebSocketRequest` in `server/public/model/websocket_request.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct WebSocketRequest {
    /// Counts the messages of a connection.
    pub seq: i64,
    pub action: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub data: Map<String, Value>,
    #[serde(skip)]
    pub session: Session,
    #[serde(skip)]
    pub locale: String,
}
