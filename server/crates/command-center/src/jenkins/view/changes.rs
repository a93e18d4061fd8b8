//! What is new in a build.

use super::listing::listing;
use super::words::short;
use super::{View, plain_name};
use crate::jenkins::JobPath;
use crate::jenkins::model::{BuildDetails, Change};
use crate::text;

/// So many commits are shown.
const SHOWN: usize = 30;
/// Runes of a title or a name.
const RUNES: usize = 150;
/// So many people are named.
const PEOPLE: usize = 10;

impl View<'_> {
    /// The commits of a build, and whom a failure concerns.
    #[must_use]
    pub fn changes(&self, job: &JobPath, details: &BuildDetails) -> String {
        let number = details.build.number;
        let build = self.build(job, number);
        if details.changes.is_empty() {
            return format!(
                "Jenkins knows of no changes in the build {build} of the job '{}'.",
                plain_name(job)
            );
        }
        let head = format!(
            "**Changes in the build {build} of the job '{}':**",
            self.job(job)
        );
        let page = self.build_page(job, number, &["changes"]);
        let mut shown = listing(&head, &details.changes, SHOWN, &page, |change| {
            self.change(change)
        });
        // Jenkins was asked for no more.
        if details.changes_cut {
            shown.push_str(&format!(
                "\n\nThere are more: {}",
                text::link("all changes", &page)
            ));
        }
        if !details.culprits.is_empty() {
            let names = details.culprits.iter().take(PEOPLE);
            let names: Vec<String> = names.map(|person| short(&person.name, RUNES)).collect();
            let more = details.culprits.len().saturating_sub(PEOPLE);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let names = names.join(", ");
            shown.push_str(&format!("\n\n**Who changed something:** {names}{more}"));
        }
        shown
    }

    fn change(&self, change: &Change) -> String {
        let commit = change.commit.as_ref().map(|commit| {
            let commit: String = commit.chars().take(8).collect();
            format!("{} ", text::code_span(&commit))
        });
        let when = change.timestamp.map(|time| format!(", {}", self.ago(time)));
        format!(
            "{}{} ({}{})",
            commit.unwrap_or_default(),
            short(&change.title, RUNES),
            short(&change.author.name, RUNES),
            when.unwrap_or_default()
        )
    }
}
