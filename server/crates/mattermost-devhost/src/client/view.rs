//! What a client shows and checks by itself.

use std::collections::BTreeMap;

use mattermost_plugin::model::{CommandResponse, Dialog, DialogElement, Post, PostAction};
use serde_json::{Map, Value};

use super::ClickError;
use crate::server::Server;
use crate::server::records::OpenDialog;

/// What a user sees after a command.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CommandOutcome {
    /// The plugin's response.
    pub response: CommandResponse,
    /// New posts that only this user sees.
    pub ephemeral: Vec<Post>,
    /// New posts in any channel.
    pub posts: Vec<Post>,
    /// Dialogs opened for this user.
    pub dialogs: Vec<OpenDialog>,
}

impl CommandOutcome {
    /// The messages that only this user sees, as one text.
    #[must_use]
    pub fn text(&self) -> String {
        let messages: Vec<&str> = self
            .ephemeral
            .iter()
            .map(|post| post.message.as_str())
            .collect();
        messages.join("\n")
    }
}

/// What there was before a command.
pub(super) struct Snapshot {
    ephemeral: Vec<String>,
    posts: usize,
    dialogs: Vec<String>,
}

fn ids(posts: &[Post]) -> Vec<String> {
    posts.iter().map(|post| post.id.clone()).collect()
}

impl Snapshot {
    pub(super) fn take(server: &Server, user_id: &str) -> Self {
        let (ephemeral, posts) =
            server.read(|data| (ids(&data.posts.ephemeral_of(user_id)), data.posts.mark()));
        let dialogs = server.records(|records| {
            records
                .dialogs
                .iter()
                .map(|dialog| dialog.id.clone())
                .collect()
        });
        Self {
            ephemeral,
            posts,
            dialogs,
        }
    }

    pub(super) fn outcome(
        self,
        server: &Server,
        user_id: &str,
        response: CommandResponse,
    ) -> CommandOutcome {
        let (mut ephemeral, posts) = server.read(|data| {
            (
                data.posts.ephemeral_of(user_id),
                data.posts.made_after(self.posts),
            )
        });
        ephemeral.retain(|post| !self.ephemeral.contains(&post.id));
        let dialogs = server.records(|records| {
            let new = |dialog: &&OpenDialog| {
                dialog.user_id == user_id && !self.dialogs.contains(&dialog.id)
            };
            records.dialogs.iter().filter(new).cloned().collect()
        });
        CommandOutcome {
            response,
            ephemeral,
            posts,
            dialogs,
        }
    }
}

/// Posts of a channel as a user sees them, oldest first.
pub(crate) fn posts(server: &Server, user_id: &str, channel_id: &str) -> Vec<Post> {
    let mut posts = server.read(|data| {
        let mut posts = data.posts.in_channel(channel_id);
        posts.extend(
            data.posts
                .ephemeral_of(user_id)
                .into_iter()
                .filter(|post| post.channel_id == channel_id),
        );
        posts
    });
    posts.sort_by_key(|post| post.create_at);
    posts
}

/// A button of a post that a user sees, by its id or text.
pub(super) fn button(
    server: &Server,
    user_id: &str,
    post_id: &str,
    action: &str,
) -> Result<PostAction, ClickError> {
    let stored = server.read(|data| {
        let ephemeral = || {
            data.posts
                .ephemeral_of(user_id)
                .into_iter()
                .find(|post| post.id == post_id)
        };
        data.posts.get(post_id).or_else(ephemeral)
    });
    let buttons: Vec<PostAction> = stored
        .iter()
        .flat_map(Post::attachments)
        .flat_map(|attachment| attachment.actions)
        .collect();
    let found = buttons
        .iter()
        .find(|button| button.id == action || button.name == action)
        .cloned();
    found.ok_or_else(|| ClickError::NoButton {
        post_id: post_id.to_owned(),
        action: action.to_owned(),
        known: buttons.into_iter().map(|button| button.name).collect(),
    })
}

/// The values of a filled-in dialog and what the client finds wrong with them
/// (`checkDialogElementForError` of the web client).
pub(crate) fn fill_in(
    dialog: &Dialog,
    mut fields: Map<String, Value>,
) -> (Map<String, Value>, BTreeMap<String, String>) {
    let mut submission = Map::new();
    let mut errors = BTreeMap::new();
    for element in &dialog.elements {
        let value = fields
            .remove(&element.name)
            .unwrap_or_else(|| default_of(element));
        if let Some(problem) = problem(element, &value) {
            errors.insert(element.name.clone(), problem);
        }
        submission.insert(element.name.clone(), as_sent(element, value));
    }
    for name in fields.keys() {
        errors.insert(name.clone(), "There is no such field.".to_owned());
    }
    (submission, errors)
}

/// A client sends what is typed into a number field as a number.
fn as_sent(element: &DialogElement, value: Value) -> Value {
    match value.as_str().and_then(|text| text.parse::<i64>().ok()) {
        Some(number) if element.r#type == "text" && element.sub_type == "number" => {
            Value::from(number)
        }
        _ => value,
    }
}

fn default_of(element: &DialogElement) -> Value {
    match (element.r#type.as_str(), element.default.as_str()) {
        ("bool", default) => Value::Bool(default == "true"),
        (_, "") => Value::Null,
        (_, default) => Value::from(default),
    }
}

fn problem(element: &DialogElement, value: &Value) -> Option<String> {
    let number = value
        .as_number()
        .map(ToString::to_string)
        .unwrap_or_default();
    let text = value.as_str().unwrap_or(&number);
    let empty = value.is_null() || value.as_str() == Some("") || *value == Value::Bool(false);
    if empty {
        return (!element.optional).then(|| "This field is required.".to_owned());
    }
    let is_text = element.r#type == "text" || element.r#type == "textarea";
    if is_text {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let longest = match (element.max_length, element.r#type.as_str()) {
            (0, "text") => 150,
            (0, _) => 3_000,
            (length, _) => length,
        };
        if element.min_length > 0 && length < element.min_length {
            return Some(format!("Minimum input length is {}.", element.min_length));
        }
        if length > longest {
            return Some(format!("The input is longer than {longest} characters."));
        }
        return match element.sub_type.as_str() {
            "email" if !text.contains('@') => Some("Must be a valid email address.".to_owned()),
            "number" if text.parse::<f64>().is_err() => Some("Must be a number.".to_owned()),
            "url" if !text.starts_with("http://") && !text.starts_with("https://") => {
                Some("URL must include http:// or https://.".to_owned())
            }
            _ => None,
        };
    }
    let closed_list =
        element.r#type == "radio" || (element.r#type == "select" && element.data_source.is_empty());
    let known = element.options.iter().any(|option| option.value == text);
    (closed_list && !element.multi_select && !known)
        .then(|| "Must be one of the options.".to_owned())
}
