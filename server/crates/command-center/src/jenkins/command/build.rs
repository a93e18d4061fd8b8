//! `build`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, BuildArgument, JobArgument};
use crate::text;

/// About starting builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Build a job.
    Build {
        /// The job.
        job: JobArgument,
        /// Parameters as typed, in order.
        parameters: Vec<(String, String)>,
        /// Ask for none: what is not given takes its default.
        defaults: bool,
    },
    /// Build again with the parameters of an earlier build.
    Rebuild {
        /// Which build; the last one otherwise.
        build: BuildArgument,
    },
}

/// How parameters are written.
const HOW: &str = "Write parameters as `NAME=value`, and a value with spaces as `\"NAME=a b\"`.";

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("build")
            .about("Build a job, and follow it to its result")
            .arg(arguments::job())
            .arg(
                Arg::new("parameters")
                    .value_name("NAME=value")
                    .help(
                        "Parameters; those left out get their defaults. Without any, a dialog asks",
                    )
                    .action(ArgAction::Append)
                    .num_args(0..),
            )
            .arg(
                Arg::new("defaults")
                    .long("defaults")
                    .help("Ask for no parameters: build with their defaults")
                    .action(ArgAction::SetTrue),
            )
            .arg(arguments::server()),
        Command::new("rebuild")
            .about("Build a job again with the parameters of an earlier build")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    match name {
        "build" => Some(build(matches)),
        "rebuild" => Some(Ok(Request::Rebuild {
            build: arguments::read_build(matches),
        })),
        _ => None,
    }
}

fn build(matches: &ArgMatches) -> Result<Request, String> {
    let mut name: Vec<String> = Vec::new();
    let mut parameters: Vec<(String, String)> = Vec::new();
    for word in arguments::texts(matches, "parameters") {
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
    Ok(Request::Build {
        job: arguments::read_job(matches, &name),
        parameters,
        defaults: matches.get_flag("defaults"),
    })
}
