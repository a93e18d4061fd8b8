//! `webhook`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments;

/// About what Jenkins sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Make an address for a Jenkins to send to.
    Add {
        /// What to call it.
        name: String,
        /// Which server sends there, as typed.
        server: Option<String>,
        /// Whether messages may name other channels.
        anywhere: bool,
    },
    /// Show the webhooks of the channel.
    List,
    /// Show one, without its secret.
    Show {
        /// Which: its id, or its name.
        id: String,
    },
    /// Replace the secret.
    Rotate {
        /// Which.
        id: String,
    },
    /// Accept nothing more.
    Delete {
        /// Which.
        id: String,
    },
}

pub(super) fn commands() -> Vec<Command> {
    let id = || {
        Arg::new("id")
            .value_name("id")
            .help("Its id or name, as the list shows it")
            .required(true)
    };
    vec![
        Command::new("webhook")
            .about("Let Jenkins send news to this channel")
            .subcommands([
                Command::new("add")
                    .about("Make an address for Jenkins, and show what to paste there")
                    .arg(
                        Arg::new("name")
                            .value_name("name")
                            .help("What to call it")
                            .num_args(0..),
                    )
                    .arg(arguments::server())
                    .arg(
                        Arg::new("anywhere")
                            .long("anywhere")
                            .help("Messages may name other public channels of this team, and users")
                            .action(ArgAction::SetTrue),
                    ),
                Command::new("list").about("Show the webhooks of this channel"),
                Command::new("show")
                    .about("Show how a webhook is used")
                    .arg(id()),
                Command::new("rotate")
                    .about("Replace the secret; the former one works for a day longer")
                    .arg(id()),
                Command::new("delete")
                    .about("Accept nothing more from it")
                    .arg(id()),
            ]),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Request> {
    if name != "webhook" {
        return None;
    }
    let Some((name, matches)) = matches.subcommand() else {
        return Some(Request::List);
    };
    let id = || matches.get_one::<String>("id").cloned().unwrap_or_default();
    Some(match name {
        "add" => Request::Add {
            name: arguments::texts(matches, "name").join(" "),
            server: arguments::read_server(matches),
            anywhere: matches.get_flag("anywhere"),
        },
        "show" => Request::Show { id: id() },
        "rotate" => Request::Rotate { id: id() },
        "delete" => Request::Delete { id: id() },
        _ => Request::List,
    })
}
