//! `safe-restart`, `quiet-down`, `cancel-quiet-down`.

use clap::{Arg, ArgMatches, Command};

use super::arguments;

/// About Jenkins as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What.
    pub action: Action,
    /// Which server, as typed.
    pub server: Option<String>,
}

/// What to do with a server. The texts are what Jenkins tells its users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Restart it once no build runs.
    SafeRestart(Option<String>),
    /// Let no build start.
    QuietDown(Option<String>),
    /// Let builds start again.
    CancelQuietDown,
}

pub(super) fn commands() -> Vec<Command> {
    let message = || {
        Arg::new("message")
            .value_name("message")
            .help("What Jenkins tells its users")
            .num_args(0..)
    };
    vec![
        Command::new("safe-restart")
            .about("Restart Jenkins once no build runs, after a question")
            .arg(message())
            .arg(arguments::server()),
        Command::new("quiet-down")
            .about("Let no build start, after a question")
            .arg(message())
            .arg(arguments::server()),
        Command::new("cancel-quiet-down")
            .about("Let builds start again")
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    let message = || {
        let text = arguments::texts(matches, "message").join(" ");
        Some(text).filter(|text| !text.is_empty())
    };
    let action = match name {
        "safe-restart" => Action::SafeRestart(message()),
        "quiet-down" => Action::QuietDown(message()),
        "cancel-quiet-down" => Action::CancelQuietDown,
        _ => return None,
    };
    Some(Ok(Request {
        action,
        server: arguments::read_server(matches),
    }))
}
