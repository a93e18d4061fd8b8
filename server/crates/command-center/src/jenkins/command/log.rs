//! `get-log`.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::arguments::{self, BuildArgument};

/// Lines of a log that are shown when nobody says how many.
pub const DEFAULT_LINES: u32 = 50;
/// Most lines of a log that can be asked for; `--full` has no such limit.
const MOST_LINES: i64 = 10_000;

/// Show a build's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which build.
    pub build: BuildArgument,
    /// How much of it.
    pub extent: Extent,
}

/// How much of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Its last lines.
    Lines(u32),
    /// All of it, as a file.
    Full,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("get-log")
            .about("Show the end of a build's log")
            .arg(arguments::job())
            .arg(arguments::build())
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
            )
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    (name == "get-log").then(|| Ok(get_log(matches)))
}

fn get_log(matches: &ArgMatches) -> Request {
    let extent = if matches.get_flag("full") {
        Extent::Full
    } else {
        let lines = matches.get_one::<u32>("lines").copied();
        Extent::Lines(lines.unwrap_or(DEFAULT_LINES))
    };
    Request {
        build: arguments::read_build(matches),
        extent,
    }
}
