//! Nodes, their executors, and what runs on them (`hudson.model.ComputerSet`).

use std::collections::HashSet;
use std::time::Duration;

use serde::Deserialize;

use super::build::millis;
use super::location::build_at;
use crate::jenkins::JobPath;

/// All nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nodes {
    /// How many executors work.
    pub busy: u32,
    /// How many executors there are.
    pub total: u32,
    /// Each node, the built-in one first.
    pub nodes: Vec<Node>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// True for Jenkins itself, which has no name of its own but one in each language.
    pub is_built_in: bool,
    /// True if nothing can run on it.
    pub offline: bool,
    /// True if somebody took it offline.
    pub temporarily_offline: bool,
    /// Why it is offline, in Jenkins' words.
    pub reason: Option<String>,
    /// True if nothing runs on it.
    pub idle: bool,
    /// How many executors it has.
    pub executors: u32,
    /// The builds that run on it, those included that only steer others.
    pub running: Vec<RunningBuild>,
}

/// A build that runs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningBuild {
    /// Its job.
    pub job: JobPath,
    /// Its number.
    pub number: u64,
    /// The node that it runs on.
    pub node: String,
    /// When it started, in milliseconds since 1970 by Jenkins' clock.
    pub started_at: Option<i64>,
    /// How long earlier builds took.
    pub estimated_duration: Option<Duration>,
    /// How much of that has passed, in percent; at most 100.
    pub progress: Option<u8>,
    /// True if it takes far longer than earlier builds.
    pub likely_stuck: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NodesJson {
    busy_executors: u32,
    total_executors: u32,
    computer: Option<Vec<ComputerJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ComputerJson {
    #[serde(rename = "_class")]
    class: String,
    display_name: Option<String>,
    offline: bool,
    temporarily_offline: bool,
    offline_cause_reason: Option<String>,
    idle: bool,
    num_executors: u32,
    executors: Vec<ExecutorJson>,
    one_off_executors: Vec<ExecutorJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ExecutorJson {
    current_executable: Option<ExecutableJson>,
    progress: i64,
    likely_stuck: bool,
}

/// A build, or a part of a pipeline's build, of which older versions tell nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ExecutableJson {
    url: Option<String>,
    timestamp: Option<i64>,
    estimated_duration: Option<i64>,
}

impl NodesJson {
    /// The `tree` that this type reads.
    pub(crate) fn tree() -> String {
        const EXECUTOR: &str =
            "[currentExecutable[url,timestamp,estimatedDuration],progress,likelyStuck]";
        format!(
            "busyExecutors,totalExecutors,computer[displayName,offline,temporarilyOffline,offlineCauseReason,\
             idle,numExecutors,executors{EXECUTOR},oneOffExecutors{EXECUTOR}]"
        )
    }

    /// `None` if the answer is about something else.
    pub(crate) fn into_nodes(self) -> Option<Nodes> {
        let computers = self.computer?;
        Some(Nodes {
            busy: self.busy_executors,
            total: self.total_executors,
            nodes: computers.into_iter().map(ComputerJson::into_node).collect(),
        })
    }
}

impl Nodes {
    /// Every build that runs, once: a pipeline has an executor for itself and one for each `node` step.
    #[must_use]
    pub fn into_running(self) -> Vec<RunningBuild> {
        let mut seen = HashSet::new();
        let running = self.nodes.into_iter().flat_map(|node| node.running);
        running
            .filter(|build| seen.insert((build.job.clone(), build.number)))
            .collect()
    }
}

impl Node {
    /// The built-in node as people name it; what stands in addresses, too (`ComputerSet.getDynamic`).
    const BUILT_IN: [&str; 4] = ["built-in", "(built-in)", "master", "(master)"];

    /// Whether somebody means this one; case does not matter.
    #[must_use]
    pub fn is_named(&self, typed: &str) -> bool {
        let built_in = Self::BUILT_IN.iter().filter(|_| self.is_built_in);
        let mut names = built_in.copied().chain([self.name.as_str()]);
        names.any(|name| name.to_lowercase() == typed.to_lowercase())
    }
}

impl Nodes {
    /// The node that somebody means: of exactly this name, or else in another case.
    #[must_use]
    pub fn named(&self, typed: &str) -> Option<&Node> {
        let exact = self.nodes.iter().find(|node| node.name == typed);
        exact.or_else(|| {
            let mut meant = self.nodes.iter().filter(|node| node.is_named(typed));
            meant.next().filter(|_| meant.next().is_none())
        })
    }

    /// All names that can be typed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.nodes.iter();
        names.map(|node| match node.is_built_in {
            true => Node::BUILT_IN[0],
            false => node.name.as_str(),
        })
    }
}

impl ComputerJson {
    fn into_node(self) -> Node {
        let name = self.display_name.unwrap_or_default();
        let mut seen = HashSet::new();
        let executors = self.executors.into_iter().chain(self.one_off_executors);
        let running = executors
            .filter_map(|executor| executor.into_running(&name))
            .filter(|build| seen.insert((build.job.clone(), build.number)))
            .collect();
        Node {
            // `hudson.model.Hudson$MasterComputer`, in whatever version.
            is_built_in: self.class.ends_with("$MasterComputer"),
            offline: self.offline,
            temporarily_offline: self.temporarily_offline,
            reason: self
                .offline_cause_reason
                .filter(|reason| !reason.trim().is_empty()),
            idle: self.idle,
            executors: self.num_executors,
            running,
            name,
        }
    }
}

impl ExecutorJson {
    fn into_running(self, node: &str) -> Option<RunningBuild> {
        let executable = self.current_executable?;
        let (job, number) = build_at(executable.url.as_deref()?)?;
        Some(RunningBuild {
            job,
            number,
            node: node.to_owned(),
            started_at: executable.timestamp.filter(|time| *time > 0),
            estimated_duration: executable
                .estimated_duration
                .and_then(millis)
                .filter(|duration| !duration.is_zero()),
            progress: u8::try_from(self.progress.min(100)).ok(),
            likely_stuck: self.likely_stuck,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_that_uses_several_executors_is_told_once() {
        let json: NodesJson = serde_json::from_str(
            r#"{"busyExecutors":2,"totalExecutors":3,"computer":[
            {"_class":"hudson.model.Hudson$MasterComputer","displayName":"Built-In Node","idle":false,"numExecutors":1,"executors":[{"currentExecutable":null,"progress":-1}],
             "oneOffExecutors":[{"currentExecutable":{"url":"http://x/job/p/7/","timestamp":5,"estimatedDuration":-1},"progress":-1}]},
            {"displayName":"agent","offline":true,"offlineCauseReason":"","numExecutors":2,"executors":[
             {"currentExecutable":{"url":"http://x/job/p/7/"},"progress":130,"likelyStuck":true},
             {"currentExecutable":{}},{}]}]}"#,
        )
        .unwrap();
        let nodes = json.into_nodes().unwrap();
        assert_eq!((nodes.busy, nodes.total, nodes.nodes.len()), (2, 3, 2));
        assert_eq!(nodes.nodes[1].running[0].progress, Some(100));
        assert_eq!(
            (nodes.nodes[1].offline, &nodes.nodes[1].reason),
            (true, &None)
        );
        let meant = |typed: &str| nodes.named(typed).map(|node| node.name.as_str());
        assert_eq!(meant("(built-in)"), Some("Built-In Node"));
        assert_eq!(meant("MASTER"), Some("Built-In Node"));
        assert_eq!(
            (meant("Agent"), meant("agen")),
            (Some("agent"), None),
            "in any case, but whole"
        );
        assert_eq!(nodes.names().collect::<Vec<_>>(), ["built-in", "agent"]);
        let running = nodes.into_running();
        assert_eq!(running.len(), 1);
        assert_eq!((running[0].number, running[0].progress), (7, None));
        assert_eq!(NodesJson::default().into_nodes(), None);
    }
}
