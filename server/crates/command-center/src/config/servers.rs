//! Further Jenkins servers: the setting `JenkinsServers`, one server on each line.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::address;
use super::problem::Problem;

const SETTING: &str = "JenkinsServers";
const EXAMPLE: &str = "legacy https://jenkins.example.com/old";
/// Longest alias, in bytes: it is part of storage keys, which are limited.
const LONGEST_ALIAS: usize = 32;

/// The short name of one Jenkins among several: what people type after `--server`, or before the
/// colon of `legacy:folder/job`. Lower-case letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerAlias(String);

/// The text is no alias of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name of a server has 1 to {LONGEST_ALIAS} lower-case letters, digits, hyphens and underscores"
)]
pub struct NotAnAlias;

impl ServerAlias {
    /// The alias of the server in `JenkinsURL`.
    pub const MAIN: &str = "main";

    /// Reads an alias; upper case counts as lower case.
    ///
    /// # Errors
    /// [`NotAnAlias`].
    pub fn parse(text: &str) -> Result<Self, NotAnAlias> {
        let alias = text.trim().to_ascii_lowercase();
        let is_alias = (1..=LONGEST_ALIAS).contains(&alias.len())
            && alias
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_alias.then_some(Self(alias)).ok_or(NotAnAlias)
    }

    /// Whether it is the server in `JenkinsURL`.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.0 == Self::MAIN
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The server in `JenkinsURL`: what records mean that were stored before there were several.
impl Default for ServerAlias {
    fn default() -> Self {
        Self(Self::MAIN.to_owned())
    }
}

impl fmt::Display for ServerAlias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ServerAlias {
    type Error = NotAnAlias;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ServerAlias> for String {
    fn from(alias: ServerAlias) -> Self {
        alias.0
    }
}

/// Where one Jenkins is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    /// Its short name.
    pub alias: ServerAlias,
    /// For requests; the path ends in `/`.
    pub root: Url,
    /// For links, in the same form.
    pub public_root: Url,
}

/// Reads the setting: `alias address [address for links]` on each line; empty lines and lines that
/// begin with `#` do not count. What cannot be used is left out and said.
pub(super) fn parse(text: &str) -> (Vec<ServerAddress>, Vec<Problem>) {
    let mut servers: Vec<ServerAddress> = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match parse_line(line) {
            Ok(server) if servers.iter().any(|other| other.alias == server.alias) => {
                problems.push(problem(index, "its alias stands in an earlier line"));
            }
            Ok(server) => servers.push(server),
            Err(what) => problems.push(problem(index, what)),
        }
    }
    (servers, problems)
}

/// The line itself is not shown: an address may hold a password.
fn problem(index: usize, what: &str) -> Problem {
    let what = format!("Line {} is not used: {what}.", index + 1);
    Problem::unset(SETTING, what, EXAMPLE)
}

fn parse_line(line: &str) -> Result<ServerAddress, &'static str> {
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| *word != "=")
        .collect();
    let (alias, root, public) = match words.as_slice() {
        [alias, root] => (alias, root, root),
        [alias, root, public] => (alias, root, public),
        _ => return Err("an alias, an address and perhaps an address for links are expected"),
    };
    let alias = ServerAlias::parse(alias)
        .map_err(|_| "an alias has up to 32 lower-case letters, digits, hyphens and underscores")?;
    if alias.is_main() {
        return Err("the alias main belongs to the server in JenkinsURL");
    }
    ServerAddress::read(alias, root, public)
}

impl ServerAddress {
    /// Reads what somebody typed as the address for requests and the one for links.
    ///
    /// # Errors
    /// What is wrong with one of them, without showing it: it may hold a password.
    pub fn read(alias: ServerAlias, root: &str, public: &str) -> Result<Self, &'static str> {
        let read = |address: &str| {
            address::root(address)
                .map_err(|_| "the address must be https://host/path without a user name")
        };
        Ok(Self {
            alias,
            root: read(root)?,
            public_root: read(public)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_stands_on_a_line() {
        let (servers, problems) = parse(
            "# old\n\n legacy https://old/ci \nQA = http://qa:8080 https://qa.example.com/jenkins/\n",
        );
        assert_eq!(problems, []);
        assert_eq!(servers.len(), 2);
        assert_eq!(servers[0].alias.as_str(), "legacy");
        assert_eq!(servers[0].public_root.as_str(), "https://old/ci/");
        assert_eq!(servers[1].alias.as_str(), "qa");
        assert_eq!(
            servers[1].public_root.as_str(),
            "https://qa.example.com/jenkins/"
        );
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named_and_not_shown() {
        for line in [
            "legacy",
            "legacy ftp://old",
            "legacy https://user:hunter2@old",
            "Ärger https://old",
            "main https://old",
            "a https://b https://c https://d",
        ] {
            let (servers, problems) = parse(&format!("good https://good\n{line}"));
            assert_eq!(servers.len(), 1, "{line}");
            assert_eq!(problems.len(), 1, "{line}");
            assert!(problems[0].what.starts_with("Line 2 "), "{problems:?}");
            assert!(!problems[0].what.contains("hunter2"), "{problems:?}");
        }
        let (servers, problems) = parse("a https://one\na https://two");
        assert_eq!((servers.len(), problems.len()), (1, 1));
    }
}
