//! Looking at jobs and builds.

use super::target::Target;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::command::inspect::Request;
use crate::jenkins::error::Thing;
use crate::jenkins::model::{BuildDetails, ItemKind, StageStatus};
use crate::jenkins::view::{Only, View};
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, JobPath};
use crate::text;

impl JenkinsService {
    pub(super) async fn inspect(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Status { job } => self.status(caller, &job).await,
            Request::List { folder, only } => self.list(caller, &folder, only).await,
            Request::Last { job } => self.last(caller, &job).await,
            Request::History { job, limit } => self.history(caller, &job, limit).await,
            Request::Info { job } => self.info(caller, &job).await,
            Request::Changes { build } => self.changes(caller, &build).await,
            Request::Stages { build } => self.stages(caller, &build).await,
        }
    }

    /// Shows what this Jenkins says.
    pub(super) fn view<'a>(&self, client: &'a JenkinsClient) -> View<'a> {
        View {
            address: client.address(),
            now: self.clock.now(),
        }
    }

    async fn status(&self, caller: &Caller, job: &JobArgument) -> Reply {
        let target = self.target(caller, job).await?;
        self.status_or_list(caller, &target, Only::Here).await
    }

    async fn list(&self, caller: &Caller, folder: &JobArgument, only: Only) -> Reply {
        let (server, typed) = self.server_of_job(caller, folder).await?;
        if !typed.trim().is_empty() {
            let target = self.target(caller, folder).await?;
            return self.status_or_list(caller, &target, only).await;
        }
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        self.list_in(&client, None, only).await
    }

    /// What was named may be a job or a folder, whatever the command.
    async fn status_or_list(&self, caller: &Caller, target: &Target, only: Only) -> Reply {
        let client = &target.client;
        let (path, item) = self.resolve_item(caller, target).await?;
        match item.kind {
            ItemKind::Folder { .. } => self.list_in(client, Some(&path), only).await,
            ItemKind::Job { .. } => {
                let status = client.status(&path).await?;
                Ok(Some(self.view(client).status(&path, &status)))
            }
        }
    }

    async fn list_in(&self, client: &JenkinsClient, folder: Option<&JobPath>, only: Only) -> Reply {
        let entries = match only {
            Only::Here => client.jobs_in(folder).await?,
            Only::Failed | Only::Running => client.jobs_below(folder).await?,
        };
        Ok(Some(self.view(client).jobs(folder, &entries, only)))
    }

    async fn last(&self, caller: &Caller, job: &JobArgument) -> Reply {
        let (client, path) = self.find_job(caller, job).await?;
        Ok(Some(
            match client.details(&path, BuildSelector::LAST).await? {
                Some(details) => self.view(&client).details(&path, &details),
                None => self.view(&client).history(&path, &[], 1),
            },
        ))
    }

    async fn history(&self, caller: &Caller, job: &JobArgument, limit: u32) -> Reply {
        let (client, path) = self.find_job(caller, job).await?;
        let builds = client.history(&path, limit).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(Some(self.view(&client).history(&path, &builds, limit)))
    }

    async fn info(&self, caller: &Caller, job: &JobArgument) -> Reply {
        let (client, path) = self.find_job(caller, job).await?;
        let status = client.status(&path).await?;
        Ok(Some(self.view(&client).info(&path, &status)))
    }

    async fn changes(&self, caller: &Caller, build: &BuildArgument) -> Reply {
        let found = self.find_build(caller, build).await?;
        let selector = BuildSelector::Number(found.number);
        let details: Option<BuildDetails> = found.client.details(&found.path, selector).await?;
        let details = details.ok_or_else(|| JenkinsError::NotFound {
            thing: Thing::Build,
            name: format!("{} {selector}", found.path),
            suggestions: Vec::new(),
        })?;
        Ok(Some(
            self.view(&found.client).changes(&found.path, &details),
        ))
    }

    async fn stages(&self, caller: &Caller, build: &BuildArgument) -> Reply {
        let found = self.find_build(caller, build).await?;
        let (client, path, number) = (&found.client, &found.path, found.number);
        let Some(stages) = client.stages(path, number).await? else {
            return Err(no_stages(path, number));
        };
        let failed = stages
            .iter()
            .find(|stage| stage.status == StageStatus::Failed);
        let error = match failed {
            // Without it the list still says where the build failed.
            Some(stage) => client
                .stage_log(path, number, &stage.id)
                .await
                .ok()
                .flatten(),
            None => None,
        };
        let error = error.and_then(|log| log.error);
        let view = self.view(client);
        Ok(Some(view.stages(path, number, &stages, error.as_deref())))
    }

    /// The job that a command means, and what asks its server as the caller.
    async fn find_job(
        &self,
        caller: &Caller,
        job: &JobArgument,
    ) -> Result<(JenkinsClient, JobPath), AccessError> {
        let target = self.target(caller, job).await?;
        let path = self.resolve(caller, &target).await?.path;
        Ok((target.client, path))
    }
}

/// Only pipelines have stages, and Jenkins tells of them by a plugin.
pub(super) fn no_stages(path: &JobPath, number: u64) -> AccessError {
    AccessError::Refused(format!(
        "Jenkins tells of no stages of the build #{number} of the job {}. It is no pipeline, or Jenkins lacks the plugin `pipeline-rest-api` (Pipeline: REST API).",
        text::code_span(&text::truncate_middle(&path.to_string(), 120))
    ))
}
