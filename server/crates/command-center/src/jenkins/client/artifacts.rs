//! Files that a build archived.

use bytes::Bytes;
use futures_util::Stream;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use super::{JenkinsClient, answer, if_there};
use crate::http_client::{Answer, Call};
use crate::jenkins::JobPath;
use crate::jenkins::error::{JenkinsError, NotJenkinsHint, Thing};
use crate::jenkins::model::{Artifact, ArtifactsJson, SizedArtifactJson};

impl JenkinsClient {
    /// What a build archived. Sizes cost one more request, whose failure only leaves them out.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] if there is no such build, and what else can go wrong.
    pub async fn artifacts(
        &self,
        job: &JobPath,
        number: u64,
    ) -> Result<Vec<Artifact>, JenkinsError> {
        let segment = number.to_string();
        let page = job.build_segments(&segment);
        let artifacts: ArtifactsJson = self
            .read("the artifacts", page.clone(), ArtifactsJson::TREE)
            .await
            .map_err(|error| error.about(Thing::Build, format!("{job} #{number}")))?;
        let sizes = match artifacts.is_empty() {
            true => Vec::new(),
            false => self.artifact_sizes(page).await.unwrap_or_default(),
        };
        Ok(artifacts.into_artifacts(sizes))
    }

    async fn artifact_sizes<'a>(
        &self,
        page: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<SizedArtifactJson>, JenkinsError> {
        let url = self.url(page.chain(["wfapi", "artifacts"]), &[]);
        let fetched = self.get(url).await?;
        let sizes = if_there(answer::json("the artifacts", &fetched, self.user()))?;
        Ok(sizes.unwrap_or_default())
    }

    /// Begins to download one file. It may lie on another host, where Jenkins leads: that one sees no
    /// credentials.
    ///
    /// # Errors
    /// [`JenkinsError::BadArtifactPath`] for a path that leads out of the archive,
    /// [`JenkinsError::NotFound`], and what else can go wrong.
    pub async fn artifact(
        &self,
        job: &JobPath,
        number: u64,
        relative_path: &str,
    ) -> Result<Download, JenkinsError> {
        if !is_inside(relative_path) {
            return Err(JenkinsError::BadArtifactPath {
                path: relative_path.to_owned(),
            });
        }
        let segment = number.to_string();
        let page = job.build_segments(&segment).chain(["artifact"]);
        let url = self.url(page.chain(relative_path.split('/')), &[]);
        let call = Call::get(url).login(&self.login).follow_to_other_hosts();
        let answer = self.http.open(call).await?;
        if !answer.status().is_success() {
            let error = answer::refusal_of(answer, self.user()).await;
            return Err(error.about(Thing::Artifact, relative_path));
        }
        match page_in_its_place(&answer, relative_path) {
            Some(hint) => Err(JenkinsError::NotJenkins {
                status: answer.status(),
                hint,
            }),
            None => Ok(Download::of(answer)),
        }
    }
}

/// Each part is a name below the archive, also to a Jenkins on Windows.
fn is_inside(path: &str) -> bool {
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_control);
    path.split('/').all(is_name)
        && path.split('\\').all(|part| part != "..")
        && path.split(['/', '\\']).all(|part| part != "..")
}

/// A page to sign in would be handed on as the file. Jenkins itself answers with the file or a refusal.
fn page_in_its_place(answer: &Answer, path: &str) -> Option<NotJenkinsHint> {
    if answer::is_login(answer.url()) {
        return Some(NotJenkinsHint::LoginPage);
    }
    let path = path.to_ascii_lowercase();
    let is_wanted = [".html", ".htm", ".xhtml"]
        .iter()
        .any(|end| path.ends_with(end));
    let is_page = answer::is_declared_html(answer.headers());
    (is_page && !is_wanted && !answer::is_jenkins(answer.headers()))
        .then_some(NotJenkinsHint::WebPage)
}

/// A file that is on its way, piece by piece. Dropping it ends the download.
#[derive(Debug)]
pub struct Download {
    /// Its length in bytes, if it is told.
    pub size: Option<u64>,
    /// What it says it is.
    pub content_type: Option<String>,
    answer: Answer,
}

impl Download {
    fn of(answer: Answer) -> Self {
        let header = |headers: &HeaderMap, name| -> Option<String> {
            Some(headers.get(name)?.to_str().ok()?.to_owned())
        };
        Self {
            size: header(answer.headers(), CONTENT_LENGTH).and_then(|text| text.parse().ok()),
            content_type: header(answer.headers(), CONTENT_TYPE),
            answer,
        }
    }

    /// The next piece, `None` at the end.
    ///
    /// # Errors
    /// [`JenkinsError::Http`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, JenkinsError> {
        Ok(self.answer.chunk().await?)
    }

    /// The same as a stream that ends after its first failure.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, JenkinsError>> + Send {
        futures_util::stream::unfold(Some(self), |state| async move {
            let mut download = state?;
            match download.next().await {
                Ok(Some(piece)) => Some((Ok(piece), Some(download))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_archive() {
        for path in [
            "a",
            "dist/my app.jar",
            "a..b/..c",
            "%2e%2e/x",
            "a\\b",
            "ключ",
        ] {
            assert!(is_inside(path), "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "..",
            "a/../b",
            "a/./b",
            "a//b",
            "a/",
            "a\\..\\b",
            "a/..\\b",
            ".\t.",
            "a\n",
            "..\\x",
        ] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
