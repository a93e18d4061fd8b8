//! Changing jobs: what each command does first.

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::control::Request;
use crate::jenkins::error::FolderKind;
use crate::jenkins::model::{Item, ItemKind};
use crate::jenkins::{JenkinsClient, JenkinsError, JobPath};
use crate::text;

impl JenkinsService {
    pub(super) async fn control(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Abort { build, queued } => self.abort(caller, &build, queued).await,
            Request::SetEnabled { job, enabled } => self.set_enabled(caller, &job, enabled).await,
            Request::Delete { job } => self.ask_to_delete(caller, &job).await,
            Request::Scan { folder } => self.scan(caller, &folder).await,
            Request::Create(create) => self.create_job(caller, create).await,
        }
    }

    async fn set_enabled(&self, caller: &Caller, argument: &JobArgument, enabled: bool) -> Reply {
        let target = self.target(caller, argument).await?;
        let client = &target.client;
        let (path, item) = self.resolve_item(caller, &target).await?;
        let word = if enabled { "enabled" } else { "disabled" };
        let name = text::plain(&path.to_string());
        if is_enabled(client, &path, &item).await? == enabled {
            return Ok(Some(format!(
                "Job '{name}' is {word} already; nothing was changed."
            )));
        }
        let verb = if enabled { "enable" } else { "disable" };
        let change = Change::of_job(verb, &target.server.alias, &path);
        let asked = client.set_enabled(&path, enabled);
        let doubt = match self.audited(caller, change, asked).await {
            Ok(()) => None,
            Err(error) if error.is_outcome_unknown() => Some(error),
            Err(error) => return Err(error.into()),
        };
        let (path, item) = self.resolve_item(caller, &target).await?;
        match (is_enabled(client, &path, &item).await? == enabled, doubt) {
            (true, _) => {
                let said = format!("Job '{name}' has been {word}");
                self.notify(caller, client, said, Vec::new()).await
            }
            (false, Some(error)) => Err(error.into()),
            (false, None) => Ok(Some(format!(
                "Jenkins took the request, but the job '{name}' is not {word}. Look at it in Jenkins."
            ))),
        }
    }
}

async fn is_enabled(
    client: &JenkinsClient,
    path: &JobPath,
    item: &Item,
) -> Result<bool, JenkinsError> {
    match &item.kind {
        ItemKind::Job { buildable, .. } => Ok(*buildable),
        // A plain folder has no such switch (cloudbees-folder, `AbstractFolder`).
        ItemKind::Folder {
            kind: kind @ FolderKind::Folder,
            ..
        } => Err(JenkinsError::IsFolder {
            name: path.to_string(),
            kind: *kind,
            children: Vec::new(),
        }),
        ItemKind::Folder { .. } => Ok(!client.is_disabled(path).await?),
    }
}
