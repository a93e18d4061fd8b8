//! The server's own limits of dialogs (`public/model/integration_action.go`, `Dialog.IsValid`).
//!
//! A server only writes violations to its log, so they are found here. Lengths are counted in
//! bytes, as Go's `len` does.

use std::collections::HashSet;

use url::Url;

use crate::error::Error;
use crate::model::{Dialog, DialogElement, OpenDialogRequest};

const TITLE: usize = 24;
const DISPLAY_NAME: usize = 24;
const NAME: usize = 300;
const HELP_TEXT: usize = 150;
const TEXT: usize = 150;
const TEXT_AREA: usize = 3000;
const SELECT: usize = 3000;
const BOOL_PLACEHOLDER: usize = 150;
const SUB_TYPES: [&str; 7] = ["", "text", "email", "number", "tel", "url", "password"];
const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// Refuses a dialog that the server would find invalid, naming all reasons.
pub(super) fn check(request: &OpenDialogRequest) -> Result<(), Error> {
    let mut violations = Vec::new();
    if request.url.is_empty() {
        violations.push("the URL that the answer goes to is missing".to_owned());
    }
    if request.trigger_id.is_empty() {
        violations.push("the trigger id is missing".to_owned());
    }
    check_dialog(&request.dialog, &mut violations);
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(format!(
            "the dialog is invalid: {}",
            violations.join("; ")
        )))
    }
}

fn check_dialog(dialog: &Dialog, violations: &mut Vec<String>) {
    required("title", &dialog.title, TITLE, violations);
    if !dialog.icon_url.is_empty() && !is_http_url(&dialog.icon_url) {
        violations.push(format!(
            "the icon's URL {:?} is no http URL",
            dialog.icon_url
        ));
    }
    let mut names = HashSet::new();
    for element in &dialog.elements {
        let mut reasons = Vec::new();
        if !names.insert(element.name.as_str()) {
            reasons.push("another element has the same name".to_owned());
        }
        check_element(element, &mut reasons);
        violations.extend(
            reasons
                .into_iter()
                .map(|reason| format!("element {:?}: {reason}", element.name)),
        );
    }
}

fn check_element(element: &DialogElement, reasons: &mut Vec<String>) {
    if element.min_length < 0 {
        reasons.push(format!("min_length {} is negative", element.min_length));
    }
    if element.min_length > element.max_length {
        reasons.push(format!(
            "min_length {} is more than max_length {}",
            element.min_length, element.max_length
        ));
    }
    required("display_name", &element.display_name, DISPLAY_NAME, reasons);
    required("name", &element.name, NAME, reasons);
    longest("help_text", &element.help_text, HELP_TEXT, reasons);
    if element.multi_select && element.r#type != "select" {
        reasons.push("only a select can be multi_select".to_owned());
    }
    match element.r#type.as_str() {
        "text" => check_text(element, TEXT, reasons),
        "textarea" => check_text(element, TEXT_AREA, reasons),
        "select" => check_select(element, reasons),
        "bool" => {
            if !matches!(element.default.as_str(), "" | "true" | "false") {
                reasons.push("the default of a bool is true or false".to_owned());
            }
            longest(
                "placeholder",
                &element.placeholder,
                BOOL_PLACEHOLDER,
                reasons,
            );
        }
        "radio" => check_default(&element.default, element, reasons),
        "date" | "datetime" => check_date(element, reasons),
        other => reasons.push(format!("there is no type {other:?}")),
    }
}

fn check_text(element: &DialogElement, limit: usize, reasons: &mut Vec<String>) {
    longest("default", &element.default, limit, reasons);
    longest("placeholder", &element.placeholder, limit, reasons);
    if !SUB_TYPES.contains(&element.sub_type.as_str()) {
        reasons.push(format!("there is no subtype {:?}", element.sub_type));
    }
}

fn check_select(element: &DialogElement, reasons: &mut Vec<String>) {
    longest("default", &element.default, SELECT, reasons);
    longest("placeholder", &element.placeholder, SELECT, reasons);
    match element.data_source.as_str() {
        "users" | "channels" => {}
        "dynamic" => {
            if !is_lookup_url(&element.data_source_url) {
                reasons.push("a dynamic select needs a data_source_url: a path under /plugins/ or an http URL".to_owned());
            }
            if !element.options.is_empty() {
                reasons.push("a dynamic select has no options of its own".to_owned());
            }
        }
        "" if element.multi_select => {
            for value in element.default.replace(' ', "").split(',') {
                check_default(value, element, reasons);
            }
        }
        "" => check_default(&element.default, element, reasons),
        other => reasons.push(format!("there is no data_source {other:?}")),
    }
}

fn check_default(value: &str, element: &DialogElement, reasons: &mut Vec<String>) {
    if !value.is_empty() && !element.options.iter().any(|option| option.value == value) {
        reasons.push(format!("the default {value:?} is none of the options"));
    }
}

fn check_date(element: &DialogElement, reasons: &mut Vec<String>) {
    longest("default", &element.default, TEXT, reasons);
    longest("placeholder", &element.placeholder, TEXT, reasons);
    let interval = element.time_interval;
    if element.r#type == "datetime"
        && interval != 0
        && (!(1..=MINUTES_OF_A_DAY).contains(&interval) || MINUTES_OF_A_DAY % interval != 0)
    {
        reasons.push(format!(
            "time_interval {interval} does not divide the 1440 minutes of a day"
        ));
    }
}

fn required(field: &str, value: &str, limit: usize, reasons: &mut Vec<String>) {
    if value.is_empty() {
        reasons.push(format!("{field} is missing"));
    }
    longest(field, value, limit, reasons);
}

fn longest(field: &str, value: &str, limit: usize, reasons: &mut Vec<String>) {
    if value.len() > limit {
        reasons.push(format!(
            "{field} has {} bytes, {limit} are allowed",
            value.len()
        ));
    }
}

fn is_http_url(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://"))
        && Url::parse(text).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

fn is_lookup_url(text: &str) -> bool {
    if text.starts_with("/plugins/") {
        return !text.contains("..") && !text.contains("//");
    }
    is_http_url(text)
}
