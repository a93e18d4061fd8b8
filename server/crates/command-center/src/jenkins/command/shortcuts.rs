//! `default` and `alias`.

use clap::{Arg, ArgMatches, Command};
use mattermost_plugin::command::dynamic_list;

use super::arguments::{self, JobArgument, Whose};

/// About what need not be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Show the default jobs and servers.
    ShowDefaults,
    /// Choose the job that is meant where none is named.
    SetDefault {
        /// Which.
        job: JobArgument,
        /// For whom.
        whose: Whose,
    },
    /// No longer choose one.
    ClearDefault {
        /// For whom.
        whose: Whose,
    },
    /// Give a job a short name.
    AddAlias {
        /// The name, as typed.
        name: String,
        /// Which.
        job: JobArgument,
        /// What its builds get.
        parameters: Vec<(String, String)>,
        /// For whom.
        whose: Whose,
    },
    /// Show the short names.
    ListAliases,
    /// Forget a short name.
    DeleteAlias {
        /// Which, as typed.
        name: String,
        /// For whom.
        whose: Whose,
    },
}

const NAME: &str = "name";

pub(super) fn commands() -> Vec<Command> {
    let name = || {
        Arg::new(NAME)
            .value_name("alias")
            .help("The short name")
            .required(true)
    };
    vec![
        Command::new("default")
            .about("The job that is meant where none is named")
            .subcommands([
                Command::new("show").about("Show what is meant where nothing is named"),
                Command::new("set")
                    .about("Choose the job that is meant")
                    .arg(arguments::job().required(true))
                    .arg(arguments::rest())
                    .args(arguments::whose())
                    .arg(arguments::server()),
                Command::new("clear")
                    .about("No longer choose one")
                    .args(arguments::whose()),
            ]),
        Command::new("alias")
            .about("Short names of jobs, as in /jenkins build prod")
            .subcommands([
                Command::new("add")
                    .about("Give a job a short name")
                    .arg(name())
                    .arg(arguments::job().required(true))
                    .arg(arguments::parameters(
                        "Parameters that its builds get unless they are given others",
                    ))
                    .args(arguments::whose())
                    .arg(arguments::server()),
                Command::new("list").about("Show your short names, and those of this channel"),
                Command::new("delete")
                    .about("Forget a short name")
                    .arg(dynamic_list(name(), arguments::ALIASES_PATH))
                    .args(arguments::whose()),
            ]),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    match name {
        "default" => Some(Ok(default(matches))),
        "alias" => Some(alias(matches)),
        _ => None,
    }
}

fn default(matches: &ArgMatches) -> Request {
    match matches.subcommand() {
        Some(("set", matches)) => Request::SetDefault {
            job: arguments::read_job(matches, &arguments::texts(matches, arguments::REST)),
            whose: arguments::read_whose(matches),
        },
        Some(("clear", matches)) => Request::ClearDefault {
            whose: arguments::read_whose(matches),
        },
        _ => Request::ShowDefaults,
    }
}

fn alias(matches: &ArgMatches) -> Result<Request, String> {
    let name = |matches: &ArgMatches| matches.get_one::<String>(NAME).cloned().unwrap_or_default();
    match matches.subcommand() {
        Some(("add", matches)) => {
            let (job, parameters) = arguments::read_job_and_parameters(matches)?;
            if job.text.is_empty() {
                return Err("Please specify a job before the parameters, as in `/jenkins alias add prod shop/deploy ENV=prod`.".to_owned());
            }
            Ok(Request::AddAlias {
                name: name(matches),
                job,
                parameters,
                whose: arguments::read_whose(matches),
            })
        }
        Some(("delete", matches)) => Ok(Request::DeleteAlias {
            name: name(matches),
            whose: arguments::read_whose(matches),
        }),
        _ => Ok(Request::ListAliases),
    }
}
