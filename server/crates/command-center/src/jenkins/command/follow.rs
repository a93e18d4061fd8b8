//! `watch` and `unwatch`.

use clap::{ArgMatches, Command};

use super::arguments::{self, BuildArgument, JobArgument};

/// About following builds that run already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Follow a build to its result.
    Watch {
        /// Which; without a number the one that runs, or else waits.
        build: BuildArgument,
    },
    /// Follow the builds of a job no longer.
    Unwatch {
        /// Which job.
        job: JobArgument,
    },
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("watch")
            .about("Follow a build that somebody else started to its result")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(arguments::server()),
        Command::new("unwatch")
            .about("Follow the builds of a job no longer")
            .arg(arguments::job())
            .arg(arguments::rest())
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    Some(Ok(match name {
        "watch" => Request::Watch {
            build: arguments::read_build(matches),
        },
        "unwatch" => {
            let further = arguments::texts(matches, arguments::REST);
            Request::Unwatch {
                job: arguments::read_job(matches, &further),
            }
        }
        _ => return None,
    }))
}
