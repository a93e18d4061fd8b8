//! The server's autocomplete tree of a `clap` command.
//!
//! The server (`public/model/command_autocomplete.go`, `app/command_autocomplete.go`) knows less
//! than clap: a command has sub-commands or arguments, positional arguments come first, a
//! positional text is always required, and a named argument always takes a value. So a flag
//! becomes a list of one item, and what is optional is said in the hint.

use clap::{Arg, ArgAction};

use super::{ADMIN_ONLY, help};
use crate::error::Error;
use crate::model::{AutocompleteArg, AutocompleteData, AutocompleteListItem};

/// Everybody who is logged in; without a role the suggestions reach administrators only.
const EVERYBODY: &str = "system_user";
const ADMINISTRATORS: &str = "system_admin";

/// The autocomplete data of the whole tree.
pub(super) fn tree(root: &clap::Command) -> Result<AutocompleteData, Error> {
    let mut data = node(root, EVERYBODY)?;
    if !data.sub_commands.is_empty() && root.find_subcommand("help").is_none() {
        data.sub_commands.push(AutocompleteData {
            trigger: "help".to_owned(),
            hint: "[command]".to_owned(),
            help_text: "Show what the commands do".to_owned(),
            role_id: data.role_id.clone(),
            ..AutocompleteData::default()
        });
    }
    Ok(data)
}

fn node(command: &clap::Command, inherited_role: &str) -> Result<AutocompleteData, Error> {
    let trigger = command.get_name();
    if trigger.is_empty() || trigger.to_lowercase() != trigger {
        return Err(Error::Invalid(format!(
            "the command {trigger:?} must be in lower case"
        )));
    }
    let role = if command.get_author() == Some(ADMIN_ONLY) {
        ADMINISTRATORS
    } else {
        inherited_role
    };
    let sub_commands = command
        .get_subcommands()
        .filter(|sub_command| !sub_command.is_hide_set())
        .map(|sub_command| node(sub_command, role))
        .collect::<Result<Vec<_>, _>>()?;
    let arguments = if sub_commands.is_empty() {
        arguments(command)
    } else {
        Vec::new()
    };
    Ok(AutocompleteData {
        trigger: trigger.to_owned(),
        hint: help::hint(command),
        help_text: help::about(command),
        role_id: role.to_owned(),
        arguments,
        sub_commands,
    })
}

fn arguments(command: &clap::Command) -> Vec<AutocompleteArg> {
    let visible: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .collect();
    let positional = visible
        .iter()
        .filter(|arg| arg.is_positional())
        .map(|arg| argument(arg, ""));
    let flags = visible
        .iter()
        .filter(|arg| !arg.is_positional() && !takes_value(arg))
        .filter_map(|arg| Some(flag(arg, arg.get_long()?)));
    let named = visible
        .iter()
        .filter(|arg| !arg.is_positional() && takes_value(arg))
        .filter_map(|arg| Some(argument(arg, arg.get_long()?)));
    positional.chain(flags).chain(named).collect()
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

fn argument(arg: &Arg, name: &str) -> AutocompleteArg {
    let about = help::arg_about(arg);
    if let Some(path) = arg
        .get_help_heading()
        .filter(|heading| heading.starts_with('/'))
    {
        return with_need(arg, AutocompleteArg::dynamic_list(name, about, path));
    }
    let items: Vec<AutocompleteListItem> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set() && !value.get_name().is_empty())
        .map(|value| AutocompleteListItem {
            item: value.get_name().to_owned(),
            hint: String::new(),
            help_text: value
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default(),
        })
        .collect();
    if !items.is_empty() {
        return with_need(arg, AutocompleteArg::static_list(name, about, items));
    }
    let text = AutocompleteArg::text(name, about, help::arg_hint(arg));
    if name.is_empty() {
        text.required()
    } else {
        with_need(arg, text)
    }
}

fn with_need(arg: &Arg, argument: AutocompleteArg) -> AutocompleteArg {
    if arg.is_required_set() {
        argument.required()
    } else {
        argument
    }
}

fn flag(arg: &Arg, long: &str) -> AutocompleteArg {
    let about = help::arg_about(arg);
    let item = AutocompleteListItem {
        item: format!("--{long}"),
        hint: String::new(),
        help_text: about.clone(),
    };
    AutocompleteArg::static_list("", about, vec![item])
}
