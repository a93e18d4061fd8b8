//! Events to clients, to other nodes and to phones.

use super::macros::{message, optional};
use super::{Wire, lost};
use crate::model::WebSocketBroadcast;
use crate::transport::grpc::messages::api::WebsocketBroadcast;

message! { ClusterEvent = PluginClusterEvent { id, data } }

message! { ClusterEventSendOptions = PluginClusterEventSendOptions { send_type, target_id } }

message! {
    WebSocketRequest = WebSocketRequest { seq, action, data }
    lost { session, locale }
}

message! {
    PushNotification = PushNotification {
        ack_id, platform, server_id, device_id, post_id, category, sound, message, badge, team_id,
        channel_id, root_id, channel_name, r#type, sub_type, sender_id, sender_name,
        override_username, override_icon_url, from_webhook, version,
    }
    renamed { content_available => cont_ava, is_crt_enabled => is_crt }
    lost { is_id_loaded, post_type, channel_type, signature, unknown }
}

/// The server has one field for a connection and another that says that it is the one to leave out.
impl Wire<WebsocketBroadcast> for WebSocketBroadcast {
    fn to_wire(self) -> WebsocketBroadcast {
        const MODEL: &str = "WebSocketBroadcast";
        let Self {
            omit_users,
            user_id,
            channel_id,
            team_id,
            connection_id,
            omit_connection_id,
            contains_sanitized_data,
            contains_sensitive_data,
            reliable_cluster_send,
            broadcast_hooks,
            broadcast_hook_args,
        } = self;
        lost(MODEL, "connection_id", &connection_id);
        lost(MODEL, "contains_sanitized_data", &contains_sanitized_data);
        lost(MODEL, "contains_sensitive_data", &contains_sensitive_data);
        lost(MODEL, "reliable_cluster_send", &reliable_cluster_send);
        lost(MODEL, "broadcast_hooks", &broadcast_hooks);
        lost(MODEL, "broadcast_hook_args", &broadcast_hook_args);
        WebsocketBroadcast {
            omit_users: omit_users.to_wire(),
            user_id,
            channel_id,
            team_id,
            omit_connection_id: !omit_connection_id.is_empty(),
            connection_id: omit_connection_id,
            reliable_cluster_send,
            contention_free_broadcast: false,
        }
    }

    fn from_wire(wire: WebsocketBroadcast) -> Self {
        Self {
            omit_users: Wire::from_wire(wire.omit_users),
            user_id: wire.user_id,
            channel_id: wire.channel_id,
            team_id: wire.team_id,
            omit_connection_id: if wire.omit_connection_id {
                wire.connection_id
            } else {
                String::new()
            },
            ..Self::default()
        }
    }
}
optional!(WebSocketBroadcast = WebsocketBroadcast);
