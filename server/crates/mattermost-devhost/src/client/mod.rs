//! A user's client: what a person does in a browser, as methods.

mod interaction;
mod view;
mod writing;

use std::sync::Arc;

use http::Request;
use http::header::AUTHORIZATION;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{AppError, Post};
use tokio::sync::OnceCell;

use crate::errors::channel_missing;
use crate::server::hub::Subscription;
use crate::server::{Caller, Server};

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
        Self {
            server,
            username: username.to_owned(),
            node,
            session: OnceCell::new(),
        }
    }

    /// The same user at another node of the cluster.
    #[must_use]
    pub fn on_node(&self, node: usize) -> Self {
        Self::new(self.server.clone(), &self.username, node)
    }

    /// Id of the user; empty if there is no such user.
    #[must_use]
    pub fn id(&self) -> String {
        self.server
            .read(|data| {
                data.users
                    .by_username(&self.username)
                    .map(|user| user.id.clone())
            })
            .unwrap_or_default()
    }

    /// The user's session, opened with the first use.
    ///
    /// # Errors
    /// When there is no such user or a plugin refuses the login.
    pub async fn caller(&self) -> Result<&Caller, AppError> {
        self.session
            .get_or_try_init(|| self.server.log_in(self.node, &self.username))
            .await
    }

    /// Id of a channel by its id, its name, or `@username` for the direct channel with a user.
    ///
    /// # Errors
    /// When there is none.
    pub fn channel(&self, name: &str) -> Result<String, AppError> {
        if let Some(other) = name.strip_prefix('@') {
            let other = self
                .server
                .read(|data| data.users.by_username(other).map(|user| user.id.clone()));
            let other = other.ok_or_else(|| crate::errors::user_missing("GetUserByUsername"))?;
            return Ok(self
                .server
                .direct_channel(&Caller::system(self.node), &self.id(), &other)?
                .id);
        }
        self.server
            .read(|data| {
                let by_name = || {
                    data.channels
                        .all()
                        .into_iter()
                        .find(|channel| channel.name == name)
                        .cloned()
                };
                data.channels
                    .get(name)
                    .cloned()
                    .or_else(by_name)
                    .map(|channel| channel.id)
            })
            .ok_or_else(|| channel_missing("GetChannel", name))
    }

    fn team_id(&self) -> String {
        let id = self.id();
        self.server
            .read(|data| {
                data.teams
                    .memberships_of(&id)
                    .first()
                    .map(|member| member.team_id.clone())
            })
            .unwrap_or_default()
    }

    /// What the user sees in a channel, oldest first: posts of all and those only visible to them.
    #[must_use]
    pub fn posts_in(&self, channel: &str) -> Vec<Post> {
        self.channel(channel)
            .map(|channel_id| view::posts(&self.server, &self.id(), &channel_id))
            .unwrap_or_default()
    }

    /// What the user sees as "Only visible to you" in all channels, oldest first.
    #[must_use]
    pub fn ephemeral(&self) -> Vec<Post> {
        let id = self.id();
        self.server.read(|data| data.posts.ephemeral_of(&id))
    }

    /// Sends a request to `/plugins/<id>/…` with the user's session.
    ///
    /// # Errors
    /// When the user cannot log in.
    pub async fn request(
        &self,
        mut request: Request<Body>,
    ) -> Result<http::Response<Body>, AppError> {
        let caller = self.caller().await?;
        let token = caller
            .session
            .as_ref()
            .map(|session| session.token.clone())
            .unwrap_or_default();
        if let Ok(value) = format!("Bearer {token}").parse() {
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(self
            .server
            .serve_plugin_request(self.node, request, "127.0.0.1")
            .await)
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
