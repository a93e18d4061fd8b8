//! One rule of the policy.

use super::{Subject, Verb, Weight, Wish};
use crate::config::{Role, ServerAlias};
use crate::jenkins::JobPath;
use crate::jenkins::pattern::Glob;

/// Stands for a name of which nothing is known: no job of Jenkins can have it.
const ANY_NAME: &str = "\u{1}\u{1}\u{1}";

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// In which line of the setting it stands, from 1.
    pub(super) line: usize,
    /// Whether it allows or denies.
    pub(super) allows: bool,
    /// What it is about.
    pub(super) commands: Commands,
    /// Only at this server.
    pub(super) server: Option<ServerAlias>,
    /// Only for these jobs and folders.
    pub(super) jobs: Option<Glob>,
    /// Only in these channels: `team/channel`.
    pub(super) channel: Option<Glob>,
    /// Only for people of this role, or a higher one.
    pub(super) role: Role,
}

/// Which commands a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commands {
    /// `*`
    All,
    /// Those of a weight: `read`, `write` (what is destructive included), `destructive`.
    Of(Weight),
    /// One.
    One(Verb),
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong, and how the line counts now: full sentences, plain text.
    pub what: String,
}

impl Commands {
    pub(super) fn include(self, verb: Verb) -> bool {
        match self {
            Self::All => true,
            Self::Of(Weight::Write) => {
                matches!(verb.weight(), Weight::Write | Weight::Destructive)
            }
            Self::Of(weight) => verb.weight() == weight,
            Self::One(one) => one == verb,
        }
    }

    /// Whether it was chosen with this very command in mind.
    pub(super) fn is_by_name(self) -> bool {
        matches!(self, Self::One(_) | Self::Of(Weight::Destructive))
    }
}

impl Rule {
    pub(super) fn fits(&self, wish: &Wish<'_>) -> bool {
        self.commands.include(wish.verb)
            && self
                .server
                .as_ref()
                .is_none_or(|server| server == wish.server)
            && self
                .jobs
                .as_ref()
                .is_none_or(|jobs| self.fits_job(jobs, wish))
            && self.channel.as_ref().is_none_or(|channel| {
                wish.channel
                    .is_some_and(|name| channel.fits(&name.to_lowercase()))
            })
            && wish.role >= self.role
    }

    /// Names count in lower case, as Jenkins takes `DEPLOY` for `deploy`; a branch as people write it,
    /// and as Jenkins does.
    ///
    /// What changes a folder changes what is in it: to deny, it is enough that something in there could
    /// be meant. To look at a folder shows what is in it: to deny that, all in there has to be meant.
    fn fits_job(&self, jobs: &Glob, wish: &Wish<'_>) -> bool {
        let concerns_contents =
            !self.allows && matches!(wish.verb.weight(), Weight::Write | Weight::Destructive);
        match wish.subject {
            Subject::Server => false,
            Subject::AllJobs => concerns_contents,
            Subject::Job(path) => spellings(path).iter().any(|name| jobs.fits(name)),
            Subject::Folder(path) => spellings(path).iter().any(|name| {
                jobs.fits(name)
                    || (concerns_contents && jobs.may_fit_below(name))
                    || (!self.allows && jobs.fits(&format!("{name}/{ANY_NAME}")))
            }),
        }
    }
}

fn spellings(path: &JobPath) -> [String; 2] {
    [path.full_name(), path.to_string()].map(|name| name.to_lowercase())
}
