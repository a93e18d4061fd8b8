//! `/jenkins`: one tree for the parser, the help and the autocomplete.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use mattermost_plugin::command::{Answer, CommandTree};

/// The trigger, without the slash.
pub const TRIGGER: &str = "jenkins";
/// Lines of a log that are shown when nobody says how many.
const DEFAULT_LINES: u32 = 50;
/// Most lines of a log that can be asked for; `--full` has no such limit.
const MOST_LINES: i64 = 10_000;

/// What a user asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Connect with a Jenkins account; without a token, by a dialog.
    Connect(Option<Credentials>),
    /// Forget the Jenkins account.
    Disconnect,
    /// Which Jenkins account is connected.
    Me,
    /// Build a job.
    Build {
        /// The job as typed.
        job: String,
        /// Parameters as typed, in order.
        parameters: Vec<(String, String)>,
    },
    /// Show a build's log.
    GetLog {
        /// The job, and possibly the build, as typed.
        job: String,
        /// The build as typed.
        build: Option<String>,
        /// How much of it.
        extent: Extent,
    },
    /// Find out what is wrong.
    Doctor,
}

/// A Jenkins account as typed into the message box.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Jenkins user id.
    pub user: String,
    /// API token.
    pub token: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// How much of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Its last lines.
    Lines(u32),
    /// All of it, as a file.
    Full,
}

/// The tree.
#[must_use]
pub fn tree() -> CommandTree {
    let job = |help: &'static str| Arg::new("job").value_name("job").help(help).required(true);
    let command = Command::new(TRIGGER)
        .about("Run Jenkins from Mattermost")
        .subcommand(
            Command::new("connect")
                .about("Connect your Jenkins account (opens a dialog)")
                .arg(Arg::new("user").value_name("user").help("Jenkins user id. Leave it out: the dialog keeps your token out of the message box"))
                .arg(Arg::new("token").value_name("token").help("API token (better typed into the dialog)")),
        )
        .subcommand(Command::new("disconnect").about("Forget your Jenkins account"))
        .subcommand(Command::new("me").about("Show which Jenkins account is connected"))
        .subcommand(
            Command::new("build")
                .about("Build a job, and follow it to its result")
                .arg(job("Job, such as folder/name, repository/branch, or its URL"))
                .arg(
                    Arg::new("parameters")
                        .value_name("NAME=value")
                        .help("Parameters; those left out get their defaults")
                        .action(ArgAction::Append)
                        .num_args(0..)
                        .trailing_var_arg(true)
                        .allow_hyphen_values(true),
                ),
        )
        .subcommand(
            Command::new("get-log")
                .about("Show the end of a build's log")
                .arg(job("Job, such as folder/name, repository/branch, or its URL"))
                .arg(Arg::new("build").value_name("build").help("Build number or lastFailedBuild and the like; the last build otherwise").num_args(0..))
                .arg(
                    Arg::new("lines")
                        .long("lines")
                        .value_name("count")
                        .help("How many lines (50)")
                        .value_parser(value_parser!(u32).range(1..=MOST_LINES)),
                )
                .arg(
                    Arg::new("full")
                        .long("full")
                        .help("The whole log, attached as a file")
                        .action(ArgAction::SetTrue)
                        .conflicts_with("lines"),
                ),
        )
        .subcommand(Command::new("doctor").about("Find out why something does not work"));
    CommandTree::new(command)
}

/// Understands what was typed.
///
/// # Errors
/// The Markdown to answer instead: help, or what is wrong.
pub fn parse(tree: &CommandTree, typed: &str) -> Result<Request, String> {
    let matches = match tree.parse(typed) {
        Ok(matches) => matches,
        Err(answer) => return Err(with_heading(answer)),
    };
    match matches.subcommand() {
        Some(("connect", matches)) => connect(matches),
        Some(("disconnect", _)) => Ok(Request::Disconnect),
        Some(("me", _)) => Ok(Request::Me),
        Some(("build", matches)) => build(matches),
        Some(("get-log", matches)) => Ok(get_log(matches)),
        Some(("doctor", _)) => Ok(Request::Doctor),
        _ => Err(help(tree)),
    }
}

/// The whole help.
#[must_use]
pub fn help(tree: &CommandTree) -> String {
    format!(
        "###### Mattermost Jenkins Plugin - Slash Command Help\n{}",
        tree.help(&[])
    )
}

fn with_heading(answer: Answer) -> String {
    match answer {
        Answer::Help(text) => {
            format!("###### Mattermost Jenkins Plugin - Slash Command Help\n{text}")
        }
        Answer::Mistake(text) => text,
    }
}

fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().unwrap_or_default()
}

fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches
        .get_many::<String>(name)
        .map(|values| values.cloned().collect())
        .unwrap_or_default()
}

fn connect(matches: &ArgMatches) -> Result<Request, String> {
    match (matches.get_one::<String>("user"), matches.get_one::<String>("token")) {
        (Some(user), Some(token)) => {
            Ok(Request::Connect(Some(Credentials { user: user.clone(), token: token.clone() })))
        }
        (Some(_), None) => Err("Please specify both username and API token. Or type just `/jenkins connect`: a dialog asks for both and keeps the token out of the message box.".to_owned()),
        (None, _) => Ok(Request::Connect(None)),
    }
}

fn build(matches: &ArgMatches) -> Result<Request, String> {
    let mut job = text(matches, "job");
    let mut parameters: Vec<(String, String)> = Vec::new();
    for word in texts(matches, "parameters") {
        match word.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                parameters.push((name.to_owned(), value.to_owned()));
            }
            // A job's name with spaces, typed without quotes.
            _ if parameters.is_empty() => {
                job.push(' ');
                job.push_str(&word);
            }
            _ => {
                let word = crate::text::code_span(&word);
                return Err(format!(
                    "{word} is not a parameter. Write parameters as `NAME=value`, and a value with spaces as `\"NAME=a b\"`."
                ));
            }
        }
    }
    if let Some((name, _)) = parameters
        .iter()
        .enumerate()
        .find_map(|(i, p)| parameters[..i].iter().any(|q| q.0 == p.0).then_some(p))
    {
        return Err(format!(
            "The parameter {} is given twice.",
            crate::text::code_span(name)
        ));
    }
    Ok(Request::Build { job, parameters })
}

fn get_log(matches: &ArgMatches) -> Request {
    let mut words = vec![text(matches, "job")];
    words.extend(texts(matches, "build"));
    // The last of several words is the build if it can be one; the rest is a name with spaces.
    let build = match words.last() {
        Some(last) if words.len() > 1 && super::BuildSelector::parse(last).is_some() => words.pop(),
        _ => None,
    };
    let extent = if matches.get_flag("full") {
        Extent::Full
    } else {
        Extent::Lines(
            matches
                .get_one::<u32>("lines")
                .copied()
                .unwrap_or(DEFAULT_LINES),
        )
    };
    Request::GetLog {
        job: words.join(" "),
        build,
        extent,
    }
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
