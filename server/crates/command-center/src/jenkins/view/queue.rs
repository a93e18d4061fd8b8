//! What waits.

use super::listing::listing;
use super::words::{milliseconds, short};
use super::{JOB_RUNES, View};
use crate::jenkins::model::QueueEntry;
use crate::jenkins::render::count;
use crate::text;

/// So many entries are shown.
const SHOWN: usize = 40;
/// Runes of an explanation.
const RUNES: usize = 200;

impl View<'_> {
    /// The queue, oldest first.
    #[must_use]
    pub fn queue(&self, entries: &[QueueEntry]) -> String {
        if entries.is_empty() {
            return "Nothing that you may see waits in Jenkins' queue.".to_owned();
        }
        let stuck = entries.iter().filter(|entry| entry.stuck).count();
        let stuck = match stuck {
            0 => String::new(),
            stuck => format!(", {stuck} stuck"),
        };
        let builds = count(entries.len(), "build waits", "builds wait");
        let head = format!("**{builds} in the queue{stuck}**, oldest first:");
        let page = self.address.public_root().as_str();
        listing(&head, entries, SHOWN, page, |entry| self.queue_entry(entry))
    }

    fn queue_entry(&self, entry: &QueueEntry) -> String {
        let name = match &entry.job {
            Some(job) => self.job(job),
            None => text::plain(&text::truncate_middle(&entry.name, JOB_RUNES)),
        };
        let mark = match (entry.stuck, entry.blocked) {
            (true, _) => ":warning: stuck, ",
            (false, true) => ":no_entry: blocked, ",
            (false, false) => "",
        };
        let since = text::duration(milliseconds(self.now.saturating_sub(entry.since)));
        let why = entry.why.as_ref();
        let why = why.map(|why| format!(": {}", short(why, RUNES)));
        let cause = entry.causes.first();
        let cause = cause.map(|cause| format!(" ({})", short(&cause.description, RUNES)));
        format!(
            "{name} {mark}waiting for {since}{}{}",
            why.unwrap_or_default(),
            cause.unwrap_or_default()
        )
    }
}
