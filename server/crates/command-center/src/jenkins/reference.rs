//! What people type or paste to name a job or a build.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::address::{JenkinsAddress, decode_segments};

/// A job as somebody named it, and perhaps one of its builds. Which job it is only Jenkins knows:
/// see [`JenkinsClient::resolve`](super::JenkinsClient::resolve).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobReference {
    /// The names as typed, without empty ones. Not empty.
    pub names: Vec<String>,
    /// A branch that the address of a Blue Ocean page names, if the job is a multibranch project.
    pub branch_hint: Option<String>,
    /// The build that was part of a pasted address.
    pub build: Option<BuildSelector>,
}

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
    LastBuild,
    /// The newest that is done.
    LastCompletedBuild,
    /// The newest that failed.
    LastFailedBuild,
    /// The newest without any failed test.
    LastStableBuild,
    /// The newest that did not fail.
    LastSuccessfulBuild,
    /// The newest with failed tests.
    LastUnstableBuild,
    /// The newest that did not succeed.
    LastUnsuccessfulBuild,
}

/// Why a text names no job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceError {
    /// Nothing was typed.
    Empty,
    /// The address belongs to another server.
    OtherServer {
        /// The host of the pasted address.
        host: String,
        /// The host that is configured.
        expected: String,
    },
    /// The address is one of Jenkins, but of no job.
    NoJob,
    /// `.` and `..` are no names.
    Dots,
}

impl JobReference {
    /// Reads `folder/job`, `folder » job`, `/job/folder/job/name/`, or the address of any page of a
    /// job, a branch or a build (classic or Blue Ocean), below the internal or the public root.
    ///
    /// # Errors
    /// [`ReferenceError`].
    pub fn parse(text: &str, address: &JenkinsAddress) -> Result<Self, ReferenceError> {
        // Chat programs wrap pasted addresses: <https://…>.
        let text = text
            .trim()
            .trim_start_matches('<')
            .trim_end_matches('>')
            .trim();
        let reference = if is_address(text) {
            Self::of_address(text, address)?
        } else if text.starts_with("/job/") || text.starts_with("/blue/") {
            Self::of_segments(&decode_segments(text)).ok_or(ReferenceError::NoJob)?
        } else {
            Self::of_names(text)
        };
        if reference.names.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if reference
            .names
            .iter()
            .any(|name| name == "." || name == "..")
        {
            return Err(ReferenceError::Dots);
        }
        Ok(reference)
    }

    fn of_names(text: &str) -> Self {
        // Jenkins shows full names as "folder » job".
        let names = text
            .split('/')
            .flat_map(|part| part.split(" » "))
            .map(str::trim);
        let names = names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            names,
            branch_hint: None,
            build: None,
        }
    }

    fn of_address(text: &str, address: &JenkinsAddress) -> Result<Self, ReferenceError> {
        let expected = address
            .public_root()
            .host_str()
            .unwrap_or_default()
            .to_owned();
        let url = Url::parse(text).map_err(|_| ReferenceError::OtherServer {
            host: text.to_owned(),
            expected: expected.clone(),
        })?;
        let segments = address
            .segments_of(&url)
            .ok_or_else(|| ReferenceError::OtherServer {
                host: url.host_str().unwrap_or_default().to_owned(),
                expected,
            })?;
        Self::of_segments(&segments).ok_or(ReferenceError::NoJob)
    }

    fn of_segments(segments: &[String]) -> Option<Self> {
        if segments.first().is_some_and(|first| first == "blue") {
            return Self::of_blue_ocean(segments);
        }
        // Views may stand before and between the jobs: /view/all/job/a, /user/bob/my-views/view/x/job/a.
        let start = segments.iter().position(|segment| segment == "job")?;
        let mut rest = &segments[start..];
        let mut names = Vec::new();
        loop {
            match rest {
                [word, name, more @ ..] if word == "job" => {
                    names.push(name.clone());
                    rest = more;
                }
                [word, _, job, more @ ..] if word == "view" && job == "job" && !more.is_empty() => {
                    rest = &rest[2..]
                }
                _ => break,
            }
        }
        let build = rest
            .first()
            .and_then(|segment| BuildSelector::of_segment(segment));
        (!names.is_empty()).then_some(Self {
            names,
            branch_hint: None,
            build,
        })
    }

    /// `/blue/organizations/jenkins/<full name>/detail/<branch>/<number>/pipeline`, where `/` inside
    /// names is encoded. Of a job without branches, the branch is the job's own name.
    fn of_blue_ocean(segments: &[String]) -> Option<Self> {
        let [_, organizations, _, full_name, rest @ ..] = segments else {
            return None;
        };
        if organizations != "organizations" {
            return None;
        }
        let names: Vec<String> = full_name
            .split('/')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let (branch_hint, build) = match rest {
            [detail, branch, rest @ ..] if detail == "detail" => {
                let build = rest
                    .first()
                    .and_then(|segment| BuildSelector::of_segment(segment));
                (
                    Some(branch.clone()).filter(|branch| names.last() != Some(branch)),
                    build,
                )
            }
            _ => (None, None),
        };
        (!names.is_empty()).then_some(Self {
            names,
            branch_hint,
            build,
        })
    }
}

fn is_address(text: &str) -> bool {
    let head = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    head.starts_with("http://") || head.starts_with("https://")
}

/// As it was typed, for messages.
impl fmt::Display for JobReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names.join("/"))?;
        match &self.branch_hint {
            Some(branch) => write!(f, "/{branch}"),
            None => Ok(()),
        }
    }
}

impl BuildSelector {
    /// The newest build.
    pub const LAST: Self = Self::Permalink(Permalink::LastBuild);

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
    fn of_segment(segment: &str) -> Option<Self> {
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
    const ALL: [Self; 7] = [
        Self::LastBuild,
        Self::LastCompletedBuild,
        Self::LastFailedBuild,
        Self::LastStableBuild,
        Self::LastSuccessfulBuild,
        Self::LastUnstableBuild,
        Self::LastUnsuccessfulBuild,
    ];

    /// The name in addresses and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LastBuild => "lastBuild",
            Self::LastCompletedBuild => "lastCompletedBuild",
            Self::LastFailedBuild => "lastFailedBuild",
            Self::LastStableBuild => "lastStableBuild",
            Self::LastSuccessfulBuild => "lastSuccessfulBuild",
            Self::LastUnstableBuild => "lastUnstableBuild",
            Self::LastUnsuccessfulBuild => "lastUnsuccessfulBuild",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<(Vec<String>, Option<String>, Option<String>), ReferenceError> {
        let address = JenkinsAddress::new(
            "http://jenkins:8080/ci/".parse().unwrap(),
            "https://ci.example.com/jenkins/".parse().unwrap(),
        );
        let reference = JobReference::parse(text, &address)?;
        Ok((
            reference.names,
            reference.branch_hint,
            reference.build.map(BuildSelector::to_segment),
        ))
    }

    #[track_caller]
    fn check(text: &str, names: &[&str], build: Option<&str>) {
        let expected = (
            names.iter().map(|name| (*name).to_owned()).collect(),
            None,
            build.map(str::to_owned),
        );
        assert_eq!(parse(text), Ok(expected), "{text}");
    }

    #[test]
    fn typed_names() {
        check("a", &["a"], None);
        check(
            " a/b c//feature/foo/ ",
            &["a", "b c", "feature", "foo"],
            None,
        );
        check(
            "folder » my job » main",
            &["folder", "my job", "main"],
            None,
        );
        check("repo/feature%252Ffoo", &["repo", "feature%252Ffoo"], None);
        check("job", &["job"], None);
        check("100% ключ", &["100% ключ"], None);
        assert_eq!(parse(" / "), Err(ReferenceError::Empty));
        assert_eq!(parse("a/../b"), Err(ReferenceError::Dots));
    }

    #[test]
    fn pasted_addresses() {
        check(
            "https://ci.example.com/jenkins/job/a/job/b%20c/",
            &["a", "b c"],
            None,
        );
        check(
            "<https://ci.example.com/jenkins/job/a/12/console>",
            &["a"],
            Some("12"),
        );
        check(
            "http://jenkins:8080/ci/job/a/job/feature%252Ffoo/lastBuild/",
            &["a", "feature%2Ffoo"],
            Some("lastBuild"),
        );
        check(
            "https://ci.example.com/jenkins/view/all/job/a/view/x/job/b/7/",
            &["a", "b"],
            Some("7"),
        );
        check(
            "https://ci.example.com/jenkins/user/bob/my-views/view/v/job/a/configure",
            &["a"],
            None,
        );
        check(
            "HTTPS://ci.example.com/jenkins/job/job/job/job/3/",
            &["job", "job"],
            Some("3"),
        );
        check("/job/a/job/b/", &["a", "b"], None);
        assert_eq!(
            parse("https://ci.example.com/jenkins/computer/"),
            Err(ReferenceError::NoJob)
        );
        let other = |host: &str| ReferenceError::OtherServer {
            host: host.into(),
            expected: "ci.example.com".into(),
        };
        assert_eq!(
            parse("https://evil.example.com/job/a"),
            Err(other("evil.example.com"))
        );
        assert_eq!(
            parse("https://ci.example.com/job/a"),
            Err(other("ci.example.com"))
        );
        assert_eq!(
            parse("https://ci.example.com/jenkins/job/%2E%2E/job/b"),
            Ok((vec!["b".into()], None, None))
        );
        assert_eq!(parse("/job/%2E%2E/job/b"), Err(ReferenceError::Dots));
    }

    #[test]
    fn blue_ocean_addresses() {
        let blue = "https://ci.example.com/jenkins/blue/organizations/jenkins";
        check(
            &format!("{blue}/folder%2Fjob/activity"),
            &["folder", "job"],
            None,
        );
        check(
            &format!("{blue}/job/detail/job/5/pipeline"),
            &["job"],
            Some("5"),
        );
        let branch = parse(&format!(
            "{blue}/f%2Frepo/detail/feature%252Ffoo/12/pipeline/34"
        ));
        let names = vec!["f".to_owned(), "repo".to_owned()];
        assert_eq!(
            branch,
            Ok((names, Some("feature%2Ffoo".into()), Some("12".into())))
        );
    }

    #[test]
    fn builds() {
        assert_eq!(BuildSelector::parse("12"), Some(BuildSelector::Number(12)));
        assert_eq!(
            BuildSelector::parse(" #12"),
            Some(BuildSelector::Number(12))
        );
        assert_eq!(BuildSelector::parse("last"), Some(BuildSelector::LAST));
        assert_eq!(
            BuildSelector::parse("lastSuccessfulBuild"),
            BuildSelector::parse("last-successful")
        );
        assert_eq!(BuildSelector::parse("LASTBUILD"), Some(BuildSelector::LAST));
        for bad in [
            "",
            "0",
            "-1",
            "+1",
            "3.5",
            "abc",
            "#",
            "build",
            "99999999999999999999",
        ] {
            assert_eq!(BuildSelector::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}|(https?://)?[a-z/%0-9:.<>#?\\[\\]-]{0,40}") {
            if let Ok((names, ..)) = parse(&text) {
                prop_assert!(!names.is_empty());
                prop_assert!(names.iter().all(|name| !matches!(name.as_str(), "" | "." | "..")));
            }
        }
    }
}
