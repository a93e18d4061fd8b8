//! Commands, buttons and dialogs.

use mattermost_plugin::model::{AppError, CommandArgs, CommandResponse};
use serde_json::{Map, Value};

use super::{ClickError, CommandOutcome, User, view};
use crate::autocomplete::Suggestion;
use crate::errors::app_error;
use crate::server::records::OpenDialog;
use crate::server::{Clicked, Submission};

impl User {
    /// Types a command.
    ///
    /// # Errors
    /// What the server answers instead of running it.
    pub async fn run_command(&self, channel: &str, text: &str) -> Result<CommandOutcome, AppError> {
        self.run_command_in_thread(channel, "", text).await
    }

    /// Types a command in the thread of a post.
    ///
    /// # Errors
    /// What the server answers instead of running it.
    pub async fn run_command_in_thread(
        &self,
        channel: &str,
        root_id: &str,
        text: &str,
    ) -> Result<CommandOutcome, AppError> {
        let channel_id = self.channel(channel)?;
        let before = view::Snapshot::take(&self.server, &self.id());
        let response = self.execute(&channel_id, root_id, text).await?;
        Ok(before.outcome(&self.server, &self.id(), response))
    }

    async fn execute(
        &self,
        channel_id: &str,
        root_id: &str,
        text: &str,
    ) -> Result<CommandResponse, AppError> {
        let caller = self.caller().await?;
        let args = CommandArgs {
            channel_id: channel_id.to_owned(),
            root_id: root_id.to_owned(),
            team_id: self.team_id(),
            command: text.to_owned(),
            ..CommandArgs::default()
        };
        self.server.execute_command_as_user(caller, args).await
    }

    /// What the client offers for a half-typed command.
    ///
    /// # Errors
    /// When the user cannot log in or the channel does not exist.
    pub async fn suggestions(
        &self,
        channel: &str,
        input: &str,
    ) -> Result<Vec<Suggestion>, AppError> {
        let caller = self.caller().await?;
        let args = CommandArgs {
            channel_id: self.channel(channel)?,
            team_id: self.team_id(),
            ..CommandArgs::default()
        };
        Ok(self.server.suggestions(caller, &args, input).await)
    }

    /// Clicks a button, given by its id or its text.
    ///
    /// # Errors
    /// When there is no such button, or the server's error.
    pub async fn click(&self, post_id: &str, action: &str) -> Result<Clicked, ClickError> {
        self.choose(post_id, action, "").await
    }

    /// Chooses the option with this value in a menu, given by its id or its text.
    ///
    /// # Errors
    /// When there is no such menu, or the server's error.
    pub async fn choose(
        &self,
        post_id: &str,
        action: &str,
        option: &str,
    ) -> Result<Clicked, ClickError> {
        let caller = self.caller().await?;
        let button = view::button(&self.server, &self.id(), post_id, action)?;
        Ok(self
            .server
            .do_post_action(caller, post_id, &button.id, option, &button.cookie)
            .await?)
    }

    /// The dialog that was opened last for this user and is still open.
    #[must_use]
    pub fn dialog(&self) -> Option<OpenDialog> {
        let id = self.id();
        self.server.records(|records| {
            records
                .dialogs
                .iter()
                .rev()
                .find(|dialog| dialog.user_id == id)
                .cloned()
        })
    }

    /// Fills in and submits the dialog that was opened last. As in Mattermost's client, required
    /// fields and lengths are checked first, and fields that are left out have their defaults.
    ///
    /// # Errors
    /// When no dialog is open, or the server's error.
    pub async fn submit_dialog(
        &self,
        channel: &str,
        fields: &[(&str, Value)],
    ) -> Result<Submission, AppError> {
        let dialog = self.dialog().ok_or_else(no_dialog)?;
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        self.submit_dialog_by_id(&dialog.id, channel, fields).await
    }

    /// Fills in and submits an open dialog.
    ///
    /// # Errors
    /// When it is not open for this user, or the server's error.
    pub async fn submit_dialog_by_id(
        &self,
        dialog_id: &str,
        channel: &str,
        fields: Map<String, Value>,
    ) -> Result<Submission, AppError> {
        let caller = self.caller().await?;
        let dialog = self.server.records(|records| {
            records
                .dialogs
                .iter()
                .find(|dialog| dialog.id == dialog_id)
                .cloned()
        });
        let dialog = dialog.ok_or_else(no_dialog)?;
        let (submission, errors) = view::fill_in(&dialog.request.dialog, fields);
        if !errors.is_empty() {
            return Ok(Submission {
                errors,
                ..Submission::default()
            });
        }
        self.server
            .submit_dialog(caller, dialog_id, &self.channel(channel)?, submission)
            .await
    }

    /// Closes the dialog that was opened last.
    ///
    /// # Errors
    /// When no dialog is open, or the plugin could not be told.
    pub async fn cancel_dialog(&self, channel: &str) -> Result<(), AppError> {
        let dialog = self.dialog().ok_or_else(no_dialog)?;
        self.cancel_dialog_by_id(&dialog.id, channel).await
    }

    /// Closes an open dialog.
    ///
    /// # Errors
    /// When it is not open for this user, or the plugin could not be told.
    pub async fn cancel_dialog_by_id(
        &self,
        dialog_id: &str,
        channel: &str,
    ) -> Result<(), AppError> {
        let caller = self.caller().await?;
        self.server
            .cancel_dialog(caller, dialog_id, &self.channel(channel)?)
            .await
    }
}

fn no_dialog() -> AppError {
    app_error(
        "SubmitInteractiveDialog",
        "devhost.dialog.not_open.app_error",
        "No dialog is open.",
        404,
    )
}
