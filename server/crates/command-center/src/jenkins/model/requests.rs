//! Who asked for which build.

use serde::Deserialize;

use super::QueueId;
use super::build::{ActionJson, BuildJson};
use super::location::job_at;
use crate::jenkins::JobPath;

/// What somebody asked of a job: its queue entry and its newest builds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RequestsJson {
    queue_item: Option<QueuedJson>,
    builds: Vec<BuildJson>,
}

/// The whole queue, with who asked for what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QueuedTasksJson {
    items: Vec<QueuedJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QueuedJson {
    id: Option<u64>,
    task: TaskJson,
    actions: Vec<Option<ActionJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaskJson {
    url: String,
}

impl RequestsJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "queueItem[id,actions[causes[userId]]],\
        builds[number,queueId,actions[causes[shortDescription,userId]]]{0,50}";

    /// The queue ids of what this user asked for: what waits, and builds from this number on.
    pub(crate) fn by_user(self, user: &str, first_number: u64) -> impl Iterator<Item = QueueId> {
        let waiting = self
            .queue_item
            .filter(|item| item.is_by(user))
            .and_then(|item| item.id)
            .map(QueueId);
        let builds = self
            .builds
            .into_iter()
            .filter_map(BuildJson::into_build)
            .filter(move |build| build.number >= first_number);
        let user = user.to_owned();
        let built = builds.filter_map(move |build| {
            let is_by = build
                .causes
                .iter()
                .any(|cause| cause.user.as_deref() == Some(&user));
            build.queue_id.filter(|_| is_by)
        });
        waiting.into_iter().chain(built)
    }
}

impl QueuedTasksJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "items[id,task[url],actions[causes[userId]]]";

    /// The entries of this user whose task has the address of this job, on whatever host.
    pub(crate) fn by_user(self, user: &str, job: &JobPath) -> Vec<QueueId> {
        let items = self.items.into_iter().filter(|item| item.is_by(user));
        let items = items.filter(|item| job_at(&item.task.url).as_ref() == Some(job));
        items.filter_map(|item| item.id).map(QueueId).collect()
    }
}

impl QueuedJson {
    fn is_by(&self, user: &str) -> bool {
        let causes = self
            .actions
            .iter()
            .flatten()
            .flat_map(|action| &action.causes);
        causes
            .into_iter()
            .any(|cause| cause.user_id.as_deref() == Some(user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_a_user_are_found() {
        let requests: RequestsJson = serde_json::from_str(
            r#"{"queueItem":{"id":93,"actions":[{},{"causes":[{"userId":"alice"}]}]},"builds":[
            {"number":8,"queueId":92,"actions":[{"causes":[{"shortDescription":"x","userId":"alice"}]}]},
            {"number":7,"queueId":91,"actions":[{"causes":[{"shortDescription":"x","userId":"bob"}]}]},
            {"number":6,"queueId":90,"actions":[{"causes":[{"shortDescription":"x","userId":"alice"}]}]}]}"#,
        )
        .unwrap();
        assert_eq!(
            requests.by_user("alice", 7).collect::<Vec<_>>(),
            [QueueId(93), QueueId(92)]
        );
        let queue: QueuedTasksJson = serde_json::from_str(
            r#"{"items":[{"id":1,"task":{"url":"http://x/ctx/job/a/job/b%20c/"},"actions":[{"causes":[{"userId":"alice"}]}]},
            {"id":2,"task":{"url":"http://x/ctx/job/b%20c/"},"actions":[{"causes":[{"userId":"alice"}]}]}]}"#,
        )
        .unwrap();
        let job = JobPath::new(vec!["a".into(), "b c".into()]).unwrap();
        assert_eq!(queue.by_user("alice", &job), [QueueId(1)]);
    }
}
