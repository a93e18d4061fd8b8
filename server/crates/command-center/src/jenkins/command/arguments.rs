//! Arguments that many commands have.

use clap::{Arg, ArgAction, ArgMatches};
use mattermost_plugin::command::dynamic_list;

use crate::jenkins::BuildSelector;
use crate::text;

const JOB: &str = "job";
const BUILD: &str = "build";
const SERVER: &str = "server";
const PARAMETERS: &str = "parameters";
const CHANNEL: &str = "channel";
const ME: &str = "me";
/// Where the jobs are that can be typed, below `/plugins/<id>`.
pub const JOBS_PATH: &str = "/api/v1/jenkins/suggest/jobs";
/// Where the builds are of the job that is typed.
pub const BUILDS_PATH: &str = "/api/v1/jenkins/suggest/builds";
/// Where the servers are.
pub const SERVERS_PATH: &str = "/api/v1/jenkins/suggest/servers";
/// Where the aliases of jobs are.
pub const ALIASES_PATH: &str = "/api/v1/jenkins/suggest/aliases";
/// A server by its alias alone.
pub const SERVER_NAME: &str = "server-name";
/// Further words of a job's name.
pub const REST: &str = "rest";

/// A job as somebody typed it. Which job, and at which server, is found out later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobArgument {
    /// A name, `alias:name`, or an address; empty when the channel's default job is meant.
    pub text: String,
    /// What stands after `--server`.
    pub server: Option<String>,
}

/// A job, and perhaps one of its builds, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildArgument {
    /// The job. An address may name the build, too.
    pub job: JobArgument,
    /// The build, as in `12`, `#12` or `lastFailedBuild`.
    pub build: Option<String>,
}

/// For whom something is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// For the caller alone.
    Own,
    /// For all in the channel.
    Channels,
}

/// How parameters are written.
const HOW: &str = "Write parameters as `NAME=value`, and a value with spaces as `\"NAME=a b\"`.";

/// The job, as the first argument. Without it, the default job is meant.
#[must_use]
pub fn job() -> Arg {
    let job = Arg::new(JOB)
        .value_name("job")
        .help("Job, such as folder/name, repository/branch, its URL, or an alias");
    dynamic_list(job, JOBS_PATH)
}

/// The build, as the words behind the job.
#[must_use]
pub fn build() -> Arg {
    let build = Arg::new(BUILD)
        .value_name("build")
        .help("Build number or lastFailedBuild and the like; the last build otherwise")
        .num_args(0..);
    dynamic_list(build, BUILDS_PATH)
}

/// Parameters, as the words behind the job.
#[must_use]
pub fn parameters(help: &'static str) -> Arg {
    Arg::new(PARAMETERS)
        .value_name("NAME=value")
        .help(help)
        .action(ArgAction::Append)
        .num_args(0..)
}

/// Further words of a job's name that was typed without quotes.
#[must_use]
pub fn rest() -> Arg {
    Arg::new(REST)
        .value_name("more words")
        .help("More words, if the name has spaces")
        .num_args(0..)
        .hide(true)
}

/// Which of several servers.
#[must_use]
pub fn server() -> Arg {
    let server = Arg::new(SERVER)
        .long("server")
        .value_name("alias")
        .help("Which Jenkins, where there are several");
    dynamic_list(server, SERVERS_PATH)
}

/// One of several servers, as the first argument.
#[must_use]
pub fn server_name() -> Arg {
    let name = Arg::new(SERVER_NAME)
        .value_name("alias")
        .help("Which Jenkins, by its alias");
    dynamic_list(name, SERVERS_PATH)
}

/// `--channel` and `--me`.
#[must_use]
pub fn whose() -> [Arg; 2] {
    [
        Arg::new(CHANNEL)
            .long(CHANNEL)
            .help("For all in this channel, in place of yourself")
            .action(ArgAction::SetTrue),
        Arg::new(ME)
            .long(ME)
            .help("For yourself alone, as without it")
            .action(ArgAction::SetTrue)
            .conflicts_with(CHANNEL),
    ]
}

/// For whom.
#[must_use]
pub fn read_whose(matches: &ArgMatches) -> Whose {
    if matches.get_flag(CHANNEL) {
        Whose::Channels
    } else {
        Whose::Own
    }
}

/// What stands after `--server`.
#[must_use]
pub fn read_server(matches: &ArgMatches) -> Option<String> {
    matches.get_one::<String>(SERVER).cloned()
}

/// The job, with further words of a name with spaces that was typed without quotes.
#[must_use]
pub fn read_job(matches: &ArgMatches, further: &[String]) -> JobArgument {
    let first = matches.get_one::<String>(JOB).cloned();
    let words: Vec<String> = first.into_iter().chain(further.iter().cloned()).collect();
    JobArgument {
        text: words.join(" "),
        server: read_server(matches),
    }
}

/// The job and the parameters.
///
/// # Errors
/// What is wrong with one of them.
pub fn read_job_and_parameters(
    matches: &ArgMatches,
) -> Result<(JobArgument, Vec<(String, String)>), String> {
    let first = matches.get_one::<String>(JOB).cloned();
    // Without a job, the first parameter stands in its place.
    let is_default = first.as_deref().is_some_and(is_parameter);
    let mut words = texts(matches, PARAMETERS);
    if is_default {
        words.splice(0..0, first);
    }
    let mut name: Vec<String> = Vec::new();
    let mut parameters: Vec<(String, String)> = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                parameters.push((name.trim().to_owned(), value.to_owned()));
            }
            Some(_) => {
                let word = text::code_span(&word);
                return Err(format!(
                    "{word} begins with `=`: the name is missing. {HOW}"
                ));
            }
            // A job's name with spaces, typed without quotes.
            None if parameters.is_empty() => name.push(word),
            None => {
                let word = text::code_span(&word);
                return Err(format!("{word} is not a parameter. {HOW}"));
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
            text::code_span(name)
        ));
    }
    let job = JobArgument {
        text: if is_default {
            String::new()
        } else {
            read_job(matches, &name).text
        },
        server: read_server(matches),
    };
    Ok((job, parameters))
}

/// `NAME=value` with a name as parameters have it; an address with a query is none.
fn is_parameter(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        !name.is_empty() && name.chars().all(is_letter)
    })
}

/// The job and the build. The last of several words is the build if it can be one; the rest is a name
/// with spaces.
#[must_use]
pub fn read_build(matches: &ArgMatches) -> BuildArgument {
    read_build_among(matches, texts(matches, BUILD))
}

/// The same, of these words behind the job.
#[must_use]
pub fn read_build_among(matches: &ArgMatches, mut words: Vec<String>) -> BuildArgument {
    let is_build = words
        .last()
        .is_some_and(|last| BuildSelector::parse(last).is_some());
    let build = if is_build { words.pop() } else { None };
    BuildArgument {
        job: read_job(matches, &words),
        build,
    }
}

/// All values of an argument.
#[must_use]
pub fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches
        .get_many::<String>(name)
        .map(|values| values.cloned().collect())
        .unwrap_or_default()
}
