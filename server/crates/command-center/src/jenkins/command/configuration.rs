//! `config`.

use clap::{ArgMatches, Command};

use super::arguments::{self, JobArgument};

/// About the configuration of jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Hand the file out.
    Show {
        /// Of which job.
        job: JobArgument,
    },
    /// Change it to what is attached in this thread.
    Change {
        /// Of which job.
        job: JobArgument,
    },
}

pub(super) fn commands() -> Vec<Command> {
    let about = |name: &'static str, words: &'static str| {
        Command::new(name)
            .about(words)
            .arg(arguments::job().required(true))
            .arg(arguments::rest())
            .arg(arguments::server())
    };
    vec![
        Command::new("config")
            .about("Look at the config.xml of a job, and change it")
            .subcommand_required(true)
            .subcommands([
                about("show", "Send you a job's config.xml by direct message"),
                about(
                    "change",
                    "Change it to the newest XML file attached in this thread, after a look at what differs",
                ),
            ]),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Request> {
    let (below, matches) = (name == "config").then(|| matches.subcommand())??;
    let job = arguments::read_job(matches, &arguments::texts(matches, arguments::REST));
    Some(match below {
        "show" => Request::Show { job },
        _ => Request::Change { job },
    })
}
