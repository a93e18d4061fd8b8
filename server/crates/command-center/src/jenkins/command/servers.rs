//! `server`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, Whose};

/// About which Jenkins servers there are, and which is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Show all of them.
    List,
    /// Choose the server that is meant where none is named.
    SetDefault {
        /// Which, as typed.
        server: String,
        /// For whom.
        whose: Whose,
    },
    /// No longer choose one.
    ClearDefault {
        /// For whom.
        whose: Whose,
    },
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("server")
            .about("Show the Jenkins servers, and choose which one is meant")
            .subcommands([
                Command::new("list").about("Show the servers, and your account at each"),
                Command::new("default")
                    .about("Choose the server that is meant where none is named")
                    .arg(arguments::server_name())
                    .arg(
                        Arg::new("clear")
                            .long("clear")
                            .help("Choose none")
                            .action(ArgAction::SetTrue)
                            .conflicts_with(arguments::SERVER_NAME),
                    )
                    .args(arguments::whose()),
            ]),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    if name != "server" {
        return None;
    }
    Some(match matches.subcommand() {
        Some(("default", matches)) => default(matches),
        _ => Ok(Request::List),
    })
}

fn default(matches: &ArgMatches) -> Result<Request, String> {
    let whose = arguments::read_whose(matches);
    if matches.get_flag("clear") {
        return Ok(Request::ClearDefault { whose });
    }
    match matches.get_one::<String>(arguments::SERVER_NAME) {
        Some(server) => Ok(Request::SetDefault {
            server: server.clone(),
            whose,
        }),
        None => Err("Please specify a server, as in `/jenkins server default main`, or `--clear`. `/jenkins server list` shows them all.".to_owned()),
    }
}
