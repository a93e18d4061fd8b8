//! `search`.

use clap::{Arg, ArgMatches, Command};

use super::arguments;

/// Find jobs by a part of their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// All of them have to be in the name.
    pub words: Vec<String>,
    /// Which server, as typed.
    pub server: Option<String>,
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("search")
            .about("Find jobs by parts of their name")
            .arg(
                Arg::new("words")
                    .value_name("words")
                    .help("Parts of the name, in any order")
                    .required(true)
                    .num_args(1..),
            )
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Request> {
    (name == "search").then(|| Request {
        // Also "two words" in one pair of quotes.
        words: arguments::texts(matches, "words")
            .iter()
            .flat_map(|words| words.split_whitespace())
            .map(str::to_owned)
            .collect(),
        server: arguments::read_server(matches),
    })
}
