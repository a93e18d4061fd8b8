//! Suggestions for a half-typed command (`app/command_autocomplete.go`).
//!
//! The parser does no I/O. Where it needs the items of a dynamic list it names the address; the
//! caller fetches the items, adds them to the answers, and asks again.

mod arguments;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use mattermost_plugin::model::{AutocompleteData, Command};
use serde::{Deserialize, Serialize};

pub use arguments::Fetch;

/// One line of the list that a client shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Suggestion {
    /// The whole input with this suggestion taken, without the leading slash.
    pub complete: String,
    /// What would be added.
    pub suggestion: String,
    /// What may follow.
    pub hint: String,
    /// What it is for.
    pub description: String,
    /// Picture of the command, as a data URL.
    pub icon_data: String,
}

/// An item of a list (`AutocompleteListItem`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Item {
    /// The value.
    pub item: String,
    /// What may follow.
    pub hint: String,
    /// What it is for.
    pub help_text: String,
}

/// Items of dynamic lists that are known, by what was asked.
pub type Answers = BTreeMap<Fetch, Vec<Item>>;

/// What the parser says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The suggestions, best first.
    Suggestions(Vec<Suggestion>),
    /// These items must be fetched first.
    Fetch(Vec<Fetch>),
}

/// Suggestions for `input` (without the leading slash) to a user with `role_id`.
#[must_use]
pub fn suggest(commands: &[Command], input: &str, role_id: &str, answers: &Answers) -> Outcome {
    let mut commands: Vec<&Command> = commands.iter().collect();
    commands.sort_by_key(|command| command.trigger.to_lowercase());
    let data: Vec<AutocompleteData> = commands
        .iter()
        .map(|command| {
            command
                .autocomplete_data
                .clone()
                .unwrap_or_else(|| crate::state::commands::plain_data(command))
        })
        .collect();
    let mut parser = arguments::Parser {
        answers,
        missing: Vec::new(),
    };
    let mut suggestions = in_commands(&mut parser, &data, "", input, role_id);
    if !parser.missing.is_empty() {
        return Outcome::Fetch(parser.missing);
    }
    for suggestion in &mut suggestions {
        if let Some(command) = commands
            .iter()
            .find(|command| suggestion.complete.starts_with(&command.trigger))
        {
            suggestion
                .icon_data
                .clone_from(&command.autocomplete_icon_data);
        }
    }
    Outcome::Suggestions(suggestions)
}

fn in_commands(
    parser: &mut arguments::Parser<'_>,
    commands: &[AutocompleteData],
    parsed: &str,
    rest: &str,
    role_id: &str,
) -> Vec<Suggestion> {
    let everything = role_id.is_empty() || role_id == "system_admin";
    let allowed = |command: &&AutocompleteData| everything || command.role_id == role_id;
    let Some((word, after)) = rest.split_once(' ') else {
        let typed = rest.to_lowercase();
        return commands
            .iter()
            .filter(|command| command.trigger.starts_with(&typed))
            .filter(allowed)
            .map(|command| Suggestion {
                complete: format!("{parsed}{}", command.trigger),
                suggestion: command.trigger.clone(),
                description: command.help_text.clone(),
                hint: command.hint.clone(),
                ..Suggestion::default()
            })
            .collect();
    };
    let parsed = format!("{parsed}{word} ");
    let mut suggestions = Vec::new();
    for command in commands
        .iter()
        .filter(|command| command.trigger == word.to_lowercase())
        .filter(allowed)
    {
        if command.arguments.is_empty() {
            suggestions.extend(in_commands(
                parser,
                &command.sub_commands,
                &parsed,
                after,
                role_id,
            ));
        } else {
            let step = parser.arguments(&command.arguments, &parsed, after);
            if step.found {
                suggestions.extend(step.suggestions);
            }
        }
    }
    suggestions
}
