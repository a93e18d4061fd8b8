//! The place of a job in the tree of folders.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::address::decode;

/// The real names from the top folder down to a job, a folder or a multibranch project.
///
/// The real name of a branch is encoded: `feature/foo` is `feature%2Ffoo` (branch-api,
/// `jenkins.scm.api.mixin`, `NameEncoder`). Never empty; no name is empty, `.` or `..`, which an
/// address would swallow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct JobPath(Vec<String>);

/// The names cannot be the path of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job needs a name that is not empty, `.` or `..`")]
pub struct NotAJobPath;

impl JobPath {
    /// A path of these real names.
    ///
    /// # Errors
    /// [`NotAJobPath`].
    pub fn new(names: Vec<String>) -> Result<Self, NotAJobPath> {
        let is_bad = |name: &String| matches!(name.as_str(), "" | "." | "..");
        if names.is_empty() || names.iter().any(is_bad) {
            Err(NotAJobPath)
        } else {
            Ok(Self(names))
        }
    }

    /// The real names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The last real name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// A child of this folder.
    ///
    /// # Errors
    /// [`NotAJobPath`].
    pub fn child(&self, name: &str) -> Result<Self, NotAJobPath> {
        let mut names = self.0.clone();
        names.push(name.to_owned());
        Self::new(names)
    }

    /// As Jenkins spells it: `articles/repo/feature%2Ffoo`.
    #[must_use]
    pub fn full_name(&self) -> String {
        self.0.join("/")
    }

    /// The segments of its page: `job`, name, `job`, name.
    pub fn segments(&self) -> impl Iterator<Item = &str> + Clone + '_ {
        self.0.iter().flat_map(|name| ["job", name.as_str()])
    }

    /// The segments of a page of one of its builds.
    pub fn build_segments<'a>(
        &'a self,
        build: &'a str,
    ) -> impl Iterator<Item = &'a str> + Clone + 'a {
        self.segments().chain(std::iter::once(build))
    }
}

/// For people, and understood when typed again: `articles/repo/feature/foo`.
impl fmt::Display for JobPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            write!(
                f,
                "{}{}",
                if index > 0 { "/" } else { "" },
                branch_name(name)
            )?;
        }
        Ok(())
    }
}

impl TryFrom<Vec<String>> for JobPath {
    type Error = NotAJobPath;

    fn try_from(names: Vec<String>) -> Result<Self, Self::Error> {
        Self::new(names)
    }
}

impl From<JobPath> for Vec<String> {
    fn from(path: JobPath) -> Self {
        path.0
    }
}

/// The branch that a real name stands for; a name that is no encoding stays as it is.
#[must_use]
pub fn branch_name(name: &str) -> String {
    let decoded = decode(name);
    if encode_branch(&decoded) == name {
        decoded
    } else {
        name.to_owned()
    }
}

/// The real name of a branch's job: `#%/?[]\` become `%XX` (branch-api, `NameEncoder.encode`).
#[must_use]
pub fn encode_branch(branch: &str) -> String {
    let mut name = String::with_capacity(branch.len());
    for character in branch.chars() {
        match character {
            '#' | '%' | '/' | '?' | '[' | ']' | '\\' => {
                name.push_str(&format!("%{:02X}", u32::from(character)));
            }
            other => name.push(other),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(names: &[&str]) -> JobPath {
        JobPath::new(names.iter().map(|name| (*name).to_owned()).collect()).unwrap()
    }

    #[test]
    fn spellings() {
        let path = path(&["articles", "my repo", "feature%2Ffoo"]);
        assert_eq!(path.full_name(), "articles/my repo/feature%2Ffoo");
        assert_eq!(path.to_string(), "articles/my repo/feature/foo");
        assert_eq!(
            path.segments().collect::<Vec<_>>(),
            ["job", "articles", "job", "my repo", "job", "feature%2Ffoo"]
        );
        assert_eq!(path.build_segments("7").last(), Some("7"));
        assert_eq!(
            serde_json::to_string(&path).unwrap(),
            r#"["articles","my repo","feature%2Ffoo"]"#
        );
    }

    #[test]
    fn a_percent_that_encodes_nothing_stays() {
        assert_eq!(branch_name("100% sure"), "100% sure");
        assert_eq!(branch_name("%41"), "%41");
        assert_eq!(branch_name("fix 100%25"), "fix 100%");
    }

    #[test]
    fn names_that_an_address_would_swallow_are_refused() {
        for names in [vec![], vec![""], vec!["a", ".."], vec![".", "a"]] {
            let json = serde_json::to_string(&names).unwrap();
            assert!(serde_json::from_str::<JobPath>(&json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn branches_survive(branch in "[a-zA-Z0-9#%/?\\[\\]\\\\._ -]{1,20}") {
            prop_assert_eq!(branch_name(&encode_branch(&branch)), branch);
        }
    }
}
