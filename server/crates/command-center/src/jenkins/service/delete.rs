//! Deleting jobs and folders, so that it can be undone.

use mattermost_plugin::model::Post;

use super::audit::Change;
use super::configuration::file_name;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::command::JobArgument;
use crate::jenkins::confirm::{Operation, Wording};
use crate::jenkins::model::{CatalogKind, ItemKind};
use crate::jenkins::{JenkinsClient, JenkinsError, JobPath, render};
use crate::text;

impl JenkinsService {
    /// Asks first.
    pub(super) async fn ask_to_delete(&self, caller: &Caller, argument: &JobArgument) -> Reply {
        let target = self.target(caller, argument).await?;
        let (job, item) = self.resolve_item(caller, &target).await?;
        let name = text::code_span(&job.to_string());
        let is_folder = matches!(item.kind, ItemKind::Folder { .. });
        let text = if is_folder {
            let holds = contents(&target.client, &job).await?;
            format!(
                "Delete the folder {name} with {holds} and all their builds? Only the configuration of the folder itself is kept: it is attached to a post here, which everybody in this channel can read."
            )
        } else {
            format!(
                "Delete the job {name} with all its builds? Its configuration is kept: it is attached to a post here, which everybody in this channel can read. `/jenkins createjob <name> --attached` in its thread makes the job again, without its builds."
            )
        };
        let operation = Operation::Delete {
            server: target.server.alias.clone(),
            job,
            is_folder,
        };
        let wording = Wording {
            text: &text,
            yes: "Delete it",
            no: "Keep it",
        };
        self.confirm(caller, operation, wording).await
    }

    /// Deletes it. The post with the configuration is there before: whatever happens in between, it
    /// is not lost.
    pub(super) async fn delete(
        &self,
        caller: &Caller,
        server: &ServerAlias,
        job: &JobPath,
        is_folder: bool,
    ) -> Reply {
        let client = self.access.client(&caller.user_id, server).await?;
        let xml = client.config_xml(job).await?;
        let initiator = self.initiator(caller, &client).await?;
        let what = if is_folder { "Folder" } else { "Job" };
        let name = text::plain(&job.to_string());
        let file = self
            .api
            .files()
            .upload(xml.into_bytes(), &caller.channel_id, &file_name(job))
            .await?;
        let being = format!(
            "{what} '{name}' is being deleted; its configuration is attached. If this does not change, look in Jenkins whether it is gone."
        );
        let post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            file_ids: vec![file.id],
            ..Post::default()
        };
        let post = post.with_attachments(&[initiator.attachment(&being)]);
        let mut post = self.api.posts().create(&post).await?;

        let change = Change::of_job("delete", server, job);
        let asked = self.audited(caller, change, client.delete(job)).await;
        let refused = match asked {
            Err(error) if !error.is_outcome_unknown() => Some(error),
            // Only Jenkins itself tells whether it is gone.
            _ => None,
        };
        let is_there = match &refused {
            Some(_) => Ok(true),
            None => client.item(job).await.map(|item| item.is_some()),
        };
        let done = format!("{what} '{name}' has been deleted. Its configuration is attached.");
        match (is_there, refused) {
            (Ok(false), _) => {
                self.settle(&mut post, &initiator.attachment(&done), done)
                    .await
            }
            (_, Some(error)) => {
                // Nothing happened: nobody else needs to hear of it.
                self.withdraw(&post).await;
                Err(error.into())
            }
            (Ok(true), None) => {
                self.withdraw(&post).await;
                Ok(Some(format!(
                    "Jenkins took the request, but '{name}' is still there. Look at it in Jenkins."
                )))
            }
            (Err(error), None) => {
                let doubt = format!(
                    "Jenkins was asked to delete '{name}'; whether it did is not known. Its configuration is attached."
                );
                let told = format!("{doubt} {}", render::error(&error));
                self.settle(&mut post, &initiator.attachment(&doubt), told.clone())
                    .await?;
                Ok(Some(told))
            }
        }
    }

    async fn settle(
        &self,
        post: &mut Post,
        attachment: &mattermost_plugin::model::Attachment,
        said: String,
    ) -> Reply {
        post.set_attachments(std::slice::from_ref(attachment));
        match self.api.posts().update(post).await {
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "a channel is not told what was done");
                Ok(Some(said))
            }
        }
    }

    async fn withdraw(&self, post: &Post) {
        if let Err(error) = self.api.posts().delete(&post.id).await {
            tracing::warn!(%error, "a post about what did not happen stays");
        }
    }
}

/// How many jobs and folders a folder holds, in all, that this user may see.
async fn contents(client: &JenkinsClient, folder: &JobPath) -> Result<String, JenkinsError> {
    let below = format!("{}/", folder.full_name());
    let catalog = client.catalog().await?;
    let within = catalog
        .iter()
        .filter(|entry| entry.full_name().starts_with(&below));
    let (jobs, folders): (Vec<_>, Vec<_>) =
        within.partition(|entry| matches!(entry.kind, CatalogKind::Job(_)));
    let jobs = match jobs.len() {
        0 => "no jobs".to_owned(),
        1 => "1 job".to_owned(),
        count => format!("{count} jobs"),
    };
    Ok(match folders.len() {
        0 => jobs,
        1 => format!("{jobs} and 1 folder"),
        count => format!("{jobs} and {count} folders"),
    })
}
