//! Dialogs: opening, submitting, cancelling (`app/integration_action.go`).

use std::collections::BTreeMap;
use std::sync::Arc;

use mattermost_plugin::model::{AppError, Dialog, OpenDialogRequest, SubmitDialogRequest};
use serde_json::{Map, Value};

use super::records::OpenDialog;
use super::{Caller, Server};
use crate::errors::{app_error, detailed};
use crate::ids::new_id;
use crate::state::dialogs::{dialog_problems, problems};

/// What came of a submitted dialog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submission {
    /// A message above the fields.
    pub error: String,
    /// Messages at fields, by name.
    pub errors: BTreeMap<String, String>,
    /// The dialog is over. Otherwise it stays open, perhaps with another form.
    pub closed: bool,
}

impl Server {
    /// Opens a dialog for the user of its trigger id.
    ///
    /// # Errors
    /// When the trigger id is expired or none, or the dialog breaks a limit. The server only logs a
    /// broken limit, and clients then cut the dialog; here it is an error and is recorded, so that
    /// it does not stay unseen.
    pub fn open_dialog(
        &self,
        plugin_id: &str,
        mut request: OpenDialogRequest,
    ) -> Result<(), AppError> {
        let lifetime = i64::try_from(self.request_timeout().as_millis()).unwrap_or(i64::MAX);
        let (client_id, user_id) =
            self.triggers
                .verify(&request.trigger_id, self.now(), lifetime)?;
        request.trigger_id = client_id;
        let found = problems(&request);
        if !found.is_empty() {
            let text = found.join("; ");
            self.violation(plugin_id, format!("invalid dialog: {text}"));
            let error = app_error(
                "OpenInteractiveDialog",
                "devhost.dialog.is_valid.app_error",
                "Interactive dialog is invalid.",
                400,
            );
            return Err(detailed(error, text));
        }
        let mut event = Map::new();
        event.insert(
            "dialog".to_owned(),
            Value::from(serde_json::to_string(&request).unwrap_or_default()),
        );
        let dialog = OpenDialog {
            id: new_id(),
            user_id: user_id.clone(),
            request,
        };
        self.record(|records| records.dialogs.push(dialog));
        self.publish_to_user("open_dialog", &user_id, event);
        Ok(())
    }

    /// Submits an open dialog. Required fields and lengths are the client's business, as in
    /// Mattermost: the plugin gets what is in `submission`.
    ///
    /// # Errors
    /// When no such dialog is open for the user, or the plugin's answer is none.
    pub async fn submit_dialog(
        self: &Arc<Self>,
        caller: &Caller,
        dialog_id: &str,
        channel_id: &str,
        submission: Map<String, Value>,
    ) -> Result<Submission, AppError> {
        let open = self.take_dialog(caller, dialog_id)?;
        let request = self.dialog_request(caller, &open, channel_id, submission, false);
        let answer = self.send_dialog(caller, &open, &request).await;
        let (submission, form) = match answer.and_then(|answer| self.read_answer(&answer)) {
            Ok(result) => result,
            Err(error) => {
                self.put_back(open);
                return Err(error);
            }
        };
        if !submission.closed {
            let dialog = form.unwrap_or_else(|| open.request.dialog.clone());
            self.put_back(OpenDialog {
                request: OpenDialogRequest {
                    dialog,
                    ..open.request
                },
                ..open
            });
        }
        Ok(submission)
    }

    /// Closes an open dialog; the plugin is told if it asked for that.
    ///
    /// # Errors
    /// When no such dialog is open for the user, or the plugin could not be told.
    pub async fn cancel_dialog(
        self: &Arc<Self>,
        caller: &Caller,
        dialog_id: &str,
        channel_id: &str,
    ) -> Result<(), AppError> {
        let open = self.take_dialog(caller, dialog_id)?;
        if open.request.dialog.notify_on_cancel {
            let request = self.dialog_request(caller, &open, channel_id, Map::new(), true);
            self.send_dialog(caller, &open, &request).await?;
        }
        Ok(())
    }

    fn dialog_request(
        &self,
        caller: &Caller,
        open: &OpenDialog,
        channel_id: &str,
        submission: Map<String, Value>,
        cancelled: bool,
    ) -> SubmitDialogRequest {
        // In a conversation without a team the client names the team it shows.
        let team_id = self.read(|data| {
            let own = data
                .channels
                .get(channel_id)
                .map(|channel| channel.team_id.clone())
                .unwrap_or_default();
            if own.is_empty() {
                data.teams
                    .memberships_of(&caller.user_id())
                    .first()
                    .map(|member| member.team_id.clone())
                    .unwrap_or_default()
            } else {
                own
            }
        });
        SubmitDialogRequest {
            r#type: "dialog_submission".to_owned(),
            callback_id: open.request.dialog.callback_id.clone(),
            state: open.request.dialog.state.clone(),
            user_id: caller.user_id(),
            channel_id: channel_id.to_owned(),
            team_id,
            submission,
            cancelled,
            ..SubmitDialogRequest::default()
        }
    }

    async fn send_dialog(
        self: &Arc<Self>,
        caller: &Caller,
        open: &OpenDialog,
        request: &SubmitDialogRequest,
    ) -> Result<Vec<u8>, AppError> {
        let body = serde_json::to_value(request).unwrap_or_default();
        self.do_action_request(caller, &open.request.url, &body)
            .await
            .map(|response| response.body)
    }

    fn read_answer(&self, body: &[u8]) -> Result<(Submission, Option<Dialog>), AppError> {
        let mut submission = Submission {
            closed: true,
            ..Submission::default()
        };
        if body.is_empty() {
            return Ok((submission, None));
        }
        let invalid = |id: &str, detail: String| {
            let error = app_error(
                "SubmitInteractiveDialog",
                &format!("app.submit_interactive_dialog.{id}"),
                "Unable to read the answer to the dialog.",
                500,
            );
            Err(detailed(error, detail))
        };
        let answer: mattermost_plugin::model::SubmitDialogResponse =
            match serde_json::from_slice(body) {
                Ok(answer) => answer,
                Err(error) => return invalid("decode_json_error", error.to_string()),
            };
        submission.error = answer.error;
        submission.errors = answer.errors;
        if !submission.error.is_empty() || !submission.errors.is_empty() {
            submission.closed = false;
            return Ok((submission, None));
        }
        match (answer.r#type.as_str(), answer.form) {
            ("" | "ok" | "navigate", None) => Ok((submission, None)),
            ("form", Some(form)) => {
                let found = dialog_problems(&form);
                if !found.is_empty() {
                    self.violation("", format!("invalid dialog form: {}", found.join("; ")));
                }
                submission.closed = false;
                Ok((submission, Some(form)))
            }
            (kind, form) => invalid(
                "invalid_response",
                format!("type {kind:?}, form {}", form.is_some()),
            ),
        }
    }

    fn take_dialog(&self, caller: &Caller, dialog_id: &str) -> Result<OpenDialog, AppError> {
        let user_id = caller.user_id();
        self.record(|records| {
            let index = records
                .dialogs
                .iter()
                .position(|open| open.id == dialog_id && open.user_id == user_id);
            index.map(|index| records.dialogs.remove(index))
        })
        .ok_or_else(|| {
            app_error(
                "SubmitInteractiveDialog",
                "devhost.dialog.not_open.app_error",
                "No such dialog is open.",
                404,
            )
        })
    }

    fn put_back(&self, open: OpenDialog) {
        self.record(|records| records.dialogs.push(open));
    }
}
