//! Events between the instances of this plugin in a cluster.

use bytes::Bytes;

use crate::error::Error;
use crate::model::{ClusterEvent, ClusterEventSendOptions};

service! {
    /// Events between the instances of this plugin: the others get them as `OnPluginClusterEvent`.
    ClusterEvents
}

impl ClusterEvents<'_> {
    /// Sends an event to all other instances, or to `options.target_id` alone.
    ///
    /// # Errors
    /// When the target cannot be reached. Without a cluster nothing happens and nothing is wrong.
    pub async fn publish(
        &self,
        event: &ClusterEvent,
        options: &ClusterEventSendOptions,
    ) -> Result<(), Error> {
        self.host
            .publish_plugin_cluster_event(event.clone(), options.clone())
            .await
    }

    /// Sends an event to all other instances, delivered reliably (over TCP).
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn broadcast(&self, id: &str, data: impl Into<Bytes>) -> Result<(), Error> {
        let event = ClusterEvent {
            id: id.to_owned(),
            data: data.into(),
        };
        let options = ClusterEventSendOptions {
            send_type: ClusterEventSendOptions::RELIABLE.to_owned(),
            ..ClusterEventSendOptions::default()
        };
        self.publish(&event, &options).await
    }
}
