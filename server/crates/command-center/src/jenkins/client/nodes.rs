//! Nodes and what runs on them.

use super::JenkinsClient;
use crate::jenkins::error::JenkinsError;
use crate::jenkins::model::{Nodes, NodesJson, RunningBuild};

impl JenkinsClient {
    /// All nodes with what runs on them.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn nodes(&self) -> Result<Nodes, JenkinsError> {
        let json: NodesJson = self
            .read("its nodes", ["computer"], &NodesJson::tree())
            .await?;
        json.into_nodes()
            .ok_or(JenkinsError::Malformed { what: "its nodes" })
    }

    /// Every build that runs and that this user may see, in one request.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn running_builds(&self) -> Result<Vec<RunningBuild>, JenkinsError> {
        Ok(self.nodes().await?.into_running())
    }
}
