//! The queue.

use super::{JenkinsClient, if_there};
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::{
    QueueEntriesJson, QueueEntry, QueueId, QueueItem, QueueItemJson, QueueJson, QueueState,
};

impl JenkinsClient {
    /// An entry of the queue; `None` if Jenkins has forgotten it, which it does five minutes after
    /// the entry left (`hudson.model.Queue`, `leftItems`).
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn queue_item(&self, id: QueueId) -> Result<Option<QueueItem>, JenkinsError> {
        let number = id.0.to_string();
        let page = ["queue", "item", number.as_str()];
        match if_there(
            self.read::<QueueItemJson>("the queue", page, QueueItemJson::TREE)
                .await,
        )? {
            None => Ok(None),
            Some(json) => json
                .into_item()
                .map(Some)
                .ok_or(JenkinsError::Malformed { what: "the queue" }),
        }
    }

    /// All that waits, oldest first.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn queue(&self) -> Result<Vec<QueueEntry>, JenkinsError> {
        let json: QueueEntriesJson = self
            .read("the queue", ["queue"], QueueEntriesJson::TREE)
            .await?;
        json.into_entries()
            .ok_or(JenkinsError::Malformed { what: "the queue" })
    }

    /// How many entries of the queue came before this one; `None` if it is not there any more.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn queue_ahead_of(&self, id: QueueId) -> Result<Option<usize>, JenkinsError> {
        let queue: QueueJson = self.read("the queue", ["queue"], QueueJson::TREE).await?;
        Ok(queue.ahead_of(id))
    }

    /// Takes an entry out of the queue. An entry that has left already is an error: its build may run.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn cancel_queue_item(&self, id: QueueId) -> Result<(), JenkinsError> {
        // 204 since 2.4xx, a redirect before.
        let number = id.0.to_string();
        let answer = self
            .change(["queue", "cancelItem"], &[("id", number.as_str())], &[])
            .await;
        match answer {
            Ok(_) => Ok(()),
            // `Queue.doCancelItem`, 422: the user may see the entry but not cancel it.
            Err(JenkinsError::Refused { message }) if message.contains("not cancellable") => {
                Err(JenkinsError::Forbidden {
                    user: self.user().to_owned(),
                    permission: Some("Job/Cancel".to_owned()),
                })
            }
            // 500 "Could not cancel": it left the queue by itself.
            Err(error @ JenkinsError::ServerError { .. }) => match self.queue_item(id).await? {
                Some(item) if item.state == QueueState::Cancelled => Ok(()),
                Some(QueueItem {
                    state: QueueState::Waiting { .. },
                    ..
                }) => Err(error),
                _ => Err(super::not_found(Thing::QueueItem, id.0)),
            },
            Err(error) => Err(error.about(Thing::QueueItem, id.0)),
        }
    }
}
