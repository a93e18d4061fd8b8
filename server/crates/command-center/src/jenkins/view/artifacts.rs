//! Files that a build archived.

use super::listing::listing;
use super::{View, plain_name};
use crate::jenkins::JobPath;
use crate::jenkins::model::Artifact;
use crate::jenkins::render::count;
use crate::text;

/// So many files are listed.
const SHOWN: usize = 40;
/// Runes of a path.
const RUNES: usize = 160;

/// A file that was to be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Which.
    pub artifact: Artifact,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a file that was to be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is attached: so many bytes.
    Attached(u64),
    /// It is larger than the server takes files, of which so many bytes are allowed.
    TooLarge {
        /// Its size, if known.
        size: Option<u64>,
        /// The most that is allowed.
        limit: u64,
    },
    /// There is nothing in it, which the server takes for no file.
    Empty,
    /// It could not be read; Markdown.
    Failed(String),
}

impl View<'_> {
    /// All files of a build with their sizes.
    #[must_use]
    pub fn artifacts(&self, job: &JobPath, number: u64, artifacts: &[Artifact]) -> String {
        let page = self.artifacts_page(job, number);
        if artifacts.is_empty() {
            return self.no_artifacts(job, number);
        }
        let head = self.artifacts_found(job, number, artifacts.len());
        listing(&head, artifacts, SHOWN, &page, |artifact| {
            let size = artifact
                .size
                .map(|size| format!(" ({})", text::bytes(size)));
            format!(
                "{}{}",
                self.artifact(job, number, artifact),
                size.unwrap_or_default()
            )
        })
    }

    /// In the words of the former plugin.
    #[must_use]
    pub fn no_artifacts(&self, job: &JobPath, number: u64) -> String {
        format!(
            "No artifacts found in the build {} of the job '{}'.",
            self.build(job, number),
            plain_name(job)
        )
    }

    /// No file has such a path.
    #[must_use]
    pub fn no_artifact_fits(&self, job: &JobPath, number: u64, glob: &str, all: usize) -> String {
        let name = plain_name(job);
        let glob = text::code_span(&text::truncate(glob, RUNES));
        let files = text::link(
            &count(all, "artifact", "artifacts"),
            &self.artifacts_page(job, number),
        );
        format!("None of the {files} in the build #{number} of the job '{name}' fits {glob}.")
    }

    /// The post that has files attached. `left` more fit and were left out.
    #[must_use]
    pub fn attached(&self, job: &JobPath, number: u64, files: &[Attached], left: usize) -> String {
        let head = self.artifacts_found(job, number, files.len() + left);
        let page = self.artifacts_page(job, number);
        let mut shown = listing(&head, files, files.len(), &page, |file| {
            let name = self.artifact(job, number, &file.artifact);
            match &file.fate {
                Fate::Attached(size) => format!("{name} ({})", text::bytes(*size)),
                Fate::TooLarge { size, limit } => {
                    let size = size.map(|size| format!(" has {} and", text::bytes(size)));
                    let limit = text::bytes(*limit);
                    format!(
                        ":warning: {name}{} is not attached: the server takes no files above {limit}",
                        size.unwrap_or_default()
                    )
                }
                Fate::Empty => format!("{name} is empty"),
                Fate::Failed(why) => format!(":warning: {name} is not attached: {why}"),
            }
        });
        if left > 0 {
            shown.push_str(&format!(
                "\n\nA post takes no more than ten files; {left} more are {}. `--match` chooses among them.",
                text::link("in Jenkins", &page)
            ));
        }
        shown
    }

    /// In the words of the former plugin.
    fn artifacts_found(&self, job: &JobPath, number: u64, found: usize) -> String {
        format!(
            "{found} Artifact(s) found in the build {} of the job '{}'",
            self.build(job, number),
            plain_name(job)
        )
    }

    /// The path of a file, with the file behind it.
    fn artifact(&self, job: &JobPath, number: u64, artifact: &Artifact) -> String {
        let path = &artifact.relative_path;
        let name = text::truncate_middle(&text::one_line(path), RUNES);
        // Such a path would lead elsewhere.
        if path
            .split(['/', '\\'])
            .any(|part| matches!(part, "" | "." | ".."))
        {
            return text::code_span(&name);
        }
        let below: Vec<&str> = std::iter::once("artifact").chain(path.split('/')).collect();
        let page = self.build_page(job, number, &below);
        text::link(&name, page.trim_end_matches('/'))
    }

    fn artifacts_page(&self, job: &JobPath, number: u64) -> String {
        self.build_page(job, number, &["artifact"])
    }
}
