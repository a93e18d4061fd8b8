//! Events between instances of a plugin.

use bytes::Bytes;
use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// An event.
///
/// Go: `PluginClusterEvent` in `server/public/model/plugin_cluster_event.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
#[go(name = "PluginClusterEvent")]
pub struct ClusterEvent {
    /// Identifier, 26 characters.
    pub id: String,
    #[serde(with = "json::base64_bytes")]
    pub data: Bytes,
}

/// How to send an event.
///
/// Go: `PluginClusterEventSendOptions` in `server/public/model/plugin_cluster_event.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
#[go(name = "PluginClusterEventSendOptions")]
pub struct ClusterEventSendOptions {
    /// [`RELIABLE`](Self::RELIABLE) or [`BEST_EFFORT`](Self::BEST_EFFORT).
    pub send_type: String,
    /// The node to send to; empty for all others.
    pub target_id: String,
}

impl ClusterEventSendOptions {
    /// Over TCP, in order.
    pub const RELIABLE: &'static str = "reliable";
    /// Over UDP.
    pub const BEST_EFFORT: &'static str = "best_effort";
}
