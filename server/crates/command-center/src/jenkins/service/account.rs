//! Connecting a Jenkins account.

use mattermost_plugin::model::{SubmitDialogRequest, SubmitDialogResponse};
use secrecy::SecretString;

use super::{Caller, JenkinsService, Reply};
use crate::connections::ConnectionError;
use crate::jenkins::access::AccessError;
use crate::jenkins::command::Credentials;
use crate::jenkins::{JenkinsError, dialog, render};
use crate::text;

/// The wording of the former plugin.
const CONNECTED: &str = "Your Jenkins account has been successfully connected to Mattermost.";

impl JenkinsService {
    pub(super) async fn open_connect_dialog(&self, caller: &Caller) -> Reply {
        // Says what is not configured before anybody types a token.
        self.access.http()?;
        let address = self.access.address();
        let page = address
            .as_ref()
            .map(|address| address.public_root().as_str());
        self.api
            .dialogs()
            .open(&dialog::connect(&caller.trigger_id, page))
            .await?;
        Ok(None)
    }

    pub(super) async fn connect_inline(&self, caller: &Caller, credentials: Credentials) -> Reply {
        self.tell(caller, "Validating Jenkins credentials...").await;
        let user = self
            .verify_and_store(
                &caller.user_id,
                credentials.user,
                SecretString::from(credentials.token),
            )
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
        match self.verify_and_store(user_id, user, token).await {
            Ok(user) => {
                let caller = Caller {
                    user_id: user_id.to_owned(),
                    channel_id: request.channel_id.clone(),
                    root_id: String::new(),
                    trigger_id: String::new(),
                };
                self.tell(
                    &caller,
                    &format!("{CONNECTED} You are {} there.", text::plain(&user)),
                )
                .await;
                SubmitDialogResponse::default()
            }
            Err(AccessError::Jenkins(error)) => {
                let is_about_token = matches!(error, JenkinsError::Unauthorized { .. });
                dialog::refused(error.to_string(), is_about_token)
            }
            Err(AccessError::Server(error)) => {
                tracing::error!(%error, "a connection could not be stored");
                dialog::refused(
                    "The Mattermost server did not store the connection. Try again.".to_owned(),
                    false,
                )
            }
        }
    }

    async fn verify_and_store(
        &self,
        user_id: &str,
        user: String,
        token: SecretString,
    ) -> Result<String, AccessError> {
        let client = self.access.client_for(user, token.clone())?;
        if !self.access.connections().is_ready() {
            return Err(self.access.not_configured().into());
        }
        let identity = client.who_am_i().await?;
        let stored = self
            .access
            .connections()
            .connect(user_id, &identity.user, &token, self.clock.now())
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

    pub(super) async fn disconnect(&self, caller: &Caller) -> Reply {
        Ok(Some(
            match self
                .access
                .connections()
                .disconnect(&caller.user_id)
                .await?
            {
                Some(user) => format!("User '{}' has been disconnected.", text::plain(&user)),
                None => "You are not connected to Jenkins, so there is nothing to disconnect."
                    .to_owned(),
            },
        ))
    }

    pub(super) async fn me(&self, caller: &Caller) -> Reply {
        let client = self.access.client(&caller.user_id).await?;
        let stored = text::plain(client.user());
        Ok(Some(match client.who_am_i().await {
            Ok(identity) => format!(
                "You are connected to Jenkins as: {} (Jenkins {})",
                text::plain(&identity.user),
                text::plain(&identity.version)
            ),
            Err(error) => format!(
                "You are connected to Jenkins as: {stored}\nBut Jenkins does not confirm it: {}",
                render::error(&error)
            ),
        }))
    }
}
