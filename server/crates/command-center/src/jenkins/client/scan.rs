//! Scans of multibranch projects and organization folders (cloudbees-folder, `ComputedFolder`).

use super::{JenkinsClient, LogTail, TailRequest, if_there};
use crate::jenkins::JobPath;
use crate::jenkins::error::{FolderKind, JenkinsError, Thing};

impl JenkinsClient {
    /// Looks for branches, or for repositories. Begins soon and goes on by itself: see
    /// [`scan_log`](Self::scan_log).
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] also for a plain folder, [`JenkinsError::NotBuildable`] if the folder is
    /// disabled, [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn scan(&self, folder: &JobPath) -> Result<(), JenkinsError> {
        let page = folder.segments().chain(["build"]);
        let answer = self.change(page, &[("delay", "0")], &[]).await;
        match answer {
            Ok(_) => Ok(()),
            // "<name> cannot be recomputed": ComputedFolder.doBuild, where isBuildable is false.
            Err(JenkinsError::ServerError { status }) => {
                match self.is_disabled(folder).await.unwrap_or(false) {
                    true => Err(JenkinsError::NotBuildable {
                        name: folder.to_string(),
                    }),
                    false => Err(JenkinsError::ServerError { status }),
                }
            }
            Err(error) => Err(error.about(Thing::Job, folder)),
        }
    }

    /// Whether a multibranch project or an organization folder is disabled.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn is_disabled(&self, folder: &JobPath) -> Result<bool, JenkinsError> {
        #[derive(Default, serde::Deserialize)]
        #[serde(default)]
        struct DisabledJson {
            disabled: bool,
        }
        let json: DisabledJson = self.read("a folder", folder.segments(), "disabled").await?;
        Ok(json.disabled)
    }

    /// The end of the log of the newest scan, which [runs](LogTail::running) or is over; `None` if there
    /// was none, or for a plain folder.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn scan_log(
        &self,
        folder: &JobPath,
        kind: FolderKind,
        request: TailRequest,
    ) -> Result<Option<LogTail>, JenkinsError> {
        // MultiBranchProject has a name of its own for it (branch-api).
        let scan = match kind {
            FolderKind::Folder => return Ok(None),
            FolderKind::Multibranch => "indexing",
            FolderKind::Organization => "computation",
        };
        let page = folder.segments().chain([scan]);
        if_there(self.text_tail(page, request).await)
    }
}
