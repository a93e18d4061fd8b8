//! `/jenkins`: one tree for the parser, the help and the autocomplete.
//!
//! Commands that belong together are one file below: it declares them and reads what was typed into
//! a request of its own, which the file of the same name in [`service`](super::service) carries out.

pub mod account;
pub mod arguments;
pub mod artifacts;
pub mod build;
pub mod configuration;
pub mod control;
pub mod follow;
pub mod input;
pub mod inspect;
pub mod log;
pub mod nodes;
pub mod notify;
pub mod search;
pub mod server_control;
pub mod server_info;
pub mod servers;
pub mod shortcuts;
pub mod subscriptions;
pub mod test_results;
pub mod webhook;

use clap::{ArgMatches, Command};
use mattermost_plugin::command::{Answer, CommandTree, topic};

use super::policy::Verb;

pub use arguments::JobArgument;

/// The trigger, without the slash.
pub const TRIGGER: &str = "jenkins";

/// What a user asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// About the user's Jenkins accounts.
    Account(account::Request),
    /// Show or attach what a build archived.
    Artifacts(artifacts::Request),
    /// About starting builds.
    Build(build::Request),
    /// About the configuration of jobs.
    Configuration(configuration::Request),
    /// About changing jobs and their builds.
    Control(control::Request),
    /// About following builds that run already.
    Follow(follow::Request),
    /// About the questions of pipelines.
    Input(input::Request),
    /// About looking at jobs and builds.
    Inspect(inspect::Request),
    /// Show a build's log.
    Log(log::Request),
    /// About changing nodes.
    Nodes(nodes::Request),
    /// How somebody is told of the end of their builds.
    Notify(notify::Request),
    /// Find jobs.
    Search(search::Request),
    /// About which servers there are.
    Servers(servers::Request),
    /// About what need not be typed.
    Shortcuts(shortcuts::Request),
    /// About Jenkins as a whole.
    ServerControl(server_control::Request),
    /// About looking at Jenkins as a whole.
    ServerInfo(server_info::Request),
    /// About what a channel hears of.
    Subscriptions(Box<subscriptions::Request>),
    /// Show the tests of a build.
    TestResults(test_results::Request),
    /// About what Jenkins sends.
    Webhook(webhook::Request),
    /// Find out what is wrong.
    Doctor,
}

/// The tree.
#[must_use]
pub fn tree() -> CommandTree {
    let topics = [
        (
            "Your account",
            [account::commands(), servers::commands(), notify::commands()].concat(),
        ),
        (
            "Builds",
            [
                build::commands(),
                follow::commands(),
                input::commands(),
                log::commands(),
                test_results::commands(),
                artifacts::commands(),
            ]
            .concat(),
        ),
        (
            "Jobs",
            [
                search::commands(),
                inspect::commands(),
                control::commands(),
                configuration::commands(),
                shortcuts::commands(),
            ]
            .concat(),
        ),
        (
            "Channels",
            [subscriptions::commands(), webhook::commands()].concat(),
        ),
        (
            "Jenkins itself",
            [
                server_info::commands(),
                nodes::commands(),
                server_control::commands(),
                vec![doctor()],
            ]
            .concat(),
        ),
    ];
    let commands = topics.into_iter().flat_map(|(name, commands)| {
        let commands = commands.into_iter();
        commands.map(move |command| topic(command, name))
    });
    let root = Command::new(TRIGGER)
        .about("Run Jenkins from Mattermost")
        .subcommands(commands);
    CommandTree::new(root)
}

fn doctor() -> Command {
    Command::new("doctor").about("Find out why something does not work")
}

/// Understands what was typed.
///
/// # Errors
/// The Markdown to answer instead: help, or what is wrong.
pub fn parse(tree: &CommandTree, typed: &str) -> Result<(Verb, Request), String> {
    let matches = match tree.parse(typed) {
        Ok(matches) => matches,
        Err(answer) => return Err(with_heading(answer)),
    };
    let Some((name, matches)) = matches.subcommand() else {
        return Err(help(tree));
    };
    let verb = Verb::of_command(name, matches.subcommand_name());
    let understood = verb.zip(read(name, matches));
    let Some((verb, request)) = understood else {
        return Err(help(tree));
    };
    Ok((verb, request?))
}

fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    if name == "doctor" {
        return Some(Ok(Request::Doctor));
    }
    account::read(name, matches)
        .map(|request| request.map(Request::Account))
        .or_else(|| artifacts::read(name, matches).map(|request| request.map(Request::Artifacts)))
        .or_else(|| build::read(name, matches).map(|request| request.map(Request::Build)))
        .or_else(|| {
            configuration::read(name, matches).map(|request| Ok(Request::Configuration(request)))
        })
        .or_else(|| control::read(name, matches).map(|request| request.map(Request::Control)))
        .or_else(|| follow::read(name, matches).map(|request| request.map(Request::Follow)))
        .or_else(|| input::read(name, matches).map(|request| request.map(Request::Input)))
        .or_else(|| inspect::read(name, matches).map(|request| request.map(Request::Inspect)))
        .or_else(|| log::read(name, matches).map(|request| request.map(Request::Log)))
        .or_else(|| nodes::read(name, matches).map(|request| Ok(Request::Nodes(request))))
        .or_else(|| {
            server_control::read(name, matches).map(|request| request.map(Request::ServerControl))
        })
        .or_else(|| {
            server_info::read(name, matches).map(|request| request.map(Request::ServerInfo))
        })
        .or_else(|| {
            let request = subscriptions::read(name, matches)?;
            Some(request.map(|request| Request::Subscriptions(Box::new(request))))
        })
        .or_else(|| {
            test_results::read(name, matches).map(|request| request.map(Request::TestResults))
        })
        .or_else(|| notify::read(name, matches).map(|request| Ok(Request::Notify(request))))
        .or_else(|| search::read(name, matches).map(|request| Ok(Request::Search(request))))
        .or_else(|| servers::read(name, matches).map(|request| request.map(Request::Servers)))
        .or_else(|| shortcuts::read(name, matches).map(|request| request.map(Request::Shortcuts)))
        .or_else(|| webhook::read(name, matches).map(|request| Ok(Request::Webhook(request))))
}

/// The whole help.
#[must_use]
pub fn help(tree: &CommandTree) -> String {
    format!(
        "###### Mattermost Jenkins Plugin - Slash Command Help\n{}",
        tree.help(&[])
    )
}

fn with_heading(answer: Answer) -> String {
    match answer {
        Answer::Help(text) => {
            format!("###### Mattermost Jenkins Plugin - Slash Command Help\n{text}")
        }
        Answer::Mistake(text) => text,
    }
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
