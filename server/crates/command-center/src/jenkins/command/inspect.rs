//! `status`, `list`, `last`, `history`, `info`, `changes`, `stages`.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::arguments::{self, BuildArgument, JobArgument};
use crate::jenkins::view::Only;

/// Builds that are shown when nobody says how many.
const DEFAULT_BUILDS: u32 = 10;
/// Most builds that can be asked for.
const MOST_BUILDS: i64 = 50;

/// About looking at jobs and builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// How a job is doing.
    Status {
        /// Which; of a folder, what is in it.
        job: JobArgument,
    },
    /// Which jobs there are.
    List {
        /// Where; empty at the top.
        folder: JobArgument,
        /// Which of them.
        only: Only,
    },
    /// All about the newest build.
    Last {
        /// Of which job.
        job: JobArgument,
    },
    /// The newest builds.
    History {
        /// Of which job.
        job: JobArgument,
        /// How many at most.
        limit: u32,
    },
    /// What a job is and asks for.
    Info {
        /// Which.
        job: JobArgument,
    },
    /// The commits of a build.
    Changes {
        /// Which.
        build: BuildArgument,
    },
    /// The stages of a pipeline's build.
    Stages {
        /// Which.
        build: BuildArgument,
    },
}

pub(super) fn commands() -> Vec<Command> {
    let of_job = |name: &'static str, about: &'static str| {
        Command::new(name)
            .about(about)
            .arg(arguments::job())
            .arg(arguments::rest())
            .arg(arguments::server())
    };
    let of_build = |name: &'static str, about: &'static str| {
        Command::new(name)
            .about(about)
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(arguments::server())
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .help(help)
            .action(ArgAction::SetTrue)
    };
    vec![
        of_job("status", "Show how a job is doing"),
        Command::new("list")
            .about("List the jobs in a folder, or all that failed or run below it")
            .arg(
                arguments::job()
                    .value_name("folder")
                    .help("Folder; everything otherwise")
                    .required(false),
            )
            .arg(arguments::rest())
            .arg(flag(
                "failed",
                "Only those whose last build failed, at any depth",
            ))
            .arg(
                flag("running", "Only those that are being built, at any depth")
                    .conflicts_with("failed"),
            )
            .arg(arguments::server()),
        of_job("last", "Show all about the last build of a job"),
        of_job("history", "Show the last builds of a job").arg(
            Arg::new("limit")
                .long("limit")
                .value_name("count")
                .help("How many builds (10)")
                .value_parser(value_parser!(u32).range(1..=MOST_BUILDS)),
        ),
        of_job("info", "Show what a job does and which parameters it has"),
        of_build("changes", "Show the commits of a build"),
        of_build("stages", "Show the stages of a pipeline's build"),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    let job = || arguments::read_job(matches, &arguments::texts(matches, arguments::REST));
    let build = || arguments::read_build(matches);
    Some(Ok(match name {
        "status" => Request::Status { job: job() },
        "list" => Request::List {
            folder: job(),
            only: match (matches.get_flag("failed"), matches.get_flag("running")) {
                (true, _) => Only::Failed,
                (_, true) => Only::Running,
                (false, false) => Only::Here,
            },
        },
        "last" => Request::Last { job: job() },
        "history" => Request::History {
            job: job(),
            limit: matches.get_one("limit").copied().unwrap_or(DEFAULT_BUILDS),
        },
        "info" => Request::Info { job: job() },
        "changes" => Request::Changes { build: build() },
        "stages" => Request::Stages { build: build() },
        _ => return None,
    }))
}
