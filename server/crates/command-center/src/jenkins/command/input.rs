//! `approve` and `reject`: the questions of pipelines.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, BuildArgument};

/// Answer a question of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which build asks; without a number the one that does.
    pub build: BuildArgument,
    /// The question's id, if the build asks several.
    pub input: Option<String>,
    /// What to answer.
    pub answer: Answer,
}

/// What to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Approve {
        /// Values as typed, in order.
        values: Vec<(String, String)>,
        /// Values that are left out take their defaults, and no dialog asks.
        defaults: bool,
    },
    /// End the build.
    Reject,
}

pub(super) fn commands() -> Vec<Command> {
    let input = || {
        Arg::new("input")
            .long("input")
            .value_name("id")
            .help("Which question, if the build asks several")
    };
    vec![
        Command::new("approve")
            .about("Let a pipeline go on that waits for input")
            .arg(arguments::job())
            .arg(
                Arg::new("words")
                    .value_name("build, NAME=value")
                    .help("Build number, and values if the question wants some")
                    .num_args(0..),
            )
            .arg(input())
            .arg(
                Arg::new("defaults")
                    .long("defaults")
                    .help("Take the default of every value that is left out")
                    .action(ArgAction::SetTrue),
            )
            .arg(arguments::server()),
        Command::new("reject")
            .about("Let a pipeline end that waits for input")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(input())
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    let input = || matches.get_one::<String>("input").cloned();
    Some(match name {
        "approve" => {
            let (build, values) = words(matches);
            Ok(Request {
                build,
                input: input(),
                answer: Answer::Approve {
                    values,
                    defaults: matches.get_flag("defaults"),
                },
            })
        }
        "reject" => Ok(Request {
            build: arguments::read_build(matches),
            input: input(),
            answer: Answer::Reject,
        }),
        _ => return None,
    })
}

/// The words before the first value name the job and the build, as everywhere.
fn words(matches: &ArgMatches) -> (BuildArgument, Vec<(String, String)>) {
    let mut name = Vec::new();
    let mut values = Vec::new();
    for word in arguments::texts(matches, "words") {
        match word.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                values.push((key.to_owned(), value.to_owned()));
            }
            _ => name.push(word),
        }
    }
    (arguments::read_build_among(matches, name), values)
}
