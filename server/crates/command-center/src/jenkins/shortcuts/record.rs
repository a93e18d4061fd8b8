//! What is stored.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::ServerAlias;
use crate::jenkins::{BuildSelector, JobPath};

/// Longest short name of a job, in bytes.
const LONGEST_NAME: usize = 40;

/// All that one user or one channel has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortcuts {
    /// The server that is meant where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerAlias>,
    /// The job that is meant where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobKey>,
    /// Short names, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
}

/// One job at one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JobKey {
    /// At which server.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// The job.
    pub job: JobPath,
}

/// A short name of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The name.
    pub name: AliasName,
    /// What it stands for.
    #[serde(flatten)]
    pub target: JobKey,
    /// Values that a build gets unless it is given others. None of them is a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<(String, String)>,
}

/// What can be typed in place of a job. Lower-case letters, digits, `-`, `_` and `.`; never what names
/// a build.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AliasName(String);

/// The text is no name for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an alias has 1 to {LONGEST_NAME} letters, digits, hyphens, underscores and dots, begins with a letter or digit, and does not name a build as `12` or `last` do"
)]
pub struct NotAnAliasName;

impl AliasName {
    /// Reads a name; upper case counts as lower case.
    ///
    /// # Errors
    /// [`NotAnAliasName`].
    pub fn parse(text: &str) -> Result<Self, NotAnAliasName> {
        let name = text.trim().to_lowercase();
        let is_name = (1..=LONGEST_NAME).contains(&name.len())
            && name.starts_with(char::is_alphanumeric)
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let is_build = BuildSelector::parse(&name).is_some();
        (is_name && !is_build)
            .then_some(Self(name))
            .ok_or(NotAnAliasName)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AliasName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AliasName {
    type Error = NotAnAliasName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<AliasName> for String {
    fn from(name: AliasName) -> Self {
        name.0
    }
}

/// As it can be typed: `legacy:folder/job`, without the alias for the main server.
impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.server.is_main() {
            write!(f, "{}:", self.server)?;
        }
        self.job.fmt(f)
    }
}

impl Shortcuts {
    /// What this name stands for here.
    #[must_use]
    pub fn alias(&self, name: &AliasName) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.name == *name)
    }

    /// Adds a short name, in the place of one that is there.
    pub fn set_alias(&mut self, alias: Alias) {
        self.remove_alias(&alias.name);
        self.aliases.push(alias);
        self.aliases.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Removes a short name, and tells whether it was there.
    pub fn remove_alias(&mut self, name: &AliasName) -> bool {
        let before = self.aliases.len();
        self.aliases.retain(|alias| alias.name != *name);
        self.aliases.len() < before
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(server: &str, job: &str) -> JobKey {
        JobKey {
            server: ServerAlias::parse(server).unwrap(),
            job: JobPath::new(job.split('/').map(str::to_owned).collect()).unwrap(),
        }
    }

    #[test]
    fn names_of_builds_and_jobs_with_folders_are_no_aliases() {
        for name in ["prod", "Prod", "a.b-c_d", "сборка", "2fast"] {
            assert_eq!(
                AliasName::parse(name).unwrap().as_str(),
                name.to_lowercase()
            );
        }
        for name in [
            "",
            "12",
            "last",
            "lastFailedBuild",
            "a/b",
            "a b",
            "-x",
            "a:b",
            "A=b",
            "@all",
            "`",
        ] {
            assert_eq!(AliasName::parse(name), Err(NotAnAliasName), "{name}");
        }
        assert!(AliasName::parse(&"x".repeat(41)).is_err());
    }

    #[test]
    fn what_is_stored_is_short_and_read_again() {
        let shortcuts = Shortcuts {
            server: None,
            job: Some(key("main", "shop/feature%2Fx")),
            aliases: vec![Alias {
                name: AliasName::parse("prod").unwrap(),
                target: key("legacy", "a"),
                parameters: vec![("N".to_owned(), "1".to_owned())],
            }],
        };
        let json = serde_json::to_string(&shortcuts).unwrap();
        assert_eq!(
            json,
            r#"{"job":{"job":["shop","feature%2Fx"]},"aliases":[{"name":"prod","server":"legacy","job":["a"],"parameters":[["N","1"]]}]}"#
        );
        assert_eq!(serde_json::from_str::<Shortcuts>(&json).unwrap(), shortcuts);
        assert_eq!(
            serde_json::from_str::<Shortcuts>("{}").unwrap(),
            Shortcuts::default()
        );
        assert_eq!(shortcuts.aliases[0].target.to_string(), "legacy:a");
        assert_eq!(shortcuts.job.unwrap().to_string(), "shop/feature/x");
    }

    #[test]
    fn a_name_stands_for_one_job() {
        let alias = |name: &str, job: &str| Alias {
            name: AliasName::parse(name).unwrap(),
            target: key("main", job),
            parameters: Vec::new(),
        };
        let mut shortcuts = Shortcuts::default();
        for (name, job) in [("b", "one"), ("a", "two"), ("B", "three")] {
            shortcuts.set_alias(alias(name, job));
        }
        let names: Vec<&str> = shortcuts.aliases.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        let b = AliasName::parse("b").unwrap();
        assert_eq!(shortcuts.alias(&b), Some(&alias("b", "three")));
        assert!(shortcuts.remove_alias(&b) && !shortcuts.remove_alias(&b));
    }
}
