//! Clicks on buttons and choices in menus (`DoPostActionWithCookie` in
//! `app/integration_action.go`).

use std::sync::Arc;

use mattermost_plugin::model::{AppError, Post, PostActionIntegrationRequest};
use serde_json::{Map, Value};

use super::local_request::integration_error;
use super::{Caller, Server};
use crate::errors::{app_error, channel_missing, detailed, post_missing, user_missing};
use crate::ids::new_id;
use crate::state::text;

/// What a click brought about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clicked {
    /// The trigger id that the client may show a dialog for.
    pub trigger_id: String,
    /// What the plugin answered.
    pub answer: Value,
}

/// What the server knows of the clicked button.
struct Button {
    kind: String,
    data_source: String,
    url: String,
    context: Map<String, Value>,
    channel_id: String,
    root_id: String,
    retained: Map<String, Value>,
    removed: Vec<String>,
    /// The stored post; none for ephemeral ones.
    post: Option<Post>,
}

impl Server {
    /// Clicks a button or chooses an option of a menu.
    ///
    /// # Errors
    /// When post, button or user do not exist, the cookie is not the post's, or the plugin answers
    /// something else than JSON.
    pub async fn do_post_action(
        self: &Arc<Self>,
        caller: &Caller,
        post_id: &str,
        action_id: &str,
        selected: &str,
        cookie: &str,
    ) -> Result<Clicked, AppError> {
        if action_id.is_empty() || !action_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(action_missing(action_id));
        }
        let user_id = caller.user_id();
        let mut button = self.button(post_id, action_id, cookie)?;
        let user = self
            .read(|data| data.users.get(&user_id).cloned())
            .ok_or_else(|| user_missing("DoPostActionWithCookie"))?;
        let (channel, team) = self.read(|data| {
            let channel = data.channels.get(&button.channel_id).cloned();
            let team = channel
                .as_ref()
                .and_then(|channel| data.teams.get(&channel.team_id).cloned());
            (channel, team)
        });
        let channel =
            channel.ok_or_else(|| channel_missing("DoPostActionWithCookie", &button.channel_id))?;
        let mut data_source = String::new();
        if button.kind == "select" && !selected.is_empty() {
            data_source.clone_from(&button.data_source);
            button
                .context
                .insert("selected_option".to_owned(), Value::from(selected));
        }
        let trigger = self.triggers.issue(&user_id, self.now());
        let request = PostActionIntegrationRequest {
            user_id: user_id.clone(),
            user_name: user.username,
            channel_id: button.channel_id.clone(),
            channel_name: channel.name,
            team_id: channel.team_id,
            team_name: team.map(|team| team.name).unwrap_or_default(),
            post_id: post_id.to_owned(),
            trigger_id: trigger.id,
            r#type: button.kind.clone(),
            data_source,
            context: button.context.clone(),
        };
        let body = serde_json::to_value(&request).unwrap_or_default();
        let response = self.do_action_request(caller, &button.url, &body).await?;
        let answer: Value = if response.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&response.body).map_err(|error| {
                integration_error(&format!("status {}: {error}", response.status))
            })?
        };
        self.apply(caller, post_id, &button, &answer).await?;
        Ok(Clicked {
            trigger_id: trigger.client_id,
            answer,
        })
    }

    fn button(&self, post_id: &str, action_id: &str, cookie: &str) -> Result<Button, AppError> {
        match self.read(|data| data.posts.get(post_id)) {
            Some(post) => stored_button(post, action_id),
            None if cookie.is_empty() => Err(post_missing("DoPostActionWithCookie")),
            None => {
                let cookie = self
                    .open_cookie(cookie)
                    .ok_or_else(|| integration_error("the cookie is not one"))?;
                if cookie.get("post_id").and_then(Value::as_str) != Some(post_id) {
                    return Err(integration_error("postId doesn't match"));
                }
                cookie_button(&cookie)
            }
        }
    }

    /// Does what the plugin's answer asks for: a new version of the post, a text for the user.
    async fn apply(
        self: &Arc<Self>,
        caller: &Caller,
        post_id: &str,
        button: &Button,
        answer: &Value,
    ) -> Result<(), AppError> {
        let user_id = caller.user_id();
        if let Some(update) = answer.get("update").filter(|update| !update.is_null()) {
            let mut post: Post = serde_json::from_value(update.clone())
                .map_err(|error| integration_error(&error.to_string()))?;
            post_id.clone_into(&mut post.id);
            let has_props = update.get("props").is_some_and(|props| !props.is_null());
            if has_props {
                post.props.extend(button.retained.clone());
                for name in &button.removed {
                    post.props.remove(name);
                }
            } else if let Some(original) = &button.post {
                post.props.clone_from(&original.props);
            }
            post.is_pinned = button.post.as_ref().is_some_and(|post| post.is_pinned);
            post.has_reactions = button.post.as_ref().is_some_and(|post| post.has_reactions);
            self.update_post(caller, post).await?;
        }
        let text = answer
            .get("ephemeral_text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !text.is_empty() {
            let skip = answer
                .get("skip_slack_parsing")
                .and_then(Value::as_bool)
                .unwrap_or(false);
            let message = if skip {
                text.to_owned()
            } else {
                text::slack_links_to_markdown(text)
            };
            let post = Post {
                root_id: button.root_id.clone(),
                props: button.retained.clone(),
                ..Post::new(&user_id, &button.channel_id, message)
            };
            self.send_ephemeral(&user_id, post);
        }
        Ok(())
    }

    /// Keeps what a button does and answers the cookie for it.
    pub(crate) fn seal_cookie(&self, content: &Value) -> String {
        let cookie = new_id();
        self.write(|data| data.action_cookies.insert(cookie.clone(), content.clone()));
        cookie
    }

    fn open_cookie(&self, cookie: &str) -> Option<Value> {
        self.read(|data| data.action_cookies.get(cookie).cloned())
    }
}

fn stored_button(post: Post, action_id: &str) -> Result<Button, AppError> {
    let action = text::action(&post.props, action_id)
        .cloned()
        .unwrap_or_default();
    let Some(integration) = action
        .get("integration")
        .filter(|integration| !integration.is_null())
    else {
        return Err(action_missing(action_id));
    };
    let mut retained = Map::new();
    let mut removed = Vec::new();
    for name in super::ephemeral::RETAINED_PROPS {
        match post.props.get(*name) {
            Some(value) => _ = retained.insert((*name).to_owned(), value.clone()),
            None => removed.push((*name).to_owned()),
        }
    }
    Ok(Button {
        kind: string(&action, "type"),
        data_source: string(&action, "data_source"),
        url: string(integration, "url"),
        context: object(integration, "context"),
        channel_id: post.channel_id.clone(),
        root_id: if post.root_id.is_empty() {
            post.id.clone()
        } else {
            post.root_id.clone()
        },
        retained,
        removed,
        post: Some(post),
    })
}

fn cookie_button(cookie: &Value) -> Result<Button, AppError> {
    let Some(integration) = cookie
        .get("integration")
        .filter(|integration| !integration.is_null())
    else {
        return Err(integration_error("no Integration in action cookie"));
    };
    let removed = cookie
        .get("remove_props")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    Ok(Button {
        kind: string(cookie, "type"),
        data_source: string(cookie, "data_source"),
        url: string(integration, "url"),
        context: object(integration, "context"),
        channel_id: string(cookie, "channel_id"),
        root_id: string(cookie, "root_post_id"),
        retained: object(cookie, "retain_props"),
        removed: removed
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        post: None,
    })
}

fn string(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn object(value: &Value, name: &str) -> Map<String, Value> {
    value
        .get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

fn action_missing(action_id: &str) -> AppError {
    let error = app_error(
        "DoPostActionWithCookie",
        "api.post.do_action.action_id.app_error",
        "Invalid action id.",
        404,
    );
    detailed(error, format!("action={action_id}"))
}
