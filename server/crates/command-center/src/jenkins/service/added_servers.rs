//! Servers that users add, for everybody, where the settings allow it.

use mattermost_plugin::api::permission::MANAGE_SYSTEM;

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::config::{ServerAddress, ServerAlias};
use crate::jenkins::JenkinsError;
use crate::jenkins::access::AccessError;
use crate::jenkins::added_servers::{AddedServer, Adding, MOST};
use crate::jenkins::error::explain::Ink;
use crate::jenkins::policy::Subject;
use crate::jenkins::render::{self, count};
use crate::text;

/// Bytes of an address: all of them are kept in one stored value.
const LONGEST_ADDRESS: usize = 1000;

impl JenkinsService {
    pub(super) async fn add_server(
        &self,
        caller: &Caller,
        alias: &str,
        address: &str,
        public_address: &str,
    ) -> Reply {
        let alias = ServerAlias::parse(alias).map_err(|error| refused(&format!("{error}.")))?;
        self.permit(caller, &alias, Subject::Server).await?;
        let server = ServerAddress::read(alias, address, public_address)
            .map_err(|what| refused(&format!("This address cannot be used: {what}.")))?;
        self.check_address(&server)?;
        self.check_alias(&server.alias).await?;
        // Nothing is sent to an address that was not allowed above.
        let version = self.access.version_at(&server).await.map_err(|error| {
            let why = match &error {
                // The next step of this one is for the administrator's settings.
                JenkinsError::NotJenkins { .. } => {
                    let what = error.explain(&Ink::MARKDOWN).what;
                    format!("{what} Check the address, its path included.")
                }
                _ => render::error(&error),
            };
            refused(&format!("The server was not added. {why}"))
        })?;
        let added = AddedServer {
            alias: server.alias.clone(),
            address: server.root.to_string(),
            public_address: server.public_root.to_string(),
            creator: self.creator(caller).await?,
            created_at: self.clock.now(),
        };
        let configuration = self.access.configuration();
        match configuration.added_servers().add(&added).await? {
            Adding::Done => {}
            Adding::Taken => return Err(taken(&server.alias)),
            Adding::Full => {
                return Err(refused(&format!(
                    "There are {MOST} servers that users added; no more is taken. Take one away with `/jenkins server remove`, or ask a system administrator for a line in the setting `JenkinsServers`."
                )));
            }
        }
        configuration.reload_added_servers().await?;
        self.feeds.changed().await;
        let change =
            Change::of_server("server-add", &server.alias).with("address", server.root.to_string());
        self.record_change(caller, change).await;
        let connect = format!("/jenkins connect --server {}", server.alias);
        Ok(Some(format!(
            "{} means the Jenkins {} at {} now, for everybody on this Mattermost. {} connects you to it.",
            text::code_span(server.alias.as_str()),
            text::plain(&version),
            text::link(server.public_root.as_str(), server.public_root.as_str()),
            text::code_span(&connect),
        )))
    }

    /// Whether the settings allow the address, and no server is there already.
    fn check_address(&self, server: &ServerAddress) -> Result<(), AccessError> {
        let snapshot = self.access.configuration().current();
        let settings = &snapshot.settings;
        if !settings.lets_users_add_servers() {
            return Err(refused(
                "Users add no servers on this Mattermost. Ask a system administrator for a line in the setting `JenkinsServers`, or in `JenkinsAddableServers`, which says where servers may be that users add.",
            ));
        }
        for root in [&server.root, &server.public_root] {
            if root.as_str().len() > LONGEST_ADDRESS {
                return Err(refused("This address is too long."));
            }
            if !settings.may_be_added(root) {
                return Err(refused(&format!(
                    "A server at {} must not be added. Ask a system administrator; the setting `JenkinsAddableServers` says where servers may be.",
                    text::code_span(root.as_str())
                )));
            }
        }
        let there = snapshot.servers.iter().find(|other| {
            [&other.root, &other.public_root]
                .iter()
                .any(|root| **root == server.root || **root == server.public_root)
        });
        match there {
            None => Ok(()),
            Some(there) => Err(refused(&format!(
                "That server is there already: it is {}.",
                text::code_span(there.alias.as_str())
            ))),
        }
    }

    /// A token that somebody gave for this alias must not go to another address.
    async fn check_alias(&self, alias: &ServerAlias) -> Result<(), AccessError> {
        let configuration = self.access.configuration();
        let added = configuration.added_servers().all().await?;
        let is_taken = alias.is_main()
            || configuration.current().is_configured(alias)
            || added.iter().any(|server| server.alias == *alias);
        if is_taken {
            return Err(taken(alias));
        }
        if self.access.connections().has_accounts_at(alias).await? {
            return Err(refused(&format!(
                "{} was the alias of another server, and there are people who have an account there still. Choose another one.",
                text::code_span(alias.as_str())
            )));
        }
        Ok(())
    }

    pub(super) async fn remove_server(&self, caller: &Caller, alias: &str) -> Reply {
        let unknown = || {
            refused(&format!(
                "No server {} was added with `/jenkins server add`. Those in the settings are a system administrator's to take away; `/jenkins server list` shows all.",
                text::code_span(alias)
            ))
        };
        let alias = ServerAlias::parse(alias).map_err(|_| unknown())?;
        self.permit(caller, &alias, Subject::Server).await?;
        let configuration = self.access.configuration();
        let added = configuration.added_servers().all().await?;
        let mut added = added.into_iter();
        let server = added
            .find(|server| server.alias == alias)
            .ok_or_else(unknown)?;
        let is_creator = server.creator.user_id == caller.user_id;
        if !is_creator
            && !self
                .api
                .permissions()
                .has(&caller.user_id, MANAGE_SYSTEM)
                .await?
        {
            return Err(refused(&format!(
                "{} was added by {}. Only they or a system administrator take it away.",
                text::code_span(alias.as_str()),
                text::code_span(&format!("@{}", server.creator.username))
            )));
        }
        // First nobody can use it any more, then the accounts go: none is left that could be used.
        configuration.added_servers().remove(&alias).await?;
        configuration.reload_added_servers().await?;
        self.feeds.changed().await;
        // An alias of the settings that came later hides the one that was added: its accounts stay.
        let forgotten = if configuration.current().is_configured(&alias) {
            0
        } else {
            self.access
                .connections()
                .disconnect_everybody(&alias)
                .await?
        };
        let change =
            Change::of_server("server-remove", &alias).with("address", server.address.as_str());
        self.record_change(caller, change).await;
        Ok(Some(format!(
            "{} is no server any more; {} there forgotten. Subscriptions and webhooks of it hear nothing more.",
            text::code_span(alias.as_str()),
            match forgotten {
                1 => "1 account is".to_owned(),
                _ => format!("{} are", count(forgotten, "account", "accounts")),
            }
        )))
    }
}

fn refused(words: &str) -> AccessError {
    AccessError::Refused(words.to_owned())
}

fn taken(alias: &ServerAlias) -> AccessError {
    refused(&format!(
        "{} is the alias of another server. `/jenkins server list` shows them; choose another one.",
        text::code_span(alias.as_str())
    ))
}
