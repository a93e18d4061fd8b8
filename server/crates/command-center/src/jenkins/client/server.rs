//! Jenkins as a whole.

use super::{JenkinsClient, answer};
use crate::jenkins::error::JenkinsError;
use crate::jenkins::model::{PluginInfo, PluginsJson, ServerState, ServerStateJson};

impl JenkinsClient {
    /// What Jenkins says of itself. Needs the permission Overall/Read.
    ///
    /// # Errors
    /// [`JenkinsError::Starting`] while it starts or restarts, and what else can go wrong.
    pub async fn server_state(&self) -> Result<ServerState, JenkinsError> {
        let url = self.url(["api", "json"], &[("tree", ServerStateJson::TREE)]);
        let fetched = self.get(url).await?;
        let json: ServerStateJson = answer::json("itself", &fetched, self.user())?;
        Ok(json.into_state(
            answer::version(&fetched.headers),
            answer::session(&fetched.headers),
        ))
    }

    /// The installed plugins, by id. Needs the permission Overall/SystemRead.
    ///
    /// # Errors
    /// [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn plugins(&self) -> Result<Vec<PluginInfo>, JenkinsError> {
        let json: PluginsJson = self
            .read("its plugins", ["pluginManager"], PluginsJson::TREE)
            .await?;
        json.into_plugins().ok_or(JenkinsError::Malformed {
            what: "its plugins",
        })
    }

    /// Lets no build start, and restarts when none runs any more. [`server_state`](Self::server_state)
    /// tells how far it is.
    ///
    /// # Errors
    /// [`JenkinsError::Forbidden`] without the permission Overall/Manage, and what else can go wrong.
    pub async fn safe_restart(&self, message: Option<&str>) -> Result<(), JenkinsError> {
        self.control("safeRestart", message).await
    }

    /// Lets no build start. What runs goes on.
    ///
    /// # Errors
    /// As [`safe_restart`](Self::safe_restart).
    pub async fn quiet_down(&self, message: Option<&str>) -> Result<(), JenkinsError> {
        self.control("quietDown", message).await
    }

    /// Lets builds start again, and forgets a restart that waits.
    ///
    /// # Errors
    /// As [`safe_restart`](Self::safe_restart).
    pub async fn cancel_quiet_down(&self) -> Result<(), JenkinsError> {
        self.control("cancelQuietDown", None).await
    }

    async fn control(&self, action: &str, message: Option<&str>) -> Result<(), JenkinsError> {
        let message = message.map(|message| ("message", message));
        let query: Vec<(&str, &str)> = message.into_iter().collect();
        self.change([action], &query, &[]).await.map(|_| ())
    }
}
