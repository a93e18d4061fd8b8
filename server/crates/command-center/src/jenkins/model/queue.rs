//! Entries of the queue.

use serde::{Deserialize, Serialize};

use super::QueueId;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueItem {
    /// Its id.
    pub id: QueueId,
    /// Where it stands.
    pub state: QueueState,
}

/// Where an entry stands (`hudson.model.Queue`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueState {
    /// It waits.
    Waiting {
        /// Jenkins' words.
        why: Option<String>,
        /// True if it waits for longer than usual.
        stuck: bool,
    },
    /// It has left the queue, and its build is about to appear.
    Starting,
    /// Its build has begun.
    Started {
        /// The number of the build.
        number: u64,
    },
    /// Somebody took it out.
    Cancelled,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct QueueItemJson {
    #[serde(rename = "_class")]
    class: String,
    id: Option<u64>,
    why: Option<String>,
    stuck: bool,
    cancelled: bool,
    executable: Option<ExecutableJson>,
    pub(crate) in_queue_since: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ExecutableJson {
    number: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QueueJson {
    pub(crate) items: Vec<QueueItemJson>,
}

impl QueueItemJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "_class,id,why,stuck,cancelled,executable[number]";

    /// `None` if the answer is about something else.
    pub(crate) fn into_item(self) -> Option<QueueItem> {
        let number = self.executable.and_then(|executable| executable.number);
        let state = match number {
            _ if self.cancelled => QueueState::Cancelled,
            Some(number) => QueueState::Started { number },
            None if self.class.ends_with("LeftItem") => QueueState::Starting,
            None => QueueState::Waiting {
                why: self.why,
                stuck: self.stuck,
            },
        };
        Some(QueueItem {
            id: QueueId(self.id?),
            state,
        })
    }
}

impl QueueJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "items[id,inQueueSince]";

    /// How many entries came before this one; `None` if it is not there.
    pub(crate) fn ahead_of(&self, id: QueueId) -> Option<usize> {
        let key = |item: &QueueItemJson| (item.in_queue_since, item.id);
        let ours = self
            .items
            .iter()
            .find(|item| item.id == Some(id.0))
            .map(key)?;
        Some(self.items.iter().filter(|item| key(item) < ours).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(json: &str) -> QueueState {
        serde_json::from_str::<QueueItemJson>(json)
            .unwrap()
            .into_item()
            .unwrap()
            .state
    }

    #[test]
    fn states() {
        assert_eq!(
            state(
                r#"{"_class":"hudson.model.Queue$BlockedItem","id":3,"why":"busy","stuck":true,"blocked":true}"#
            ),
            QueueState::Waiting {
                why: Some("busy".into()),
                stuck: true
            }
        );
        assert_eq!(
            state(
                r#"{"_class":"hudson.model.Queue$LeftItem","id":3,"cancelled":false,"executable":null}"#
            ),
            QueueState::Starting
        );
        assert_eq!(
            state(
                r#"{"_class":"hudson.model.Queue$LeftItem","id":3,"executable":{"number":9,"url":"http://x"}}"#
            ),
            QueueState::Started { number: 9 }
        );
        assert_eq!(
            state(r#"{"_class":"hudson.model.Queue$LeftItem","id":3,"cancelled":true}"#),
            QueueState::Cancelled
        );
        assert_eq!(
            serde_json::from_str::<QueueItemJson>("{}")
                .unwrap()
                .into_item(),
            None
        );
    }

    #[test]
    fn positions() {
        let queue: QueueJson = serde_json::from_str(
            r#"{"items":[{"id":9,"inQueueSince":30},{"id":8,"inQueueSince":10},{"id":7,"inQueueSince":20}]}"#,
        )
        .unwrap();
        assert_eq!(queue.ahead_of(QueueId(8)), Some(0));
        assert_eq!(queue.ahead_of(QueueId(9)), Some(2));
        assert_eq!(queue.ahead_of(QueueId(1)), None);
    }
}
