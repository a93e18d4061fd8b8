//! Builds.

use serde_json::{Value, json};

use super::View;
use super::parts::leaf_bean;
use super::select::{Bean, Select};
use crate::jenkins::clock::Millis;
use crate::jenkins::model::{BuildResult, JobKind};
use crate::jenkins::world::{Build, JobState};

impl View<'_> {
    /// A build.
    pub(crate) fn build(&self, job_name: &str, build: &Build, select: Select<'_>) -> Value {
        let mut bean = Bean::new(build.kind.build_class(), select);
        let Some(job) = self.world.job(job_name) else {
            return Value::Null;
        };
        let Some(item) = self.world.item(job_name) else {
            return Value::Null;
        };
        let now = self.world.now;
        let estimated = estimated_duration(job);
        self.start_actions(
            &mut bean,
            1,
            &build.causes,
            &build.parameters,
            left_actions(build),
        );
        bean.list(1, "artifacts", artifacts(build), |fields, select| {
            leaf_bean("hudson.model.Run$Artifact", &fields, select)
        });
        bean.value("building", || build.is_running());
        bean.value("description", || build.description.clone());
        bean.value("displayName", || format!("#{}", build.number));
        bean.value("duration", || build.duration());
        bean.value("estimatedDuration", || estimated);
        bean.object(1, "executor", |select| {
            if !build.is_running() {
                return Value::Null;
            }
            let mut executor = Bean::plain(select);
            executor.visible(2, "likelyStuck", || false);
            executor.visible(2, "progress", || build.progress(now, estimated));
            executor.finish()
        });
        bean.value("fullDisplayName", || {
            format!("{} #{}", item.full_name.replace('/', " » "), build.number)
        });
        bean.value("id", || build.number.to_string());
        bean.value("inProgress", || build.is_running());
        bean.value("keepLog", || build.keep_log);
        bean.visible(2, "number", || build.number);
        bean.value("queueId", || build.queue_id);
        bean.value("result", || build.result().map(BuildResult::as_str));
        bean.value("timestamp", || build.started);
        bean.visible(2, "url", || self.build_url(job_name, build.number));
        if build.kind == JobKind::Freestyle {
            bean.value("builtOn", || "");
        }
        self.changes(&mut bean, build);
        bean.list(1, "culprits", &build.script.culprits, |name, select| {
            self.person(name, select)
        });
        let neighbours = [
            ("nextBuild", job.builds.range(build.number + 1..).next()),
            (
                "previousBuild",
                job.builds.range(..build.number).next_back(),
            ),
        ];
        for (name, neighbour) in neighbours {
            bean.object(1, name, |select| match neighbour {
                Some((_, build)) => self.build(job_name, build, select),
                None => Value::Null,
            });
        }
        bean.finish()
    }
}

/// `Job.getEstimatedDuration`: the mean of the last three completed builds, -1 if there is none.
pub(crate) fn estimated_duration(job: &JobState) -> Millis {
    let done: Vec<Millis> = job
        .builds
        .values()
        .rev()
        .filter(|build| !build.is_running())
        .take(3)
        .map(Build::duration)
        .collect();
    if done.is_empty() {
        -1
    } else {
        done.iter().sum::<Millis>() / done.len() as Millis
    }
}

/// What a build's tests and checkout add to `actions[]` (junit-plugin `TestResultAction`, git-plugin `BuildData`).
fn left_actions(build: &Build) -> Vec<Value> {
    let mut actions = Vec::new();
    if let Some(change) = build.script.changes.last() {
        actions.push(json!({
            "_class": "hudson.plugins.git.util.BuildData",
            "lastBuiltRevision": {"SHA1": change.commit, "branch": [{"SHA1": change.commit, "name": "refs/remotes/origin/main"}]},
            "remoteUrls": ["https://git.example.com/project.git"],
            "scmName": "",
        }));
    }
    if let Some(report) = build
        .script
        .test_report
        .as_ref()
        .filter(|_| !build.is_running())
    {
        actions.push(json!({
            "_class": "hudson.tasks.junit.TestResultAction",
            "failCount": report.failed(),
            "skipCount": report.skipped(),
            "totalCount": report.cases().count(),
            "urlName": "testReport",
        }));
    }
    actions
}

/// Artifacts exist once the build has archived them, at its end.
fn artifacts(build: &Build) -> Vec<Value> {
    let archived = build
        .script
        .artifacts
        .iter()
        .filter(|_| !build.is_running());
    archived
        .map(|artifact| {
            json!({"displayPath": artifact.file_name(), "fileName": artifact.file_name(), "relativePath": artifact.path})
        })
        .collect()
}
