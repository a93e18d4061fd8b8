//! `build`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, JobArgument};
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
    },
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("build")
            .about("Build a job, and follow it to its result")
            .arg(arguments::job())
            .arg(
                Arg::new("parameters")
                    .value_name("NAME=value")
                    .help("Parameters; those left out get their defaults")
                    .action(ArgAction::Append)
                    .num_args(0..),
            )
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    (name == "build").then(|| build(matches))
}

fn build(matches: &ArgMatches) -> Result<Request, String> {
    let mut name: Vec<String> = Vec::new();
    let mut parameters: Vec<(String, String)> = Vec::new();
    for word in arguments::texts(matches, "parameters") {
        match word.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                parameters.push((name.to_owned(), value.to_owned()));
            }
            // A job's name with spaces, typed without quotes.
            _ if parameters.is_empty() => name.push(word),
            _ => {
                let word = text::code_span(&word);
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
            text::code_span(name)
        ));
    }
    Ok(Request::Build {
        job: arguments::read_job(matches, &name),
        parameters,
    })
}
