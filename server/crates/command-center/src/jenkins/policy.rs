//! Who may do what where, as the administrator says in `JenkinsPolicy` and `JenkinsDestructiveRole`.
//!
//! It can only take away: Jenkins decides with the user's own account what is possible at all. Pure;
//! [`service`](super::service) knows who asks and where.

mod read;
mod rule;
mod verb;

pub use rule::{Rule, Unreadable};
pub use verb::{Scope, Verb, Weight};

use super::JobPath;
use crate::config::{Role, ServerAlias};

/// The rules in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    rules: Vec<Rule>,
    /// Lines that could not be read as they stand.
    unreadable: Vec<Unreadable>,
    /// Who may do what is [destructive](Weight::Destructive), where no rule names it.
    destructive: Role,
}

/// Somebody who wants to do something.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// What.
    pub verb: Verb,
    /// At which server.
    pub server: &'a ServerAlias,
    /// With what.
    pub subject: Subject<'a>,
    /// Where: `team/channel`; `None` in direct and group messages.
    pub channel: Option<&'a str>,
    /// As what.
    pub role: Role,
}

/// What a wish is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// The server as a whole.
    Server,
    /// A job.
    Job(&'a JobPath),
    /// A folder, and so all that is in it.
    Folder(&'a JobPath),
    /// All jobs, or some that are not known by name.
    AllJobs,
}

/// The answer to a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be.
    Allowed,
    /// The rule in this line does not allow it.
    Denied {
        /// From 1.
        line: usize,
    },
    /// Only for somebody of this role.
    Reserved {
        /// Which.
        role: Role,
    },
}

impl Policy {
    /// The policy of two settings. Lines that cannot be read never allow more than the others do.
    #[must_use]
    pub fn new(text: &str, destructive: Role) -> Self {
        let (rules, unreadable) = read::lines(text);
        Self {
            rules,
            unreadable,
            destructive,
        }
    }

    /// What is wrong with its lines.
    #[must_use]
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether the answer to a wish of this kind depends on the channel.
    #[must_use]
    pub fn asks_where(&self, verb: Verb) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.channel.is_some() && rule.commands.include(verb))
    }

    /// Whether the answer to a wish of this kind depends on the role.
    #[must_use]
    pub fn asks_who(&self, verb: Verb) -> bool {
        let is_reserved =
            verb.weight() == Weight::Destructive && self.destructive != Role::Everyone;
        is_reserved
            || self
                .rules
                .iter()
                .any(|rule| rule.role != Role::Everyone && rule.commands.include(verb))
    }

    /// Whether it may be. The first rule that fits decides; what no rule is about is allowed. What is
    /// destructive and reserved needs a rule that names it.
    #[must_use]
    pub fn judge(&self, wish: &Wish<'_>) -> Verdict {
        let weight = wish.verb.weight();
        if weight == Weight::Own {
            return Verdict::Allowed;
        }
        let rule = self.rules.iter().find(|rule| rule.fits(wish));
        match rule {
            Some(rule) if !rule.allows => Verdict::Denied { line: rule.line },
            Some(rule) if rule.commands.is_by_name() => Verdict::Allowed,
            _ if weight == Weight::Destructive && wish.role < self.destructive => {
                Verdict::Reserved {
                    role: self.destructive,
                }
            }
            _ => Verdict::Allowed,
        }
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
