//! Which Jenkins servers there are, and which one is meant.

use std::sync::Arc;

use futures_util::future::join_all;

use super::shortcuts::{has_no, of};
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::command::servers::Request;
use crate::jenkins::{JenkinsError, doctor, render};
use crate::text;

impl JenkinsService {
    pub(super) async fn servers(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::List => self.list_servers(caller).await,
            Request::SetDefault { server, whose } => {
                let owner = self.owner(caller, whose).await?;
                let alias = self.access.server_named(&server)?.alias.clone();
                self.shortcuts
                    .change(owner, |shortcuts| shortcuts.server = Some(alias.clone()))
                    .await?;
                Ok(Some(format!(
                    "{} default server is {} now.",
                    of(whose),
                    text::code_span(alias.as_str())
                )))
            }
            Request::Add {
                alias,
                address,
                public_address,
            } => {
                let public_address = public_address.as_deref().unwrap_or(&address);
                self.add_server(caller, &alias, &address, public_address)
                    .await
            }
            Request::Remove { alias } => self.remove_server(caller, &alias).await,
            Request::ClearDefault { whose } => {
                let owner = self.owner(caller, whose).await?;
                let former = self
                    .shortcuts
                    .change(owner, |shortcuts| shortcuts.server.take());
                Ok(Some(match former.await? {
                    Some(_) => format!("{} default server any more.", has_no(whose)),
                    None => format!("{} default server.", has_no(whose)),
                }))
            }
        }
    }

    async fn list_servers(&self, caller: &Caller) -> Reply {
        let servers = self.access.servers()?;
        let default = self.default_server(caller).await?;
        let lines = servers.iter().map(|server| {
            let is_default = servers.len() > 1 && server.alias == default;
            self.server_line(caller, server, is_default)
        });
        let lines = join_all(lines).await;
        Ok(Some(format!(
            "###### Jenkins servers\n{}",
            lines.join("\n")
        )))
    }

    async fn server_line(&self, caller: &Caller, server: &Arc<Server>, is_default: bool) -> String {
        let (version, account) = tokio::join!(
            doctor::version(&server.http, &server.address),
            self.account_words(caller, server)
        );
        let version = match version {
            Ok(version) => format!("Jenkins {}", text::plain(&version)),
            Err(error) => render::error(&error).replace('\n', " "),
        };
        let alias = text::code_span(server.alias.as_str());
        let root = server.address.public_root().as_str();
        let snapshot = self.access.configuration().current();
        let added = snapshot.added(&server.alias).map(|added| {
            let name = format!("@{}", added.creator.username);
            format!(", added by {}", text::code_span(&name))
        });
        let default = if is_default {
            " (meant where none is named)"
        } else {
            ""
        };
        format!(
            "- {alias}{default}: {}{}; {version}; {account}",
            text::link(root, root),
            added.unwrap_or_default()
        )
    }

    /// What is stored; whether Jenkins still takes it, `me` says.
    async fn account_words(&self, caller: &Caller, server: &Server) -> String {
        match self.access.client(&caller.user_id, &server.alias).await {
            Ok(client) => format!("you are {}", text::plain(client.user())),
            Err(AccessError::Jenkins(JenkinsError::NotConnected { .. })) => {
                let command = format!("/jenkins connect --server {}", server.alias);
                format!("you are not connected: {}", text::code_span(&command))
            }
            Err(AccessError::Jenkins(error)) => render::error(&error).replace('\n', " "),
            Err(AccessError::Refused(words)) => words,
            Err(AccessError::Server(error)) => {
                tracing::warn!(%error, "whether a user is connected is not known");
                "whether you are connected is not known at the moment".to_owned()
            }
        }
    }
}
