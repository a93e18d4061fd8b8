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
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// What.
    pub verb: Verb,
    /// At which server.
    pub server: &'a ServerAlias,
    /// With which job or folder; `None` where there is none.
    pub job: Option<&'a JobPath>,
    /// Whether that is a folder.
    pub is_folder: bool,
    /// Where: `team/channel`; `None` in direct and group messages.
    pub channel: Option<&'a str>,
    /// As what.
    pub role: Role,
}

/// The answer to a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No rule is about it.
    Free,
    /// A rule allows it, and `by_name` if that rule says which command it means.
    Allowed {
        /// Not only with `*`.
        by_name: bool,
    },
    /// The rule in this line does not.
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

    /// Whether it may be. The first rule that fits decides; what no rule names is free, but for what
    /// is destructive, which the other setting may reserve.
    #[must_use]
    pub fn judge(&self, wish: &Wish<'_>) -> Verdict {
        if wish.verb.weight() == Weight::Own {
            return Verdict::Free;
        }
        let verdict = match self.rules.iter().find(|rule| rule.fits(wish)) {
            Some(rule) if rule.allows => Verdict::Allowed {
                by_name: rule.commands.is_by_name(),
            },
            Some(rule) => return Verdict::Denied { line: rule.line },
            None => Verdict::Free,
        };
        let is_reserved =
            wish.verb.weight() == Weight::Destructive && wish.role < self.destructive;
        match verdict {
            Verdict::Free | Verdict::Allowed { by_name: false } if is_reserved => {
                Verdict::Reserved {
                    role: self.destructive,
                }
            }
            verdict => verdict,
        }
    }
}

impl Verdict {
    /// Whether it may be.
    #[must_use]
    pub fn is_yes(self) -> bool {
        matches!(self, Self::Free | Self::Allowed { .. })
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
