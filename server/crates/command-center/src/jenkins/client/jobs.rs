//! Jobs and folders by their path.

use super::resolve::typed_children;
use super::{JenkinsClient, if_there};
use crate::jenkins::JobPath;
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::{
    Child, ChildrenJson, Item, ItemJson, JobStatus, JobStatusJson, StatusOf,
};
use crate::jenkins::parameters::Parameter;

/// A job that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Where it is.
    pub path: JobPath,
    /// The name that people see.
    pub display_name: String,
    /// False if it is disabled.
    pub buildable: bool,
    /// What it declares.
    pub parameters: Vec<Parameter>,
    /// The number of its newest build.
    pub last_build: Option<u64>,
    /// The number that its next build gets.
    pub next_build: Option<u64>,
}

impl JenkinsClient {
    /// A job or folder; `None` if there is none, or the user may not see it.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn item(&self, path: &JobPath) -> Result<Option<Item>, JenkinsError> {
        let json: Option<ItemJson> =
            if_there(self.read("a job", path.segments(), &ItemJson::tree()).await)?;
        match json {
            None => Ok(None),
            Some(json) => json
                .into_item()
                .map(Some)
                .ok_or(JenkinsError::Malformed { what: "a job" }),
        }
    }

    /// What the user may see in a folder, or at the top (`None`).
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn children(&self, folder: Option<&JobPath>) -> Result<Vec<Child>, JenkinsError> {
        let segments: Vec<&str> = folder.into_iter().flat_map(JobPath::segments).collect();
        let json: ChildrenJson = self
            .read("a folder", segments, ChildrenJson::TREE)
            .await
            .map_err(|error| {
                error.about(
                    Thing::Job,
                    folder.map(ToString::to_string).unwrap_or_default(),
                )
            })?;
        Ok(json.into_children())
    }

    /// How a job is doing.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::IsFolder`] and what else can go wrong.
    pub async fn status(&self, job: &JobPath) -> Result<JobStatus, JenkinsError> {
        let json: JobStatusJson = self
            .read("a job", job.segments(), &JobStatusJson::tree())
            .await
            .map_err(|error| error.about(Thing::Job, job))?;
        match json.into_status() {
            Some(StatusOf::Job(status)) => Ok(*status),
            Some(StatusOf::Folder { kind, children }) => Err(JenkinsError::IsFolder {
                name: job.to_string(),
                kind,
                children: typed_children(job, kind, &children),
            }),
            None => Err(JenkinsError::Malformed { what: "a job" }),
        }
    }

    /// Lets a job be built, or no longer; what waits in the queue is then cancelled
    /// (`hudson.model.Job.setDisabled`). Also for multibranch projects and organization folders.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn set_enabled(&self, job: &JobPath, enabled: bool) -> Result<(), JenkinsError> {
        let action = if enabled { "enable" } else { "disable" };
        self.change_job(job, action).await
    }

    /// Deletes a job with its builds, or a folder with all that it holds.
    /// [`config_xml`](Self::config_xml) first makes the job itself restorable.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn delete(&self, job: &JobPath) -> Result<(), JenkinsError> {
        self.change_job(job, "doDelete").await
    }

    async fn change_job(&self, job: &JobPath, action: &str) -> Result<(), JenkinsError> {
        let answer = self.change(job.segments().chain([action]), &[], &[]).await;
        answer
            .map(|_| ())
            .map_err(|error| error.about(Thing::Job, job))
    }
}
