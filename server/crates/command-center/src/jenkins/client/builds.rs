//! Builds.

use super::{JenkinsClient, if_there};
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::{
    Build, BuildDetails, BuildDetailsJson, BuildJson, BuildSummary, BuildsJson, HistoryJson,
    QueueId, QueuedTasksJson, RequestsJson,
};
use crate::jenkins::{BuildSelector, JobPath};

impl JenkinsClient {
    /// A build; `None` if there is none.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn build(
        &self,
        job: &JobPath,
        build: BuildSelector,
    ) -> Result<Option<Build>, JenkinsError> {
        let segment = build.to_segment();
        match if_there(
            self.read::<BuildJson>("a build", job.build_segments(&segment), BuildJson::TREE)
                .await,
        )? {
            None => Ok(None),
            Some(json) => json
                .into_build()
                .map(Some)
                .ok_or(JenkinsError::Malformed { what: "a build" }),
        }
    }

    /// A build with what it was made of; `None` if there is none.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn details(
        &self,
        job: &JobPath,
        build: BuildSelector,
    ) -> Result<Option<BuildDetails>, JenkinsError> {
        let segment = build.to_segment();
        let page = job.build_segments(&segment);
        let json: Option<BuildDetailsJson> =
            if_there(self.read("a build", page, &BuildDetailsJson::tree()).await)?;
        match json {
            None => Ok(None),
            Some(json) => json
                .into_details()
                .map(Some)
                .ok_or(JenkinsError::Malformed { what: "a build" }),
        }
    }

    /// A job's newest builds, newest first.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] if the job is gone, and what else can go wrong.
    pub async fn history(
        &self,
        job: &JobPath,
        limit: u32,
    ) -> Result<Vec<BuildSummary>, JenkinsError> {
        let json: HistoryJson = self
            .read("the builds", job.segments(), &HistoryJson::tree(limit))
            .await
            .map_err(|error| error.about(Thing::Job, job))?;
        Ok(json.into_summaries())
    }

    /// The build that came from an entry of the queue, among the newest fifty.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] if the job is gone, and what else can go wrong.
    pub async fn build_of_queue_item(
        &self,
        job: &JobPath,
        id: QueueId,
    ) -> Result<Option<u64>, JenkinsError> {
        let builds: BuildsJson = self
            .read("the builds", job.segments(), BuildsJson::TREE)
            .await
            .map_err(|error| error.about(Thing::Job, job))?;
        Ok(builds.number_of(id))
    }

    /// What this user asked for of a job: entries that wait in the queue, and those that became
    /// builds from `first_number` on (among the newest fifty). After a request whose answer was lost,
    /// this tells whether it arrived.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] if the job is gone, and what else can go wrong.
    pub async fn own_requests(
        &self,
        job: &JobPath,
        first_number: u64,
    ) -> Result<Vec<QueueId>, JenkinsError> {
        // The queue first: an entry that leaves it in between is then among the builds.
        let queue: QueuedTasksJson = self
            .read("the queue", ["queue"], QueuedTasksJson::TREE)
            .await?;
        let requests: RequestsJson = self
            .read("the builds", job.segments(), RequestsJson::TREE)
            .await
            .map_err(|error| error.about(Thing::Job, job))?;
        let mut found: Vec<QueueId> = requests.by_user(self.user(), first_number).collect();
        found.extend(queue.by_user(self.user(), job));
        found.sort();
        found.dedup();
        Ok(found)
    }
}
