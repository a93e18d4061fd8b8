//! What commands show of Jenkins: from its answers to Markdown.
//!
//! Pure. Lists in place of tables, and icons beside colours: phones show them whole, and everybody can
//! tell them apart. Long lists are cut, and the rest is a link away.

mod artifacts;
mod builds;
mod changes;
mod comparison;
pub mod difference;
mod jobs;
mod listing;
mod nodes;
mod plugins;
mod preview;
mod queue;
mod server;
mod stages;
mod test_results;
mod words;

#[cfg(test)]
mod tests;

pub use artifacts::{Attached, Fate};
pub use comparison::Comparison;
pub use jobs::Only;
pub use server::{About, JenkinsVersion, Vitals};
pub use test_results::Since;
pub use words::{mark, word};

use super::{JenkinsAddress, JobPath};
use crate::text;

/// Longest name of a job that is shown, in runes.
const JOB_RUNES: usize = 120;

/// Shows what one Jenkins says.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Where its pages are.
    pub address: &'a JenkinsAddress,
    /// Now, in milliseconds since 1970.
    pub now: i64,
}

impl View<'_> {
    /// What stands above a log.
    #[must_use]
    pub fn log_title(&self, job: &JobPath, number: u64) -> String {
        format!(
            "Console log of the build {} of the job '{}'",
            self.build(job, number),
            plain_name(job)
        )
    }

    /// The name of a job, with its page behind it.
    fn job(&self, job: &JobPath) -> String {
        let name = text::truncate_middle(&job.to_string(), JOB_RUNES);
        text::link(&name, &self.job_page(job))
    }

    /// The number of a build, with its page behind it.
    fn build(&self, job: &JobPath, number: u64) -> String {
        text::link(&format!("#{number}"), &self.build_page(job, number, &[]))
    }

    fn job_page(&self, job: &JobPath) -> String {
        self.address.page(job.segments()).into()
    }

    /// A page of a build, `below` it.
    fn build_page(&self, job: &JobPath, number: u64, below: &[&str]) -> String {
        let number = number.to_string();
        let segments = job.build_segments(&number).chain(below.iter().copied());
        self.address.page(segments).into()
    }

    /// How long ago a time was; in milliseconds since 1970.
    fn ago(&self, time: i64) -> String {
        let timestamp = |time| jiff::Timestamp::from_millisecond(time).unwrap_or_default();
        text::relative_time(timestamp(time), timestamp(self.now))
    }
}

/// The name of a job in a sentence, without a link.
fn plain_name(job: &JobPath) -> String {
    text::plain(&text::truncate_middle(&job.to_string(), JOB_RUNES))
}
