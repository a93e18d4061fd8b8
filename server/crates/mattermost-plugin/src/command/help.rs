//! Help and mistakes as Markdown.

use std::fmt::Write as _;

use clap::{Arg, ArgAction};

/// One line about a command, empty when the tree says nothing.
pub(super) fn about(command: &clap::Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// One line about an argument, empty when the tree says nothing.
pub(super) fn arg_about(arg: &Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}

/// `/trigger sub sub` of a built command.
pub(super) fn full_name(command: &clap::Command) -> &str {
    command.get_bin_name().unwrap_or_else(|| command.get_name())
}

/// The arguments of a command, or its sub-commands, in one line.
pub(super) fn hint(command: &clap::Command) -> String {
    let sub_commands: Vec<&str> = command
        .get_subcommands()
        .filter(|sub_command| !sub_command.is_hide_set())
        .map(clap::Command::get_name)
        .collect();
    if !sub_commands.is_empty() {
        return format!("[{}]", sub_commands.join("|"));
    }
    let visible = || command.get_arguments().filter(|arg| !arg.is_hide_set());
    let positional = visible().filter(|arg| arg.is_positional());
    let named = visible().filter(|arg| !arg.is_positional());
    positional
        .chain(named)
        .map(arg_hint)
        .collect::<Vec<_>>()
        .join(" ")
}

/// One argument: `<required>`, `[optional]`, `[--option VALUE]`, with `...` when it may repeat.
pub(super) fn arg_hint(arg: &Arg) -> String {
    let value = || match arg.get_value_names() {
        Some(names) if !names.is_empty() => names.join(" "),
        _ => arg.get_id().as_str().to_uppercase(),
    };
    let repeats = matches!(arg.get_action(), ArgAction::Append)
        || arg
            .get_num_args()
            .is_some_and(|count| count.max_values() > 1);
    let dots = if repeats { "..." } else { "" };
    if arg.is_positional() {
        let name = arg
            .get_value_names()
            .map_or_else(|| arg.get_id().to_string(), |names| names.join(" "));
        return if arg.is_required_set() {
            format!("<{name}>{dots}")
        } else {
            format!("[{name}]{dots}")
        };
    }
    let option = match (arg.get_long(), arg.get_short()) {
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => arg.get_id().to_string(),
    };
    let whole = match arg.get_action() {
        ArgAction::Set | ArgAction::Append => format!("{option} {}", value()),
        _ => option,
    };
    if arg.is_required_set() {
        format!("{whole}{dots}")
    } else {
        format!("[{whole}]{dots}")
    }
}

/// The help of one command: what it does, how it is typed, and what can follow.
pub(super) fn markdown(command: &clap::Command) -> String {
    let mut text = String::new();
    let long = command.get_long_about().or_else(|| command.get_about());
    if let Some(long) = long {
        let _ = writeln!(text, "{long}\n");
    }
    let sub_commands: Vec<&clap::Command> = command
        .get_subcommands()
        .filter(|sub_command| !sub_command.is_hide_set())
        .collect();
    if sub_commands.is_empty() {
        let _ = writeln!(text, "{}", code(&usage(command)));
        arguments(&mut text, command);
    } else {
        sub_command_list(&mut text, &sub_commands);
        if command.get_bin_name() == Some(&format!("/{}", command.get_name())) {
            bullet(
                &mut text,
                &format!("{} help [command]", full_name(command)),
                "Show what a command does, and all that it takes",
            );
        }
    }
    if let Some(after) = command.get_after_help() {
        let _ = writeln!(text, "\n{after}");
    }
    text.trim_end().to_owned()
}

/// The sub-commands, those of a topic together and without their options: a long list is read more
/// often than a complete one.
fn sub_command_list(text: &mut String, sub_commands: &[&clap::Command]) {
    let topic = |command: &clap::Command| command.get_before_help().map(ToString::to_string);
    let mut topics: Vec<Option<String>> = Vec::new();
    for sub_command in sub_commands {
        let topic = topic(sub_command);
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    for name in topics {
        let of_topic = sub_commands
            .iter()
            .filter(|sub_command| topic(sub_command) == name);
        if let Some(name) = &name {
            let _ = writeln!(text, "**{name}**");
        }
        for sub_command in of_topic {
            let usage = match &name {
                Some(_) => short_usage(sub_command),
                None => usage(sub_command),
            };
            bullet(text, &usage, &about(sub_command));
        }
        if name.is_some() {
            text.push('\n');
        }
    }
}

/// How a command is typed, without its options.
fn short_usage(command: &clap::Command) -> String {
    if command
        .get_subcommands()
        .any(|sub_command| !sub_command.is_hide_set())
    {
        return usage(command);
    }
    let arguments = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set() && arg.is_positional());
    let words = std::iter::once(full_name(command).to_owned()).chain(arguments.map(arg_hint));
    words.collect::<Vec<_>>().join(" ")
}

fn usage(command: &clap::Command) -> String {
    format!("{} {}", full_name(command), hint(command))
        .trim_end()
        .to_owned()
}

fn arguments(text: &mut String, command: &clap::Command) {
    let visible: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .collect();
    if visible.is_empty() {
        return;
    }
    text.push('\n');
    for arg in visible {
        let mut line = arg_about(arg);
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .filter(|value| {
                !value.is_hide_set()
                    && matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
            })
            .map(|value| code(value.get_name()))
            .collect();
        if !values.is_empty() {
            let _ = write!(line, " One of {}.", values.join(", "));
        }
        let defaults: Vec<String> = arg
            .get_default_values()
            .iter()
            .filter(|_| matches!(arg.get_action(), ArgAction::Set | ArgAction::Append))
            .map(|value| code(&value.to_string_lossy()))
            .collect();
        if !defaults.is_empty() {
            let _ = write!(line, " Without it: {}.", defaults.join(", "));
        }
        bullet(text, &arg_hint(arg), line.trim());
    }
}

fn bullet(text: &mut String, what: &str, about: &str) {
    let _ = if about.is_empty() {
        writeln!(text, "* {}", code(what))
    } else {
        writeln!(text, "* {}: {about}", code(what))
    };
}

/// What clap says about a mistake, as a block that nothing in it can end.
pub(super) fn mistake(error: &clap::Error) -> String {
    let rendered = error.to_string();
    let text = rendered.trim_end();
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}\n{text}\n{fence}")
}

/// Text in backticks, more of them than the text has in a row.
pub(super) fn code(text: &str) -> String {
    // A line break would end the span.
    let text = text.replace(['\n', '\r'], " ");
    let run = longest_run(&text);
    if run == 0 {
        return format!("`{text}`");
    }
    let ticks = "`".repeat(run + 1);
    format!("{ticks} {text} {ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}
