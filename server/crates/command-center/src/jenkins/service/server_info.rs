//! Looking at Jenkins as a whole.

use futures_util::future::join_all;

use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::command::server_info::{Request, Subject};
use crate::jenkins::view::{About, JenkinsVersion, Vitals};
use crate::jenkins::{JenkinsClient, render};

impl JenkinsService {
    pub(super) async fn server_info(&self, caller: &Caller, request: Request) -> Reply {
        if request.subject == Subject::About {
            return self.about(caller).await;
        }
        let server = self.server(caller, request.server.as_deref()).await?;
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        let view = self.view(&client);
        Ok(Some(match request.subject {
            Subject::Queue => view.queue(&client.queue().await?),
            Subject::Running => view.running(&client.running_builds().await?),
            Subject::Health => view.health(&vitals(&client).await?),
            Subject::Plugins {
                filter,
                only_updates,
            } => view.plugins(&client.plugins().await?, filter.as_deref(), only_updates),
            Subject::About => return self.about(caller).await,
        }))
    }

    /// Works without settings and accounts, too: it says what is missing.
    async fn about(&self, caller: &Caller) -> Reply {
        let servers = self.access.servers().unwrap_or_default();
        let versions = servers.iter().map(|server| self.version_of(caller, server));
        let mattermost = self.api.server();
        let (mattermost, servers) = tokio::join!(mattermost.version(), join_all(versions));
        let about = About {
            plugin: env!("CARGO_PKG_VERSION").to_owned(),
            mattermost: mattermost?,
            servers: servers.into_iter().collect::<Result<_, _>>()?,
        };
        Ok(Some(about.markdown()))
    }

    async fn version_of(
        &self,
        caller: &Caller,
        server: &Server,
    ) -> Result<JenkinsVersion, AccessError> {
        let asked = async {
            let client = self.access.client(&caller.user_id, &server.alias).await?;
            Ok(client.server_state().await?.version)
        };
        let version = match asked.await {
            Ok(version) => Ok(version),
            Err(AccessError::Jenkins(error)) => Err(render::error(&error)),
            Err(error) => return Err(error),
        };
        Ok(JenkinsVersion {
            alias: server.alias.clone(),
            page: server.address.public_root().to_string(),
            version,
        })
    }
}

/// All that tells how Jenkins is. A user who may not see a part of it still sees the rest.
async fn vitals(client: &JenkinsClient) -> Result<Vitals, AccessError> {
    let (state, nodes, queue) = tokio::join!(client.server_state(), client.nodes(), client.queue());
    Ok(Vitals {
        state: state?,
        nodes: nodes.map_err(|error| render::error(&error)),
        queue: queue.map_err(|error| render::error(&error)),
    })
}
