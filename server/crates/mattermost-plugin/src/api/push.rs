//! Push notifications.

use crate::error::Error;
use crate::model::PushNotification;

service! {
    /// Push notifications to mobile clients.
    Push
}

impl Push<'_> {
    /// Sends a notification to all of a user's devices.
    ///
    /// # Errors
    /// When the server cannot read the user's sessions; no device is no error.
    pub async fn send(&self, user_id: &str, notification: &PushNotification) -> Result<(), Error> {
        self.host
            .send_push_notification(notification.clone(), user_id.to_owned())
            .await
    }
}
