//! Words and icons.

use std::time::Duration;

use crate::jenkins::model::{BuildResult, JobColor, JobState};
use crate::text;

/// The icon of a build: running, or how it ended.
#[must_use]
pub fn mark(running: bool, result: Option<BuildResult>) -> &'static str {
    match result {
        _ if running => ":arrow_forward:",
        Some(BuildResult::Success) => ":white_check_mark:",
        Some(BuildResult::Unstable) => ":warning:",
        Some(BuildResult::Failure) => ":x:",
        Some(BuildResult::Aborted | BuildResult::NotBuilt) => ":no_entry_sign:",
        Some(BuildResult::Unknown) | None => ":grey_question:",
    }
}

/// The same in a word.
#[must_use]
pub fn word(running: bool, result: Option<BuildResult>) -> &'static str {
    match result {
        _ if running => "Running",
        Some(BuildResult::Success) => "Success",
        Some(BuildResult::Unstable) => "Unstable",
        Some(BuildResult::Failure) => "Failure",
        Some(BuildResult::Aborted) => "Aborted",
        Some(BuildResult::NotBuilt) => "Not built",
        Some(BuildResult::Unknown) | None => "Unknown",
    }
}

/// The icon of a job.
pub(super) fn state_mark(color: JobColor) -> &'static str {
    match color.state {
        JobState::Success => ":white_check_mark:",
        JobState::Unstable => ":warning:",
        JobState::Failure => ":x:",
        JobState::Aborted => ":no_entry_sign:",
        JobState::NotBuilt => ":white_circle:",
        JobState::Disabled => ":pause_button:",
        JobState::Unknown => ":grey_question:",
    }
}

/// The same in words.
pub(super) fn state_word(color: JobColor) -> &'static str {
    match color.state {
        JobState::Success => "Success",
        JobState::Unstable => "Unstable",
        JobState::Failure => "Failure",
        JobState::Aborted => "Aborted",
        JobState::NotBuilt => "Not built",
        JobState::Disabled => "Disabled",
        JobState::Unknown => "Unknown",
    }
}

/// Words from elsewhere on one line, cut.
pub(super) fn short(words: &str, runes: usize) -> String {
    text::plain(&text::truncate(&text::one_line(words), runes))
}

/// A duration of so many milliseconds; clocks that disagree give none below zero.
pub(super) fn milliseconds(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or(0))
}
