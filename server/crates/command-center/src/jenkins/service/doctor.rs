//! `doctor`, and one click to what it often ends with.

use mattermost_plugin::api::permission::READ_CHANNEL_CONTENT;
use mattermost_plugin::model::{
    Attachment, PostActionIntegrationRequest, PostActionIntegrationResponse,
};

use super::action::say;
use super::{Aside, Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::connections::Account;
use crate::jenkins::access::AccessError;
use crate::jenkins::action::{Action, Style};
use crate::jenkins::policy::Verb;
use crate::jenkins::{doctor, render};
use crate::text;

/// Most servers that one post offers to connect with.
const OFFERED: usize = 5;

impl JenkinsService {
    pub(super) async fn examine(&self, caller: &Caller) -> Reply {
        let mut findings = doctor::examine(&self.access, &caller.user_id).await;
        findings.extend(self.examine_feeds(caller).await?);
        let words = render::examination(&findings);
        let missing = self.not_connected(caller).await?;
        if missing.is_empty() {
            return Ok(Some(words));
        }
        let offer = connect_offer(&missing);
        self.show(caller, &words, &[offer]).await;
        Ok(None)
    }

    /// The servers that can be used and that the caller has no account with.
    async fn not_connected(&self, caller: &Caller) -> Result<Vec<ServerAlias>, AccessError> {
        if !self.access.connections().is_ready() {
            return Ok(Vec::new());
        }
        let mut missing = Vec::new();
        // Without settings there is nothing to connect with.
        for server in self.access.servers().unwrap_or_default() {
            let account = Account::new(&caller.user_id, &server.alias);
            if self
                .access
                .connections()
                .jenkins_user(&account)
                .await?
                .is_none()
            {
                missing.push(server.alias.clone());
            }
        }
        Ok(missing)
    }

    /// Opens the dialog for whoever clicks: their session says who that is. The channel is where they
    /// are told that it worked; it has to be one that they can read.
    pub(super) async fn connect_by_click(
        &self,
        user_id: &str,
        request: &PostActionIntegrationRequest,
        server: ServerAlias,
    ) -> PostActionIntegrationResponse {
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: request.channel_id.clone(),
            root_id: String::new(),
            trigger_id: request.trigger_id.clone(),
            verb: Verb::Connect,
            aside: Aside::default(),
        };
        let opened = async {
            let may_read = self
                .api
                .permissions()
                .has_in_channel(user_id, &caller.channel_id, READ_CHANNEL_CONTENT)
                .await?;
            if !may_read {
                let words = "You cannot read this channel. Type `/jenkins connect` in another one.";
                return Err(AccessError::Refused(words.to_owned()));
            }
            let server = self.access.server(&server)?;
            self.open_connect_dialog(&caller, &server).await
        };
        match opened.await {
            Ok(_) => PostActionIntegrationResponse::default(),
            Err(error) => say(super::words(Err(error))),
        }
    }
}

/// A button for each of these servers that opens the dialog for an account there.
pub(super) fn connect_offer(servers: &[ServerAlias]) -> Attachment {
    let buttons = servers.iter().take(OFFERED).map(|server| {
        let action = Action::Connect {
            server: server.clone(),
        };
        let name = match server.is_main() {
            true => "Connect".to_owned(),
            false => format!("Connect with {server}"),
        };
        action.button(&name, Style::Primary)
    });
    Attachment {
        text: "Connect your Jenkins account: a dialog asks for your API token.".to_owned(),
        fallback: format!("Connect with {}.", text::code_span("/jenkins connect")),
        actions: buttons.collect(),
        ..Attachment::default()
    }
}
