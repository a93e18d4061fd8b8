//! What a command answers becomes posts (`HandleCommandResponse` in `app/command.go`).

use std::sync::Arc;

use mattermost_plugin::model::{AppError, CommandArgs, CommandResponse, Post};
use serde_json::Value;

use super::{Caller, Server};
use crate::errors::{app_error, detailed};
use crate::state::text;

impl Server {
    /// Posts what a command answered (`HandleCommandResponse`).
    pub(super) async fn handle_command_response(
        self: &Arc<Self>,
        caller: &Caller,
        args: &CommandArgs,
        response: &CommandResponse,
    ) -> Result<(), AppError> {
        let mut failed = None;
        for part in std::iter::once(response).chain(&response.extra_responses) {
            if let Err(error) = self.post_command_response(caller, args, part).await {
                failed = Some(error);
            }
        }
        match failed {
            None => Ok(()),
            Some(cause) => {
                let trigger = args
                    .command
                    .split(' ')
                    .next()
                    .unwrap_or_default()
                    .trim_start_matches('/')
                    .to_lowercase();
                let error = app_error(
                    "command",
                    "api.command.execute_command.create_post_failed.app_error",
                    format!(
                        "Command '{trigger}' failed to post response. Please contact your System Administrator."
                    ),
                    500,
                );
                Err(detailed(error, cause.to_string()))
            }
        }
    }

    async fn post_command_response(
        self: &Arc<Self>,
        caller: &Caller,
        args: &CommandArgs,
        response: &CommandResponse,
    ) -> Result<(), AppError> {
        let mut post = Post {
            root_id: args.root_id.clone(),
            r#type: response.r#type.clone(),
            props: response.props.clone(),
            ..Post::new(&args.user_id, &args.channel_id, "")
        };
        if !response.channel_id.is_empty() {
            let member = self.read(|data| {
                data.channels
                    .member(&response.channel_id, &args.user_id)
                    .is_some()
            });
            if !member {
                return Err(app_error(
                    "HandleCommandResponsePost",
                    "api.command.command_post.forbidden.app_error",
                    "Specified user is not a member of specified channel.",
                    403,
                ));
            }
            post.channel_id.clone_from(&response.channel_id);
        }
        self.override_author(&mut post, response);
        let mut attachments = serde_json::to_value(&response.attachments).unwrap_or_default();
        if response.skip_slack_parsing {
            post.message.clone_from(&response.text);
        } else {
            post.message =
                text::slack_links_to_markdown(&text::expand_announcements(&response.text));
        }
        if post.r#type.starts_with("system_") {
            return Err(app_error(
                "CreateCommandPost",
                "api.context.invalid_param.app_error",
                "Invalid post.type parameter.",
                400,
            ));
        }
        if !response.attachments.is_empty() {
            for attachment in attachments.as_array_mut().into_iter().flatten() {
                parse_links(attachment);
            }
            if post.r#type.is_empty() {
                "slack_attachment".clone_into(&mut post.r#type);
            }
            post.props.insert("attachments".to_owned(), attachments);
        }
        match response.response_type.as_str() {
            "in_channel" => self.create_post(caller, post).await.map(|_| ()),
            "" | "ephemeral" if !response.text.is_empty() || !response.attachments.is_empty() => {
                let user_id = post.user_id.clone();
                self.send_ephemeral(&user_id, post);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Another name and picture, where the configuration allows them.
    fn override_author(&self, post: &mut Post, response: &CommandResponse) {
        let config = self.config();
        let mut from_bot = false;
        if config.is_on("ServiceSettings.EnablePostUsernameOverride")
            && !response.username.is_empty()
        {
            post.props.insert(
                "override_username".to_owned(),
                Value::from(response.username.clone()),
            );
            from_bot = true;
        }
        if config.is_on("ServiceSettings.EnablePostIconOverride") {
            post.props.insert(
                "override_icon_url".to_owned(),
                Value::from(response.icon_url.clone()),
            );
            from_bot = from_bot || !response.icon_url.is_empty();
        }
        if from_bot {
            post.props
                .insert("from_webhook".to_owned(), Value::from("true"));
        }
    }
}

/// Slack's links in the texts of an attachment (`ParseMessageAttachment`).
fn parse_links(attachment: &mut Value) {
    for name in ["text", "pretext"] {
        let text = attachment
            .get(name)
            .and_then(Value::as_str)
            .map(text::slack_links_to_markdown);
        if let Some(text) = text {
            attachment[name] = Value::from(text);
        }
    }
    for field in attachment
        .get_mut("fields")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let value = field
            .get("value")
            .and_then(Value::as_str)
            .map(text::slack_links_to_markdown);
        if let Some(value) = value {
            field["value"] = Value::from(value);
        }
    }
}
