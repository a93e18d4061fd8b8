//! Slash commands of plugins (`app/plugin_commands.go`).

use mattermost_plugin::model::{AutocompleteArg, AutocompleteData, Command};
use serde_json::Value;

/// A command and the plugin that answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginCommand {
    /// The command, its trigger in lower case.
    pub command: Command,
    /// Id of the plugin.
    pub plugin_id: String,
}

/// The registered commands of a server, in the order of registration: of two plugins with the same
/// trigger the first one answers.
#[derive(Debug, Clone, Default)]
pub struct Commands {
    registered: Vec<PluginCommand>,
}

impl Commands {
    /// Registers a command, replacing an earlier one of the same plugin.
    ///
    /// # Errors
    /// Why the command cannot be registered.
    pub fn register(&mut self, plugin_id: &str, mut command: Command) -> Result<(), String> {
        if command.trigger.is_empty() {
            return Err("invalid command".to_owned());
        }
        let mut data = match command.autocomplete_data.take() {
            Some(data) => {
                check(&data).map_err(|problem| {
                    format!("invalid autocomplete data in command: {problem}")
                })?;
                data
            }
            None => plain_data(&command),
        };
        complete_addresses(&mut data, plugin_id)?;
        let registered = Command {
            trigger: command.trigger.to_lowercase(),
            team_id: command.team_id,
            auto_complete: command.auto_complete,
            auto_complete_desc: command.auto_complete_desc,
            auto_complete_hint: command.auto_complete_hint,
            display_name: command.display_name,
            autocomplete_data: Some(data),
            autocomplete_icon_data: command.autocomplete_icon_data,
            ..Command::default()
        };
        let known = self.registered.iter_mut().find(|known| {
            known.plugin_id == plugin_id
                && known.command.trigger == registered.trigger
                && known.command.team_id == registered.team_id
        });
        match known {
            Some(known) => known.command = registered,
            None => self.registered.push(PluginCommand {
                command: registered,
                plugin_id: plugin_id.to_owned(),
            }),
        }
        Ok(())
    }

    /// Removes a command, whichever plugin registered it.
    pub fn unregister(&mut self, team_id: &str, trigger: &str) {
        let trigger = trigger.to_lowercase();
        self.registered
            .retain(|known| known.command.team_id != team_id || known.command.trigger != trigger);
    }

    /// Removes all commands of a plugin.
    pub fn unregister_plugin(&mut self, plugin_id: &str) {
        self.registered.retain(|known| known.plugin_id != plugin_id);
    }

    /// The command that a trigger in lower case calls in a team.
    #[must_use]
    pub fn find(&self, team_id: &str, trigger: &str) -> Option<&PluginCommand> {
        self.registered
            .iter()
            .filter(|known| known.command.team_id.is_empty() || known.command.team_id == team_id)
            .find(|known| known.command.trigger == trigger)
    }

    /// The commands that can be called in a team.
    pub fn of_team<'a>(&'a self, team_id: &'a str) -> impl Iterator<Item = &'a PluginCommand> {
        self.registered.iter().filter(move |known| {
            known.command.team_id.is_empty() || known.command.team_id == team_id
        })
    }
}

/// What is offered for a command without autocomplete data (`NewAutocompleteData`).
#[must_use]
pub fn plain_data(command: &Command) -> AutocompleteData {
    AutocompleteData {
        trigger: command.trigger.clone(),
        hint: command.auto_complete_hint.clone(),
        help_text: command.auto_complete_desc.clone(),
        role_id: "system_user".to_owned(),
        ..AutocompleteData::default()
    }
}

/// The data of an argument, with the field names of its JSON.
pub(crate) fn argument_data(argument: &AutocompleteArg) -> Value {
    serde_json::to_value(argument)
        .ok()
        .and_then(|value| value.get("Data").cloned())
        .unwrap_or_default()
}

/// The first thing that is wrong with autocomplete data (`AutocompleteData.IsValid`).
fn check(data: &AutocompleteData) -> Result<(), String> {
    if data.trigger.is_empty() {
        return Err("An empty command name in the autocomplete data".to_owned());
    }
    if data.trigger.to_lowercase() != data.trigger {
        return Err(format!("Command should be lowercase: {}", data.trigger));
    }
    if !["system_admin", "system_user", ""].contains(&data.role_id.as_str()) {
        return Err(format!(
            "Wrong role in the autocomplete data: {}",
            data.role_id
        ));
    }
    if !data.arguments.is_empty() && !data.sub_commands.is_empty() {
        return Err(format!(
            "Command can't have arguments and subcommands: {}",
            data.trigger
        ));
    }
    let mut named = false;
    for argument in &data.arguments {
        if argument.name.is_empty() && named {
            return Err("Named argument should not be before positional argument".to_owned());
        }
        named = named || !argument.name.is_empty();
        check_argument(argument)?;
    }
    data.sub_commands.iter().try_for_each(check)
}

fn check_argument(argument: &AutocompleteArg) -> Result<(), String> {
    let data = argument_data(argument);
    match argument.r#type.as_str() {
        "TextInput" if argument.name.is_empty() && !argument.required => {
            return Err("Positional argument can not be optional".to_owned());
        }
        "StaticList" => {
            let items = data
                .get("PossibleArguments")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let nameless = |item: &Value| {
                item.get("Item")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .is_empty()
            };
            if items.iter().any(nameless) {
                return Err("Possible argument name not set in StaticList argument".to_owned());
            }
        }
        "DynamicList" if data.get("FetchURL").and_then(Value::as_str).is_none() => {
            return Err("Not a proper DynamicList type argument".to_owned());
        }
        _ => {}
    }
    Ok(())
}

/// Puts `/plugins/<id>/` before relative addresses of dynamic lists
/// (`UpdateRelativeURLsForPluginCommands`).
fn complete_addresses(data: &mut AutocompleteData, plugin_id: &str) -> Result<(), String> {
    for argument in data
        .arguments
        .iter_mut()
        .filter(|argument| argument.r#type == "DynamicList")
    {
        let mut value = serde_json::to_value(&*argument).map_err(|error| error.to_string())?;
        let address = value
            .pointer("/Data/FetchURL")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let absolute = url::Url::parse(&address).is_ok();
        if !absolute {
            value["Data"]["FetchURL"] = Value::String(format!(
                "/plugins/{plugin_id}/{}",
                address.trim_start_matches('/')
            ));
            *argument = serde_json::from_value(value).map_err(|error| error.to_string())?;
        }
    }
    data.sub_commands
        .iter_mut()
        .try_for_each(|sub| complete_addresses(sub, plugin_id))
}
