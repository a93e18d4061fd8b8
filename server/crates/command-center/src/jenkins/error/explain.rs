//! The words for each error.

use super::{FolderKind, JenkinsError, NameProblem, NotJenkinsHint, Thing};
use crate::config::{Problem, Severity};
use crate::connections::OpenError;
use crate::jenkins::reference::ReferenceError;
use crate::text;

/// How names and foreign words are written: as plain text or as Markdown.
pub(crate) struct Ink {
    /// A name, marked as such.
    pub(crate) name: fn(&str) -> String,
    /// Words of somebody else inside a sentence.
    pub(crate) said: fn(&str) -> String,
    /// What stands before each of several things.
    pub(crate) bullet: &'static str,
}

impl Ink {
    pub(crate) const PLAIN: Self = Self {
        name: |name| format!("\"{}\"", text::one_line(name)),
        said: text::one_line,
        bullet: " ",
    };
    pub(crate) const MARKDOWN: Self = Self {
        name: text::code_span,
        said: text::plain,
        bullet: "\n- ",
    };
}

/// An error in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What failed and why: full sentences.
    pub what: String,
    /// What to do: full sentences.
    pub next: String,
}

impl JenkinsError {
    pub(crate) fn explain(&self, ink: &Ink) -> Explanation {
        Explanation {
            what: self.what(ink),
            next: self.next(ink),
        }
    }

    fn what(&self, ink: &Ink) -> String {
        let Ink { name, said, .. } = ink;
        match self {
            Self::NotConfigured { problems } => {
                let errors = problems
                    .iter()
                    .filter(|problem| problem.severity == Severity::Error);
                let errors: Vec<String> = errors.map(|problem| setting(problem, ink)).collect();
                format!(
                    "This plugin is not configured.{}{}",
                    ink.bullet,
                    errors.join(ink.bullet)
                )
            }
            Self::Setup(error) => format!("Jenkins cannot be asked: {}.", said(&error.to_string())),
            Self::UnknownServer {
                name: typed, known, ..
            } => {
                let known: Vec<String> = known.iter().map(|alias| name(alias)).collect();
                format!(
                    "There is no Jenkins server {}; there is {}.",
                    name(typed),
                    known.join(", ")
                )
            }
            Self::NotConnected { server } if server.is_main() => {
                "You are not connected to Jenkins.".to_owned()
            }
            Self::NotConnected { server } => format!(
                "You are not connected to the Jenkins server {}.",
                name(server.as_str())
            ),
            Self::TokenUnreadable(OpenError::UnknownKey(_)) => {
                "Your stored Jenkins token was sealed with another encryption key.".to_owned()
            }
            Self::TokenUnreadable(OpenError::Tampered) => {
                "Your stored Jenkins token is damaged.".to_owned()
            }
            Self::Reference(error) => reference_error(error, ink),
            Self::Unauthorized { user } => {
                format!(
                    "Jenkins does not accept the user name {} with this token.",
                    name(user)
                )
            }
            Self::Forbidden {
                user,
                permission: Some(permission),
            } => {
                format!(
                    "The Jenkins user {} lacks the permission {}.",
                    name(user),
                    name(permission)
                )
            }
            Self::Forbidden {
                user,
                permission: None,
            } => {
                format!("Jenkins does not let the user {} do that.", name(user))
            }
            Self::NotFound {
                thing,
                name: missing,
                ..
            } => match thing {
                Thing::Job => format!("There is no job {}, or you may not see it.", name(missing)),
                Thing::Build => format!("There is no build {}.", name(missing)),
                Thing::QueueItem => {
                    format!("Jenkins no longer knows the queue item {}.", name(missing))
                }
                Thing::Page => format!("Jenkins has no page {}.", name(missing)),
                Thing::Artifact => format!("There is no artifact {}.", name(missing)),
                Thing::Node => {
                    format!("There is no node {}, or you may not see it.", name(missing))
                }
            },
            Self::IsFolder {
                name: folder, kind, ..
            } => {
                let kind = match kind {
                    FolderKind::Folder => "a folder",
                    FolderKind::Multibranch => "a multibranch project",
                    FolderKind::Organization => "an organization folder",
                };
                format!("{} is {kind}, not a job.", name(folder))
            }
            Self::NotBuildable { name: job } => format!("The job {} is disabled.", name(job)),
            Self::ScheduleRefused { name: job } => {
                format!(
                    "Jenkins refused to queue a build of {} and did not say why.",
                    name(job)
                )
            }
            Self::BadParameters {
                name: job,
                problems,
            } => {
                let problems: Vec<String> = problems
                    .iter()
                    .map(|problem| problem.explain(ink))
                    .collect();
                format!(
                    "The job {} cannot be built with these parameters. {}",
                    name(job),
                    problems.join(" ")
                )
            }
            Self::BadAnswer {
                name: question,
                problems,
            } => {
                let problems: Vec<String> = problems
                    .iter()
                    .map(|problem| problem.explain(ink))
                    .collect();
                format!(
                    "The question {} cannot be answered with these values. {}",
                    name(question),
                    problems.join(" ")
                )
            }
            Self::Refused { message } => format!("Jenkins refuses: {}", sentence(&said(message))),
            Self::NotSubmitter { user, submitter } => format!(
                "Only {} may answer this; Jenkins knows you as {}.",
                name(submitter),
                name(user)
            ),
            Self::BadName { name: bad, problem } => bad_name(bad, *problem, ink),
            Self::BadArtifactPath { path } => {
                format!("{} is not a path in the archive of a build.", name(path))
            }
            Self::CrumbRefused => {
                "Jenkins does not accept its own crumb (CSRF protection).".to_owned()
            }
            Self::NotJenkins { status, hint } => {
                format!("{} (HTTP {}).", not_jenkins(hint, ink), status.as_u16())
            }
            Self::Starting => "Jenkins is starting.".to_owned(),
            Self::Unavailable { status } => {
                format!(
                    "Jenkins is not available at the moment (HTTP {}).",
                    status.as_u16()
                )
            }
            Self::ServerError { status } => {
                format!(
                    "Jenkins failed while it worked on the request (HTTP {}).",
                    status.as_u16()
                )
            }
            Self::Http(failure) => said(&failure.cause()),
            Self::Malformed { what } => {
                format!("Jenkins' answer about {what} cannot be understood.")
            }
        }
    }

    fn next(&self, ink: &Ink) -> String {
        let Ink { name, said, .. } = ink;
        match self {
            Self::NotConfigured { .. } => "An administrator of Mattermost can change that.".to_owned(),
            Self::Setup(_) => format!("Ask your administrator to run {}.", name("/jenkins doctor")),
            Self::UnknownServer { .. } => format!(
                "{} lists them; an administrator adds one in the setting {}.",
                name("/jenkins server"),
                name("JenkinsServers")
            ),
            Self::NotConnected { server } => {
                let command = if server.is_main() {
                    "/jenkins connect".to_owned()
                } else {
                    format!("/jenkins connect --server {server}")
                };
                format!("Run {} once; it asks for your API token.", name(&command))
            }
            Self::TokenUnreadable(_) => format!("Run {} again.", name("/jenkins connect")),
            Self::Reference(ReferenceError::Empty) => {
                format!("Name one, as in {}, or paste its address.", name("/jenkins build folder/job"))
            }
            Self::Reference(_) => "Type the name of the job with its folders, or paste the address of its page.".to_owned(),
            Self::Unauthorized { .. } => format!(
                "Make an API token in Jenkins (your name > Security > API Token) and run {} again.",
                name("/jenkins connect")
            ),
            Self::Forbidden { .. } => "Ask an administrator of Jenkins for it.".to_owned(),
            Self::NotFound { suggestions, .. } if !suggestions.is_empty() => {
                let suggestions: Vec<String> = suggestions.iter().map(|suggestion| name(suggestion)).collect();
                format!("Did you mean {}?", one_of(&suggestions))
            }
            Self::NotFound { thing: Thing::Job, .. } => {
                "Check the spelling and the folders; the address of the job's page works, too.".to_owned()
            }
            Self::NotFound { thing: Thing::Build, .. } => {
                "It may have been deleted, or the job was never built; look at the job in Jenkins.".to_owned()
            }
            Self::NotFound { thing: Thing::QueueItem, .. } => "Look at the job in Jenkins.".to_owned(),
            Self::NotFound { thing: Thing::Artifact, .. } => {
                "The build may not have archived it, or it was deleted since; look at the build in Jenkins.".to_owned()
            }
            Self::NotFound { thing: Thing::Node, .. } => {
                format!("Look at {}.", name("/jenkins nodes"))
            }
            Self::NotFound { thing: Thing::Page, .. } => {
                format!("Check the path in the setting {}.", name("JenkinsURL"))
            }
            Self::IsFolder { children, .. } if children.is_empty() => "There is no job in it that you may see.".to_owned(),
            Self::IsFolder { children, .. } => {
                const SHOWN: usize = 10;
                let shown: Vec<String> = children.iter().take(SHOWN).map(|child| name(child)).collect();
                let more = children.len().saturating_sub(SHOWN);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("Name one of these: {}{more}.", shown.join(", "))
            }
            Self::NotBuildable { .. } => "Enable it in Jenkins first.".to_owned(),
            Self::ScheduleRefused { .. } => {
                "Jenkins may be shutting down, or a plugin may forbid this build; look at the job in Jenkins.".to_owned()
            }
            Self::BadParameters { .. } | Self::BadAnswer { .. } => "Correct them and try again.".to_owned(),
            Self::Refused { .. } => "Correct that and try again.".to_owned(),
            Self::NotSubmitter { .. } => "Ask one of them to answer it.".to_owned(),
            Self::BadName { .. } => "Choose another name.".to_owned(),
            Self::BadArtifactPath { .. } => "Give it as the list of artifacts shows it.".to_owned(),
            Self::CrumbRefused => {
                "Connect with an API token in place of a password; if you did, a proxy may remove the crumb.".to_owned()
            }
            Self::NotJenkins { hint: NotJenkinsHint::LoginPage, .. } => format!(
                "A login in front of Jenkins has to let API requests of the Mattermost server pass; \
                 else correct the setting {}.",
                name("JenkinsURL")
            ),
            Self::NotJenkins { hint: NotJenkinsHint::ProxyCredentials, .. } => format!(
                "Let the Mattermost server reach Jenkins past this proxy, or correct the setting {}.",
                name("JenkinsURL")
            ),
            Self::NotJenkins { .. } => {
                format!("Check the setting {}, the path included.", name("JenkinsURL"))
            }
            Self::Starting => "Try again in a minute.".to_owned(),
            Self::Unavailable { .. } => "Try again in a minute; if it lasts, ask an administrator of Jenkins.".to_owned(),
            Self::ServerError { .. } => {
                "Try again; if it lasts, an administrator of Jenkins finds the reason in its log.".to_owned()
            }
            Self::Http(failure) => said(failure.next_step()),
            Self::Malformed { .. } => format!(
                "A proxy may have changed it, or this Jenkins is very old; {} shows its version.",
                name("/jenkins doctor")
            ),
        }
    }
}

/// One thing to change in the settings.
pub(crate) fn setting(problem: &Problem, ink: &Ink) -> String {
    let Ink { name, said, .. } = ink;
    let command = problem.command();
    let command = command.map_or_else(String::new, |command| {
        format!(" Or run {}.", name(&command))
    });
    format!(
        "{}: {} {}{command}",
        name(problem.setting),
        said(&problem.what),
        said(&problem.how_to_fix)
    )
}

fn reference_error(error: &ReferenceError, ink: &Ink) -> String {
    let name = ink.name;
    match error {
        ReferenceError::Empty => "Please specify a job name.".to_owned(),
        ReferenceError::OtherServer { host, expected } => {
            format!(
                "This address belongs to {}, not to the Jenkins at {}.",
                name(host),
                name(expected)
            )
        }
        ReferenceError::NoJob => "This is an address of Jenkins, but not of a job.".to_owned(),
        ReferenceError::Dots => format!("{} and {} are not names of jobs.", name("."), name("..")),
    }
}

fn bad_name(bad: &str, problem: NameProblem, ink: &Ink) -> String {
    let name = ink.name;
    match problem {
        NameProblem::Empty => "A job or folder needs a name.".to_owned(),
        NameProblem::Dots => format!("Jenkins does not allow the name {}.", name(bad)),
        NameProblem::TrailingDot => format!(
            "Jenkins does not allow the name {}: it ends with a dot.",
            name(bad)
        ),
        NameProblem::ControlCharacter => format!(
            "Jenkins does not allow the name {}: it holds a character that cannot be seen.",
            name(bad)
        ),
        NameProblem::Character(character) => format!(
            "Jenkins does not allow the name {}: it holds {}.",
            name(bad),
            name(&character.to_string())
        ),
    }
}

fn not_jenkins(hint: &NotJenkinsHint, ink: &Ink) -> String {
    match hint {
        NotJenkinsHint::LoginPage => "A login page answers in place of Jenkins".to_owned(),
        NotJenkinsHint::ProxyCredentials => {
            "A proxy in front of Jenkins asks for a password of its own".to_owned()
        }
        NotJenkinsHint::WebPage => "A web page answers that is not Jenkins".to_owned(),
        NotJenkinsHint::Redirect { to } => {
            format!("Jenkins' address leads on to {}", (ink.name)(to))
        }
        NotJenkinsHint::Below => {
            "The address leads to a page below Jenkins, not to Jenkins itself".to_owned()
        }
        NotJenkinsHint::Other => "What answers there is not Jenkins".to_owned(),
    }
}

fn one_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// With a full stop, unless it ends like a sentence already.
pub(crate) fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
