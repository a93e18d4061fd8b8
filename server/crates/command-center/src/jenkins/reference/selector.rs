//! Which build of a job.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One build of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BuildSelector {
    /// Its number.
    Number(u64),
    /// Whichever build a permalink means now.
    Permalink(Permalink),
}

/// Jenkins' own names for builds (`hudson.model.PermalinkProjectAction.Permalink`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permalink {
    /// The newest, running or not.
    Newest,
    /// The newest that is done.
    Completed,
    /// The newest that failed.
    Failed,
    /// The newest without any failed test.
    Stable,
    /// The newest that did not fail.
    Successful,
    /// The newest with failed tests.
    Unstable,
    /// The newest that did not succeed.
    Unsuccessful,
}

impl BuildSelector {
    /// The newest build.
    pub const LAST: Self = Self::Permalink(Permalink::Newest);

    /// Reads what people type: `12`, `#12`, `last`, `lastSuccessfulBuild`, `last-failed`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text);
        if let Ok(number) = digits.parse::<u64>() {
            return (number > 0 && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then_some(Self::Number(number));
        }
        let word: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | '_'))
            .collect::<String>()
            .to_ascii_lowercase();
        let word = word.strip_suffix("build").unwrap_or(&word);
        let permalink = Permalink::ALL.iter().find(|permalink| {
            let name = permalink.as_str().to_ascii_lowercase();
            name.trim_end_matches("build") == word
        });
        permalink.copied().map(Self::Permalink)
    }

    /// Only what stands in addresses: `12`, `lastBuild`.
    pub(super) fn of_segment(segment: &str) -> Option<Self> {
        match segment.parse() {
            Ok(number) => Some(Self::Number(number)),
            Err(_) => Permalink::ALL
                .iter()
                .find(|link| link.as_str() == segment)
                .copied()
                .map(Self::Permalink),
        }
    }

    /// The segment of an address.
    #[must_use]
    pub fn to_segment(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Permalink(permalink) => permalink.as_str().to_owned(),
        }
    }
}

/// For messages: `#12`, `lastBuild`.
impl fmt::Display for BuildSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "#{number}"),
            Self::Permalink(permalink) => f.write_str(permalink.as_str()),
        }
    }
}

impl Permalink {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Newest,
        Self::Completed,
        Self::Failed,
        Self::Stable,
        Self::Successful,
        Self::Unstable,
        Self::Unsuccessful,
    ];

    /// The name in addresses and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "lastBuild",
            Self::Completed => "lastCompletedBuild",
            Self::Failed => "lastFailedBuild",
            Self::Stable => "lastStableBuild",
            Self::Successful => "lastSuccessfulBuild",
            Self::Unstable => "lastUnstableBuild",
            Self::Unsuccessful => "lastUnsuccessfulBuild",
        }
    }
}
