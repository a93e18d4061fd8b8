//! All jobs that a user may see.

use super::{JenkinsClient, answer, if_there};
use crate::jenkins::JobPath;
use crate::jenkins::error::JenkinsError;
use crate::jenkins::model::{CATALOG_DEPTH, CatalogEntry, CatalogJson, CatalogPart};

/// The longest answer that is read: 32 MiB. Ten thousand jobs need about two.
const CATALOG_LIMIT: u64 = 32 << 20;

/// How many folders that lie too deep for one answer are asked for by themselves.
const DEEP_FOLDERS: usize = 200;

impl JenkinsClient {
    /// All jobs and folders that this user may see: one request, and one more for each folder that lies
    /// five levels deep.
    ///
    /// # Errors
    /// [`JenkinsError`]; a failure for more than 32 MiB.
    pub async fn catalog(&self) -> Result<Vec<CatalogEntry>, JenkinsError> {
        self.jobs_below(None).await
    }

    /// All jobs and folders below a folder, as [`catalog`](Self::catalog) gives all.
    ///
    /// # Errors
    /// As [`catalog`](Self::catalog); nothing is below a folder that is not there.
    pub async fn jobs_below(
        &self,
        folder: Option<&JobPath>,
    ) -> Result<Vec<CatalogEntry>, JenkinsError> {
        let mut entries = Vec::new();
        let mut unread: Vec<Option<JobPath>> = vec![folder.cloned()];
        let mut asked = 0;
        while let Some(folder) = unread.pop() {
            if asked > DEEP_FOLDERS {
                tracing::warn!(
                    unread = unread.len() + 1,
                    "Jenkins has more deep folders than are read"
                );
                break;
            }
            asked += 1;
            let part = self.read_catalog(folder.as_ref(), CATALOG_DEPTH).await?;
            entries.extend(part.entries);
            unread.extend(part.unread.into_iter().map(Some));
        }
        entries.shrink_to_fit();
        Ok(entries)
    }

    /// The jobs and folders that lie directly in a folder, or at the top (`None`). One request.
    ///
    /// # Errors
    /// As [`jobs_below`](Self::jobs_below).
    pub async fn jobs_in(
        &self,
        folder: Option<&JobPath>,
    ) -> Result<Vec<CatalogEntry>, JenkinsError> {
        Ok(self.read_catalog(folder, 1).await?.entries)
    }

    async fn read_catalog(
        &self,
        folder: Option<&JobPath>,
        depth: usize,
    ) -> Result<CatalogPart, JenkinsError> {
        let segments = folder.into_iter().flat_map(JobPath::segments);
        let url = self.url(
            segments.chain(["api", "json"]),
            &[("tree", CatalogJson::tree(depth).as_str())],
        );
        let fetched = self.get_within(url, CATALOG_LIMIT).await?;
        let json: Result<CatalogJson<'_>, _> = answer::json("its jobs", &fetched, self.user());
        // A folder may go while the others are read.
        let json = match folder {
            Some(_) => if_there(json)?,
            None => Some(json?),
        };
        let Some(json) = json else {
            return Ok(CatalogPart::default());
        };
        let malformed = JenkinsError::Malformed { what: "its jobs" };
        json.into_part(folder, depth).ok_or(malformed)
    }
}
