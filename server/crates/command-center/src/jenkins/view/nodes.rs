//! Nodes, and what runs on them.

use super::listing::listing;
use super::words::short;
use super::{JOB_RUNES, View};
use crate::jenkins::model::{Node, Nodes, RunningBuild};
use crate::jenkins::render::count;
use crate::text;

/// So many nodes or builds are shown.
const SHOWN: usize = 40;
/// So many builds of a node are named.
const BUILDS: usize = 5;
/// Runes of an explanation.
const RUNES: usize = 200;

impl View<'_> {
    /// All nodes, those that cannot work first.
    #[must_use]
    pub fn nodes(&self, nodes: &Nodes) -> String {
        let page = self.nodes_page();
        if nodes.nodes.is_empty() {
            return "Jenkins shows you no nodes.".to_owned();
        }
        let offline = nodes.nodes.iter().filter(|node| node.offline).count();
        let offline = match offline {
            0 => String::new(),
            offline => format!(", {offline} offline"),
        };
        let head = format!(
            "**{}:** {}{offline}; {} of {} busy",
            text::link("Nodes", &page),
            count(nodes.nodes.len(), "node", "nodes"),
            nodes.busy,
            count(nodes.total as usize, "executor", "executors"),
        );
        let mut sorted: Vec<&Node> = nodes.nodes.iter().collect();
        sorted.sort_by_key(|node| !node.offline);
        listing(&head, &sorted, SHOWN, &page, |node| self.node(node))
    }

    fn node(&self, node: &Node) -> String {
        let name = text::code_span(&text::truncate_middle(&node.name, JOB_RUNES));
        let reason = node.reason.as_ref();
        let reason = reason.map(|reason| format!(": {}", short(reason, RUNES)));
        let state = match (node.offline, node.temporarily_offline) {
            (true, true) => format!("taken offline{}", reason.unwrap_or_default()),
            (true, false) => format!("offline{}", reason.unwrap_or_default()),
            (false, _) if node.idle => "idle".to_owned(),
            (false, _) => "busy".to_owned(),
        };
        let mark = match (node.offline, node.idle) {
            (true, _) => ":x:",
            (false, true) => ":white_check_mark:",
            (false, false) => ":arrow_forward:",
        };
        let executors = count(node.executors as usize, "executor", "executors");
        let builds = node.running.iter().take(BUILDS).map(|build| {
            format!(
                "{} {}",
                self.job(&build.job),
                self.build(&build.job, build.number)
            )
        });
        let mut builds: Vec<String> = builds.collect();
        let more = node.running.len().saturating_sub(BUILDS);
        builds.extend((more > 0).then(|| format!("and {more} more")));
        let builds = match builds.is_empty() {
            true => String::new(),
            false => format!(" – {}", builds.join(", ")),
        };
        format!("{mark} {name} {state} ({executors}){builds}")
    }

    /// All builds that run, the longest first.
    #[must_use]
    pub fn running(&self, builds: &[RunningBuild]) -> String {
        let page = self.nodes_page();
        if builds.is_empty() {
            return "No build that you may see is running.".to_owned();
        }
        let mut sorted: Vec<&RunningBuild> = builds.iter().collect();
        sorted.sort_by_key(|build| build.started_at.unwrap_or(i64::MAX));
        let head = format!(
            "**{} running:**",
            count(builds.len(), "build is", "builds are")
        );
        listing(&head, &sorted, SHOWN, &page, |build| {
            self.running_build(build)
        })
    }

    fn running_build(&self, build: &RunningBuild) -> String {
        let mut words = format!(
            "{} {}",
            self.job(&build.job),
            self.build(&build.job, build.number)
        );
        if let Some(started_at) = build.started_at {
            let ran = text::duration(self.running_for(started_at));
            words.push_str(&format!(" for {ran}"));
        }
        if !build.node.is_empty() {
            let node = text::truncate_middle(&build.node, JOB_RUNES);
            words.push_str(&format!(" on {}", text::code_span(&node)));
        }
        if let Some(progress) = build.progress {
            // Never done while it runs.
            words.push_str(&format!(" {}", text::progress_bar(progress.min(99))));
        }
        if build.likely_stuck {
            words.push_str(" :warning: far longer than usual");
        }
        words
    }

    pub(super) fn nodes_page(&self) -> String {
        self.address.page(["computer"]).into()
    }
}
