//! A user's client: what a person does in a browser, as methods.

mod view;

use std::sync::Arc;

use http::Request;
use http::header::AUTHORIZATION;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{AppError, CommandArgs, CommandResponse, Post, Reaction};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use crate::autocomplete::Suggestion;
use crate::errors::{app_error, channel_missing};
use crate::server::hub::Subscription;
use crate::server::records::OpenDialog;
use crate::server::{Caller, Clicked, Server, Submission};

pub use view::CommandOutcome;
pub(crate) use view::posts as visible_posts;

/// A client of one user on one node of the cluster. Channels are given by name or id, conversations
/// as `@username`.
#[derive(Debug)]
pub struct User {
    server: Arc<Server>,
    username: String,
    node: usize,
    session: OnceCell<Caller>,
}

/// Why a click was not possible.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClickError {
    /// The post has no button or menu of that name or id.
    #[error("post {post_id} has no button {action:?}; it has {known:?}")]
    NoButton {
        /// The post.
        post_id: String,
        /// What was looked for.
        action: String,
        /// Names of the buttons it has.
        known: Vec<String>,
    },
    /// The server's error.
    #[error(transparent)]
    App(#[from] AppError),
}

impl User {
    pub(crate) fn new(server: Arc<Server>, username: &str, node: usize) -> Self {
        Self { server, username: username.to_owned(), node, session: OnceCell::new() }
    }

    /// The same user at another node of the cluster.
    #[must_use]
    pub fn on_node(&self, node: usize) -> Self {
        Self::new(self.server.clone(), &self.username, node)
    }

    /// Id of the user; empty if there is no such user.
    #[must_use]
    pub fn id(&self) -> String {
        self.server.read(|data| data.users.by_username(&self.username).map(|user| user.id.clone())).unwrap_or_default()
    }

    /// The user's session, opened with the first use.
    ///
    /// # Errors
    /// When there is no such user or a plugin refuses the login.
    pub async fn caller(&self) -> Result<&Caller, AppError> {
        self.session.get_or_try_init(|| self.server.log_in(self.node, &self.username)).await
    }

    /// Id of a channel by its id, its name, or `@username` for the direct channel with a user.
    ///
    /// # Errors
    /// When there is none.
    pub fn channel(&self, name: &str) -> Result<String, AppError> {
        if let Some(other) = name.strip_prefix('@') {
            let other = self.server.read(|data| data.users.by_username(other).map(|user| user.id.clone()));
            let other = other.ok_or_else(|| crate::errors::user_missing("GetUserByUsername"))?;
            return Ok(self.server.direct_channel(&Caller::system(self.node), &self.id(), &other)?.id);
        }
        self.server
            .read(|data| {
                let by_name = || data.channels.all().into_iter().find(|channel| channel.name == name).cloned();
                data.channels.get(name).cloned().or_else(by_name).map(|channel| channel.id)
            })
            .ok_or_else(|| channel_missing("GetChannel", name))
    }

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
    pub async fn run_command_in_thread(&self, channel: &str, root_id: &str, text: &str) -> Result<CommandOutcome, AppError> {
        let channel_id = self.channel(channel)?;
        let before = view::Snapshot::take(&self.server, &self.id());
        let response = self.execute(&channel_id, root_id, text).await?;
        Ok(before.outcome(&self.server, &self.id(), response))
    }

    async fn execute(&self, channel_id: &str, root_id: &str, text: &str) -> Result<CommandResponse, AppError> {
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

    fn team_id(&self) -> String {
        let id = self.id();
        self.server
            .read(|data| data.teams.memberships_of(&id).first().map(|member| member.team_id.clone()))
            .unwrap_or_default()
    }

    /// What the client offers for a half-typed command.
    ///
    /// # Errors
    /// When the user cannot log in or the channel does not exist.
    pub async fn suggestions(&self, channel: &str, input: &str) -> Result<Vec<Suggestion>, AppError> {
        let caller = self.caller().await?;
        let args = CommandArgs { channel_id: self.channel(channel)?, team_id: self.team_id(), ..CommandArgs::default() };
        Ok(self.server.suggestions(caller, &args, input).await)
    }

    /// Writes a post.
    ///
    /// # Errors
    /// When the user may not post there, a limit is broken, or a plugin refuses.
    pub async fn post(&self, channel: &str, message: &str) -> Result<Post, AppError> {
        self.reply(channel, "", message).await
    }

    /// Writes a reply to a post.
    ///
    /// # Errors
    /// When the user may not post there, the root does not fit, a limit is broken, or a plugin
    /// refuses.
    pub async fn reply(&self, channel: &str, root_id: &str, message: &str) -> Result<Post, AppError> {
        let caller = self.caller().await?;
        let post = Post { root_id: root_id.to_owned(), ..Post::new(self.id(), self.channel(channel)?, message) };
        self.server.create_post_as_user(caller, post).await
    }

    /// Changes the message of a post.
    ///
    /// # Errors
    /// When there is no such post or a plugin refuses.
    pub async fn edit(&self, post_id: &str, message: &str) -> Result<Post, AppError> {
        let caller = self.caller().await?;
        let post = self.server.read(|data| data.posts.get(post_id)).ok_or_else(|| crate::errors::post_missing("PatchPost"))?;
        self.server.update_post(caller, Post { message: message.to_owned(), ..post }).await
    }

    /// Deletes a post.
    ///
    /// # Errors
    /// When there is no such post.
    pub async fn delete(&self, post_id: &str) -> Result<(), AppError> {
        let caller = self.caller().await?;
        self.server.delete_post(caller, post_id, &self.id())
    }

    /// Reacts to a post.
    ///
    /// # Errors
    /// When the post or emoji does not exist.
    pub async fn react(&self, post_id: &str, emoji: &str) -> Result<Reaction, AppError> {
        let caller = self.caller().await?;
        self.server.add_reaction(caller, self.reaction(post_id, emoji))
    }

    /// Takes a reaction back.
    ///
    /// # Errors
    /// When the post does not exist.
    pub async fn unreact(&self, post_id: &str, emoji: &str) -> Result<(), AppError> {
        let caller = self.caller().await?;
        self.server.remove_reaction(caller, self.reaction(post_id, emoji))
    }

    fn reaction(&self, post_id: &str, emoji: &str) -> Reaction {
        Reaction { user_id: self.id(), post_id: post_id.to_owned(), emoji_name: emoji.to_owned(), ..Reaction::default() }
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
    pub async fn choose(&self, post_id: &str, action: &str, option: &str) -> Result<Clicked, ClickError> {
        let caller = self.caller().await?;
        let button = view::button(&self.server, &self.id(), post_id, action)?;
        Ok(self.server.do_post_action(caller, post_id, &button.id, option, &button.cookie).await?)
    }

    /// The dialog that was opened last for this user and is still open.
    #[must_use]
    pub fn dialog(&self) -> Option<OpenDialog> {
        let id = self.id();
        self.server.records(|records| records.dialogs.iter().rev().find(|dialog| dialog.user_id == id).cloned())
    }

    /// Fills in and submits the dialog that was opened last. As in Mattermost's client, required
    /// fields and lengths are checked first, and fields that are left out have their defaults.
    ///
    /// # Errors
    /// When no dialog is open, or the server's error.
    pub async fn submit_dialog(&self, channel: &str, fields: &[(&str, Value)]) -> Result<Submission, AppError> {
        let dialog = self.dialog().ok_or_else(no_dialog)?;
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.submit_dialog_by_id(&dialog.id, channel, fields).await
    }

    /// Fills in and submits an open dialog.
    ///
    /// # Errors
    /// When it is not open for this user, or the server's error.
    pub async fn submit_dialog_by_id(&self, dialog_id: &str, channel: &str, fields: Map<String, Value>) -> Result<Submission, AppError> {
        let caller = self.caller().await?;
        let dialog = self.server.records(|records| records.dialogs.iter().find(|dialog| dialog.id == dialog_id).cloned());
        let dialog = dialog.ok_or_else(no_dialog)?;
        let (submission, errors) = view::fill_in(&dialog.request.dialog, fields);
        if !errors.is_empty() {
            return Ok(Submission { errors, ..Submission::default() });
        }
        self.server.submit_dialog(caller, dialog_id, &self.channel(channel)?, submission).await
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
    pub async fn cancel_dialog_by_id(&self, dialog_id: &str, channel: &str) -> Result<(), AppError> {
        let caller = self.caller().await?;
        self.server.cancel_dialog(caller, dialog_id, &self.channel(channel)?).await
    }

    /// What the user sees in a channel, oldest first: posts of all and those only visible to them.
    #[must_use]
    pub fn posts_in(&self, channel: &str) -> Vec<Post> {
        self.channel(channel).map(|channel_id| view::posts(&self.server, &self.id(), &channel_id)).unwrap_or_default()
    }

    /// What the user sees as "Only visible to you" in all channels, oldest first.
    #[must_use]
    pub fn ephemeral(&self) -> Vec<Post> {
        self.server.read(|data| data.posts.ephemeral_of(&self.id()))
    }

    /// Sends a request to `/plugins/<id>/…` with the user's session.
    ///
    /// # Errors
    /// When the user cannot log in.
    pub async fn request(&self, mut request: Request<Body>) -> Result<http::Response<Body>, AppError> {
        let caller = self.caller().await?;
        let token = caller.session.as_ref().map(|session| session.token.clone()).unwrap_or_default();
        if let Ok(value) = format!("Bearer {token}").parse() {
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(self.server.serve_plugin_request(self.node, request, "127.0.0.1").await)
    }

    /// Opens a websocket; plugins are told.
    ///
    /// # Errors
    /// When the user cannot log in.
    pub async fn websocket(&self) -> Result<Subscription, AppError> {
        let caller = self.caller().await?;
        Ok(self.server.connect_websocket(caller))
    }
}

fn no_dialog() -> AppError {
    app_error("SubmitInteractiveDialog", "devhost.dialog.not_open.app_error", "No dialog is open.", 404)
}
