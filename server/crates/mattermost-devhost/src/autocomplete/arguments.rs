//! Arguments of a half-typed command.

use mattermost_plugin::model::AutocompleteArg;
use serde_json::Value;

use super::{Answers, Item, Suggestion};
use crate::state::commands::argument_data;

/// A question to a plugin for the items of a dynamic list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fetch {
    /// Path of the request, `/plugins/<id>/…`.
    pub url: String,
    /// What the user has typed.
    pub user_input: String,
    /// The part of it before this argument.
    pub parsed: String,
}

/// Where parsing stands after an argument.
pub(super) struct Step {
    /// The argument is being typed, and `suggestions` are for it.
    pub(super) found: bool,
    parsed: String,
    rest: String,
    pub(super) suggestions: Vec<Suggestion>,
}

impl Step {
    fn found(parsed: &str, rest: &str, suggestions: Vec<Suggestion>) -> Self {
        Self {
            found: true,
            parsed: format!("{parsed}{rest}"),
            rest: String::new(),
            suggestions,
        }
    }

    fn passed(parsed: String, rest: &str) -> Self {
        Self {
            found: false,
            parsed,
            rest: rest.to_owned(),
            suggestions: Vec::new(),
        }
    }
}

pub(super) struct Parser<'a> {
    pub(super) answers: &'a Answers,
    pub(super) missing: Vec<Fetch>,
}

impl Parser<'_> {
    pub(super) fn arguments(
        &mut self,
        arguments: &[AutocompleteArg],
        parsed: &str,
        rest: &str,
    ) -> Step {
        let Some((first, others)) = arguments.split_first() else {
            return Step::passed(parsed.to_owned(), rest);
        };
        let step = self.argument(first, parsed, rest);
        if first.required {
            return if step.found {
                step
            } else {
                self.arguments(others, &step.parsed, &step.rest)
            };
        }
        // An optional argument may have been left out: both readings count.
        let with = if step.found {
            step
        } else {
            self.arguments(others, &step.parsed, &step.rest)
        };
        let without = self.arguments(others, parsed, rest);
        let mut suggestions = Vec::new();
        if with.found {
            suggestions.extend(with.suggestions);
        }
        if without.found {
            suggestions.extend(without.suggestions);
        }
        if with.found || without.found {
            return Step::found(parsed, rest, suggestions);
        }
        if with.parsed != parsed && with.rest != rest {
            return Step {
                found: false,
                parsed: with.parsed,
                rest: with.rest,
                suggestions,
            };
        }
        Step {
            found: without.found,
            parsed: without.parsed,
            rest: without.rest,
            suggestions,
        }
    }

    fn argument(&mut self, argument: &AutocompleteArg, parsed: &str, rest: &str) -> Step {
        let (mut parsed, mut rest) = (parsed.to_owned(), rest.to_owned());
        if !argument.name.is_empty() {
            let step = name(argument, &parsed, &rest);
            if step.found {
                return step;
            }
            if step.rest.is_empty() {
                return Step {
                    found: true,
                    ..step
                };
            }
            rest = if step.rest == " " {
                String::new()
            } else {
                step.rest
            };
            parsed = step.parsed;
        }
        let data = argument_data(argument);
        match argument.r#type.as_str() {
            "TextInput" => text(argument, &data, &parsed, &rest),
            "StaticList" => {
                let items = data.get("PossibleArguments").cloned().unwrap_or_default();
                list(
                    &serde_json::from_value::<Vec<Item>>(items).unwrap_or_default(),
                    &parsed,
                    &rest,
                )
            }
            "DynamicList" => self.dynamic(&data, &parsed, &rest),
            _ => Step::passed(parsed, &rest),
        }
    }

    fn dynamic(&mut self, data: &Value, parsed: &str, rest: &str) -> Step {
        let fetch = Fetch {
            url: string(data, "FetchURL"),
            user_input: format!("{parsed}{rest}"),
            parsed: parsed.to_owned(),
        };
        match self.answers.get(&fetch) {
            Some(items) => list(items, parsed, rest),
            None => {
                self.missing.push(fetch);
                Step::passed(parsed.to_owned(), rest)
            }
        }
    }
}

fn string(data: &Value, key: &str) -> String {
    data.get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The `--name` of a named argument (`parseNamedArgument`).
fn name(argument: &AutocompleteArg, parsed: &str, rest: &str) -> Step {
    let typed = rest.strip_prefix(' ').unwrap_or(rest);
    let flag = format!("--{}", argument.name);
    let (typed_lower, flag_lower) = (typed.to_lowercase(), flag.to_lowercase());
    if flag_lower.starts_with(&typed_lower) {
        let missing = flag.get(typed.len()..).unwrap_or_default();
        let suggestion = Suggestion {
            complete: format!("{parsed}{rest}{missing} "),
            suggestion: flag,
            description: argument.help_text.clone(),
            ..Suggestion::default()
        };
        return Step::found(parsed, rest, vec![suggestion]);
    }
    if !typed_lower.starts_with(&format!("{flag_lower} ")) {
        return Step::passed(format!("{parsed}{rest}"), "");
    }
    let after = typed.get(flag.len() + 1..).unwrap_or_default();
    Step::passed(
        format!("{parsed}{flag} "),
        if after.is_empty() { " " } else { after },
    )
}

/// Free text, one word or several in quotes (`parseInputTextArgument`).
fn text(argument: &AutocompleteArg, data: &Value, parsed: &str, rest: &str) -> Step {
    let typed = rest.strip_prefix(' ').unwrap_or(rest);
    let end = match typed.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map(|quote| {
            let after = quote + 2;
            if typed[after..].starts_with(' ') {
                after + 1
            } else {
                after
            }
        }),
        None => typed.find(' ').map(|space| space + 1),
    };
    match end {
        Some(end) => Step::passed(format!("{parsed}{}", &typed[..end]), &typed[end..]),
        None => {
            let suggestion = Suggestion {
                complete: format!("{parsed}{rest}"),
                hint: string(data, "Hint"),
                description: argument.help_text.clone(),
                ..Suggestion::default()
            };
            Step::found(parsed, rest, vec![suggestion])
        }
    }
}

/// One of a list of items; items may contain spaces (`parseListItems`).
fn list(items: &[Item], parsed: &str, rest: &str) -> Step {
    let typed = rest.strip_prefix(' ').unwrap_or(rest);
    let lower = typed.to_lowercase();
    let done = items
        .iter()
        .filter(|item| lower.starts_with(&format!("{} ", item.item.to_lowercase())))
        .map(|item| item.item.len() + 1)
        .max();
    if let Some(end) = done {
        let head = typed.get(..end).unwrap_or(typed);
        return Step::passed(
            format!("{parsed}{head}"),
            typed.get(end..).unwrap_or_default(),
        );
    }
    let suggestions = items
        .iter()
        .filter(|item| item.item.to_lowercase().starts_with(&lower))
        .map(|item| Suggestion {
            complete: format!("{parsed}{}", item.item),
            suggestion: item.item.clone(),
            hint: item.hint.clone(),
            description: item.help_text.clone(),
            ..Suggestion::default()
        })
        .collect();
    Step::found(parsed, rest, suggestions)
}
