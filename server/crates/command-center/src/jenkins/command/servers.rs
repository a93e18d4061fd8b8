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
    /// Add one for everybody.
    Add {
        /// Its short name, as typed.
        alias: String,
        /// Where it is, as typed.
        address: String,
        /// Where people reach it, as typed, if that differs.
        public_address: Option<String>,
    },
    /// Take one away that somebody added.
    Remove {
        /// Which, as typed.
        alias: String,
    },
}

const ALIAS: &str = "alias";
const ADDRESS: &str = "address";
const PUBLIC_ADDRESS: &str = "address-for-links";

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("server")
            .about("Show the Jenkins servers, choose which one is meant, add one")
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
                Command::new("add")
                    .about("Add a server for everybody on this Mattermost, where the administrator allows it")
                    .arg(
                        Arg::new(ALIAS)
                            .help("Its short name, as in --server qa")
                            .required(true),
                    )
                    .arg(
                        Arg::new(ADDRESS)
                            .help("Where it is, as in https://qa.example.com/jenkins")
                            .required(true),
                    )
                    .arg(Arg::new(PUBLIC_ADDRESS).help("Where people reach it, if that differs")),
                Command::new("remove")
                    .about("Take a server away that you added, and forget everybody's account there")
                    .arg(arguments::server_name().required(true)),
            ]),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    if name != "server" {
        return None;
    }
    Some(match matches.subcommand() {
        Some(("default", matches)) => default(matches),
        Some(("add", matches)) => Ok(Request::Add {
            alias: text(matches, ALIAS),
            address: text(matches, ADDRESS),
            public_address: matches.get_one(PUBLIC_ADDRESS).cloned(),
        }),
        Some(("remove", matches)) => Ok(Request::Remove {
            alias: text(matches, arguments::SERVER_NAME),
        }),
        _ => Ok(Request::List),
    })
}

/// Of an argument that is required.
fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one(name).cloned().unwrap_or_default()
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
