//! Showing nodes, taking them offline and bringing them back.

use super::audit::Change;
use super::server_control::of;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::access::AccessError;
use crate::jenkins::command::nodes::{Action, Request};
use crate::jenkins::error::{Thing, short};
use crate::jenkins::model::{Node, Nodes};
use crate::jenkins::render::count;
use crate::jenkins::{JenkinsClient, JenkinsError, suggest};
use crate::text;

/// So many names are offered in place of one that is not there.
const SUGGESTIONS: usize = 3;
/// Runes of a node's name.
const NAME_RUNES: usize = 120;

/// Where a node is changed, and by whom.
struct Place<'a> {
    caller: &'a Caller,
    server: &'a ServerAlias,
    client: &'a JenkinsClient,
}

impl JenkinsService {
    pub(super) async fn nodes(&self, caller: &Caller, request: Request) -> Reply {
        let server = self.server(caller, request.server.as_deref()).await?;
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        let nodes = client.nodes().await?;
        let place = Place {
            caller,
            server: &server.alias,
            client: &client,
        };
        match request.action {
            Action::List => Ok(Some(self.view(&client).nodes(&nodes))),
            Action::TakeOffline { words } => {
                let (node, reason) = name_and_reason(&nodes, &words)?;
                self.take_offline(&place, node, &reason).await
            }
            Action::BringOnline { name } => {
                let node = nodes.named(&name).ok_or_else(|| missing(&nodes, &name))?;
                self.bring_online(&place, node).await
            }
        }
    }

    async fn take_offline(&self, place: &Place<'_>, node: &Node, reason: &str) -> Reply {
        let name = name(node, place.server);
        if node.temporarily_offline && (reason.is_empty() || has_reason(node, reason)) {
            return Ok(Some(format!(
                "{name} is taken offline already{}; nothing was changed.",
                because(node)
            )));
        }
        let change =
            Change::of_server("nodes-offline", place.server).with("node", node.name.as_str());
        let asked = place.client.take_offline(node, reason);
        let doubt = doubt(self.audited(place.caller, change, asked).await)?;
        let seen = again(place.client, node).await?;
        if !seen.temporarily_offline {
            return not_seen(doubt, &format!("{name} is not marked as taken offline"));
        }
        if !reason.is_empty() && !has_reason(&seen, reason) {
            return not_seen(
                doubt,
                &format!(
                    "{name} is taken offline for another reason{}",
                    because(&seen)
                ),
            );
        }
        let running = match seen.running.len() {
            0 => String::new(),
            running => format!(
                ". {} there and may go on",
                count(running, "build runs", "builds run")
            ),
        };
        let done = match node.temporarily_offline {
            true => "stays offline, with a new reason",
            false => "has been taken offline",
        };
        let said = format!("{name} {done}{}{running}", because(&seen));
        self.notify(place.caller, place.client, said, Vec::new())
            .await
    }

    async fn bring_online(&self, place: &Place<'_>, node: &Node) -> Reply {
        let name = name(node, place.server);
        if !node.temporarily_offline {
            return Ok(Some(match node.offline {
                false => format!("{name} is online already; nothing was changed."),
                true => format!(
                    "Nobody took {name} offline: Jenkins cannot reach it{}. An administrator of Jenkins has to look at it.",
                    because(node)
                ),
            }));
        }
        let change =
            Change::of_server("nodes-online", place.server).with("node", node.name.as_str());
        let asked = place.client.toggle_offline(node);
        let doubt = doubt(self.audited(place.caller, change, asked).await)?;
        let seen = again(place.client, node).await?;
        if seen.temporarily_offline {
            return not_seen(
                doubt,
                &format!("{name} is still taken offline{}", because(&seen)),
            );
        }
        let said = match seen.offline {
            false => format!("{name} has been brought back online"),
            true => format!(
                "{name} is no longer taken offline, but Jenkins cannot reach it{}",
                because(&seen)
            ),
        };
        self.notify(place.caller, place.client, said, Vec::new())
            .await
    }
}

/// Where the name ends and the reason begins: names have spaces, too. If that can be read in more than one
/// way, nothing is done.
fn name_and_reason<'a>(
    nodes: &'a Nodes,
    words: &[String],
) -> Result<(&'a Node, String), AccessError> {
    let lengths = 1..=words.len();
    let mut readings: Vec<(&Node, usize)> = lengths
        .filter_map(|length| Some((nodes.named(&words[..length].join(" "))?, length)))
        .collect();
    let Some((node, length)) = readings.pop() else {
        let typed = words.first().map_or("", String::as_str);
        return Err(missing(nodes, typed).into());
    };
    if let Some((other, _)) = readings.iter().find(|(other, _)| *other != node) {
        return Err(AccessError::Refused(format!(
            "{} and {} are both nodes, so it is not clear where the reason begins. Begin the reason with another word; nothing was changed.",
            code(&other.name),
            code(&node.name)
        )));
    }
    Ok((node, words[length..].join(" ").trim().to_owned()))
}

fn missing(nodes: &Nodes, typed: &str) -> JenkinsError {
    JenkinsError::NotFound {
        thing: Thing::Node,
        name: typed.to_owned(),
        suggestions: suggest::similar(typed, nodes.names(), SUGGESTIONS),
    }
}

/// The node as it is now.
async fn again(client: &JenkinsClient, node: &Node) -> Result<Node, JenkinsError> {
    let nodes = client.nodes().await?;
    let is_same = |other: &Node| match node.is_built_in {
        true => other.is_built_in,
        false => other.name == node.name,
    };
    let found = nodes.nodes.iter().find(|other| is_same(other));
    found.cloned().ok_or_else(|| missing(&nodes, &node.name))
}

/// A refusal is an error; what is in doubt is looked at.
fn doubt(asked: Result<(), JenkinsError>) -> Result<Option<JenkinsError>, JenkinsError> {
    match asked {
        Ok(()) => Ok(None),
        Err(error) if error.is_outcome_unknown() => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

fn not_seen(doubt: Option<JenkinsError>, what: &str) -> Reply {
    match doubt {
        Some(error) => Err(error.into()),
        None => Ok(Some(format!(
            "Jenkins took the request, but {what}. Somebody may have changed it at the same time; look at `/jenkins nodes`."
        ))),
    }
}

/// Jenkins keeps a reason without blanks around it.
fn has_reason(node: &Node, reason: &str) -> bool {
    node.reason.as_deref().unwrap_or_default().trim() == reason.trim()
}

fn because(node: &Node) -> String {
    let reason = node.reason.as_deref();
    reason.map_or_else(String::new, |reason| {
        format!(": {}", text::plain(&short(reason)))
    })
}

fn name(node: &Node, server: &ServerAlias) -> String {
    let at = match server.is_main() {
        true => String::new(),
        false => format!(" of{}", of(server)),
    };
    format!("Node {}{at}", code(&node.name))
}

fn code(name: &str) -> String {
    text::code_span(&text::truncate_middle(name, NAME_RUNES))
}
