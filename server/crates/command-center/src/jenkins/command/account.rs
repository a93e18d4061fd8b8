//! `connect`, `disconnect`, `me`.

use clap::{Arg, ArgMatches, Command};

use super::arguments;

/// About the user's Jenkins accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Connect with a Jenkins account; without credentials, by a dialog.
    Connect {
        /// What was typed in the command itself.
        credentials: Option<Credentials>,
        /// Which server, as typed.
        server: Option<String>,
    },
    /// Forget the Jenkins account.
    Disconnect {
        /// Which server, as typed.
        server: Option<String>,
    },
    /// Which Jenkins account is connected.
    Me {
        /// Which server, as typed.
        server: Option<String>,
    },
}

/// A Jenkins account as typed into the message box.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Jenkins user id.
    pub user: String,
    /// API token.
    pub token: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::new("connect")
            .about("Connect your Jenkins account (opens a dialog)")
            .arg(Arg::new("user").value_name("user").help(
                "Jenkins user id. Leave it out: the dialog keeps your token out of the message box",
            ))
            .arg(
                Arg::new("token")
                    .value_name("token")
                    .help("API token (better typed into the dialog)"),
            )
            .arg(arguments::server()),
        Command::new("disconnect")
            .about("Forget your Jenkins account")
            .arg(arguments::server()),
        Command::new("me")
            .about("Show which Jenkins account is connected")
            .arg(arguments::server()),
    ]
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    let server = || arguments::read_server(matches);
    Some(match name {
        "connect" => connect(matches),
        "disconnect" => Ok(Request::Disconnect { server: server() }),
        "me" => Ok(Request::Me { server: server() }),
        _ => return None,
    })
}

fn connect(matches: &ArgMatches) -> Result<Request, String> {
    let word = |name: &str| matches.get_one::<String>(name).cloned();
    let credentials = match (word("user"), word("token")) {
        (Some(user), Some(token)) => Some(Credentials { user, token }),
        (Some(_), None) => return Err("Please specify both username and API token. Or type just `/jenkins connect`: a dialog asks for both and keeps the token out of the message box.".to_owned()),
        (None, _) => None,
    };
    Ok(Request::Connect {
        credentials,
        server: arguments::read_server(matches),
    })
}
