//! How jobs that were found are shown.

use jiff::Timestamp;

use super::Hit;
use crate::jenkins::access::Server;
use crate::jenkins::error::FolderKind;
use crate::jenkins::model::{BuildResult, BuildSummary, CatalogKind, JobColor, JobState};
use crate::notifications::budget::{MESSAGE_RUNES, fit_lines};
use crate::text;

/// Longest name that is shown whole, in runes.
const NAME_RUNES: usize = 200;

/// The answer to a search: Markdown. A list in place of a table: phones show it whole.
#[must_use]
pub fn results(
    words: &str,
    (hits, total): &(Vec<Hit>, usize),
    of: usize,
    server: &Server,
) -> String {
    let words = text::code_span(&text::truncate(words, NAME_RUNES));
    let place = if server.alias.is_main() {
        String::new()
    } else {
        format!(" at {}", text::code_span(server.alias.as_str()))
    };
    if hits.is_empty() {
        return match of {
            0 => format!("There is no job{place} that you may see."),
            _ => format!(
                "None of the {of} jobs and folders{place} that you may see has {words} in its name. Try fewer letters; the list is at most an hour old."
            ),
        };
    }
    let head = match total - hits.len() {
        0 => format!("###### Jobs with {words}{place}"),
        _ => format!(
            "###### Jobs with {words}{place}: the best {} of {total}",
            hits.len()
        ),
    };
    let lines: Vec<String> = hits.iter().map(|hit| line(hit, server)).collect();
    fit_lines(&head, &lines, MESSAGE_RUNES)
}

fn line(hit: &Hit, server: &Server) -> String {
    let page = server.address.page(hit.path.segments());
    let name = text::truncate_middle(&hit.path.to_string(), NAME_RUNES);
    let words = self::words(hit.kind);
    format!(
        "- {} {}: {words}",
        emoji(hit.kind),
        text::link(&name, page.as_str())
    )
}

/// What it is, and how it was when somebody last looked.
#[must_use]
pub fn words(kind: CatalogKind) -> &'static str {
    match kind {
        CatalogKind::Folder(FolderKind::Folder) => "folder",
        CatalogKind::Folder(FolderKind::Multibranch) => "multibranch project",
        CatalogKind::Folder(FolderKind::Organization) => "organization folder",
        CatalogKind::Job(JobColor { building: true, .. }) => "running",
        CatalogKind::Job(JobColor { state, .. }) => match state {
            JobState::Success => "success",
            JobState::Unstable => "unstable",
            JobState::Failure => "failure",
            JobState::NotBuilt => "not built",
            JobState::Aborted => "aborted",
            JobState::Disabled => "disabled",
            JobState::Unknown => "job",
        },
    }
}

/// How a build ended, and when it began; `now` in milliseconds since 1970.
#[must_use]
pub fn build_words(build: &BuildSummary, now: i64) -> String {
    let result = match build.result {
        _ if build.running => "running",
        Some(BuildResult::Success) => "success",
        Some(BuildResult::Unstable) => "unstable",
        Some(BuildResult::Failure) => "failure",
        Some(BuildResult::Aborted) => "aborted",
        Some(BuildResult::NotBuilt) => "not built",
        Some(BuildResult::Unknown) | None => "over",
    };
    let times = Timestamp::from_millisecond(build.started_at)
        .ok()
        .zip(Timestamp::from_millisecond(now).ok());
    match times {
        Some((began, now)) => format!("{result}, {}", text::relative_time(began, now)),
        None => result.to_owned(),
    }
}

fn emoji(kind: CatalogKind) -> &'static str {
    match kind {
        CatalogKind::Folder(_) => ":file_folder:",
        CatalogKind::Job(JobColor { building: true, .. }) => ":arrow_forward:",
        CatalogKind::Job(JobColor { state, .. }) => match state {
            JobState::Success => ":white_check_mark:",
            JobState::Unstable => ":warning:",
            JobState::Failure => ":x:",
            JobState::Aborted | JobState::Disabled => ":no_entry_sign:",
            JobState::NotBuilt => ":white_circle:",
            JobState::Unknown => ":grey_question:",
        },
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
