//! `abort`, `enable`, `disable`, `delete`, `scan`, `createjob`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, BuildArgument, JobArgument};

/// About changing jobs and their builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Stop a build, or take a waiting one out of the queue.
    Abort {
        /// Which; without a number the one that runs, or else waits.
        build: BuildArgument,
        /// Only what waits in the queue.
        queued: bool,
    },
    /// Let a job be built, or no longer.
    SetEnabled {
        /// Which.
        job: JobArgument,
        /// Whether it can be built then.
        enabled: bool,
    },
    /// Delete a job or a folder.
    Delete {
        /// Which.
        job: JobArgument,
    },
    /// Look for branches or repositories.
    Scan {
        /// Where.
        folder: JobArgument,
    },
    /// Make a job.
    Create(Create),
}

/// What a new job is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Create {
    /// Its name with its folders; empty if the dialog asks.
    pub name: String,
    /// Of which server.
    pub server: Option<String>,
    /// The job to copy.
    pub from: Option<String>,
    /// The configuration is a file attached in this thread.
    pub attached: bool,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("abort")
            .about("Abort a build, or take it out of the queue")
            .arg(arguments::job())
            .arg(arguments::build())
            .arg(
                Arg::new("queued")
                    .long("queued")
                    .help("Only what waits in the queue")
                    .action(ArgAction::SetTrue),
            )
            .arg(arguments::server()),
        Command::new("enable")
            .about("Enable a job")
            .arg(arguments::job())
            .arg(arguments::rest())
            .arg(arguments::server()),
        Command::new("disable")
            .about("Disable a job")
            .arg(arguments::job())
            .arg(arguments::rest())
            .arg(arguments::server()),
        Command::new("delete")
            .about("Delete a job or a folder, after a question")
            .arg(arguments::job().required(true))
            .arg(arguments::rest())
            .arg(arguments::server()),
        Command::new("scan")
            .alias("reindex")
            .about("Look for branches in a multibranch project, or for repositories")
            .arg(arguments::job())
            .arg(arguments::rest())
            .arg(arguments::server()),
        Command::new("createjob")
            .about("Create a job from its config.xml (opens a dialog)")
            .arg(
                Arg::new("job")
                    .value_name("name")
                    .help("Name of the new job, with its folders"),
            )
            .arg(arguments::rest())
            .arg(
                Arg::new("from")
                    .long("from")
                    .value_name("job")
                    .help("Copy this job"),
            )
            .arg(
                Arg::new("attached")
                    .long("attached")
                    .help("Take the newest XML file attached in this thread")
                    .action(ArgAction::SetTrue)
                    .conflicts_with("from"),
            )
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    let job = || arguments::read_job(matches, &arguments::texts(matches, arguments::REST));
    Some(match name {
        "abort" => Ok(Request::Abort {
            build: arguments::read_build(matches),
            queued: matches.get_flag("queued"),
        }),
        "enable" | "disable" => Ok(Request::SetEnabled {
            job: job(),
            enabled: name == "enable",
        }),
        "delete" => Ok(Request::Delete { job: job() }),
        "scan" => Ok(Request::Scan { folder: job() }),
        "createjob" => create(matches, job()),
        _ => return None,
    })
}

fn create(matches: &ArgMatches, job: JobArgument) -> Result<Request, String> {
    let create = Create {
        name: job.text,
        server: job.server,
        from: matches.get_one::<String>("from").cloned(),
        attached: matches.get_flag("attached"),
    };
    if create.name.is_empty() && (create.from.is_some() || create.attached) {
        return Err(
            "Please specify a name for the new job, as in `/jenkins createjob folder/name --from folder/other`."
                .to_owned(),
        );
    }
    Ok(Request::Create(create))
}
