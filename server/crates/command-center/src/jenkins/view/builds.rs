//! Builds.

use std::time::Duration;

use super::View;
use super::listing::listing;
use super::words::{mark, milliseconds, short, word};
use crate::jenkins::JobPath;
use crate::jenkins::model::{BuildDetails, BuildSummary, TestCounts};
use crate::jenkins::render::count;
use crate::text;

/// Runes of a cause, a name or a description.
const RUNES: usize = 120;
/// So many parameters are shown.
const PARAMETERS: usize = 20;
/// Runes of the value of a parameter.
const VALUE_RUNES: usize = 100;

impl View<'_> {
    /// One build on a line: `:x: #12 Failure 5 min ago after 1 min (Started by user Alice)`.
    pub(super) fn summary(&self, job: &JobPath, build: &BuildSummary) -> String {
        let time = match build.running {
            true => format!(
                "since {}",
                text::duration(self.running_for(build.started_at))
            ),
            false => self.ended(build.started_at, build.duration),
        };
        let name = build.display_name.as_deref();
        let name = name.map(|name| format!(" {}", short(name, RUNES)));
        let cause = build.cause.as_ref();
        let cause = cause.map(|cause| format!(" ({})", short(&cause.description, RUNES)));
        format!(
            "{} {}{} {} {time}{}",
            mark(build.running, build.result),
            self.build(job, build.number),
            name.unwrap_or_default(),
            word(build.running, build.result),
            cause.unwrap_or_default(),
        )
    }

    /// The newest builds of a job.
    #[must_use]
    pub fn history(&self, job: &JobPath, builds: &[BuildSummary], limit: usize) -> String {
        let name = self.job(job);
        if builds.is_empty() {
            return format!("Job '{name}' was never built.");
        }
        let page = self.job_page(job);
        let head = format!("**Builds of the job '{name}'**, newest first:");
        let line = |build: &BuildSummary| self.summary(job, build);
        let shown = listing(&head, builds, limit, &page, line);
        // Jenkins was asked for no more than fit.
        if builds.len() < limit {
            shown
        } else {
            format!("{shown}\n{}", text::link("All builds", &page))
        }
    }

    /// One build with all that is worth knowing.
    #[must_use]
    pub fn details(&self, job: &JobPath, details: &BuildDetails) -> String {
        let build = &details.build;
        let mut summary = BuildSummary::from(build.clone());
        summary.cause = None;
        let mut lines = vec![format!(
            "**Last build of the job '{}':** {}",
            self.job(job),
            self.summary(job, &summary)
        )];
        let mut tell = |title: &str, words: String| lines.push(format!("- {title}: {words}"));
        if let Some(description) = &details.description {
            tell("Description", short(description, 300));
        }
        let causes: Vec<String> = build
            .causes
            .iter()
            .take(5)
            .map(|cause| short(&cause.description, RUNES))
            .collect();
        if !causes.is_empty() {
            tell("Cause", causes.join("; "));
        }
        if let (true, Some(expected)) = (build.running, build.estimated_duration)
            && let Some(percent) = text::percent(self.running_for(build.started_at), expected)
        {
            tell("Progress", text::progress_bar(percent));
        }
        if let Some(tests) = &build.tests {
            let page = self.build_page(job, build.number, &["testReport"]);
            tell("Tests", text::link(&test_counts(tests), &page));
        }
        if details.artifacts > 0 {
            let page = self.build_page(job, build.number, &["artifact"]);
            let files = count(details.artifacts, "file", "files");
            tell("Artifacts", text::link(&files, &page));
        }
        if !details.changes.is_empty() {
            let more = if details.changes_cut {
                "more than "
            } else {
                ""
            };
            let commits = count(details.changes.len(), "commit", "commits");
            let page = self.build_page(job, build.number, &["changes"]);
            tell("Changes", format!("{more}{}", text::link(&commits, &page)));
        }
        if let Some(revision) = &details.revision {
            let commit: String = revision.commit.chars().take(8).collect();
            let branch = revision.branch.as_ref();
            let branch = branch.map(|branch| format!(" of {}", short(branch, RUNES)));
            let branch = branch.unwrap_or_default();
            tell("Revision", format!("{}{branch}", text::code_span(&commit)));
        }
        if details.keep_log {
            tell("Kept", "when old builds are deleted".to_owned());
        }
        lines.extend(parameters(&details.parameters));
        lines.join("\n")
    }

    /// When a build ended, and after how long.
    fn ended(&self, started_at: i64, duration: Duration) -> String {
        let length = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let end = started_at.saturating_add(length);
        format!("{} after {}", self.ago(end), text::duration(duration))
    }

    pub(super) fn running_for(&self, started_at: i64) -> Duration {
        let ran = milliseconds(self.now.saturating_sub(started_at));
        Duration::from_secs(ran.as_secs())
    }
}

/// The parameters that a build was started with; those without a value are secrets or files.
fn parameters(given: &[(String, Option<String>)]) -> Vec<String> {
    if given.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["- Parameters:".to_owned()];
    lines.extend(given.iter().take(PARAMETERS).map(|(name, value)| {
        let name = text::code_span(&text::truncate_middle(name, RUNES));
        let value = value.as_ref().map_or_else(
            || "(not shown)".to_owned(),
            |value| text::code_span(&text::truncate(&text::one_line(value), VALUE_RUNES)),
        );
        format!("    - {name} = {value}")
    }));
    if let Some(more) = given.len().checked_sub(PARAMETERS).filter(|more| *more > 0) {
        lines.push(format!("    - and {more} more"));
    }
    lines
}

fn test_counts(tests: &TestCounts) -> String {
    let skipped = match tests.skipped {
        0 => String::new(),
        skipped => format!(", {skipped} skipped"),
    };
    format!("{} of {} failed{skipped}", tests.failed, tests.total)
}
