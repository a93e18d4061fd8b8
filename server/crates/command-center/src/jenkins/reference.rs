//! What people type or paste to name a job or a build.

mod selector;

use std::fmt;

use url::Url;

use super::JobPath;
use super::address::{JenkinsAddress, decode_segments};

pub use selector::{BuildSelector, Permalink};

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
    /// A job whose place is known.
    #[must_use]
    pub fn exact(job: &JobPath) -> Self {
        Self {
            names: job.names().to_vec(),
            branch_hint: None,
            build: None,
        }
    }

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
                    rest = &rest[2..];
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

#[cfg(test)]
#[path = "reference_tests.rs"]
mod tests;
