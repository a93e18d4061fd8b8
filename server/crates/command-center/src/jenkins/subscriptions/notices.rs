//! News that is no build: requests that are stuck in the queue, nodes that went away.

use std::collections::BTreeSet;
use std::sync::Arc;

use mattermost_plugin::Error;

use super::kind::EventKind;
use super::poll_state::PollState;
use super::rule::{Rule, Target};
use super::tools::FeedTools;
use crate::jenkins::JenkinsClient;
use crate::jenkins::model::{Node, QueueEntry};
use crate::text;

/// Longest explanation of Jenkins that is shown, in runes.
const WORDS_RUNES: usize = 300;
/// How far back a notice is looked for that may have been posted, in milliseconds.
const LOOK_BACK: i64 = 60 * 60 * 1000;

/// Asks for what some subscription wants to hear of, and tells what is new.
///
/// # Errors
/// When the Mattermost server does not answer.
pub async fn tell(
    tools: &FeedTools,
    client: &JenkinsClient,
    rules: &[&Arc<Rule>],
    state: &mut PollState,
) -> Result<(), Error> {
    let wanting = |kind: EventKind| -> Vec<&Arc<Rule>> {
        let wanting = rules.iter().filter(|rule| rule.events.contains(kind));
        wanting.copied().collect()
    };
    let about_queue = wanting(EventKind::QueueStuck);
    if about_queue.is_empty() {
        // Whoever subscribes later is told what is stuck then.
        state.stuck.clear();
    } else {
        match client.queue().await {
            Ok(entries) => tell_queue(tools, &about_queue, entries, state).await?,
            Err(error) => tracing::debug!(%error, "Jenkins does not tell its queue"),
        }
    }
    // Nodes belong to no job: only who asked for all of a server hears of them.
    let about_nodes: Vec<&Arc<Rule>> = wanting(EventKind::NodeOffline)
        .into_iter()
        .filter(|rule| rule.target == Target::All)
        .collect();
    if about_nodes.is_empty() {
        state.offline = None;
    } else {
        match client.nodes().await {
            Ok(nodes) => tell_nodes(tools, &about_nodes, nodes.nodes, state).await?,
            Err(error) => tracing::debug!(%error, "Jenkins does not tell its nodes"),
        }
    }
    Ok(())
}

async fn tell_queue(
    tools: &FeedTools,
    rules: &[&Arc<Rule>],
    entries: Vec<QueueEntry>,
    state: &mut PollState,
) -> Result<(), Error> {
    let mut stuck = BTreeSet::new();
    for entry in entries.into_iter().filter(|entry| entry.stuck) {
        stuck.insert(entry.id.0);
        if state.stuck.contains(&entry.id.0) {
            continue;
        }
        let Some(job) = &entry.job else { continue };
        let mut words = format!(
            ":warning: Job '{}' is stuck in the queue",
            text::plain(&text::truncate_middle(&job.to_string(), 150))
        );
        if let Some(why) = &entry.why {
            let why = text::plain(&text::truncate(why, WORDS_RUNES));
            words.push_str(&format!(": {why}"));
        }
        for rule in rules.iter().filter(|rule| rule.target.includes(job)) {
            if tools.may_see(rule, job).await {
                notice(
                    tools,
                    rule,
                    &format!("queue/{}/{}", rule.server, entry.id.0),
                    &words,
                )
                .await?;
            }
        }
    }
    state.stuck = stuck;
    Ok(())
}

async fn tell_nodes(
    tools: &FeedTools,
    rules: &[&Arc<Rule>],
    nodes: Vec<Node>,
    state: &mut PollState,
) -> Result<(), Error> {
    let mut offline = BTreeSet::new();
    for node in nodes.into_iter().filter(|node| node.offline) {
        // What was offline before anybody wanted to hear of it did not go away just now.
        let before = state.offline.as_ref();
        if before.is_none_or(|before| before.contains(&node.name)) {
            offline.insert(node.name);
            continue;
        }
        let mut words = format!(
            ":warning: Node {} is offline",
            text::code_span(&text::truncate(&node.name, 100))
        );
        if let Some(reason) = &node.reason {
            let reason = text::plain(&text::truncate(reason, WORDS_RUNES));
            words.push_str(&format!(": {reason}"));
        }
        // It may go away again later: then that is told again.
        let hour = tools.clock.now() / LOOK_BACK;
        let mut is_told = true;
        for rule in rules {
            match tools.sight.allows_node(rule, &node.name).await {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    is_told = false;
                    continue;
                }
            }
            let id = format!(
                "node/{}/{}/{hour}",
                rule.server,
                text::truncate(&node.name, 60)
            );
            notice(tools, rule, &id, &words).await?;
        }
        // Whoever could not be asked now is asked at the next poll.
        if is_told {
            offline.insert(node.name);
        }
    }
    state.offline = Some(offline);
    Ok(())
}

async fn notice(tools: &FeedTools, rule: &Rule, id: &str, words: &str) -> Result<(), Error> {
    let now = tools.clock.now();
    if rule.is_muted(now) {
        return Ok(());
    }
    tools
        .delivery
        .notice(rule, id, words, (now, now - LOOK_BACK))
        .await
}
