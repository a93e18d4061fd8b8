//! Nodes and what runs on them.

use super::JenkinsClient;
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::{Node, Nodes, NodesJson, RunningBuild};

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

    /// Lets nothing more start on a node, or gives another reason for that. Also said twice, it stays offline:
    /// unlike `toggleOffline`, this only knows one direction (`Computer.doChangeOfflineCause`).
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`] without the permission Agent/Disconnect, and
    /// what else can go wrong.
    pub async fn take_offline(&self, node: &Node, reason: &str) -> Result<(), JenkinsError> {
        self.change_node(node, "changeOfflineCause", reason).await
    }

    /// Lets a node be used again that somebody took offline. Jenkins knows only how to change its mind, so
    /// look at the node before and afterwards.
    ///
    /// # Errors
    /// As [`take_offline`](Self::take_offline); the permission is Agent/Connect.
    pub async fn toggle_offline(&self, node: &Node) -> Result<(), JenkinsError> {
        self.change_node(node, "toggleOffline", "").await
    }

    async fn change_node(
        &self,
        node: &Node,
        action: &str,
        reason: &str,
    ) -> Result<(), JenkinsError> {
        let form = [("offlineMessage".to_owned(), reason.to_owned())];
        let name = if node.is_built_in {
            "(built-in)"
        } else {
            node.name.as_str()
        };
        let asked = self.change(["computer", name, action], &[], &form).await;
        let asked = match asked {
            // Before 2.307 (`Jenkins.getComputer`).
            Err(JenkinsError::NotFound { .. }) if node.is_built_in => {
                self.change(["computer", "(master)", action], &[], &form)
                    .await
            }
            asked => asked,
        };
        asked
            .map(|_| ())
            .map_err(|error| error.about(Thing::Node, &node.name))
    }
}
