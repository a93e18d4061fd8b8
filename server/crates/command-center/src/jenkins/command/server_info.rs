//! `queue`, `running`, `health`, `plugins`, `about`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments;

/// About looking at Jenkins as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What of it.
    pub subject: Subject,
    /// Which server, as typed.
    pub server: Option<String>,
}

/// What somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// What waits.
    Queue,
    /// What is being built.
    Running,
    /// How Jenkins is.
    Health,
    /// Its plugins.
    Plugins {
        /// A part of the name.
        filter: Option<String>,
        /// Only those for which there is an update.
        only_updates: bool,
    },
    /// Which programs work together here.
    About,
}

pub(super) fn commands() -> Vec<Command> {
    let of_server = |name: &'static str, about: &'static str| {
        Command::new(name).about(about).arg(arguments::server())
    };
    vec![
        of_server("queue", "Show what waits in the queue, and why"),
        of_server("running", "Show all builds that run"),
        of_server("health", "Show how Jenkins is doing"),
        of_server("plugins", "List the plugins of Jenkins")
            .arg(
                Arg::new("filter")
                    .value_name("name")
                    .help("Only those with this in their names")
                    .num_args(0..),
            )
            .arg(
                Arg::new("updates")
                    .long("updates")
                    .help("Only those for which there is an update")
                    .action(ArgAction::SetTrue),
            ),
        Command::new("about").about("Show the versions of the plugin, Mattermost and Jenkins"),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    let subject = match name {
        "queue" => Subject::Queue,
        "running" => Subject::Running,
        "health" => Subject::Health,
        "plugins" => Subject::Plugins {
            filter: Some(arguments::texts(matches, "filter").join(" "))
                .filter(|filter| !filter.trim().is_empty()),
            only_updates: matches.get_flag("updates"),
        },
        "about" => {
            return Some(Ok(Request {
                subject: Subject::About,
                server: None,
            }));
        }
        _ => return None,
    };
    Some(Ok(Request {
        subject,
        server: arguments::read_server(matches),
    }))
}
