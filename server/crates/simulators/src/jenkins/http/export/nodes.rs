//! Nodes and their executors (`hudson.model.ComputerSet`).

use serde_json::Value;

use super::View;
use super::build::estimated_duration;
use super::select::{Bean, Select};
use crate::jenkins::model::{JobKind, NodeState};

/// What the built-in node is called on pages (`Jenkins.MasterComputer`).
const BUILT_IN: &str = "Built-In Node";

/// What an executor does.
#[derive(Clone, Copy, Debug)]
enum Work<'w> {
    /// A build.
    Build(&'w str, u32),
    /// A `node` step of a pipeline's build, which tells nothing of itself
    /// (`ExecutorStepExecution.PlaceholderTask.PlaceholderExecutable`).
    Step(&'w str, u32),
}

/// A node and what runs on it.
#[derive(Debug)]
struct Computer<'w> {
    class: &'static str,
    name: &'w str,
    executors: u32,
    state: &'w NodeState,
    work: Vec<Work<'w>>,
    one_off: Vec<Work<'w>>,
}

impl<'w> View<'w> {
    /// `/computer`.
    pub(crate) fn computers(&self, select: Select<'_>) -> Value {
        let computers = self.work();
        let busy: usize = computers.iter().map(|computer| computer.work.len()).sum();
        let online = computers
            .iter()
            .filter(|computer| computer.state.offline().is_none());
        let total: u32 = online.map(|computer| computer.executors).sum();
        let mut bean = Bean::new("hudson.model.ComputerSet", select);
        bean.value("busyExecutors", || busy);
        bean.value("totalExecutors", || total);
        bean.value("displayName", || "Nodes");
        bean.list(1, "computer", &computers, |computer, select| {
            self.computer(computer, select)
        });
        bean.finish()
    }

    /// Freestyle builds and pipelines as such are on the built-in node, the pipelines' steps on the first agent that is
    /// online.
    fn work(&self) -> Vec<Computer<'w>> {
        let mut computers = vec![Computer {
            class: "hudson.model.Hudson$MasterComputer",
            name: BUILT_IN,
            executors: self.world.executors,
            state: &self.world.built_in,
            work: Vec::new(),
            one_off: Vec::new(),
        }];
        computers.extend(self.world.nodes.iter().map(|node| Computer {
            class: "hudson.slaves.SlaveComputer",
            name: &node.name,
            executors: node.executors,
            state: &node.state,
            work: Vec::new(),
            one_off: Vec::new(),
        }));
        let agent = computers
            .iter()
            .skip(1)
            .position(|computer| computer.state.offline().is_none());
        let agent = agent.map_or(0, |index| index + 1);
        for (job, number) in self.world.running() {
            let Some(build) = self.world.build(job, *number).filter(|_| self.sees(job)) else {
                continue;
            };
            match build.kind {
                JobKind::Freestyle => computers[0].work.push(Work::Build(job, *number)),
                JobKind::Pipeline => {
                    computers[0].one_off.push(Work::Build(job, *number));
                    if build.pending_input().is_none() {
                        computers[agent].work.push(Work::Step(job, *number));
                    }
                }
            }
        }
        computers
    }

    fn computer(&self, computer: &Computer<'_>, select: Select<'_>) -> Value {
        let mut bean = Bean::new(computer.class, select);
        bean.visible(2, "displayName", || computer.name);
        bean.visible(2, "offline", || computer.state.offline().is_some());
        bean.visible(2, "temporarilyOffline", || computer.state.taken.is_some());
        bean.visible(2, "offlineCauseReason", || {
            computer.state.offline().unwrap_or_default()
        });
        bean.visible(2, "idle", || {
            computer.work.is_empty() && computer.one_off.is_empty()
        });
        bean.visible(2, "numExecutors", || computer.executors);
        let free = (computer.executors as usize).saturating_sub(computer.work.len());
        let work = computer.work.iter().copied().map(Some);
        let executors = work.chain(std::iter::repeat_n(None, free));
        bean.list(2, "executors", executors, |work, select| {
            self.executor(work, select)
        });
        bean.list(2, "oneOffExecutors", &computer.one_off, |work, select| {
            self.executor(Some(*work), select)
        });
        bean.finish()
    }

    fn executor(&self, work: Option<Work<'_>>, select: Select<'_>) -> Value {
        let (job, number) = match work {
            Some(Work::Build(job, number) | Work::Step(job, number)) => (job, number),
            None => ("", 0),
        };
        let build = self.world.build(job, number);
        let mut bean = Bean::plain(select);
        bean.object(1, "currentExecutable", |select| match (work, build) {
            (Some(Work::Build(..)), Some(build)) => self.build(job, build, select),
            (Some(Work::Step(..)), _) => Bean::new(
                "org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution$PlaceholderTask$PlaceholderExecutable",
                select,
            )
            .finish(),
            _ => Value::Null,
        });
        bean.value("likelyStuck", || false);
        bean.value("progress", || {
            let state = self.world.job(job);
            match (build, state) {
                (Some(build), Some(state)) => {
                    build.progress(self.world.now, estimated_duration(state))
                }
                _ => -1,
            }
        });
        bean.finish()
    }
}
