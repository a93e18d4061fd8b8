//! Events to the web and mobile clients.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::model::WebSocketBroadcast;

service! {
    /// Events to the clients' websockets.
    WebSocket
}

impl WebSocket<'_> {
    /// Sends an event, which clients see as `custom_<plugin id>_<event>`. An empty `broadcast`
    /// reaches every user of the server.
    ///
    /// # Errors
    /// When the server cannot be reached. Nobody learns whether a client received it: clients
    /// must be able to fetch the state that the event announces.
    pub async fn publish(
        &self,
        event: &str,
        payload: Map<String, Value>,
        broadcast: &WebSocketBroadcast,
    ) -> Result<(), Error> {
        self.host
            .publish_web_socket_event(event.to_owned(), payload, broadcast.clone())
            .await
    }
}
