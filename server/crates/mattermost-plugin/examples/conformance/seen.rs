//! Which hooks were called, and what with.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mattermost_plugin::Api;
use mattermost_plugin::hooks::HOOK_NAMES;
use serde_json::Value;

use crate::table::{Outcome, Table};

/// Hooks that are not rows of the SDK's table.
pub(crate) const IRREGULAR: [&str; 3] = ["OnActivate", "ServeHTTP", "ServeMetrics"];

/// Hooks that every server calls in any case.
const ALWAYS: [&str; 3] = ["OnActivate", "OnConfigurationChange", "ExecuteCommand"];

/// Hooks that a run cannot bring about, and when they are called.
const BY_OTHERS: [(&str, &str); 15] = [
    ("OnDeactivate", "the plugin is disabled"),
    ("OnInstall", "the bundle is uploaded"),
    (
        "ServeHTTP",
        "a plugin may ask itself, or somebody opens /hello",
    ),
    ("ServeMetrics", "the metrics port is asked for /metrics"),
    ("UserWillLogIn", "somebody logs in"),
    ("UserHasLoggedIn", "somebody logs in"),
    ("OnPluginClusterEvent", "the server has several nodes"),
    ("OnWebSocketConnect", "a client connects"),
    ("OnWebSocketDisconnect", "a client disconnects"),
    (
        "WebSocketMessageHasBeenPosted",
        "a client sends an action of this plugin",
    ),
    ("NotificationWillBePushed", "a mobile device is notified"),
    ("GenerateSupportData", "a support packet is made"),
    ("ChannelWillBeArchived", "the server is 11.7 or newer"),
    ("ChannelMemberWillBeAdded", "the server is 11.7 or newer"),
    ("TeamMemberWillBeAdded", "the server is 11.7 or newer"),
];

/// Counts of the hooks that were called.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<BTreeMap<&'static str, u64>>);

impl Seen {
    /// Notes a call and writes it to the server's log, with the ids in `summary` under the names
    /// that Go uses.
    pub(crate) async fn note(&self, api: &Api, hook: &'static str, summary: Value) {
        *self.counts().entry(hook).or_default() += 1;
        let summary = summary.to_string();
        let line = api
            .log()
            .info("hook", [("name", hook), ("summary", &summary)])
            .await;
        if let Err(error) = line {
            tracing::warn!(hook, %error, "a hook could not be logged");
        }
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often a hook was called.
    pub(crate) fn count(&self, hook: &str) -> u64 {
        self.counts().get(hook).copied().unwrap_or(0)
    }

    /// Gives hooks that run after the fact a moment, then writes a row for each hook that was
    /// called, and for each that should have been.
    ///
    /// A host that only carries calls, as the one of a test may, brings about none of the hooks
    /// that a server calls because of an API call. None of them is missed there.
    pub(crate) async fn report(&self, table: &mut Table) {
        let is_missing = |name: &str| self.count(name) == 0 && when(name).is_none();
        let is_consequence = |name: &str| when(name).is_none() && !ALWAYS.contains(&name);
        let mut has_consequences = false;
        for turn in 0..50 {
            has_consequences = names().any(|name| is_consequence(name) && self.count(name) > 0);
            if !names().any(is_missing) || (turn == 10 && !has_consequences) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        for name in names() {
            let row = format!("hook {name}");
            match (self.count(name), when(name)) {
                (0, Some(when)) => table.open(&row, &format!("not seen yet; called when {when}")),
                (0, None) if has_consequences || ALWAYS.contains(&name) => {
                    table.row(
                        &row,
                        Outcome::Fail,
                        "not seen although this run brought it about",
                    );
                }
                (0, None) => table.open(
                    &row,
                    "not seen yet; this host calls no hooks because of API calls",
                ),
                (count, _) => {
                    table.row(&row, Outcome::Pass, &format!("seen, {count} calls so far"));
                }
            }
        }
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    IRREGULAR
        .into_iter()
        .chain(HOOK_NAMES.iter().map(|(name, _)| *name))
}

/// When a hook is called that a run cannot bring about.
fn when(hook: &str) -> Option<&'static str> {
    BY_OTHERS
        .iter()
        .find(|(name, _)| *name == hook)
        .map(|(_, when)| *when)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_of_others_exist() {
        for name in BY_OTHERS.map(|(name, _)| name).iter().chain(&ALWAYS) {
            assert!(names().any(|known| known == *name), "{name}");
        }
    }
}
