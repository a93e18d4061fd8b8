use clap::{Arg, ArgAction, Command};

use super::*;
use crate::model::{AutocompleteArg, AutocompleteArgData, AutocompleteData};

fn tree() -> CommandTree {
    CommandTree::new(
        Command::new("jenkins")
            .about("Run builds from chat")
            .subcommand_required(true)
            .subcommand(
                Command::new("build")
                    .about("Start a build")
                    .arg(dynamic_list(
                        Arg::new("job")
                            .required(true)
                            .help("Name or URL of the job"),
                        "/jobs",
                    ))
                    .arg(
                        Arg::new("parameters")
                            .value_name("K=V")
                            .num_args(0..)
                            .help("Parameters"),
                    )
                    .arg(
                        Arg::new("wait")
                            .long("wait")
                            .action(ArgAction::SetTrue)
                            .help("Tell when it ends"),
                    ),
            )
            .subcommand(
                Command::new("get-log")
                    .about("Show the end of a log")
                    .arg(Arg::new("job").required(true))
                    .arg(Arg::new("number"))
                    .arg(
                        Arg::new("lines")
                            .long("lines")
                            .value_parser(clap::value_parser!(u32))
                            .default_value("20")
                            .help("How many lines."),
                    )
                    .arg(
                        Arg::new("as")
                            .long("as")
                            .value_parser(["post", "file"])
                            .help("Where to."),
                    ),
            )
            .subcommand(admin_only(
                Command::new("settings")
                    .about("Change settings")
                    .subcommand(Command::new("show"))
                    .subcommand(Command::new("secret").hide(true)),
            )),
    )
}

fn mistake(typed: &str) -> String {
    match tree().parse(typed) {
        Err(Answer::Mistake(text)) => text,
        other => panic!("{other:?}"),
    }
}

fn help(typed: &str) -> String {
    match tree().parse(typed) {
        Err(Answer::Help(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_count_in_any_case_and_values_stay_as_typed() {
    let matches = tree().parse("/jenkins Get-LOG Build 12").unwrap();
    let (name, log) = matches.subcommand().unwrap();
    assert_eq!(name, "get-log");
    assert_eq!(log.get_one::<String>("job").unwrap(), "Build");
    assert_eq!(help("/jenkins Help BUILD"), help("/jenkins help build"));
    assert!(mistake("/jenkins Settings NoSuch").contains("NoSuch"));
}

#[test]
fn what_was_typed_is_parsed() {
    let matches = tree()
        .parse("/JENKINS build “team/my job” A=1 'B=2 3' —wait")
        .unwrap();
    let (name, build) = matches.subcommand().unwrap();
    assert_eq!(name, "build");
    assert_eq!(build.get_one::<String>("job").unwrap(), "team/my job");
    let parameters: Vec<&String> = build.get_many("parameters").unwrap().collect();
    assert_eq!(parameters, ["A=1", "B=2 3"]);
    assert!(build.get_flag("wait"));
}

#[test]
fn mistakes_say_what_is_near() {
    assert_eq!(
        mistake("/jenkins biuld x"),
        "There is no `biuld` in `/jenkins`. Did you mean `build`? `/jenkins help` shows what there is."
    );
    assert_eq!(
        mistake("/jenkins settings ``` x"),
        "There is no ```` ``` ```` in `/jenkins settings`. `/jenkins help settings` shows what there is."
    );
    assert!(mistake("/jenkins get-log x --lines many").contains("invalid value 'many'"));
    assert!(mistake("/jenkins build").contains("<job>"));
    assert!(mistake("/jenkins build 'x").contains("never closed"));
    assert!(mistake("/other build").contains("`/other` is not /jenkins"));
}

#[test]
fn typed_text_cannot_leave_its_block() {
    let text = mistake("/jenkins build x \\`\\`\\` --wiat\\`\\`\\`\\`");
    let fence = text.lines().next().unwrap();
    assert!(
        fence.len() > 4 && fence.chars().all(|tick| tick == '`'),
        "{text}"
    );
    assert_eq!(text.matches(fence).count(), 2, "{text}");
}

#[test]
fn help_is_answered_in_every_form() {
    let all = help("/jenkins help");
    assert_eq!(all, tree().help(&[]));
    assert_eq!(help("/jenkins"), all);
    assert_eq!(help("/jenkins --help"), all);
    assert!(all.contains("Run builds from chat"));
    assert!(
        all.contains("* `/jenkins build <job> [K=V]... [--wait]`: Start a build"),
        "{all}"
    );
    assert!(
        all.contains("* `/jenkins settings [show]`: Change settings"),
        "{all}"
    );

    let log = help("/jenkins help get-log");
    assert_eq!(help("/jenkins get-log --help"), log);
    assert_eq!(tree().help(&["get-log"]), log);
    assert!(
        log.contains("`/jenkins get-log <job> [number] [--lines LINES] [--as AS]`"),
        "{log}"
    );
    assert!(
        log.contains("* `[--lines LINES]`: How many lines. Without it: `20`."),
        "{log}"
    );
    assert!(
        log.contains("* `[--as AS]`: Where to. One of `post`, `file`."),
        "{log}"
    );
    let missing = mistake("/jenkins get-log --lines 3");
    assert!(
        missing.starts_with("`/jenkins get-log` needs `<job>`."),
        "{missing}"
    );
    assert!(missing.ends_with(&log), "{missing}");
    assert!(mistake("/jenkins help biuld").contains("There is no `biuld`"));
}

#[test]
fn a_job_may_be_called_help() {
    let matches = tree().parse("/jenkins build help -- --help").unwrap();
    let (_, build) = matches.subcommand().unwrap();
    assert_eq!(build.get_one::<String>("job").unwrap(), "help");
}

fn sub<'a>(data: &'a AutocompleteData, name: &str) -> &'a AutocompleteData {
    data.sub_commands
        .iter()
        .find(|sub| sub.trigger == name)
        .unwrap()
}

/// The server's own rules (`AutocompleteData.IsValid`).
fn assert_valid(data: &AutocompleteData) {
    assert!(!data.trigger.is_empty() && data.trigger.to_lowercase() == data.trigger);
    assert!(matches!(
        data.role_id.as_str(),
        "system_user" | "system_admin"
    ));
    assert!(data.arguments.is_empty() || data.sub_commands.is_empty());
    let names: Vec<bool> = data
        .arguments
        .iter()
        .map(|arg| !arg.name.is_empty())
        .collect();
    assert!(
        names.is_sorted(),
        "positional arguments come first: {data:?}"
    );
    for arg in &data.arguments {
        match &arg.data {
            AutocompleteArgData::Text(_) => {
                assert!(!arg.name.is_empty() || arg.required, "{arg:?}");
            }
            AutocompleteArgData::StaticList(list) => {
                assert!(
                    list.possible_arguments
                        .iter()
                        .all(|item| !item.item.is_empty())
                );
            }
            AutocompleteArgData::DynamicList(list) => assert!(!list.fetch_url.is_empty()),
            other => panic!("{other:?}"),
        }
    }
    data.sub_commands.iter().for_each(assert_valid);
}

#[test]
fn autocomplete_comes_from_the_same_tree() {
    let command = tree()
        .icon("data:image/svg+xml;base64,AA==")
        .to_model()
        .unwrap();
    assert_eq!(command.trigger, "jenkins");
    assert!(command.auto_complete);
    assert_eq!(command.auto_complete_desc, "Run builds from chat");
    assert_eq!(command.auto_complete_hint, "[build|get-log|settings]");
    assert_eq!(
        command.autocomplete_icon_data,
        "data:image/svg+xml;base64,AA=="
    );
    let data = command.autocomplete_data.as_ref().unwrap();
    assert_valid(data);
    let names: Vec<&str> = data
        .sub_commands
        .iter()
        .map(|sub| sub.trigger.as_str())
        .collect();
    assert_eq!(names, ["build", "get-log", "settings", "help"]);

    let shape = |arg: &AutocompleteArg| (arg.name.clone(), arg.r#type.clone(), arg.required);
    let text = |name: &str, kind: &str, required| (name.to_owned(), kind.to_owned(), required);
    let build: Vec<_> = sub(data, "build").arguments.iter().map(shape).collect();
    assert_eq!(
        build,
        [
            text("", "DynamicList", true),
            text("", "TextInput", true),
            text("", "StaticList", false)
        ]
    );
    let log: Vec<_> = sub(data, "get-log").arguments.iter().map(shape).collect();
    assert_eq!(
        log,
        [
            text("", "TextInput", true),
            text("", "TextInput", true),
            text("lines", "TextInput", false),
            text("as", "StaticList", false)
        ]
    );
    assert_eq!(sub(data, "build").hint, "<job> [K=V]... [--wait]");
}

#[test]
fn administrators_alone_are_offered_their_commands() {
    let command = tree().to_model().unwrap();
    let data = command.autocomplete_data.as_ref().unwrap();
    assert_eq!(data.role_id, "system_user");
    let settings = sub(data, "settings");
    assert_eq!(settings.role_id, "system_admin");
    assert_eq!(sub(settings, "show").role_id, "system_admin");
    assert_eq!(
        settings.sub_commands.len(),
        1,
        "hidden commands stay hidden"
    );
}

#[test]
fn impossible_names_are_refused() {
    for name in ["", "with space", "/slash", "Capital"] {
        let refused = CommandTree::new(Command::new(name)).to_model();
        assert!(matches!(refused, Err(Error::Invalid(_))), "{name:?}");
    }
}

#[test]
fn topics_are_read_one_after_the_other() {
    let tree = CommandTree::new(
        Command::new("jenkins").subcommands([
            topic(
                Command::new("build")
                    .about("Start a build")
                    .arg(Arg::new("job").required(true))
                    .arg(Arg::new("as").long("as")),
                "Builds",
            ),
            topic(Command::new("connect").about("Connect"), "You"),
            topic(
                Command::new("alias").subcommand(Command::new("add")),
                "Builds",
            ),
            Command::new("about"),
        ]),
    );
    assert_eq!(
        tree.help(&[]),
        "**Builds**\n* `/jenkins build <job>`: Start a build\n* `/jenkins alias [add]`\n\n\
         **You**\n* `/jenkins connect`: Connect\n\n\
         * `/jenkins about`\n\
         * `/jenkins help [command]`: Show what a command does, and all that it takes"
    );
    assert!(tree.help(&["build"]).contains("--as"));
    assert!(!tree.help(&["build"]).contains("Builds"));
}

#[test]
fn help_for_what_is_not_there_says_what_is_near() {
    let near = mistake("/jenkins help biuld");
    assert!(
        near.starts_with("There is no `biuld` in `/jenkins`. Did you mean `build`?\n"),
        "{near}"
    );
    let below = mistake("/jenkins help settings shwo");
    assert!(
        below.contains("in `/jenkins settings`. Did you mean `show`?"),
        "{below}"
    );
    let none = mistake("/jenkins help zzz");
    assert!(
        none.starts_with("There is no `zzz` in `/jenkins`.\n"),
        "{none}"
    );
}
