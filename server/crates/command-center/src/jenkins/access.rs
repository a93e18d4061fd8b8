//! From a Mattermost user to a client that asks one of the servers as that user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use secrecy::SecretString;
use url::Url;

use super::{JenkinsAddress, JenkinsClient, JenkinsError, doctor};
use crate::config::{ServerAddress, ServerAlias, Severity};
use crate::configuration::{Configuration, Snapshot};
use crate::connections::{Account, ConnectionError, Connections};
use crate::http_client::{ClientSetup, HttpClient, Login, Tally};

/// Hands out clients. The connections behind them are shared until the settings change.
#[derive(Debug)]
pub struct Access {
    configuration: Arc<Configuration>,
    connections: Arc<Connections>,
    servers: ArcSwapOption<Servers>,
    /// Kept when the settings change.
    tallies: Mutex<HashMap<ServerAlias, Arc<Tally>>>,
}

/// All servers under one state of the settings.
#[derive(Debug)]
struct Servers {
    snapshot: Arc<Snapshot>,
    /// The one in `JenkinsURL` first, if it is there. Not empty.
    list: Vec<Arc<Server>>,
}

/// One Jenkins.
#[derive(Debug)]
pub struct Server {
    /// Its short name.
    pub alias: ServerAlias,
    /// Where it is.
    pub address: Arc<JenkinsAddress>,
    /// What asks it, without anybody's account.
    pub http: HttpClient,
}

impl Server {
    /// A client for these credentials.
    #[must_use]
    pub fn client_for(&self, user: String, secret: SecretString) -> JenkinsClient {
        JenkinsClient::new(
            self.http.clone(),
            Arc::clone(&self.address),
            Login { user, secret },
        )
    }
}

impl Access {
    /// Clients under the settings in force at the time of asking.
    #[must_use]
    pub fn new(configuration: Arc<Configuration>, connections: Arc<Connections>) -> Self {
        Self {
            configuration,
            connections,
            servers: ArcSwapOption::empty(),
            tallies: Mutex::default(),
        }
    }

    /// The accounts of users.
    #[must_use]
    pub fn connections(&self) -> &Arc<Connections> {
        &self.connections
    }

    /// The settings.
    #[must_use]
    pub fn configuration(&self) -> &Arc<Configuration> {
        &self.configuration
    }

    /// All servers, the one in `JenkinsURL` first.
    ///
    /// # Errors
    /// [`JenkinsError::NotConfigured`], [`JenkinsError::Setup`].
    pub fn servers(&self) -> Result<Vec<Arc<Server>>, JenkinsError> {
        Ok(self.current()?.list.clone())
    }

    /// One server.
    ///
    /// # Errors
    /// [`JenkinsError::NotConfigured`], [`JenkinsError::Setup`], [`JenkinsError::UnknownServer`].
    pub fn server(&self, alias: &ServerAlias) -> Result<Arc<Server>, JenkinsError> {
        let servers = self.current()?;
        let found = servers.list.iter().find(|server| server.alias == *alias);
        match found {
            Some(server) => Ok(Arc::clone(server)),
            None if alias.is_main() => Err(self.not_configured()),
            None => Err(JenkinsError::UnknownServer {
                name: alias.to_string(),
                known: servers.aliases(),
            }),
        }
    }

    /// The server by what somebody typed as its alias.
    ///
    /// # Errors
    /// As [`Access::server`].
    pub fn server_named(&self, typed: &str) -> Result<Arc<Server>, JenkinsError> {
        match ServerAlias::parse(typed) {
            Ok(alias) => self.server(&alias),
            Err(_) => Err(JenkinsError::UnknownServer {
                name: typed.to_owned(),
                known: self.current()?.aliases(),
            }),
        }
    }

    /// The server that an address belongs to; of several that fit, the one with the longest path.
    #[must_use]
    pub fn server_at(&self, url: &Url) -> Option<Arc<Server>> {
        let servers = self.current().ok()?;
        let below = servers
            .list
            .iter()
            .filter(|server| server.address.segments_of(url).is_some());
        below
            .max_by_key(|server| server.address.public_root().path().len())
            .cloned()
    }

    /// Where a server is, if it is configured.
    #[must_use]
    pub fn address(&self, alias: &ServerAlias) -> Option<Arc<JenkinsAddress>> {
        self.server(alias)
            .ok()
            .map(|server| Arc::clone(&server.address))
    }

    /// A client for a user that is connected to this server.
    ///
    /// # Errors
    /// What stands in the way: settings, or the user's connection.
    pub async fn client(
        &self,
        user_id: &str,
        alias: &ServerAlias,
    ) -> Result<JenkinsClient, AccessError> {
        let server = self.server(alias)?;
        let account = Account::new(user_id, alias);
        let connection = match self.connections.open(&account).await {
            Ok(connection) => connection,
            Err(ConnectionError::NotConnected) => {
                return Err(JenkinsError::NotConnected {
                    server: alias.clone(),
                }
                .into());
            }
            Err(ConnectionError::Open(error)) => {
                return Err(JenkinsError::TokenUnreadable(error).into());
            }
            Err(ConnectionError::NoKey | ConnectionError::Seal(_)) => {
                return Err(self.not_configured().into());
            }
            Err(ConnectionError::Store(error)) => return Err(AccessError::Server(error)),
        };
        Ok(server.client_for(connection.jenkins_user, connection.token))
    }

    /// A client for the account that the administrator set up to ask a server for news.
    #[must_use]
    pub fn service_client(&self, alias: &ServerAlias) -> Option<JenkinsClient> {
        let snapshot = self.configuration.current();
        // The administrator's token is for servers that the administrator named.
        if snapshot.added(alias).is_some() {
            return None;
        }
        let (user, token) = snapshot.settings.service_account(alias)?;
        Some(self.server(alias).ok()?.client_for(user, token))
    }

    /// What came of the requests to each server.
    #[must_use]
    pub fn tallies(&self) -> Vec<(ServerAlias, Arc<Tally>)> {
        let snapshot = self.configuration.current();
        let tally = |server: &ServerAddress| (server.alias.clone(), self.tally(&server.alias));
        snapshot.servers.iter().map(tally).collect()
    }

    fn tally(&self, alias: &ServerAlias) -> Arc<Tally> {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tallies.entry(alias.clone()).or_default())
    }

    /// Which Jenkins answers at an address that is no server's yet.
    ///
    /// # Errors
    /// [`JenkinsError::Setup`], and why there is no Jenkins.
    pub async fn version_at(&self, server: &ServerAddress) -> Result<String, JenkinsError> {
        let snapshot = self.configuration.current();
        let http = HttpClient::new(&ClientSetup::for_jenkins(&snapshot.settings))
            .map_err(JenkinsError::Setup)?;
        let address = JenkinsAddress::new(server.root.clone(), server.public_root.clone());
        doctor::version(&http, &address).await
    }

    fn current(&self) -> Result<Arc<Servers>, JenkinsError> {
        let snapshot = self.configuration.current();
        if let Some(servers) = self
            .servers
            .load_full()
            .filter(|servers| Arc::ptr_eq(&servers.snapshot, &snapshot))
        {
            return Ok(servers);
        }
        if snapshot.servers.is_empty() {
            return Err(self.not_configured());
        }
        let http = HttpClient::new(&ClientSetup::for_jenkins(&snapshot.settings))
            .map_err(JenkinsError::Setup)?;
        let server = |server: &ServerAddress| {
            let address = JenkinsAddress::new(server.root.clone(), server.public_root.clone());
            Arc::new(Server {
                alias: server.alias.clone(),
                address: Arc::new(address),
                http: http.clone().counting(self.tally(&server.alias)),
            })
        };
        let servers = Arc::new(Servers {
            list: snapshot.servers.iter().map(server).collect(),
            snapshot,
        });
        self.servers.store(Some(Arc::clone(&servers)));
        Ok(servers)
    }

    /// What the administrator has to set first.
    #[must_use]
    pub fn not_configured(&self) -> JenkinsError {
        let snapshot = self.configuration.current();
        let errors = snapshot
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error);
        JenkinsError::NotConfigured {
            problems: errors.cloned().collect(),
        }
    }
}

impl Servers {
    fn aliases(&self) -> Vec<String> {
        self.list
            .iter()
            .map(|server| server.alias.to_string())
            .collect()
    }
}

/// Why there is no client, or why it did not help.
#[derive(Debug)]
pub enum AccessError {
    /// Jenkins, or the way to it.
    Jenkins(JenkinsError),
    /// The Mattermost server did not answer.
    Server(mattermost_plugin::Error),
    /// It is not allowed here, or makes no sense; Markdown that says why and what to do.
    Refused(String),
}

impl From<JenkinsError> for AccessError {
    fn from(error: JenkinsError) -> Self {
        Self::Jenkins(error)
    }
}

impl From<mattermost_plugin::Error> for AccessError {
    fn from(error: mattermost_plugin::Error) -> Self {
        Self::Server(error)
    }
}
