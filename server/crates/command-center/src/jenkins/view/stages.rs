//! Stages of a pipeline.

use super::listing::lines;
use super::words::short;
use super::{View, plain_name};
use crate::jenkins::JobPath;
use crate::jenkins::model::{Stage, StageStatus};
use crate::text;

/// So many stages are shown.
const SHOWN: usize = 60;

impl View<'_> {
    /// The stages of a build in order; `error` says why the first failed one did.
    #[must_use]
    pub fn stages(
        &self,
        job: &JobPath,
        number: u64,
        stages: &[Stage],
        error: Option<&str>,
    ) -> String {
        let build = self.build(job, number);
        if stages.is_empty() {
            return format!(
                "The build {build} of the job '{}' has no stages.",
                plain_name(job)
            );
        }
        let head = format!(
            "**Stages of the build {build} of the job '{}':**",
            self.job(job)
        );
        let page = self.build_page(job, number, &[]);
        let failed = stages
            .iter()
            .position(|stage| stage.status == StageStatus::Failed);
        lines(&head, stages, SHOWN, &page, |index, stage| {
            let error = error.filter(|_| failed == Some(index));
            let error = error.map(|error| format!(": {}", short(error, 300)));
            let time = match stage.status {
                StageStatus::NotExecuted => String::new(),
                _ => format!(" {}", text::duration(stage.duration)),
            };
            format!(
                "- {} {} {}{time}{}",
                mark(stage.status),
                text::code_span(&text::truncate(&stage.name, 120)),
                word(stage.status),
                error.unwrap_or_default()
            )
        })
    }
}

fn mark(status: StageStatus) -> &'static str {
    match status {
        StageStatus::Success => ":white_check_mark:",
        StageStatus::Unstable => ":warning:",
        StageStatus::Failed => ":x:",
        StageStatus::Aborted => ":no_entry_sign:",
        StageStatus::InProgress => ":arrow_forward:",
        StageStatus::PausedPendingInput => ":raised_hand:",
        StageStatus::NotExecuted => ":white_circle:",
        StageStatus::Unknown => ":grey_question:",
    }
}

fn word(status: StageStatus) -> &'static str {
    match status {
        StageStatus::Success => "passed after",
        StageStatus::Unstable => "unstable after",
        StageStatus::Failed => "failed after",
        StageStatus::Aborted => "aborted after",
        StageStatus::InProgress => "running for",
        StageStatus::PausedPendingInput => "waiting for input for",
        StageStatus::NotExecuted => "not executed",
        StageStatus::Unknown => "unknown after",
    }
}
