//! Connecting a Jenkins account.

use std::time::Duration;

use mattermost_plugin::model::{SubmitDialogRequest, SubmitDialogResponse};
use secrecy::SecretString;

use super::doctor::connect_offer;
use super::{Aside, Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::connections::{Account, ConnectionError};
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::command::account::{Credentials, Request};
use crate::jenkins::dialog::connect as dialog;
use crate::jenkins::policy::Verb;
use crate::jenkins::{JenkinsError, render};
use crate::pending::Question;
use crate::text;

/// The wording of the former plugin.
const CONNECTED: &str = "Your Jenkins account has been successfully connected to Mattermost.";

/// How long somebody may take to make an API token while the dialog is open.
const DIALOG_TIME: Duration = Duration::from_secs(60 * 60);

impl JenkinsService {
    pub(super) async fn account(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Connect {
                credentials,
                server,
            } => {
                let server = self.server(caller, server.as_deref()).await?;
                match credentials {
                    None => self.open_connect_dialog(caller, &server).await,
                    Some(credentials) => self.connect_inline(caller, &server, credentials).await,
                }
            }
            // Works without settings, and after a server was taken out of them.
            Request::Disconnect { server } => {
                let alias = match server.as_deref() {
                    Some(typed) => match ServerAlias::parse(typed) {
                        Ok(alias) => alias,
                        Err(_) => self.server(caller, Some(typed)).await?.alias.clone(),
                    },
                    None => self.default_server(caller).await.unwrap_or_default(),
                };
                self.disconnect(caller, &alias).await
            }
            Request::Me {
                server: Some(server),
            } => {
                let server = self.server(caller, Some(&server)).await?;
                Ok(Some(self.identity(caller, &server.alias).await?))
            }
            Request::Me { server: None } => self.identities(caller).await,
        }
    }

    pub(super) async fn open_connect_dialog(&self, caller: &Caller, server: &Server) -> Reply {
        if caller.trigger_id.is_empty() {
            let offer = connect_offer(std::slice::from_ref(&server.alias));
            self.show(caller, "", &[offer]).await;
            return Ok(None);
        }
        let question = Question {
            user_id: caller.user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            about: server.alias.clone(),
        };
        let state = self.pending.put(&question, DIALOG_TIME).await?;
        let page = server.address.public_root().as_str();
        self.api
            .dialogs()
            .open(&dialog::open(&caller.trigger_id, page, state))
            .await?;
        Ok(None)
    }

    async fn connect_inline(
        &self,
        caller: &Caller,
        server: &Server,
        credentials: Credentials,
    ) -> Reply {
        self.tell(caller, "Validating Jenkins credentials...").await;
        let token = SecretString::from(credentials.token);
        let user = self
            .verify_and_store(&caller.user_id, server, credentials.user, token)
            .await?;
        Ok(Some(format!(
            "{CONNECTED} You are {} there.\n:warning: The token stood in a command, and servers can log commands: if others read those logs, make a new token and connect with `/jenkins connect` alone, which opens a dialog.",
            text::plain(&user)
        )))
    }

    /// Checks and stores what a user filled in.
    pub async fn submit_connect_dialog(
        &self,
        user_id: &str,
        request: &SubmitDialogRequest,
    ) -> SubmitDialogResponse {
        if request.cancelled {
            return SubmitDialogResponse::default();
        }
        let (user, token) = match dialog::filled_in(request) {
            Ok(filled_in) => filled_in,
            Err(answer) => return *answer,
        };
        match self
            .connect_as_filled_in(user_id, &request.state, user, token)
            .await
        {
            Ok(()) => SubmitDialogResponse::default(),
            Err(AccessError::Jenkins(error)) => {
                let is_about_token = matches!(error, JenkinsError::Unauthorized { .. });
                dialog::refused(error.to_string(), is_about_token)
            }
            Err(AccessError::Refused(reason)) => dialog::refused(reason, false),
            Err(AccessError::Server(error)) => {
                tracing::error!(%error, "a connection could not be stored");
                dialog::refused(
                    "The Mattermost server did not store the connection. Try again.".to_owned(),
                    false,
                )
            }
        }
    }

    async fn connect_as_filled_in(
        &self,
        user_id: &str,
        state: &str,
        user: String,
        token: SecretString,
    ) -> Result<(), AccessError> {
        let question: Option<Question<ServerAlias>> = self.pending.peek(state, user_id).await?;
        let question = question.ok_or_else(|| {
            AccessError::Refused(
                "This dialog was open for too long. Run /jenkins connect again.".to_owned(),
            )
        })?;
        let server = self.access.server(&question.about)?;
        let user = self.verify_and_store(user_id, &server, user, token).await?;
        // It is over in an hour anyhow.
        let _: Result<Option<Question<ServerAlias>>, _> = self.pending.take(state, user_id).await;
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: question.channel_id,
            root_id: question.root_id,
            trigger_id: String::new(),
            verb: Verb::Connect,
            aside: Aside::default(),
        };
        let text = format!("{CONNECTED} You are {} there.", text::plain(&user));
        self.tell(&caller, &text).await;
        Ok(())
    }

    async fn verify_and_store(
        &self,
        user_id: &str,
        server: &Server,
        user: String,
        token: SecretString,
    ) -> Result<String, AccessError> {
        if !self.access.connections().is_ready() {
            return Err(self.access.not_configured().into());
        }
        let identity = server.client_for(user, token.clone()).who_am_i().await?;
        let account = Account::new(user_id, &server.alias);
        let stored = self
            .access
            .connections()
            .connect(&account, &identity.user, &token, self.clock.now())
            .await;
        match stored {
            Ok(()) => Ok(identity.user),
            Err(ConnectionError::Store(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "a token could not be sealed");
                Err(self.access.not_configured().into())
            }
        }
    }

    async fn disconnect(&self, caller: &Caller, server: &ServerAlias) -> Reply {
        let account = Account::new(&caller.user_id, server);
        let forgotten = self.access.connections().disconnect(&account).await?;
        Ok(Some(match forgotten {
            Some(user) => format!("User '{}' has been disconnected.", text::plain(&user)),
            None => {
                "You are not connected to Jenkins, so there is nothing to disconnect.".to_owned()
            }
        }))
    }

    /// Who the caller is at every server.
    async fn identities(&self, caller: &Caller) -> Reply {
        let servers = self.access.servers()?;
        if let [only] = servers.as_slice() {
            return Ok(Some(self.identity(caller, &only.alias).await?));
        }
        let mut lines = Vec::new();
        for server in servers {
            let words = match self.identity(caller, &server.alias).await {
                Ok(words) => words,
                Err(AccessError::Jenkins(error)) => render::error(&error),
                Err(error) => return Err(error),
            };
            let alias = text::code_span(server.alias.as_str());
            lines.push(format!("- {alias}: {}", words.replace('\n', " ")));
        }
        Ok(Some(lines.join("\n")))
    }

    async fn identity(&self, caller: &Caller, server: &ServerAlias) -> Result<String, AccessError> {
        let client = self.access.client(&caller.user_id, server).await?;
        let stored = text::plain(client.user());
        Ok(match client.who_am_i().await {
            Ok(identity) => format!(
                "You are connected to Jenkins as: {} (Jenkins {})",
                text::plain(&identity.user),
                text::plain(&identity.version)
            ),
            Err(error) => format!(
                "You are connected to Jenkins as: {stored}\nBut Jenkins does not confirm it: {}",
                render::error(&error)
            ),
        })
    }
}
