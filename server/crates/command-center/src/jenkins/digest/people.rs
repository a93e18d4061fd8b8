//! From people at Jenkins to members of a channel.

use std::sync::Arc;

use mattermost_plugin::{Api, Error};

use super::Culprit;
use crate::config::ServerAlias;
use crate::connections::Connections;
use crate::jenkins::JenkinsClient;
use crate::jenkins::model::{BuildDetails, Person};

/// So many people are looked for.
const PEOPLE: usize = 5;

/// Finds people by the account they are connected with, or by their e-mail address.
#[derive(Debug, Clone)]
pub struct People {
    api: Api,
    connections: Arc<Connections>,
}

/// Somebody at Jenkins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// Who.
    pub person: Person,
    /// Their address in the version control system.
    pub email: Option<String>,
}

/// Who changed something: as Jenkins says, or else the authors of the commits.
#[must_use]
pub fn suspects(details: &BuildDetails) -> Vec<Suspect> {
    let mut found: Vec<Suspect> = Vec::new();
    let authors = details.changes.iter().map(|change| &change.author);
    let people: Vec<&Person> = if details.culprits.is_empty() {
        authors.collect()
    } else {
        details.culprits.iter().collect()
    };
    for person in people {
        if found.iter().any(|suspect| suspect.person == *person) {
            continue;
        }
        let own = details.changes.iter().filter(|change| {
            let same_id = change.author.id.is_some() && change.author.id == person.id;
            same_id || change.author.name == person.name
        });
        found.push(Suspect {
            person: person.clone(),
            email: own.filter_map(|change| change.author_email.clone()).next(),
        });
    }
    found.truncate(PEOPLE);
    found
}

impl People {
    /// Looks here.
    #[must_use]
    pub fn new(api: Api, connections: Arc<Connections>) -> Self {
        Self { api, connections }
    }

    /// Somebody, with their user name if they are a member of the channel.
    pub async fn find(
        &self,
        client: &JenkinsClient,
        server: &ServerAlias,
        channel_id: &str,
        suspect: &Suspect,
    ) -> Culprit {
        let found = self.member(client, server, channel_id, suspect).await;
        let username = found.unwrap_or_else(|error| {
            tracing::debug!(%error, "somebody at Jenkins is not looked for here");
            None
        });
        Culprit {
            name: suspect.person.name.clone(),
            username,
        }
    }

    async fn member(
        &self,
        client: &JenkinsClient,
        server: &ServerAlias,
        channel_id: &str,
        suspect: &Suspect,
    ) -> Result<Option<String>, Error> {
        let id = suspect.person.id.as_deref();
        let connected = match id {
            Some(id) => self.connections.mattermost_user(server, id).await?,
            None => None,
        };
        let user = match connected {
            Some(user_id) => self.api.users().get_optional(&user_id).await?,
            None => {
                let mut emails: Vec<String> = suspect.email.iter().cloned().collect();
                if let Some(id) = id {
                    // Jenkins may keep it to itself.
                    emails.extend(client.user_email(id).await.ok().flatten());
                }
                self.by_email(&emails).await?
            }
        };
        let Some(user) = user.filter(|user| user.delete_at == 0 && !user.is_bot) else {
            return Ok(None);
        };
        let member = self
            .api
            .channels()
            .member_optional(channel_id, &user.id)
            .await?;
        Ok(member.map(|_| user.username))
    }

    async fn by_email(
        &self,
        emails: &[String],
    ) -> Result<Option<mattermost_plugin::model::User>, Error> {
        for email in emails {
            match self.api.users().get_by_email(email).await {
                Ok(user) => return Ok(Some(user)),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
