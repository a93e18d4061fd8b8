//! Entries of the queue.

use serde::{Deserialize, Serialize};

use super::QueueId;
use super::build::{ActionJson, Cause};
use super::location::{build_at, job_at};
use crate::jenkins::JobPath;

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

/// An entry with what people ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueEntry {
    /// Its id.
    pub id: QueueId,
    /// The name of what waits.
    pub name: String,
    /// Its job, if it is one that has an address.
    pub job: Option<JobPath>,
    /// Jenkins' words for why it waits.
    pub why: Option<String>,
    /// Since when, in milliseconds since 1970 by Jenkins' clock.
    pub since: i64,
    /// True if it waits for longer than usual.
    pub stuck: bool,
    /// True if something else has to end first.
    pub blocked: bool,
    /// True if it only waits for an executor.
    pub buildable: bool,
    /// The parameters; Jenkins masks passwords.
    pub parameters: Vec<(String, String)>,
    /// Who or what asked for it.
    pub causes: Vec<Cause>,
}

/// The queue with what people ask about it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QueueEntriesJson {
    items: Option<Vec<QueueEntryJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct QueueEntryJson {
    id: u64,
    task: TaskJson,
    why: Option<String>,
    in_queue_since: i64,
    stuck: bool,
    blocked: bool,
    buildable: bool,
    params: Option<String>,
    actions: Vec<Option<ActionJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaskJson {
    name: Option<String>,
    url: Option<String>,
}

impl QueueEntriesJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "items[id,task[name,url],why,inQueueSince,stuck,blocked,buildable,params,\
        actions[causes[shortDescription,userId]]]";

    /// Oldest first; `None` if the answer is about something else.
    pub(crate) fn into_entries(self) -> Option<Vec<QueueEntry>> {
        let items = self.items?.into_iter();
        let mut entries: Vec<QueueEntry> = items.map(QueueEntryJson::into_entry).collect();
        entries.sort_by_key(|entry| (entry.since, entry.id));
        Some(entries)
    }
}

impl QueueEntryJson {
    fn into_entry(self) -> QueueEntry {
        let address = self.task.url.unwrap_or_default();
        // A part of a pipeline waits under the address of its build.
        let job = job_at(&address).or_else(|| build_at(&address).map(|(job, _)| job));
        let actions = self.actions.into_iter().flatten();
        QueueEntry {
            id: QueueId(self.id),
            name: self.task.name.unwrap_or_default(),
            job,
            why: self.why,
            since: self.in_queue_since,
            stuck: self.stuck,
            blocked: self.blocked,
            buildable: self.buildable,
            parameters: parameter_lines(&self.params.unwrap_or_default()),
            causes: actions.flat_map(ActionJson::into_causes).collect(),
        }
    }
}

/// `hudson.model.Queue.Item.getParams`: `NAME=value` in lines; a line without a name goes on with a value.
fn parameter_lines(text: &str) -> Vec<(String, String)> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.split_once('='), parameters.last_mut()) {
            (Some((name, value)), _) => parameters.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                value.push('\n');
                value.push_str(line);
            }
            (None, None) => {}
        }
    }
    parameters
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
    fn entries_with_their_parameters() {
        let queue: QueueEntriesJson = serde_json::from_str(
            r#"{"items":[{"id":9,"task":{"name":"part of p #7","url":"http://x/job/p/7/"},"inQueueSince":30,"stuck":true},
            {"id":8,"task":{"name":"b","url":"http://x/job/a/job/b/"},"inQueueSince":10,"params":"\nA=1\nNOTES=x\ny","why":"busy",
             "actions":[{},{"causes":[{"shortDescription":"Started by user Alice","userId":"alice"}]}]}]}"#,
        )
        .unwrap();
        let entries = queue.into_entries().unwrap();
        assert_eq!((entries[0].id, entries[1].id), (QueueId(8), QueueId(9)));
        let job = entries[0].job.as_ref().unwrap();
        assert_eq!(job.full_name(), "a/b");
        assert_eq!(
            entries[0].parameters,
            [("A".into(), "1".into()), ("NOTES".into(), "x\ny".into())]
        );
        assert_eq!(entries[0].causes[0].user.as_deref(), Some("alice"));
        assert_eq!(entries[1].job.as_ref().unwrap().full_name(), "p");
        assert_eq!(QueueEntriesJson::default().into_entries(), None);
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
