//! Questions that wait for one user's answer: a confirmation, a dialog.
//!
//! What a client sends back can be forged, so a question leaves the server as nothing but a random
//! id. All else stays in the store, bound to the user who was asked, and is gone after a while. Of
//! several answers at once, on several nodes, one takes the question.
//!
//! | key | value |
//! |---|---|
//! | `pending_v1_<id>` | a [`Question`] as JSON, until its time is over |

use std::time::Duration;

use mattermost_plugin::api::{KvSet, new_id};
use mattermost_plugin::{Api, Error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const PREFIX: &str = "pending_v1_";

/// Where the questions are.
#[derive(Debug, Clone)]
pub struct PendingStore {
    api: Api,
}

/// A question that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question<T> {
    /// Who was asked: nobody else can answer.
    pub user_id: String,
    /// Where: the channel's id.
    pub channel_id: String,
    /// First post of the thread there, empty outside threads.
    pub root_id: String,
    /// What it is about. Holds no open secret.
    pub about: T,
}

impl PendingStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Stores a question for a time (at least a second), and tells its id.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put<T: Serialize>(
        &self,
        question: &Question<T>,
        ttl: Duration,
    ) -> Result<String, Error> {
        let id = new_id();
        let options = KvSet::new().ttl(ttl);
        self.api
            .kv()
            .set_json_with(&key(&id), question, options)
            .await?;
        Ok(id)
    }

    /// The question, if it still waits and this user was asked. It goes on waiting.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn peek<T: DeserializeOwned>(
        &self,
        id: &str,
        user_id: &str,
    ) -> Result<Option<Question<T>>, Error> {
        Ok(self.read(id, user_id).await?.map(|(question, _)| question))
    }

    /// The question, for the one who answers it first; `None` for everybody else.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take<T: DeserializeOwned>(
        &self,
        id: &str,
        user_id: &str,
    ) -> Result<Option<Question<T>>, Error> {
        let Some((question, bytes)) = self.read(id, user_id).await? else {
            return Ok(None);
        };
        let is_first = self.api.kv().delete_if_equals(&key(id), bytes).await?;
        Ok(is_first.then_some(question))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        id: &str,
        user_id: &str,
    ) -> Result<Option<(Question<T>, bytes::Bytes)>, Error> {
        // Whatever a client sends as an id must be one before it becomes part of a key.
        if id.len() != 26 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(None);
        }
        let Some(bytes) = self.api.kv().get(&key(id)).await? else {
            return Ok(None);
        };
        let question: Option<Question<T>> = serde_json::from_slice(&bytes).ok();
        Ok(question
            .filter(|question| question.user_id == user_id)
            .map(|question| (question, bytes)))
    }
}

fn key(id: &str) -> String {
    format!("{PREFIX}{id}")
}
