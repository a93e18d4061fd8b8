//! Looking for branches and repositories, and telling what was found.

use std::collections::BTreeSet;
use std::time::Duration;

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::client::{LogTail, TailRequest};
use crate::jenkins::command::JobArgument;
use crate::jenkins::error::{ErrorKind, FolderKind};
use crate::jenkins::job_path::branch_name;
use crate::jenkins::model::ItemKind;
use crate::jenkins::{JenkinsClient, JenkinsError, JobPath};
use crate::text;

/// How often a scan is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How often at most: ten minutes.
const LOOKS: u32 = 300;
/// A scan begins within so many looks, or Jenkins has something else to do first.
const BEGINS_WITHIN: u32 = 15;
/// The end of a scan's log, where its result stands.
const TAIL: TailRequest = TailRequest {
    lines: 20,
    time_limit: Duration::from_secs(20),
};
/// So many names are listed.
const LISTED: usize = 10;

impl JenkinsService {
    pub(super) async fn scan(&self, caller: &Caller, argument: &JobArgument) -> Reply {
        let target = self.target(caller, argument).await?;
        let client = &target.client;
        let (path, item) = self.resolve_item(caller, &target).await?;
        let shown = text::code_span(&path.to_string());
        let kind = match item.kind {
            ItemKind::Folder { kind, .. } if kind != FolderKind::Folder => kind,
            ItemKind::Folder { .. } => {
                return Err(AccessError::Refused(format!(
                    "{shown} is a plain folder: there is nothing to scan. Name a multibranch project or an organization folder."
                )));
            }
            ItemKind::Job { .. } => {
                return Err(AccessError::Refused(format!(
                    "{shown} is a job: there is nothing to scan. Name the multibranch project that it belongs to, or build it with `/jenkins build`."
                )));
            }
        };
        let before = children(client, &path).await?;
        let log_before = client.scan_log(&path, kind, TAIL).await?;
        let change = Change::of_job("scan", &target.server.alias, &path);
        self.audited(caller, change, client.scan(&path)).await?;
        let name = text::plain(&path.to_string());
        let Some(log) = self.scanned(client, &path, kind, log_before).await? else {
            return Ok(Some(format!(
                "The scan of '{name}' was requested and has not ended so far; how it ends is not watched. Jenkins shows it on the project's page."
            )));
        };
        let after = children(client, &path).await?;
        let said = report(&name, &log.text, &before, &after);
        self.notify(caller, client, said, Vec::new()).await
    }

    /// The log of the scan once it is over; `None` if it takes too long.
    async fn scanned(
        &self,
        client: &JenkinsClient,
        path: &JobPath,
        kind: FolderKind,
        before: Option<LogTail>,
    ) -> Result<Option<LogTail>, JenkinsError> {
        let mut has_begun = false;
        for look in 0..LOOKS {
            self.clock.sleep(LOOK).await;
            match client.scan_log(path, kind, TAIL).await {
                Ok(Some(log)) => {
                    has_begun |= before.as_ref() != Some(&log);
                    if has_begun && !log.running {
                        return Ok(Some(log));
                    }
                }
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::Passing => {}
                Err(error) => return Err(error),
            }
            if !has_begun && look >= BEGINS_WITHIN {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

/// Names as people know them.
async fn children(
    client: &JenkinsClient,
    folder: &JobPath,
) -> Result<BTreeSet<String>, JenkinsError> {
    let children = client.children(Some(folder)).await?;
    Ok(children
        .iter()
        .map(|child| branch_name(&child.name))
        .collect())
}

/// What a scan found: Markdown. `name` is Markdown already.
fn report(name: &str, log: &str, before: &BTreeSet<String>, after: &BTreeSet<String>) -> String {
    let result = log
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("Finished: "));
    let ended = match result {
        Some("SUCCESS") => "has ended".to_owned(),
        Some(result) => format!("ended with {}", text::code_span(result)),
        None => "has ended, and did not say how".to_owned(),
    };
    let new: Vec<&String> = after.difference(before).collect();
    let gone: Vec<&String> = before.difference(after).collect();
    let found = match (new.as_slice(), gone.as_slice()) {
        ([], []) => "nothing new".to_owned(),
        (new, []) => format!("new: {}", list(new)),
        ([], gone) => format!("gone: {}", list(gone)),
        (new, gone) => format!("new: {}; gone: {}", list(new), list(gone)),
    };
    let mut said = format!(
        "The scan of '{name}' {ended}: {found}. There are {} now.",
        after.len()
    );
    if !matches!(result, Some("SUCCESS")) {
        said.push('\n');
        said.push_str(&text::code_block_within("text", log, 2_000).0);
    }
    said
}

fn list(names: &[&String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|name| text::code_span(&text::truncate_middle(name, 100)))
        .collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_said() {
        let said = report(
            "repo",
            "x\nFinished: SUCCESS\n",
            &names(&["main", "old"]),
            &names(&["@all", "main"]),
        );
        insta::assert_snapshot!(said, @"The scan of 'repo' has ended: new: `@all`; gone: `old`. There are 2 now.");
        let failed = report(
            "repo",
            "no network\nFinished: FAILURE\n",
            &names(&[]),
            &names(&[]),
        );
        assert!(failed.contains("ended with `FAILURE`") && failed.contains("no network"));
    }
}
