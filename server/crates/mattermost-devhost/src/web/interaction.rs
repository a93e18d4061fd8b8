//! Commands, buttons and dialogs.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::Failure;
use super::{Page, shown};
use crate::autocomplete::Suggestion;
use crate::server::records::OpenDialog;

fn shown_dialog(dialog: &OpenDialog) -> Value {
    json!({"id": dialog.id, "url": dialog.request.url, "dialog": dialog.request.dialog})
}

#[derive(Deserialize)]
pub(super) struct Command {
    user: String,
    channel: String,
    text: String,
    #[serde(default)]
    root_id: String,
}

/// `POST /api/command {user, channel, text, root_id?}`: types a command, and answers what the user
/// sees after it.
pub(super) async fn command(
    State(page): State<Page>,
    Json(command): Json<Command>,
) -> Result<Json<Value>, Failure> {
    let user = page.user(&command.user);
    let outcome = user
        .run_command_in_thread(&command.channel, &command.root_id, &command.text)
        .await?;
    let server = page.host.server();
    let dialogs: Vec<Value> = outcome.dialogs.iter().map(shown_dialog).collect();
    Ok(Json(json!({
        "text": outcome.text(),
        "response": outcome.response,
        "ephemeral": shown::posts(server, outcome.ephemeral),
        "posts": shown::posts(server, outcome.posts),
        "dialogs": dialogs,
    })))
}

#[derive(Deserialize)]
pub(super) struct Typed {
    user: String,
    channel: String,
    text: String,
}

/// `GET /api/autocomplete?user=&channel=&text=`: suggestions for a half-typed command.
pub(super) async fn autocomplete(
    State(page): State<Page>,
    Query(typed): Query<Typed>,
) -> Result<Json<Vec<Suggestion>>, Failure> {
    Ok(Json(
        page.user(&typed.user)
            .suggestions(&typed.channel, &typed.text)
            .await?,
    ))
}

#[derive(Deserialize)]
pub(super) struct Action {
    user: String,
    post_id: String,
    action: String,
    #[serde(default)]
    option: String,
}

/// `POST /api/action {user, post_id, action, option?}`: clicks a button, given by id or text, or
/// chooses an option of a menu.
pub(super) async fn action(
    State(page): State<Page>,
    Json(action): Json<Action>,
) -> Result<Json<Value>, Failure> {
    let clicked = page
        .user(&action.user)
        .choose(&action.post_id, &action.action, &action.option)
        .await?;
    Ok(Json(
        json!({"trigger_id": clicked.trigger_id, "answer": clicked.answer}),
    ))
}

#[derive(Deserialize)]
pub(super) struct Submit {
    user: String,
    channel: String,
    #[serde(default)]
    dialog_id: String,
    #[serde(default)]
    fields: Map<String, Value>,
    #[serde(default)]
    cancel: bool,
}

/// `POST /api/dialog {user, channel, dialog_id?, fields?, cancel?}`: submits or closes a dialog, the
/// one opened last if none is named. The answer has `closed`, `error`, and `errors` by field.
pub(super) async fn dialog(
    State(page): State<Page>,
    Json(submit): Json<Submit>,
) -> Result<Json<Value>, Failure> {
    let user = page.user(&submit.user);
    let last = user.dialog().map(|dialog| dialog.id).unwrap_or_default();
    let dialog_id = if submit.dialog_id.is_empty() {
        last
    } else {
        submit.dialog_id
    };
    if submit.cancel {
        user.cancel_dialog_by_id(&dialog_id, &submit.channel)
            .await?;
        return Ok(Json(json!({"closed": true, "error": "", "errors": {}})));
    }
    let submission = user
        .submit_dialog_by_id(&dialog_id, &submit.channel, submit.fields)
        .await?;
    Ok(Json(
        json!({"closed": submission.closed, "error": submission.error, "errors": submission.errors}),
    ))
}

#[derive(Deserialize)]
pub(super) struct Asker {
    user: String,
}

/// `GET /api/dialogs?user=`: dialogs that are open for a user, oldest first.
pub(super) async fn dialogs(
    State(page): State<Page>,
    Query(asker): Query<Asker>,
) -> Json<Vec<Value>> {
    let user_id = page.user(&asker.user).id();
    let dialogs = page.host.dialogs();
    Json(
        dialogs
            .iter()
            .filter(|dialog| dialog.user_id == user_id)
            .map(shown_dialog)
            .collect(),
    )
}
