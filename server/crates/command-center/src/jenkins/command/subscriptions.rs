//! `subscribe`, `unsubscribe`, `subscriptions`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::arguments::{self, JobArgument};
use crate::jenkins::pattern::BranchPattern;
use crate::jenkins::subscriptions::EventKinds;
use crate::notifications::DigestInterval;
use crate::notifications::digest::parse_duration;

/// About what a channel hears of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Subscribe the channel.
    Add {
        /// To what: a job, a folder, a glob, or `all`.
        target: JobArgument,
        /// How.
        options: Options,
    },
    /// Show the channel's subscriptions.
    List,
    /// Change a subscription.
    Edit {
        /// Which: its id, or its beginning.
        id: String,
        /// What is different now.
        options: Options,
    },
    /// Keep a subscription silent.
    Mute {
        /// Which.
        id: String,
        /// For how long; `None`: for good.
        seconds: Option<u64>,
    },
    /// Let a subscription tell again.
    Unmute {
        /// Which.
        id: String,
    },
    /// End a subscription.
    Delete {
        /// Which: its id, or what it is about.
        id: String,
    },
    /// Show what a subscription's posts look like.
    Test {
        /// Which.
        id: String,
    },
}

/// How a subscription tells. What is `None` was not typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Which events.
    pub events: Option<EventKinds>,
    /// Only these branches; `Some(None)`: all.
    pub branch: Option<Option<BranchPattern>>,
    /// Whom to mention, as typed; `Some(None)`: nobody.
    pub mention: Option<Option<String>>,
    /// Whether more is told in the thread.
    pub thread: Option<bool>,
    /// Whether only the first of several failures counts.
    pub only_first_failure: Option<bool>,
    /// How long news is collected; `Some(None)`: not at all.
    pub digest: Option<Option<DigestInterval>>,
    /// Quiet hours, as typed; `Some(None)`: none.
    pub quiet: Option<Option<String>>,
}

const TARGET: &str = "target";
const ID: &str = "id";

pub(super) fn commands() -> Vec<Command> {
    let add = |name: &'static str| {
        with_options(
            Command::new(name)
                .about("Tell this channel of builds")
                .arg(target("A job, a folder, a pattern such as team/**, or all"))
                .arg(arguments::server()),
        )
    };
    vec![
        add("subscribe"),
        Command::new("unsubscribe")
            .about("End a subscription of this channel")
            .arg(target("Its id, or the job that it is about")),
        Command::new("subscriptions")
            .about("What this channel hears of")
            .subcommands([
                add("add"),
                Command::new("list").about("Show the subscriptions of this channel"),
                with_options(
                    Command::new("edit")
                        .about("Change a subscription")
                        .arg(id()),
                ),
                Command::new("mute")
                    .about("Keep a subscription silent")
                    .arg(id())
                    .arg(
                        Arg::new("time")
                            .value_name("time")
                            .help("For how long, such as 30m, 8h or 2d; for good otherwise"),
                    ),
                Command::new("unmute")
                    .about("Let a subscription tell again")
                    .arg(id()),
                Command::new("delete")
                    .about("End a subscription")
                    .arg(target("Its id, or the job that it is about")),
                Command::new("test")
                    .about("Post what a subscription looks like")
                    .arg(id()),
            ]),
    ]
}

fn target(help: &'static str) -> Arg {
    Arg::new(TARGET)
        .value_name("job")
        .help(help)
        .required(true)
        .num_args(1..)
}

fn id() -> Arg {
    Arg::new(ID)
        .value_name("id")
        .help("Its id, as the list shows it")
        .required(true)
}

fn with_options(command: Command) -> Command {
    let value = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .help(help)
            .action(ArgAction::SetTrue)
    };
    command.args([
        value(
            "events",
            "list",
            "Of start, success, failure, fixed, regression, still-failing, unstable, aborted, input, queue-stuck, node-offline, all",
        ),
        value("branch", "regex", "Only branches that fit, such as main|release/.*; none: all"),
        value("mention", "whom", "channel, here, or a user; none: nobody"),
        flag("thread", "Tell tests, changes and more in the thread"),
        flag("no-thread", "Do not").conflicts_with("thread"),
        value("digest", "time", "Collect news for so long, such as 1h; none: tell at once"),
        value("quiet", "hours", "Not then, such as 22:00-07:00 Europe/Berlin; none: always")
            .num_args(1..=2),
        flag("only-first-failure", "Of several failures in a row, tell the first"),
        flag("each-failure", "Tell each failure").conflicts_with("only-first-failure"),
    ])
}

pub(super) fn read(name: &str, matches: &ArgMatches) -> Option<Result<Request, String>> {
    match name {
        "subscribe" => Some(add(matches)),
        "unsubscribe" => Some(Ok(delete(matches))),
        "subscriptions" => Some(match matches.subcommand() {
            Some((name, matches)) => read_below(name, matches),
            None => Ok(Request::List),
        }),
        _ => None,
    }
}

fn read_below(name: &str, matches: &ArgMatches) -> Result<Request, String> {
    let id = || matches.get_one::<String>(ID).cloned().unwrap_or_default();
    match name {
        "add" => add(matches),
        "edit" => Ok(Request::Edit {
            id: id(),
            options: options(matches)?,
        }),
        "mute" => Ok(Request::Mute {
            id: id(),
            seconds: time(matches)?,
        }),
        "unmute" => Ok(Request::Unmute { id: id() }),
        "delete" => Ok(delete(matches)),
        "test" => Ok(Request::Test { id: id() }),
        _ => Ok(Request::List),
    }
}

fn add(matches: &ArgMatches) -> Result<Request, String> {
    Ok(Request::Add {
        target: JobArgument {
            text: arguments::texts(matches, TARGET).join(" "),
            server: arguments::read_server(matches),
        },
        options: options(matches)?,
    })
}

fn delete(matches: &ArgMatches) -> Request {
    Request::Delete {
        id: arguments::texts(matches, TARGET).join(" "),
    }
}

fn time(matches: &ArgMatches) -> Result<Option<u64>, String> {
    let Some(text) = matches.get_one::<String>("time") else {
        return Ok(None);
    };
    let duration = parse_duration(text).filter(|duration| !duration.is_zero());
    duration
        .map(|duration| Some(duration.as_secs()))
        .ok_or_else(|| "Write the time as `30m`, `8h` or `2d`.".to_owned())
}

fn options(matches: &ArgMatches) -> Result<Options, String> {
    let text = |name: &str| {
        let words = arguments::texts(matches, name);
        (!words.is_empty()).then(|| words.join(" "))
    };
    // `none` takes away what was set.
    let value = |name: &str| text(name).map(|text| (!is_none(&text)).then_some(text));
    let switch = |on: &str, off: &str| match (matches.get_flag(on), matches.get_flag(off)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    let events = text("events")
        .map(|text| EventKinds::parse(&text))
        .transpose()
        .map_err(|error| format!("{error}."))?;
    let branch = value("branch")
        .map(|text| text.map(|text| BranchPattern::parse(&text)).transpose())
        .transpose()
        .map_err(|error| format!("{}: {error}.", crate::text::code_span("--branch")))?;
    let digest = value("digest")
        .map(|text| text.map(|text| DigestInterval::parse(&text)).transpose())
        .transpose()
        .map_err(|error| format!("{}: {error}.", crate::text::code_span("--digest")))?;
    Ok(Options {
        events: events.filter(|events| !events.is_empty()),
        branch,
        mention: value("mention"),
        thread: switch("thread", "no-thread"),
        only_first_failure: switch("only-first-failure", "each-failure"),
        digest,
        quiet: value("quiet"),
    })
}

fn is_none(text: &str) -> bool {
    ["none", "off", "no"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::command::{Request as Any, parse, tree};

    fn read(typed: &str) -> Result<Request, String> {
        match parse(&tree(), &format!("/jenkins {typed}"))?.1 {
            Any::Subscriptions(request) => Ok(*request),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_subscription_as_it_is_typed() {
        let request = read(
            "subscribe team/** --events failure,fixed --branch main|release/.* --server legacy --mention @here --thread --digest 1h --quiet 22:00-07:00 Europe/Berlin --only-first-failure",
        );
        let Ok(Request::Add { target, options }) = request else {
            panic!("{request:?}")
        };
        assert_eq!(target.text, "team/**");
        assert_eq!(target.server.as_deref(), Some("legacy"));
        assert_eq!(options.events.unwrap().to_string(), "failure,fixed");
        assert_eq!(
            options.branch.unwrap().unwrap().to_string(),
            "main|release/.*"
        );
        assert_eq!(options.mention, Some(Some("@here".to_owned())));
        assert_eq!(
            (options.thread, options.only_first_failure),
            (Some(true), Some(true))
        );
        assert_eq!(options.digest.unwrap().unwrap().to_string(), "1 h");
        assert_eq!(
            options.quiet,
            Some(Some("22:00-07:00 Europe/Berlin".to_owned()))
        );
        let same = read("subscriptions add my job");
        assert!(matches!(same, Ok(Request::Add { target, .. }) if target.text == "my job"));
    }

    #[test]
    fn what_was_set_is_taken_away() {
        let request = read(
            "subscriptions edit abc --mention none --digest off --branch none --quiet none --no-thread --each-failure",
        );
        let Ok(Request::Edit { id, options }) = request else {
            panic!("{request:?}")
        };
        assert_eq!(id, "abc");
        assert_eq!(options.mention, Some(None));
        assert_eq!(
            (options.digest, options.branch, options.quiet),
            (Some(None), Some(None), Some(None))
        );
        assert_eq!(
            (options.thread, options.only_first_failure),
            (Some(false), Some(false))
        );
        assert_eq!(options.events, None);
    }

    #[test]
    fn the_rest() {
        assert_eq!(read("subscriptions"), Ok(Request::List));
        assert_eq!(read("subscriptions list"), Ok(Request::List));
        let mute = |seconds| Request::Mute {
            id: "abc".to_owned(),
            seconds,
        };
        assert_eq!(read("subscriptions mute abc 8h"), Ok(mute(Some(28_800))));
        assert_eq!(read("subscriptions mute abc"), Ok(mute(None)));
        let id = "my job".to_owned();
        assert_eq!(read("unsubscribe my job"), Ok(Request::Delete { id }));
    }

    #[test]
    fn mistakes_say_what_is_expected() {
        for (typed, expected) in [
            (
                "subscribe a --events failed",
                "`failed` is no event. There are: start,",
            ),
            (
                "subscribe a --branch (",
                "`--branch`: the pattern is no regular expression",
            ),
            ("subscribe a --digest soon", "`30m`, `2h` or `1d`"),
            ("subscriptions mute abc soon", "`30m`, `8h` or `2d`"),
        ] {
            let said = read(typed).unwrap_err();
            assert!(said.contains(expected), "{typed}: {said}");
        }
    }
}
