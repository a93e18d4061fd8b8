//! `build`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, BuildArgument, JobArgument};

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

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("build")
            .about("Build a job, and follow it to its result")
            .arg(arguments::job())
            .arg(arguments::parameters(
                "Parameters; those left out get their defaults. Without any, a dialog asks",
            ))
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
    let (job, parameters) = arguments::read_job_and_parameters(matches)?;
    Ok(Request::Build {
        job,
        parameters,
        defaults: matches.get_flag("defaults"),
    })
}
