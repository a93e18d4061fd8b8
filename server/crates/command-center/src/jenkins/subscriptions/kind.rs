//! What can happen to a build, and how it follows from the build and the one before.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::jenkins::inbound::{BuildReport, Phase};
use crate::jenkins::watch::state::Verdict;

/// One thing that a channel can subscribe to. The most telling ones come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventKind {
    /// A build began.
    Start,
    /// A build succeeded.
    Success,
    /// A build was stopped, or did nothing.
    Aborted,
    /// A build has failed tests or the like.
    Unstable,
    /// A build failed.
    Failure,
    /// A build is as bad as the one before, or less bad but not good.
    StillFailing,
    /// A build is worse than the one before.
    Regression,
    /// A build succeeded after one that did not.
    Fixed,
    /// A build waits for somebody's input.
    Input,
    /// A request waits in the queue for too long.
    QueueStuck,
    /// A node went away.
    NodeOffline,
}

impl EventKind {
    /// All.
    pub const ALL: [Self; 11] = [
        Self::Start,
        Self::Success,
        Self::Aborted,
        Self::Unstable,
        Self::Failure,
        Self::StillFailing,
        Self::Regression,
        Self::Fixed,
        Self::Input,
        Self::QueueStuck,
        Self::NodeOffline,
    ];

    /// How people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Success => "success",
            Self::Aborted => "aborted",
            Self::Unstable => "unstable",
            Self::Failure => "failure",
            Self::StillFailing => "still-failing",
            Self::Regression => "regression",
            Self::Fixed => "fixed",
            Self::Input => "input",
            Self::QueueStuck => "queue-stuck",
            Self::NodeOffline => "node-offline",
        }
    }

    fn bit(self) -> u16 {
        1 << (self as u8)
    }
}

/// Some of the kinds. In JSON and in commands: their names, separated by commas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventKinds(u16);

/// The text names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no event. There are: {all}, and `all`", all = EventKinds::ALL)]
pub struct NotAKind(String);

impl EventKinds {
    /// None.
    pub const NONE: Self = Self(0);
    /// Every one.
    pub const ALL: Self = Self((1 << EventKind::ALL.len()) - 1);

    /// What a channel hears of when nobody says what: results, not beginnings.
    #[must_use]
    pub fn results() -> Self {
        [
            EventKind::Success,
            EventKind::Aborted,
            EventKind::Unstable,
            EventKind::Failure,
        ]
        .into_iter()
        .collect()
    }

    /// Reads names, separated by commas or spaces. `_` counts as `-`, upper case as lower.
    ///
    /// # Errors
    /// [`NotAKind`].
    pub fn parse(text: &str) -> Result<Self, NotAKind> {
        let mut kinds = Self::NONE;
        let words = text.split([',', ';', ' ']).map(str::trim);
        for word in words.filter(|word| !word.is_empty()) {
            let name = word.to_ascii_lowercase().replace('_', "-");
            let found = EventKind::ALL.into_iter().find(|kind| kind.name() == name);
            kinds = match (found, name.as_str()) {
                (Some(kind), _) => kinds.with(kind),
                (None, "all") => Self::ALL,
                (None, "results") => kinds.union(Self::results()),
                (None, _) => {
                    return Err(NotAKind(crate::text::truncate(word, 40).replace('`', "'")));
                }
            };
        }
        Ok(kinds)
    }

    /// With this one.
    #[must_use]
    pub fn with(self, kind: EventKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Without this one.
    #[must_use]
    pub fn without(self, kind: EventKind) -> Self {
        Self(self.0 & !kind.bit())
    }

    /// Those in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn contains(self, kind: EventKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All of them, the most telling last.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = EventKind> {
        EventKind::ALL
            .into_iter()
            .filter(move |kind| self.contains(*kind))
    }

    /// The most telling one.
    #[must_use]
    pub fn most_telling(self) -> Option<EventKind> {
        self.iter().next_back()
    }
}

impl FromIterator<EventKind> for EventKinds {
    fn from_iter<I: IntoIterator<Item = EventKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Display for EventKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, kind) in self.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{}", kind.name())?;
        }
        Ok(())
    }
}

impl TryFrom<String> for EventKinds {
    type Error = NotAKind;

    fn try_from(text: String) -> Result<Self, NotAKind> {
        Self::parse(&text)
    }
}

impl From<EventKinds> for String {
    fn from(kinds: EventKinds) -> Self {
        kinds.to_string()
    }
}

/// Everything that has happened to a build so far. `previous` is the result of the latest build before
/// it that succeeded, was unstable or failed, if it is known.
#[must_use]
pub fn of_build(build: &BuildReport, previous: Option<Verdict>) -> EventKinds {
    let mut kinds = EventKinds::NONE;
    if build.phase >= Phase::Started {
        kinds = kinds.with(EventKind::Start);
    }
    if build.waits_for_input && !build.phase.is_over() {
        kinds = kinds.with(EventKind::Input);
    }
    let Some(verdict) = build.verdict() else {
        return kinds;
    };
    let previous = previous.filter(|previous| counts(*previous));
    match verdict {
        Verdict::Success => {
            kinds = kinds.with(EventKind::Success);
            if previous.is_some_and(|previous| previous != Verdict::Success) {
                kinds = kinds.with(EventKind::Fixed);
            }
        }
        Verdict::Unstable | Verdict::Failure => {
            kinds = kinds.with(if verdict == Verdict::Failure {
                EventKind::Failure
            } else {
                EventKind::Unstable
            });
            if let Some(previous) = previous {
                kinds = kinds.with(if severity(verdict) > severity(previous) {
                    EventKind::Regression
                } else {
                    EventKind::StillFailing
                });
            }
        }
        Verdict::Aborted | Verdict::NotBuilt => kinds = kinds.with(EventKind::Aborted),
        // These are ends of a watch, none of a build.
        _ => {}
    }
    kinds
}

/// Whether a result says how the job is. A build that was stopped says nothing of that.
#[must_use]
pub fn counts(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Success | Verdict::Unstable | Verdict::Failure
    )
}

/// Jenkins' own order of results (`hudson.model.Result`, its ordinals): a running build's can only get
/// worse.
#[must_use]
pub fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Success => 0,
        Verdict::Unstable => 1,
        Verdict::Failure => 2,
        Verdict::NotBuilt => 3,
        _ => 4,
    }
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
