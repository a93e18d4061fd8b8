//! The limits of dialogs (`model/integration_action.go`).
//!
//! The server only logs a dialog that breaks them and shows it all the same; clients then cut or
//! drop parts of it. Here a broken limit is an error, so that tests see it.

use mattermost_plugin::model::{Dialog, DialogElement, OpenDialogRequest, PostActionOption};

use super::text::is_http_url;

/// Longest title, in bytes.
pub const TITLE_MAX_LENGTH: usize = 24;
/// Longest display name of an element, in bytes.
pub const DISPLAY_NAME_MAX_LENGTH: usize = 24;
/// Longest name of an element, in bytes.
pub const NAME_MAX_LENGTH: usize = 300;
/// Longest help text of an element, in bytes.
pub const HELP_TEXT_MAX_LENGTH: usize = 150;
/// Longest default and placeholder of a text element, in bytes.
pub const TEXT_MAX_LENGTH: usize = 150;
/// Longest default and placeholder of a text area or select, in bytes.
pub const TEXTAREA_MAX_LENGTH: usize = 3_000;
/// Longest placeholder of a checkbox, in bytes.
pub const BOOL_MAX_LENGTH: usize = 150;

const TEXT_SUBTYPES: &[&str] = &["", "text", "email", "number", "tel", "url", "password"];

/// Everything that is wrong with a request to open a dialog.
#[must_use]
pub fn problems(request: &OpenDialogRequest) -> Vec<String> {
    let mut found = Vec::new();
    if request.url.is_empty() {
        found.push("empty URL".to_owned());
    }
    if request.trigger_id.is_empty() {
        found.push("empty trigger id".to_owned());
    }
    found.extend(dialog_problems(&request.dialog));
    found
}

/// Everything that is wrong with a dialog.
#[must_use]
pub fn dialog_problems(dialog: &Dialog) -> Vec<String> {
    let mut found = Vec::new();
    if dialog.title.is_empty() || dialog.title.len() > TITLE_MAX_LENGTH {
        found.push(format!(
            "invalid dialog title {:?}: 1 to {TITLE_MAX_LENGTH} bytes, got {}",
            dialog.title,
            dialog.title.len()
        ));
    }
    if !dialog.icon_url.is_empty() && !is_http_url(&dialog.icon_url) {
        found.push("invalid icon url".to_owned());
    }
    let mut names = Vec::new();
    for element in &dialog.elements {
        if names.contains(&element.name.as_str()) {
            found.push(format!("duplicate dialog element {:?}", element.name));
        }
        names.push(&element.name);
        found.extend(
            element_problems(element)
                .into_iter()
                .map(|problem| format!("field {:?}: {problem}", element.name)),
        );
    }
    found
}

fn element_problems(element: &DialogElement) -> Vec<String> {
    let mut found = Vec::new();
    if element.min_length < 0 {
        found.push(format!(
            "min length cannot be a negative number, got {}",
            element.min_length
        ));
    }
    if element.min_length > element.max_length {
        found.push(format!(
            "min length {} is above max length {}",
            element.min_length, element.max_length
        ));
    }
    for (what, text, limit) in [
        (
            "display name",
            &element.display_name,
            DISPLAY_NAME_MAX_LENGTH,
        ),
        ("name", &element.name, NAME_MAX_LENGTH),
    ] {
        if text.is_empty() {
            found.push(format!("{what} cannot be empty"));
        }
        too_long(&mut found, what, text, limit);
    }
    too_long(
        &mut found,
        "help text",
        &element.help_text,
        HELP_TEXT_MAX_LENGTH,
    );
    if element.multi_select && element.r#type != "select" {
        found.push(format!(
            "multiselect is for select elements, not {:?}",
            element.r#type
        ));
    }
    check_type(element, &mut found);
    found
}

fn check_type(element: &DialogElement, found: &mut Vec<String>) {
    let both = |found: &mut Vec<String>, limit: usize| {
        too_long(found, "default", &element.default, limit);
        too_long(found, "placeholder", &element.placeholder, limit);
    };
    match element.r#type.as_str() {
        "text" | "textarea" => {
            both(
                found,
                if element.r#type == "text" {
                    TEXT_MAX_LENGTH
                } else {
                    TEXTAREA_MAX_LENGTH
                },
            );
            if !TEXT_SUBTYPES.contains(&element.sub_type.as_str()) {
                found.push(format!("invalid subtype {:?}", element.sub_type));
            }
        }
        "select" => {
            both(found, TEXTAREA_MAX_LENGTH);
            check_select(element, found);
        }
        "bool" => {
            if !["", "true", "false"].contains(&element.default.as_str()) {
                found.push(format!("invalid default of bool {:?}", element.default));
            }
            too_long(found, "placeholder", &element.placeholder, BOOL_MAX_LENGTH);
        }
        "radio" => {
            if !is_option(&element.default, &element.options) {
                found.push(format!(
                    "default value {:?} is not among the options",
                    element.default
                ));
            }
        }
        "date" | "datetime" => both(found, TEXT_MAX_LENGTH),
        other => found.push(format!("invalid element type {other:?}")),
    }
}

fn check_select(element: &DialogElement, found: &mut Vec<String>) {
    match element.data_source.as_str() {
        "users" | "channels" => {}
        "dynamic" => {
            let url = &element.data_source_url;
            let local = url.starts_with("/plugins/") && !url.contains("..") && !url.contains("//");
            if !local && !is_http_url(url) {
                found.push(format!(
                    "dynamic data source needs a valid data_source_url, got {url:?}"
                ));
            }
            if !element.options.is_empty() {
                found.push("dynamic select element should not have static options".to_owned());
            }
        }
        "" => {
            let defaults = element.default.replace(' ', "");
            let all_known = if element.multi_select {
                defaults
                    .split(',')
                    .all(|value| is_option(value, &element.options))
            } else {
                is_option(&element.default, &element.options)
            };
            if !all_known {
                found.push(format!(
                    "default value {:?} is not among the options",
                    element.default
                ));
            }
        }
        other => found.push(format!("invalid data source {other:?}")),
    }
}

fn is_option(value: &str, options: &[PostActionOption]) -> bool {
    value.is_empty() || options.iter().any(|option| option.value == value)
}

fn too_long(found: &mut Vec<String>, what: &str, text: &str, limit: usize) {
    if text.len() > limit {
        found.push(format!(
            "{what} cannot be longer than {limit} bytes, got {}",
            text.len()
        ));
    }
}
