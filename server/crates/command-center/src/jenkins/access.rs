//! From a Mattermost user to a client that asks Jenkins as that user.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use secrecy::SecretString;

use super::{JenkinsAddress, JenkinsClient, JenkinsError};
use crate::config::Severity;
use crate::configuration::{Configuration, Snapshot};
use crate::connections::{ConnectionError, Connections};
use crate::http_client::{ClientSetup, HttpClient, Login};

/// Hands out clients. The connections behind them are shared until the settings change.
#[derive(Debug)]
pub struct Access {
    configuration: Arc<Configuration>,
    connections: Arc<Connections>,
    server: ArcSwapOption<Server>,
}

/// Jenkins under one state of the settings.
#[derive(Debug)]
struct Server {
    snapshot: Arc<Snapshot>,
    address: Arc<JenkinsAddress>,
    http: HttpClient,
}

impl Access {
    /// Clients under the settings in force at the time of asking.
    #[must_use]
    pub fn new(configuration: Arc<Configuration>, connections: Arc<Connections>) -> Self {
        Self {
            configuration,
            connections,
            server: ArcSwapOption::empty(),
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

    /// Where Jenkins is, if that is configured.
    #[must_use]
    pub fn address(&self) -> Option<Arc<JenkinsAddress>> {
        self.server().ok().map(|server| Arc::clone(&server.address))
    }

    /// The shared client, which knows no user.
    ///
    /// # Errors
    /// [`JenkinsError::NotConfigured`], [`JenkinsError::Setup`].
    pub fn http(&self) -> Result<HttpClient, JenkinsError> {
        Ok(self.server()?.http.clone())
    }

    /// A client for a user that is connected.
    ///
    /// # Errors
    /// What stands in the way: settings, or the user's connection.
    pub async fn client(&self, user_id: &str) -> Result<JenkinsClient, AccessError> {
        let server = self.server()?;
        let connection = match self.connections.open(user_id).await {
            Ok(connection) => connection,
            Err(ConnectionError::NotConnected) => return Err(JenkinsError::NotConnected.into()),
            Err(ConnectionError::Open(error)) => {
                return Err(JenkinsError::TokenUnreadable(error).into());
            }
            Err(ConnectionError::NoKey | ConnectionError::Seal(_)) => {
                return Err(self.not_configured().into());
            }
            Err(ConnectionError::Store(error)) => return Err(AccessError::Server(error)),
        };
        let login = Login {
            user: connection.jenkins_user,
            secret: connection.token,
        };
        Ok(JenkinsClient::new(
            server.http.clone(),
            Arc::clone(&server.address),
            login,
        ))
    }

    /// A client for credentials that are not stored yet.
    ///
    /// # Errors
    /// [`JenkinsError::NotConfigured`], [`JenkinsError::Setup`].
    pub fn client_for(
        &self,
        user: String,
        secret: SecretString,
    ) -> Result<JenkinsClient, JenkinsError> {
        let server = self.server()?;
        Ok(JenkinsClient::new(
            server.http.clone(),
            Arc::clone(&server.address),
            Login { user, secret },
        ))
    }

    fn server(&self) -> Result<Arc<Server>, JenkinsError> {
        let snapshot = self.configuration.current();
        if let Some(server) = self
            .server
            .load_full()
            .filter(|server| Arc::ptr_eq(&server.snapshot, &snapshot))
        {
            return Ok(server);
        }
        let address = JenkinsAddress::from_settings(&snapshot.settings)
            .ok_or_else(|| self.not_configured())?;
        let http = HttpClient::new(&ClientSetup::for_jenkins(&snapshot.settings))
            .map_err(JenkinsError::Setup)?;
        let server = Arc::new(Server {
            snapshot,
            address: Arc::new(address),
            http,
        });
        self.server.store(Some(Arc::clone(&server)));
        Ok(server)
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

/// Why there is no client, or why it did not help.
#[derive(Debug)]
pub enum AccessError {
    /// Jenkins, or the way to it.
    Jenkins(JenkinsError),
    /// The Mattermost server did not answer.
    Server(mattermost_plugin::Error),
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
