//! One subscription: what a channel wants to hear of, and how.

use serde::{Deserialize, Serialize};

use super::kind::{EventKind, EventKinds};
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::inbound::hook::Creator;
use crate::jenkins::job_path::branch_name;
use crate::jenkins::pattern::{BranchPattern, Glob};
use crate::notifications::Timing;
use crate::text;

/// A subscription, as it stands in the KV store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Identifies it.
    pub id: String,
    /// Channel id.
    pub channel_id: String,
    /// At which Jenkins.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// Which jobs.
    pub target: Target,
    /// Only these branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchPattern>,
    /// Which events.
    pub events: EventKinds,
    /// Whom to mention when something is wrong, or good again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Mention>,
    /// Tell more in the thread of the card.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub thread: bool,
    /// When to tell.
    #[serde(default)]
    pub timing: Timing,
    /// Of several failures in a row, only the first counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_first_failure: bool,
    /// Silent until then, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<i64>,
    /// Who made it.
    pub creator: Creator,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
}

/// Which jobs a subscription is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum Target {
    /// All of them.
    All,
    /// One.
    Job {
        /// Its path.
        path: JobPath,
    },
    /// All in a folder, a multibranch project or an organization, at any depth.
    Folder {
        /// Its path.
        path: JobPath,
    },
    /// Those whose full name fits.
    Glob {
        /// The pattern.
        pattern: Glob,
    },
}

/// Whom to mention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mention", rename_all = "snake_case")]
pub enum Mention {
    /// Everybody in the channel.
    Channel,
    /// Those in the channel who are online.
    Here,
    /// One user.
    User {
        /// Mattermost user id.
        user_id: String,
        /// Mattermost user name at that time.
        username: String,
    },
}

impl Target {
    /// Whether a job is one of these.
    #[must_use]
    pub fn includes(&self, job: &JobPath) -> bool {
        match self {
            Self::All => true,
            Self::Job { path } => path == job,
            Self::Folder { path } => job.names().starts_with(path.names()),
            Self::Glob { pattern } => {
                pattern.fits(&job.to_string()) || pattern.fits(&job.full_name())
            }
        }
    }

    /// The one thing that it names, about which Jenkins can be asked.
    #[must_use]
    pub fn path(&self) -> Option<&JobPath> {
        match self {
            Self::Job { path } | Self::Folder { path } => Some(path),
            Self::All | Self::Glob { .. } => None,
        }
    }

    /// For people, as Markdown.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::All => "all jobs".to_owned(),
            Self::Job { path } => text::code_span(&path.to_string()),
            Self::Folder { path } => {
                format!("everything in {}", text::code_span(&path.to_string()))
            }
            Self::Glob { pattern } => {
                format!("jobs like {}", text::code_span(&pattern.to_string()))
            }
        }
    }
}

impl Mention {
    /// The word that mentions.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Channel => "@channel".to_owned(),
            Self::Here => "@here".to_owned(),
            Self::User { username, .. } => format!("@{username}"),
        }
    }
}

impl Rule {
    /// Whether it is about a job's builds, of this branch if the build says so.
    #[must_use]
    pub fn includes(&self, server: &ServerAlias, job: &JobPath, branch: Option<&str>) -> bool {
        self.server == *server && self.target.includes(job) && self.includes_branch(job, branch)
    }

    /// Without another word, the last name of a job is its branch: so it is in multibranch projects.
    fn includes_branch(&self, job: &JobPath, branch: Option<&str>) -> bool {
        let Some(pattern) = &self.branch else {
            return true;
        };
        let name = branch_name(job.name());
        let built = branch.map(|branch| {
            let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch);
            branch.strip_prefix("origin/").unwrap_or(branch)
        });
        pattern.fits(built.unwrap_or(&name)) || pattern.fits(&name)
    }

    /// Those of the events that it wants to tell. `now` is in milliseconds since 1970.
    #[must_use]
    pub fn wants(&self, happened: EventKinds, now: i64) -> EventKinds {
        if self.is_muted(now) {
            return EventKinds::NONE;
        }
        let mut wanted = happened.intersection(self.events);
        if self.only_first_failure && happened.contains(EventKind::StillFailing) {
            for kind in [
                EventKind::StillFailing,
                EventKind::Failure,
                EventKind::Unstable,
            ] {
                wanted = wanted.without(kind);
            }
        }
        wanted
    }

    /// Whether it is silent at `now`, in milliseconds since 1970.
    #[must_use]
    pub fn is_muted(&self, now: i64) -> bool {
        self.muted_until.is_some_and(|until| now < until)
    }

    /// The beginning of its id, for people.
    #[must_use]
    pub fn short_id(&self) -> &str {
        self.id.get(..6).unwrap_or(&self.id)
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
pub(crate) mod tests;
