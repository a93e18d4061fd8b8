//! Everything that can go wrong with Jenkins, told once for logs and for chat.

use std::fmt;

use http::StatusCode;

use super::parameters::ParameterProblem;
use super::reference::ReferenceError;
use crate::config::{Problem, ServerAlias};
use crate::connections::OpenError;
use crate::http_client::{HttpFailure, SetupError};
use crate::text;

pub(crate) mod explain;

pub use explain::Explanation;

/// Why Jenkins did not do what was asked. `Display` is plain text: what failed, why, the next step;
/// [`render::error`](super::render::error) says the same in Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JenkinsError {
    /// The administrator has something to set first.
    NotConfigured {
        /// What is wrong; not empty.
        problems: Vec<Problem>,
    },
    /// No client can be built with these settings.
    Setup(SetupError),
    /// There is no server of that alias.
    UnknownServer {
        /// What was typed.
        name: String,
        /// The aliases that are configured.
        known: Vec<String>,
    },
    /// The user has not connected to this server yet.
    NotConnected {
        /// Which.
        server: ServerAlias,
    },
    /// The stored token cannot be opened.
    TokenUnreadable(OpenError),
    /// The text names no job.
    Reference(ReferenceError),
    /// Jenkins does not accept the user's credentials.
    Unauthorized {
        /// The user id at Jenkins.
        user: String,
    },
    /// The user may not do that.
    Forbidden {
        /// As whom Jenkins sees the request.
        user: String,
        /// The missing permission, e.g. `Job/Build`, if Jenkins says.
        permission: Option<String>,
    },
    /// It does not exist, or the user may not see it.
    NotFound {
        /// What was looked for.
        thing: Thing,
        /// Its name as it was typed.
        name: String,
        /// Names like it.
        suggestions: Vec<String>,
    },
    /// A folder or a multibranch project where a job is needed.
    IsFolder {
        /// Its name.
        name: String,
        /// Which kind.
        kind: FolderKind,
        /// The jobs in it, as they can be typed.
        children: Vec<String>,
    },
    /// The job is disabled.
    NotBuildable {
        /// Its name.
        name: String,
    },
    /// Jenkins took the request and queued nothing: a plugin refused it.
    ScheduleRefused {
        /// The name of the job.
        name: String,
    },
    /// The parameters do not fit the job.
    BadParameters {
        /// The name of the job.
        name: String,
        /// Each of them; not empty.
        problems: Vec<ParameterProblem>,
    },
    /// The values do not fit the question of a pipeline.
    BadAnswer {
        /// What it asks.
        name: String,
        /// Each problem; not empty.
        problems: Vec<ParameterProblem>,
    },
    /// Jenkins refuses, in words of its own.
    Refused {
        /// Jenkins' words.
        message: String,
    },
    /// Only somebody else may answer a pipeline's question.
    NotSubmitter {
        /// As whom Jenkins sees the request.
        user: String,
        /// Who may, as the pipeline says: users and groups, separated by commas.
        submitter: String,
    },
    /// Jenkins would not take this name for a job or a folder.
    BadName {
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: NameProblem,
    },
    /// The path of an artifact leads out of the build's archive.
    BadArtifactPath {
        /// The path.
        path: String,
    },
    /// Jenkins wants a crumb and does not accept the one that it gave.
    CrumbRefused,
    /// Something else answers at the address.
    NotJenkins {
        /// The status of its answer.
        status: StatusCode,
        /// What it looks like.
        hint: NotJenkinsHint,
    },
    /// Jenkins is starting or restarting.
    Starting,
    /// A proxy in front of Jenkins cannot reach it, or Jenkins has too much to do.
    Unavailable {
        /// 429, 502, 503 or 504.
        status: StatusCode,
    },
    /// Jenkins failed.
    ServerError {
        /// The status.
        status: StatusCode,
    },
    /// There is no answer.
    Http(HttpFailure),
    /// The answer is one of Jenkins, but not what was asked for.
    Malformed {
        /// Which answer.
        what: &'static str,
    },
}

/// What a request was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A job or a folder.
    Job,
    /// A build of a job.
    Build,
    /// An entry of the queue.
    QueueItem,
    /// A page that every Jenkins has.
    Page,
    /// A file that a build archived.
    Artifact,
    /// A node that builds run on.
    Node,
}

/// What is wrong with a name (`jenkins.model.Jenkins.checkGoodName`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// There is none.
    Empty,
    /// `.` or `..`.
    Dots,
    /// It ends with a dot.
    TrailingDot,
    /// It holds a character that cannot be seen.
    ControlCharacter,
    /// It holds one of ``?*/\%!@#$^&|<>[]:;``.
    Character(char),
}

/// A thing that holds jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderKind {
    /// A plain folder.
    Folder,
    /// A project with one job for each branch.
    Multibranch,
    /// A folder with one multibranch project for each repository.
    Organization,
}

/// What answers in place of Jenkins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotJenkinsHint {
    /// A page to sign in.
    LoginPage,
    /// A proxy that wants credentials of its own.
    ProxyCredentials,
    /// Some web page.
    WebPage,
    /// A redirect.
    Redirect {
        /// Where to, without query.
        to: String,
    },
    /// A page of Jenkins, not Jenkins itself: the path is too long.
    Below,
    /// Something that is not even a web page.
    Other,
}

/// What an error says about trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It may pass.
    Passing,
    /// The user's credentials or permissions.
    Access,
    /// The thing is not there.
    Gone,
    /// It will stay.
    Lasting,
}

impl JenkinsError {
    /// Whether to try again.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Starting | Self::Unavailable { .. } | Self::ServerError { .. } => {
                ErrorKind::Passing
            }
            Self::Http(failure) if failure.is_transient() => ErrorKind::Passing,
            Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::NotConnected { .. }
            | Self::NotSubmitter { .. }
            | Self::TokenUnreadable(_) => ErrorKind::Access,
            Self::NotFound { .. } => ErrorKind::Gone,
            _ => ErrorKind::Lasting,
        }
    }

    /// Whether Jenkins may or may not have done what it was asked.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        match self {
            Self::Http(failure) => !failure.is_certainly_unsent(),
            // A proxy that gave up waiting says nothing about what Jenkins did.
            Self::Unavailable { .. } | Self::ServerError { .. } | Self::Malformed { .. } => true,
            _ => false,
        }
    }

    /// The same error about a thing with a better name: Jenkins' 404 says nothing but that.
    #[must_use]
    pub(crate) fn about(self, thing: Thing, name: impl fmt::Display) -> Self {
        match self {
            Self::NotFound { suggestions, .. } => Self::NotFound {
                thing,
                name: name.to_string(),
                suggestions,
            },
            Self::NotBuildable { .. } => Self::NotBuildable {
                name: name.to_string(),
            },
            Self::ScheduleRefused { .. } => Self::ScheduleRefused {
                name: name.to_string(),
            },
            other => other,
        }
    }
}

impl fmt::Display for JenkinsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let explanation = self.explain(&explain::Ink::PLAIN);
        write!(f, "{} {}", explanation.what, explanation.next)
    }
}

impl std::error::Error for JenkinsError {}

impl From<HttpFailure> for JenkinsError {
    fn from(failure: HttpFailure) -> Self {
        match failure {
            HttpFailure::Redirected { status, to } => Self::NotJenkins {
                status,
                hint: NotJenkinsHint::Redirect { to },
            },
            other => Self::Http(other),
        }
    }
}

impl From<SetupError> for JenkinsError {
    fn from(error: SetupError) -> Self {
        Self::Setup(error)
    }
}

impl From<ReferenceError> for JenkinsError {
    fn from(error: ReferenceError) -> Self {
        Self::Reference(error)
    }
}

impl From<OpenError> for JenkinsError {
    fn from(error: OpenError) -> Self {
        Self::TokenUnreadable(error)
    }
}

/// Upstream words cut to a length that fits a sentence.
pub(crate) fn short(words: &str) -> String {
    text::truncate(&text::one_line(words), 300)
}
