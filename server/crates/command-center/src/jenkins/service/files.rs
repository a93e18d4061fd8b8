//! Files for the parameters of a build: those attached to the post whose thread a command is typed in.

use mattermost_plugin::model::FileInfo;

use super::{Caller, JenkinsService};
use crate::jenkins::JenkinsClient;
use crate::jenkins::access::AccessError;
use crate::jenkins::client::{GivenFile, Job};
use crate::jenkins::parameters::{Parameter, ParameterKind};
use crate::text;

/// Most bytes of all files of a build: they are held in memory, and twice for a moment.
const LIMIT: u64 = 8 << 20;

/// The parameters of a job that are files, each with the attached file that it gets.
pub(super) struct Files {
    pub(super) found: Vec<(String, FileInfo)>,
    /// Those for which there is none.
    pub(super) missing: Vec<String>,
}

impl JenkinsService {
    /// Gives the attached files to the parameters, both in their order. The files of the bot itself,
    /// such as logs, are none.
    pub(super) async fn files(&self, caller: &Caller, job: &Job) -> Result<Files, AccessError> {
        let mut names: Vec<String> = job
            .parameters
            .iter()
            .filter(|parameter| parameter.kind == ParameterKind::File)
            .map(|Parameter { name, .. }| name.clone())
            .collect();
        let mut found = Vec::new();
        if names.is_empty() || caller.root_id.is_empty() {
            return Ok(Files {
                found,
                missing: names,
            });
        }
        let root = self.api.posts().get_optional(&caller.root_id).await?;
        // The thread is what a client says; only what everybody in the channel can read counts.
        let ids = root
            .filter(|post| post.channel_id == caller.channel_id)
            .filter(|post| post.delete_at == 0 && post.user_id != self.bot_user_id)
            .map(|post| post.file_ids)
            .unwrap_or_default();
        let given = names.len().min(ids.len());
        for (name, id) in names.drain(..given).zip(ids) {
            found.push((name, self.api.files().info(&id).await?));
        }
        Ok(Files {
            found,
            missing: names,
        })
    }

    /// Reads the files.
    pub(super) async fn read_files(&self, files: &Files) -> Result<Vec<GivenFile>, AccessError> {
        let size = |info: &FileInfo| u64::try_from(info.size).unwrap_or(u64::MAX);
        let total = files
            .found
            .iter()
            .fold(0_u64, |sum, (_, info)| sum.saturating_add(size(info)));
        if total > LIMIT {
            return Err(AccessError::Refused(format!(
                "The files of this thread have {}, and chat passes on at most {} to a build. Build in Jenkins itself.",
                text::bytes(total),
                text::bytes(LIMIT)
            )));
        }
        let mut read = Vec::new();
        for (parameter, info) in &files.found {
            read.push(GivenFile {
                parameter: parameter.clone(),
                name: info.name.clone(),
                content: self.api.files().get(&info.id).await?,
            });
        }
        Ok(read)
    }
}

impl Files {
    /// Which file went where, and what is missing; Markdown.
    pub(super) fn told(&self) -> Option<String> {
        let mut sentences: Vec<String> = self
            .found
            .iter()
            .map(|(parameter, info)| {
                format!(
                    "{} is the file {} of this thread.",
                    text::code_span(parameter),
                    text::code_span(&text::truncate_middle(&info.name, 100))
                )
            })
            .collect();
        if !self.missing.is_empty() {
            let names: Vec<String> = self.missing.iter().map(|n| text::code_span(n)).collect();
            sentences.push(format!("Without a file for {}.", names.join(", ")));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// The same before a build, with how to give what is missing.
    pub(super) fn offered(&self, client: &JenkinsClient, job: &Job) -> Option<String> {
        let told = self.told()?;
        if self.missing.is_empty() {
            return Some(told);
        }
        // The page "Build with Parameters".
        let mut url = client.address().page(job.path.segments());
        url.set_path(&format!("{}build", url.path()));
        url.set_query(Some("delay=0sec"));
        Some(format!(
            "{told} To give one, attach it to a post and type the command in its thread, or build in {}.",
            text::link("Jenkins", url.as_str())
        ))
    }
}
