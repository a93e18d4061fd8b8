//! Slash commands (`app/command.go`, `app/plugin_commands.go`).

use std::collections::BTreeMap;
use std::sync::Arc;

use mattermost_plugin::model::{AppError, CommandArgs, CommandResponse};

use super::{Caller, Server};
use crate::errors::{app_error, detailed};
use crate::state::text;

/// Longest trigger that an error shows, in bytes.
const SHOWN_TRIGGER_MAX: usize = 512;

impl Server {
    /// Runs a command as a client sends it: the team is the channel's.
    ///
    /// # Errors
    /// When the user may not post there, the text is no command, or the command fails.
    pub async fn execute_command_as_user(
        self: &Arc<Self>,
        caller: &Caller,
        mut args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        if args.command.len() <= 1 || !args.command.starts_with('/') {
            return Err(app_error(
                "executeCommand",
                "api.command.execute_command.start.app_error",
                "No command trigger found.",
                400,
            ));
        }
        args.user_id = caller.user_id();
        if !self.has_channel_permission(&args.user_id, &args.channel_id, "create_post") {
            return Err(app_error(
                "Permissions",
                "api.context.permissions.app_error",
                "You do not have the appropriate permissions.",
                403,
            ));
        }
        let channel = self
            .read(|data| data.channels.get(&args.channel_id).cloned())
            .unwrap_or_default();
        if channel.delete_at != 0 {
            return Err(app_error(
                "createPost",
                "api.command.execute_command.deleted.error",
                "Cannot run command in deleted channel.",
                400,
            ));
        }
        if !channel.team_id.is_empty() {
            args.team_id = channel.team_id;
        }
        self.execute_command(caller, args).await
    }

    /// Runs a command (`App.ExecuteCommand`). The trigger ends at the first white space and is read
    /// in lower case; what follows reaches the plugin as it was typed.
    ///
    /// # Errors
    /// When no plugin knows the trigger, the plugin does not run, or it answers an error.
    pub async fn execute_command(
        self: &Arc<Self>,
        caller: &Caller,
        mut args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        let word = args
            .command
            .split(char::is_whitespace)
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let Some(trigger) = word.strip_prefix('/') else {
            return Err(app_error(
                "command",
                "api.command.execute_command.format.app_error",
                "Command trigger word is missing the leading slash character",
                400,
            ));
        };
        // Plugins are found by the text before the first space alone, not before a line break.
        let plugin_trigger = args
            .command
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let plugin_trigger = plugin_trigger
            .strip_prefix('/')
            .unwrap_or_default()
            .to_owned();
        let issued = self.triggers.issue(&args.user_id, self.now());
        args.trigger_id = issued.id;
        args.site_url = self.config().text("ServiceSettings.SiteURL");
        let known = self.read(|data| data.commands.find(&args.team_id, &plugin_trigger).cloned());
        let response = match known {
            Some(known) => {
                self.execute_plugin_command(caller, &known.plugin_id, &plugin_trigger, &mut args)
                    .await?
            }
            None => None,
        };
        let Some(mut response) = response else {
            let mut shown: String = trigger.to_owned();
            if shown.len() > SHOWN_TRIGGER_MAX {
                let mut end = SHOWN_TRIGGER_MAX;
                while !shown.is_char_boundary(end) {
                    end -= 1;
                }
                shown.truncate(end);
                shown.push_str("...");
            }
            return Err(app_error(
                "command",
                "api.command.execute_command.not_found.app_error",
                format!(
                    "Command with a trigger of '{shown}' not found. To send a message beginning with \"/\", try adding an empty space at the beginning of the message."
                ),
                404,
            ));
        };
        response.trigger_id = issued.client_id;
        self.handle_command_response(caller, &args, &response)
            .await?;
        Ok(response)
    }

    /// `None` when the call itself failed, which the server takes for "no such command".
    async fn execute_plugin_command(
        self: &Arc<Self>,
        caller: &Caller,
        plugin_id: &str,
        trigger: &str,
        args: &mut CommandArgs,
    ) -> Result<Option<CommandResponse>, AppError> {
        let not_working = || {
            let error = app_error(
                "ExecutePluginCommand",
                "model.plugin_command_error.error.app_error",
                format!(
                    "Plugin for /{trigger} is not working. Please contact your system administrator"
                ),
                500,
            );
            detailed(
                error,
                format!("err= Plugin has recently crashed: {plugin_id}"),
            )
        };
        if !self.is_healthy(plugin_id, caller.node).await {
            return Err(not_working());
        }
        let instance = self
            .instance(plugin_id, caller.node)
            .ok_or_else(not_working)?;
        args.user_mentions = self.mentioned_users(&args.command, &args.team_id);
        args.channel_mentions = self.mentioned_channels(&args.command, &args.team_id);
        let answer = instance
            .hooks
            .execute_command(caller.context.clone(), args.clone())
            .await;
        if !self.is_healthy(plugin_id, caller.node).await {
            let error = app_error(
                "ExecutePluginCommand",
                "model.plugin_command_crash.error.app_error",
                format!(
                    "/{trigger} command crashed the {plugin_id} plugin. Please contact your system administrator"
                ),
                500,
            );
            return Err(detailed(
                error,
                format!("err= Plugin {plugin_id} crashed due to /{trigger} command"),
            ));
        }
        match answer {
            Ok(Ok(response)) => Ok(Some(response)),
            Ok(Err(mut error)) => {
                if !(100..=999).contains(&error.status_code) {
                    error.status_code = 500;
                }
                Err(error)
            }
            Err(failure) => {
                let fields = vec![("error".to_owned(), failure.to_string())];
                self.log(
                    mattermost_plugin::LogLevel::Error,
                    plugin_id,
                    caller.node,
                    "ExecuteCommand failed",
                    fields,
                );
                Ok(None)
            }
        }
    }

    /// Users of the team that a text mentions, by name; punctuation after a name is no part of it.
    fn mentioned_users(&self, message: &str, team_id: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        self.read(|data| {
            for mention in text::mentions(message, '@') {
                let mut name = mention.as_str();
                loop {
                    if let Some(user) = data.users.by_username(name) {
                        if data.teams.is_member(team_id, &user.id) {
                            found.insert(name.to_owned(), user.id.clone());
                        }
                        break;
                    }
                    match name.strip_suffix(['.', '-', '_', ':']) {
                        Some(shorter) => name = shorter,
                        None => break,
                    }
                }
            }
        });
        found
    }

    fn mentioned_channels(&self, message: &str, team_id: &str) -> BTreeMap<String, String> {
        self.read(|data| {
            text::mentions(message, '~')
                .into_iter()
                .filter_map(|name| {
                    let channel = data.channels.by_name(team_id, &name, false)?;
                    (channel.r#type == "O").then(|| (name, channel.id.clone()))
                })
                .collect()
        })
    }
}
