//! Jobs and folders by their path.

use super::{JenkinsClient, if_there};
use crate::jenkins::JobPath;
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::{Child, ChildrenJson, Item, ItemJson};
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
            if_there(self.read("a job", path.segments(), ItemJson::TREE).await)?;
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
}
