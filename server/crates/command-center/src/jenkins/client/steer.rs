//! Stopping builds and keeping them.

use serde::{Deserialize, Serialize};

use super::JenkinsClient;
use crate::jenkins::JobPath;
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::BuildKeptJson;

/// How hard to stop a build; the last two are known to pipelines only (workflow-job, `WorkflowRun`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopKind {
    /// Asks it to end; its steps may clean up.
    Stop,
    /// Ends its steps without asking them.
    Term,
    /// Ends it without even noticing its steps: what they started may go on.
    Kill,
}

impl JenkinsClient {
    /// Asks a build to stop. It may go on for a while, and nothing happens if it is over: look at it.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn stop(&self, job: &JobPath, number: u64) -> Result<(), JenkinsError> {
        self.stop_with(job, number, StopKind::Stop).await
    }

    /// Stops a build as hard as said. What comes of it is seen by looking at the build.
    ///
    /// # Errors
    /// As [`stop`](Self::stop); [`JenkinsError::NotFound`] also if the build is no pipeline's and this
    /// is more than [`StopKind::Stop`].
    pub async fn stop_with(
        &self,
        job: &JobPath,
        number: u64,
        kind: StopKind,
    ) -> Result<(), JenkinsError> {
        let segment = number.to_string();
        let page = job.build_segments(&segment).chain([kind.as_str()]);
        let answer = self.change(page, &[], &[]).await;
        answer
            .map(|_| ())
            .map_err(|error| error.about(Thing::Build, format!("{job} #{number}")))
    }

    /// Keeps a build when old ones are deleted, or no longer. True if that was news: Jenkins knows only
    /// how to change its mind, so it is asked first.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn set_keep_log(
        &self,
        job: &JobPath,
        number: u64,
        keep: bool,
    ) -> Result<bool, JenkinsError> {
        let segment = number.to_string();
        let page = job.build_segments(&segment);
        let name = || format!("{job} #{number}");
        let kept: BuildKeptJson = self
            .read("a build", page.clone(), BuildKeptJson::TREE)
            .await
            .map_err(|error| error.about(Thing::Build, name()))?;
        if kept.keep_log == keep {
            return Ok(false);
        }
        self.change(page.chain(["toggleLogKeep"]), &[], &[])
            .await
            .map(|_| true)
            .map_err(|error| error.about(Thing::Build, name()))
    }
}

impl StopKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Term => "term",
            Self::Kill => "kill",
        }
    }
}
