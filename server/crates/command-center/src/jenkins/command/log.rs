//! `get-log`.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::arguments::{self, BuildArgument};
use crate::jenkins::log_text::LinePattern;

/// Lines of a log that are shown when nobody says how many.
pub const DEFAULT_LINES: u32 = 50;
/// Most lines of a log that can be asked for; `--full` has no such limit.
const MOST_LINES: i64 = 10_000;
/// Lines around those that match when nobody says how many.
const DEFAULT_CONTEXT: u32 = 2;
/// Most lines around those that match.
const MOST_CONTEXT: i64 = 20;

/// Show a build's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which build.
    pub build: BuildArgument,
    /// Which part of it.
    pub part: Part,
}

/// A part of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Its last lines.
    End(u32),
    /// All of it, as a file.
    Whole,
    /// The lines that match, with so many lines around each.
    Matches {
        /// What they match.
        pattern: LinePattern,
        /// How many lines around each.
        context: u32,
    },
    /// What a stage of a pipeline printed last.
    Stage {
        /// The stage's name as typed.
        name: String,
        /// How many lines of it.
        lines: u32,
    },
    /// Its last lines, shown anew while the build runs.
    Live,
}

pub(super) fn commands() -> Vec<Command> {
    const PARTS: [&str; 4] = ["full", "grep", "stage", "follow"];
    let alone = |name: &'static str| -> Vec<&'static str> {
        PARTS.into_iter().filter(|other| *other != name).collect()
    };
    let flag = |name: &'static str, help: &'static str| {
        let flag = Arg::new(name).long(name).help(help);
        flag.action(ArgAction::SetTrue)
            .conflicts_with_all(alone(name))
    };
    vec![
        Command::new("get-log")
            .about("Show the end of a build's log, or search or follow it")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(
                Arg::new("lines")
                    .long("lines")
                    .value_name("count")
                    .help("How many lines (50)")
                    .value_parser(value_parser!(u32).range(1..=MOST_LINES))
                    .conflicts_with_all(["full", "grep", "follow"]),
            )
            .arg(flag("full", "The whole log, attached as a file"))
            .arg(
                Arg::new("grep")
                    .long("grep")
                    .value_name("regex")
                    .help("Only lines that match this regular expression; put it in quotes")
                    .conflicts_with_all(alone("grep")),
            )
            .arg(
                Arg::new("context")
                    .long("context")
                    .value_name("count")
                    .help("Lines around each line that matches (2)")
                    .value_parser(value_parser!(u32).range(0..=MOST_CONTEXT))
                    .requires("grep"),
            )
            .arg(
                Arg::new("stage")
                    .long("stage")
                    .value_name("name")
                    .help("Only this stage of a pipeline")
                    .conflicts_with_all(alone("stage")),
            )
            .arg(flag(
                "follow",
                "Show the log as it grows, until the build ends",
            ))
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    (name == "get-log").then(|| get_log(matches))
}

fn get_log(matches: &ArgMatches) -> Result<Request, String> {
    let text = |name: &str| matches.get_one::<String>(name);
    let lines = matches.get_one("lines").copied().unwrap_or(DEFAULT_LINES);
    let part = if matches.get_flag("full") {
        Part::Whole
    } else if matches.get_flag("follow") {
        Part::Live
    } else if let Some(pattern) = text("grep") {
        let context = matches.get_one("context").copied();
        Part::Matches {
            pattern: LinePattern::parse(pattern)
                .map_err(|error| format!("What stands after `--grep` cannot be used: {error}."))?,
            context: context.unwrap_or(DEFAULT_CONTEXT),
        }
    } else if let Some(name) = text("stage") {
        Part::Stage {
            name: name.clone(),
            lines,
        }
    } else {
        Part::End(lines)
    };
    Ok(Request {
        build: arguments::read_build(matches),
        part,
    })
}
