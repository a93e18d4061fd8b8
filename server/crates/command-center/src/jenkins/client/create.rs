//! Making jobs and folders.

use http::header::CONTENT_TYPE;

use super::{JenkinsClient, answer};
use crate::http_client::{Call, Fetched};
use crate::jenkins::JobPath;
use crate::jenkins::error::{JenkinsError, NameProblem, Thing};

/// The longest configuration that is read: 16 MiB.
const CONFIGURATION_LIMIT: u64 = 16 << 20;

const XML: &str = "application/xml; charset=utf-8";

/// An empty folder of cloudbees-folder-plugin.
const EMPTY_FOLDER: &str = "<?xml version='1.1' encoding='UTF-8'?>\n\
    <com.cloudbees.hudson.plugins.folder.Folder plugin=\"cloudbees-folder\"/>\n";

/// Whether Jenkins takes this as the name of a job or a folder (`jenkins.model.Jenkins.checkGoodName`).
///
/// # Errors
/// [`JenkinsError::BadName`].
pub fn check_name(name: &str) -> Result<(), JenkinsError> {
    let problem = match name {
        "" => Some(NameProblem::Empty),
        "." | ".." => Some(NameProblem::Dots),
        _ if name.trim().is_empty() => Some(NameProblem::Empty),
        _ if name.ends_with('.') => Some(NameProblem::TrailingDot),
        _ => name.chars().find_map(|character| match character {
            _ if character.is_control() => Some(NameProblem::ControlCharacter),
            _ if r"?*/\%!@#$^&|<>[]:;".contains(character) => {
                Some(NameProblem::Character(character))
            }
            _ => None,
        }),
    };
    match problem {
        None => Ok(()),
        Some(problem) => Err(JenkinsError::BadName {
            name: name.to_owned(),
            problem,
        }),
    }
}

impl JenkinsClient {
    /// The configuration of a job or a folder, as Jenkins stores it. Users who may not configure the
    /// job get its secrets blacked out, if they get anything.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::Forbidden`], a failure for more than 16 MiB, and what
    /// else can go wrong.
    pub async fn config_xml(&self, job: &JobPath) -> Result<String, JenkinsError> {
        let url = self.url(job.segments().chain(["config.xml"]), &[]);
        let fetched = self.get_within(url, CONFIGURATION_LIMIT).await?;
        if !fetched.status.is_success() {
            let error =
                answer::refusal(fetched.status, &fetched.headers, &fetched.body, self.user());
            return Err(error.about(Thing::Job, job));
        }
        if !is_xml(&fetched) {
            return Err(answer::not_jenkins(
                fetched.status,
                &fetched.headers,
                &fetched.body,
            ));
        }
        String::from_utf8(fetched.body.into()).map_err(|_| JenkinsError::Malformed {
            what: "the configuration",
        })
    }

    /// Makes a job or a folder of a configuration in a folder, or at the top.
    ///
    /// # Errors
    /// [`JenkinsError::BadName`], [`JenkinsError::Refused`] if there is one of that name,
    /// [`JenkinsError::NotFound`] if the folder is missing, [`JenkinsError::ServerError`] if Jenkins
    /// cannot read the configuration, [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn create(
        &self,
        parent: Option<&JobPath>,
        name: &str,
        xml: &str,
    ) -> Result<JobPath, JenkinsError> {
        let path = new_path(parent, name)?;
        let url = self.url(create_page(parent), &[("name", name)]);
        self.send(Call::post(url).document(XML, xml.to_owned()))
            .await
            .map_err(|error| about_parent(error, parent))?;
        Ok(path)
    }

    /// Copies a job or a folder without its builds. Jenkins does not build a copy before it was saved
    /// once (`hudson.model.Job.isHoldOffBuildUntilSave`), so its configuration is sent back to it; if
    /// that is refused the copy is there, but not [buildable](crate::jenkins::model::JobStatus::buildable).
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn copy(
        &self,
        parent: Option<&JobPath>,
        name: &str,
        from: &JobPath,
    ) -> Result<JobPath, JenkinsError> {
        let path = new_path(parent, name)?;
        let from = format!("/{}", from.full_name());
        let query = [("name", name), ("mode", "copy"), ("from", from.as_str())];
        self.change(create_page(parent), &query, &[])
            .await
            .map_err(|error| about_parent(error, parent))?;
        if let Err(error) = self.save(&path).await {
            tracing::debug!(%error, "a copied job is not saved");
        }
        Ok(path)
    }

    /// Makes an empty folder. Needs cloudbees-folder-plugin.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn create_folder(
        &self,
        parent: Option<&JobPath>,
        name: &str,
    ) -> Result<JobPath, JenkinsError> {
        self.create(parent, name, EMPTY_FOLDER).await
    }

    /// Makes the folders of this path that are missing; gives them back, the outermost first.
    ///
    /// # Errors
    /// As [`create`](Self::create). Those made before a failure stay.
    pub async fn create_missing_folders(
        &self,
        folder: &JobPath,
    ) -> Result<Vec<JobPath>, JenkinsError> {
        let mut made = Vec::new();
        let mut parent: Option<JobPath> = None;
        for name in folder.names() {
            let path = new_path(parent.as_ref(), name).or_else(|error| match &parent {
                // A folder that exists may have a name that could not be given any more.
                Some(parent) => parent.child(name).map_err(|_| error),
                None => JobPath::new(vec![name.clone()]).map_err(|_| error),
            })?;
            if !made.is_empty() || self.item(&path).await?.is_none() {
                made.push(self.create_folder(parent.as_ref(), name).await?);
            }
            parent = Some(path);
        }
        Ok(made)
    }

    /// Changes the configuration of a job or a folder (`hudson.model.AbstractItem.doConfigDotXml`).
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`], [`JenkinsError::ServerError`] if Jenkins cannot read the configuration,
    /// [`JenkinsError::Forbidden`] and what else can go wrong.
    pub async fn configure(&self, job: &JobPath, xml: &str) -> Result<(), JenkinsError> {
        let url = self.url(job.segments().chain(["config.xml"]), &[]);
        self.send(Call::post(url).document(XML, xml.to_owned()))
            .await
            .map_err(|error| error.about(Thing::Job, job))?;
        Ok(())
    }

    async fn save(&self, job: &JobPath) -> Result<(), JenkinsError> {
        self.configure(job, &self.config_xml(job).await?).await
    }
}

fn new_path(parent: Option<&JobPath>, name: &str) -> Result<JobPath, JenkinsError> {
    check_name(name)?;
    let path = match parent {
        Some(parent) => parent.child(name),
        None => JobPath::new(vec![name.to_owned()]),
    };
    path.map_err(|_| JenkinsError::BadName {
        name: name.to_owned(),
        problem: NameProblem::Dots,
    })
}

fn create_page(parent: Option<&JobPath>) -> impl Iterator<Item = &str> {
    let folder = parent.into_iter().flat_map(JobPath::segments);
    folder.chain(["createItem"])
}

fn about_parent(error: JenkinsError, parent: Option<&JobPath>) -> JenkinsError {
    match parent {
        Some(parent) => error.about(Thing::Job, parent),
        None => error.about(Thing::Page, "createItem"),
    }
}

/// A page in place of the document would be kept as the document.
fn is_xml(fetched: &Fetched) -> bool {
    let kind = fetched.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/xml") || kind.starts_with("text/xml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_as_jenkins_does() {
        let problem = |name: &str| match check_name(name) {
            Ok(()) => None,
            Err(JenkinsError::BadName { problem, .. }) => Some(problem),
            Err(other) => panic!("{other:?}"),
        };
        for name in ["a", "my job", "сборка", "a.b", "-", "a'b\"c", "(x)"] {
            assert_eq!(problem(name), None, "{name}");
        }
        assert_eq!(problem(""), Some(NameProblem::Empty));
        assert_eq!(problem("  "), Some(NameProblem::Empty));
        assert_eq!(problem(".."), Some(NameProblem::Dots));
        assert_eq!(problem("a."), Some(NameProblem::TrailingDot));
        assert_eq!(problem("a\nb"), Some(NameProblem::ControlCharacter));
        for character in r"?*/\%!@#$^&|<>[]:;".chars() {
            let name = format!("a{character}b");
            assert_eq!(problem(&name), Some(NameProblem::Character(character)));
        }
    }
}
