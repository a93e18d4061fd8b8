//! Showing and attaching what a build archived.

use std::collections::HashSet;
use std::time::Duration;

use mattermost_plugin::api::Upload;
use mattermost_plugin::api::permission::CREATE_POST;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{Attachment, PostAction, PostActionOption};

use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::{Action, BuildKey, Style};
use crate::jenkins::command::artifacts::Request;
use crate::jenkins::model::Artifact;
use crate::jenkins::pattern::Glob;
use crate::jenkins::policy::Subject;
use crate::jenkins::render;
use crate::jenkins::shortcuts::JobKey;
use crate::jenkins::view::{Attached, Fate};
use crate::pending::Question;
use crate::text;

/// Most files of a post: their ids have room in 300 characters (`model.PostFileidsMaxRunes`).
const MOST_FILES: usize = 10;
/// Most files that a menu offers.
const OFFERED: usize = 50;
/// How long files can be chosen.
const TIME_TO_CHOOSE: Duration = Duration::from_secs(60 * 60);

impl JenkinsService {
    pub(super) async fn artifacts(&self, caller: &Caller, request: Request) -> Reply {
        let found = self.find_build(caller, &request.build).await?;
        match request.glob {
            Some(glob) => self.attach_fitting(caller, &found, &glob).await,
            None => self.offer_artifacts(caller, caller, &found).await,
        }
    }

    /// Lists what a build archived, for the caller alone, to choose from. The list is shown where
    /// `told` is; what is chosen is attached where `caller` is.
    pub(super) async fn offer_artifacts(
        &self,
        caller: &Caller,
        told: &Caller,
        found: &FoundBuild,
    ) -> Reply {
        let (path, number) = (&found.path, found.number);
        let artifacts = found.client.artifacts(path, number).await?;
        let shown = self.view(&found.client).artifacts(path, number, &artifacts);
        if artifacts.is_empty() {
            return Ok(Some(shown));
        }
        let question = Question {
            user_id: caller.user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            about: BuildKey {
                server: found.server.clone(),
                job: path.clone(),
                number,
            },
        };
        let question = self.pending.put(&question, TIME_TO_CHOOSE).await?;
        let attachment = Attachment {
            fallback: "Choose which to attach".to_owned(),
            actions: choices(question, &artifacts),
            ..Attachment::default()
        };
        self.show(told, &shown, &[attachment]).await;
        Ok(None)
    }

    /// Attaches what was chosen from a list: the file of this path, or all.
    pub(super) async fn attach_chosen(
        &self,
        caller: &Caller,
        question_id: &str,
        chosen: Option<&str>,
    ) -> Reply {
        let question: Option<Question<BuildKey>> =
            self.pending.peek(question_id, &caller.user_id).await?;
        let Some(BuildKey {
            server,
            job,
            number,
        }) = question.map(|question| question.about)
        else {
            return Err(AccessError::Refused(
                "This list is out of date. Type `/jenkins get-artifacts` again.".to_owned(),
            ));
        };
        // Since the list was shown, the caller may have lost the channel.
        let may_post = self
            .api
            .permissions()
            .has_in_channel(&caller.user_id, &caller.channel_id, CREATE_POST)
            .await?;
        if !may_post {
            return Err(AccessError::Refused(
                "You may not post in this channel, so nothing is attached.".to_owned(),
            ));
        }
        self.permit(caller, &server, Subject::Job(&job)).await?;
        let client = self.access.client(&caller.user_id, &server).await?;
        let found = FoundBuild::new(client, JobKey { server, job }, number);
        let mut artifacts = found.client.artifacts(&found.path, number).await?;
        if let Some(chosen) = chosen {
            artifacts.retain(|artifact| artifact.relative_path == chosen);
        }
        if artifacts.is_empty() {
            return Err(AccessError::Refused(
                "Jenkins does not have this artifact any more. Type `/jenkins get-artifacts` again."
                    .to_owned(),
            ));
        }
        // A double click is one post.
        let click = ["attach", question_id].into_iter().chain(chosen);
        if !self.is_first_click(click).await? {
            return Ok(None);
        }
        self.attach(caller, &found, artifacts).await
    }

    async fn attach_fitting(&self, caller: &Caller, found: &FoundBuild, glob: &Glob) -> Reply {
        let (path, number) = (&found.path, found.number);
        let mut artifacts = found.client.artifacts(path, number).await?;
        let all = artifacts.len();
        artifacts.retain(|artifact| fits(glob, artifact));
        if artifacts.is_empty() {
            let view = self.view(&found.client);
            return Ok(Some(match all {
                0 => view.no_artifacts(path, number),
                _ => view.no_artifact_fits(path, number, &glob.to_string(), all),
            }));
        }
        self.attach(caller, found, artifacts).await
    }

    /// Attaches the first ten in one post.
    async fn attach(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        mut artifacts: Vec<Artifact>,
    ) -> Reply {
        let left = artifacts.len().saturating_sub(MOST_FILES);
        artifacts.truncate(MOST_FILES);
        let limit = self.file_limit().await?;
        let mut names = HashSet::new();
        let (mut file_ids, mut files) = (Vec::new(), Vec::new());
        for artifact in artifacts {
            let name = unique_name(&mut names, &artifact);
            let fate = match self.upload(caller, found, &artifact, name, limit).await {
                Ok(Uploaded::File { id, size }) => {
                    file_ids.push(id);
                    Fate::Attached(size)
                }
                Ok(Uploaded::Nothing(fate)) => fate,
                Err(AccessError::Jenkins(error)) => Fate::Failed(render::error(&error)),
                Err(AccessError::Refused(why)) => Fate::Failed(why),
                Err(AccessError::Server(error)) => {
                    tracing::warn!(%error, "an artifact is not attached");
                    Fate::Failed(
                        "the download broke off, or the Mattermost server did not take it"
                            .to_owned(),
                    )
                }
            };
            files.push(Attached { artifact, fate });
        }
        let view = self.view(&found.client);
        let message = view.attached(&found.path, found.number, &files, left);
        if file_ids.is_empty() {
            return Ok(Some(message));
        }
        self.post(caller, message, file_ids).await
    }

    /// Passes one file on, piece by piece.
    async fn upload(
        &self,
        caller: &Caller,
        found: &FoundBuild,
        artifact: &Artifact,
        filename: String,
        limit: u64,
    ) -> Result<Uploaded, AccessError> {
        let too_large = |size| Ok(Uploaded::Nothing(Fate::TooLarge { size, limit }));
        if let Some(size) = artifact.size.filter(|size| *size > limit) {
            return too_large(Some(size));
        }
        let begin = || {
            let path = &artifact.relative_path;
            found.client.artifact(&found.path, found.number, path)
        };
        let mut download = begin().await?;
        let size = match download.size {
            Some(size) => size,
            // An upload has to say its size first: then the file is read twice.
            None => {
                let mut size = 0_u64;
                while let Some(piece) = download.next().await? {
                    size += piece.len() as u64;
                    if size > limit {
                        return too_large(None);
                    }
                }
                download = begin().await?;
                size
            }
        };
        if size > limit {
            return too_large(Some(size));
        }
        if size == 0 {
            return Ok(Uploaded::Nothing(Fate::Empty));
        }
        let upload = Upload {
            channel_id: caller.channel_id.clone(),
            user_id: self.bot_user_id.clone(),
            filename,
            size,
        };
        let body = Body::from_stream(download.into_stream());
        let file = self.api.files().upload_stream(&upload, body).await?;
        Ok(Uploaded::File { id: file.id, size })
    }
}

/// What became of a file.
enum Uploaded {
    /// The server has it.
    File { id: String, size: u64 },
    /// Why it has not.
    Nothing(Fate),
}

/// A pattern without folders is about names.
fn fits(glob: &Glob, artifact: &Artifact) -> bool {
    glob.fits(&artifact.relative_path)
        || (!glob.to_string().contains('/') && glob.fits(&artifact.file_name))
}

/// The last name of the path, or the whole path where another file has that name.
fn unique_name(names: &mut HashSet<String>, artifact: &Artifact) -> String {
    let path = &artifact.relative_path;
    let name = text::file_name(path);
    let long = || text::file_name(&path.replace(['/', '\\'], "-"));
    let candidates = std::iter::once(name).chain(std::iter::once_with(long));
    let numbered = (2..).map(|number| format!("{number}-{}", text::file_name(path)));
    let mut candidates = candidates.chain(numbered);
    // There are more candidates than names.
    candidates
        .find(|name| names.insert(name.clone()))
        .unwrap_or_default()
}

/// A menu of all files, and a button for all of them if they fit into one post.
fn choices(question: String, artifacts: &[Artifact]) -> Vec<PostAction> {
    let option = |artifact: &Artifact| {
        let path = text::truncate_middle(&text::one_line(&artifact.relative_path), 60);
        let size = artifact
            .size
            .map(|size| format!(" ({})", text::bytes(size)));
        PostActionOption {
            text: path + &size.unwrap_or_default(),
            value: artifact.relative_path.clone(),
        }
    };
    let one = Action::Attach {
        question: question.clone(),
        all: false,
    };
    let options = artifacts.iter().take(OFFERED).map(option).collect();
    let mut actions = vec![one.menu("Attach …", options)];
    if artifacts.len() <= MOST_FILES {
        let all = Action::Attach {
            question,
            all: true,
        };
        let text = match artifacts.len() {
            1 => "Attach it".to_owned(),
            count => format!("Attach all {count}"),
        };
        actions.push(all.button(&text, Style::Plain));
    }
    actions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(path: &str) -> Artifact {
        Artifact {
            file_name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            relative_path: path.to_owned(),
            size: None,
        }
    }

    #[test]
    fn a_glob_is_about_names_or_paths() {
        for (glob, path, expected) in [
            ("*.jar", "target/app.jar", true),
            ("*.jar", "target/app.jar.md5", false),
            ("target/*", "target/app.jar", true),
            ("target/*", "target/x/app.jar", false),
            ("target/**", "target/x/app.jar", true),
            ("*/app.jar", "x/target/app.jar", false),
            ("**", "x/y", true),
            ("app.jar", "target/app.jar", true),
        ] {
            let glob = Glob::parse(glob).unwrap();
            assert_eq!(fits(&glob, &artifact(path)), expected, "{glob} {path}");
        }
    }

    #[test]
    fn no_two_files_have_one_name() {
        let mut names = HashSet::new();
        let given: Vec<String> = ["a/x.txt", "b/x.txt", "b-x.txt", "b\\x.txt"]
            .map(|path| unique_name(&mut names, &artifact(path)))
            .into();
        assert_eq!(given, ["x.txt", "b-x.txt", "2-b-x.txt", "2-x.txt"]);
    }
}
