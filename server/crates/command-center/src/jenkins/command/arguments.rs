//! Arguments that many commands have.

use clap::{Arg, ArgMatches};

use crate::jenkins::BuildSelector;

const JOB: &str = "job";
const BUILD: &str = "build";
const SERVER: &str = "server";
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

/// The job, as the first argument.
#[must_use]
pub fn job() -> Arg {
    Arg::new(JOB)
        .value_name("job")
        .help("Job, such as folder/name, repository/branch, or its URL")
        .required(true)
}

/// The build, as the words behind the job.
#[must_use]
pub fn build() -> Arg {
    Arg::new(BUILD)
        .value_name("build")
        .help("Build number or lastFailedBuild and the like; the last build otherwise")
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
    Arg::new(SERVER)
        .long("server")
        .value_name("alias")
        .help("Which Jenkins, where there are several")
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
