//! `nodes`: `list`, `offline`, `online`.

use clap::{Arg, ArgMatches, Command};

use super::arguments;

/// About nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What.
    pub action: Action,
    /// Which server, as typed.
    pub server: Option<String>,
}

/// What to do with nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Show all of them, and what runs there.
    List,
    /// Let nothing more start on one.
    TakeOffline {
        /// The words behind the command: the node's name, then the reason. Where one ends is seen once the
        /// nodes are known.
        words: Vec<String>,
    },
    /// Let one be used again.
    BringOnline {
        /// Its name, as typed.
        name: String,
    },
}

const NODE: &str = "node";
const REASON: &str = "reason";

pub(super) fn commands() -> Vec<Command> {
    let node = || {
        Arg::new(NODE)
            .value_name("node")
            .help("Its name, as the list shows it; built-in for Jenkins itself")
            .required(true)
    };
    vec![
        Command::new("nodes")
            .about("Show the nodes and what runs on them; take them offline and back")
            .arg(arguments::server())
            .args_conflicts_with_subcommands(true)
            .subcommands([
                Command::new("list")
                    .about("Show the nodes and what runs on them")
                    .arg(arguments::server()),
                Command::new("offline")
                    .about("Let nothing more start on a node; what runs goes on")
                    .arg(node())
                    .arg(
                        Arg::new(REASON)
                            .value_name("reason")
                            .help("What Jenkins tells its users")
                            .num_args(0..),
                    )
                    .arg(arguments::server()),
                Command::new("online")
                    .about("Let a node be used again that somebody took offline")
                    .arg(node())
                    .arg(arguments::rest())
                    .arg(arguments::server()),
            ]),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Request> {
    if name != "nodes" {
        return None;
    }
    let words = |matches: &ArgMatches, further: &str| -> Vec<String> {
        let first = matches.get_one::<String>(NODE).cloned();
        let further = arguments::texts(matches, further);
        first.into_iter().chain(further).collect()
    };
    let (action, matches) = match matches.subcommand() {
        Some(("offline", matches)) => {
            let words = words(matches, REASON);
            (Action::TakeOffline { words }, matches)
        }
        Some(("online", matches)) => {
            let name = words(matches, arguments::REST).join(" ");
            (Action::BringOnline { name }, matches)
        }
        Some((_, matches)) => (Action::List, matches),
        None => (Action::List, matches),
    };
    Some(Request {
        action,
        server: arguments::read_server(matches),
    })
}
