//! `notify`.

use clap::builder::PossibleValue;
use clap::{Arg, ArgMatches, Command};

use crate::jenkins::watch::ping::Ping;

/// How somebody is told of the end of their builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What they choose; nothing shows what they chose.
    pub ping: Option<Ping>,
}

const HOW: &str = "how";

pub(super) fn commands() -> Vec<Command> {
    let values = Ping::ALL.map(|ping| {
        let help = match ping {
            Ping::Thread => "Mentioned in the thread of the build's card",
            Ping::Direct => "By a direct message",
            Ping::Off => "Not at all; the card shows the result",
        };
        PossibleValue::new(ping.name()).help(help)
    });
    vec![
        Command::new("notify")
            .about("Choose how you are told of the end of your builds")
            .arg(
                Arg::new(HOW)
                    .value_name("how")
                    .help("Where you are pinged")
                    .value_parser(values)
                    .ignore_case(true),
            ),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Request> {
    (name == "notify").then(|| {
        let typed = matches.get_one::<String>(HOW);
        let chosen = typed.map(|typed| {
            let mut all = Ping::ALL.into_iter();
            all.find(|ping| ping.name().eq_ignore_ascii_case(typed))
        });
        Request {
            ping: chosen.flatten(),
        }
    })
}
