//! Jenkins as a whole, and the plugin.

use super::View;
use super::words::{milliseconds, short};
use crate::config::ServerAlias;
use crate::jenkins::model::{Nodes, QueueEntry, ServerState};
use crate::jenkins::render::{self, Finding, Health, count};
use crate::text;

/// Runes of an explanation.
const RUNES: usize = 200;
/// What waits for longer is worth a look, in milliseconds.
const LONG_WAIT: i64 = 10 * 60 * 1000;

/// What tells how Jenkins is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// What it says of itself.
    pub state: ServerState,
    /// Its nodes, or why they are not known: Markdown.
    pub nodes: Result<Nodes, String>,
    /// Its queue, or why it is not known: Markdown.
    pub queue: Result<Vec<QueueEntry>, String>,
}

/// Which programs work together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The plugin's version.
    pub plugin: String,
    /// Mattermost's version.
    pub mattermost: String,
    /// Each Jenkins.
    pub servers: Vec<JenkinsVersion>,
}

/// The version of one Jenkins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JenkinsVersion {
    /// Its alias.
    pub alias: ServerAlias,
    /// Its page for people.
    pub page: String,
    /// Its version, or why it is not known: Markdown.
    pub version: Result<Option<String>, String>,
}

impl View<'_> {
    /// How Jenkins is: the verdict first.
    #[must_use]
    pub fn health(&self, vitals: &Vitals) -> String {
        let mut findings = vec![state(&vitals.state)];
        match &vitals.nodes {
            Ok(nodes) => findings.extend([self.node_health(nodes), executors(nodes)]),
            Err(why) => findings.push(Finding::new(Health::Note, "Nodes", why)),
        }
        findings.push(match &vitals.queue {
            Ok(queue) => self.queue_health(queue),
            Err(why) => Finding::new(Health::Note, "Queue", why),
        });
        let name = text::link("Jenkins", self.address.public_root().as_str());
        render::findings(&format!("Health of {name}"), "All is well.", &findings)
    }

    fn node_health(&self, nodes: &Nodes) -> Finding {
        let offline: Vec<String> = nodes
            .nodes
            .iter()
            .filter(|node| node.offline)
            .map(|node| text::code_span(&text::truncate_middle(&node.name, 80)))
            .collect();
        let all = nodes.nodes.len();
        let page = text::link(&count(all, "node", "nodes"), &self.nodes_page());
        match offline.len() {
            0 => Finding::new(Health::Good, "Nodes", format!("{page}, all online.")),
            off => {
                let named = offline.iter().take(10).cloned().collect::<Vec<_>>();
                let more = off.saturating_sub(10);
                let more = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                let health = if off == all {
                    Health::Bad
                } else {
                    Health::Warning
                };
                let words = format!("{off} of {page} offline: {}{more}.", named.join(", "));
                Finding::new(health, "Nodes", words)
            }
        }
    }

    fn queue_health(&self, queue: &[QueueEntry]) -> Finding {
        let stuck = queue.iter().filter(|entry| entry.stuck).count();
        let oldest = queue
            .iter()
            .map(|entry| self.now.saturating_sub(entry.since));
        let Some(oldest) = oldest.max() else {
            return Finding::new(Health::Good, "Queue", "Nothing waits.");
        };
        let mut words = format!(
            "{}, the first for {}",
            count(queue.len(), "build waits", "builds wait"),
            text::duration(milliseconds(oldest))
        );
        if stuck > 0 {
            words.push_str(&format!("; {stuck} stuck (`/jenkins queue` says why)"));
        }
        let is_long = stuck > 0 || oldest > LONG_WAIT;
        let health = if is_long {
            Health::Warning
        } else {
            Health::Good
        };
        Finding::new(health, "Queue", format!("{words}."))
    }
}

fn state(state: &ServerState) -> Finding {
    let version = state
        .version
        .as_deref()
        .map(|version| short(version, RUNES));
    let version = version.unwrap_or_else(|| "of an unknown version".to_owned());
    if !state.quieting_down {
        return Finding::new(
            Health::Good,
            "Server",
            format!("Jenkins {version} answers."),
        );
    }
    let reason = state.quiet_down_reason.as_ref();
    let reason = reason.map(|reason| format!(": {}", short(reason, RUNES)));
    let words = format!(
        "Jenkins {version} prepares to shut down and starts no builds{}.",
        reason.unwrap_or_default()
    );
    Finding::new(Health::Warning, "Server", words)
}

fn executors(nodes: &Nodes) -> Finding {
    let words = format!("{} of {} busy.", nodes.busy, nodes.total);
    let health = match (nodes.total, nodes.busy >= nodes.total) {
        (0, _) => Health::Bad,
        (_, true) => Health::Note,
        (_, false) => Health::Good,
    };
    Finding::new(health, "Executors", words)
}

impl About {
    /// The versions and the licence.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut lines = vec![
            "**DevOps Command Center**: run your software factory from Mattermost.".to_owned(),
            format!("- Plugin: {}", short(&self.plugin, RUNES)),
            format!("- Mattermost: {}", short(&self.mattermost, RUNES)),
        ];
        let is_only = self.servers.len() == 1;
        for server in &self.servers {
            let alias = match is_only {
                true => String::new(),
                false => format!(" {}", text::code_span(server.alias.as_str())),
            };
            let version = match &server.version {
                Ok(Some(version)) => short(version, RUNES),
                Ok(None) => "a proxy hides its version".to_owned(),
                Err(why) => why.replace('\n', " "),
            };
            let name = text::link("Jenkins", &server.page);
            lines.push(format!("- {name}{alias}: {version}"));
        }
        if self.servers.is_empty() {
            lines.push("- Jenkins: not configured; `/jenkins doctor` says what to set.".to_owned());
        }
        lines.push("- Licence: Apache License 2.0".to_owned());
        lines.join("\n")
    }
}
