//! The dialog that asks for a Jenkins account, so that the token never stands in a message box.

use std::collections::BTreeMap;

use mattermost_plugin::model::{
    Dialog, DialogElement, OpenDialogRequest, SubmitDialogRequest, SubmitDialogResponse,
};
use secrecy::SecretString;

use crate::config::PLUGIN_ID;

/// Where the dialog is answered, below `/plugins/<id>`.
pub const CONNECT_PATH: &str = "/api/v1/jenkins/connect";
const USER: &str = "user";
const TOKEN: &str = "token";
/// Most characters of a user id or token; also the web client's own limit of a text field.
const LONGEST: i64 = 150;

/// The dialog. `jenkins_url` is where people make their token; `state` comes back with the answer.
#[must_use]
pub fn open(trigger_id: &str, jenkins_url: &str, state: String) -> OpenDialogRequest {
    let page = crate::text::link("Jenkins", jenkins_url);
    let element = |name: &str, display_name: &str, sub_type: &str, help_text: &str| DialogElement {
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        r#type: "text".to_owned(),
        sub_type: sub_type.to_owned(),
        help_text: help_text.to_owned(),
        max_length: LONGEST,
        ..DialogElement::default()
    };
    OpenDialogRequest {
        trigger_id: trigger_id.to_owned(),
        url: format!("/plugins/{PLUGIN_ID}{CONNECT_PATH}"),
        dialog: Dialog {
            callback_id: "jenkins_connect".to_owned(),
            title: "Connect to Jenkins".to_owned(),
            introduction_text: format!(
                "Commands run with your own Jenkins account and its permissions. Make an API token in {page}: your name, **Security**, **API Token**."
            ),
            elements: vec![
                element(USER, "Jenkins user id", "text", "The name you log in with."),
                element(
                    TOKEN,
                    "API token",
                    "password",
                    "It is checked now and stored encrypted.",
                ),
            ],
            submit_label: "Connect".to_owned(),
            state,
            ..Dialog::default()
        },
    }
}

/// What was filled in, or what to say beside each field.
///
/// # Errors
/// The answer that keeps the dialog open.
pub fn filled_in(
    request: &SubmitDialogRequest,
) -> Result<(String, SecretString), Box<SubmitDialogResponse>> {
    let value = |name: &str| {
        request
            .submission
            .get(name)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .trim()
    };
    let (user, token) = (value(USER), value(TOKEN));
    let missing: BTreeMap<String, String> = [(USER, user), (TOKEN, token)]
        .into_iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| (name.to_owned(), "Please fill this in.".to_owned()))
        .collect();
    if !missing.is_empty() {
        return Err(Box::new(SubmitDialogResponse {
            errors: missing,
            ..SubmitDialogResponse::default()
        }));
    }
    Ok((user.to_owned(), SecretString::from(token)))
}

/// The answer that keeps the dialog open and says why the account does not work.
#[must_use]
pub fn refused(reason: String, is_about_token: bool) -> SubmitDialogResponse {
    if is_about_token {
        let errors = BTreeMap::from([(TOKEN.to_owned(), reason)]);
        return SubmitDialogResponse {
            errors,
            ..SubmitDialogResponse::default()
        };
    }
    SubmitDialogResponse {
        error: reason,
        ..SubmitDialogResponse::default()
    }
}
