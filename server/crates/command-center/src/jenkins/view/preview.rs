//! What is shown for an address that somebody pasted: little, since nobody asked.

use mattermost_plugin::model::Attachment;

use super::words::{state_mark, state_word};
use super::{View, plain_name};
use crate::jenkins::JobPath;
use crate::jenkins::card;
use crate::jenkins::model::{
    Build, BuildResult, BuildSummary, JobColor, JobState, JobStatus, Stage, StageStatus,
};
use crate::text;

/// Runes of the name of a stage.
const STAGE_RUNES: usize = 120;

impl View<'_> {
    /// A build on a line or two. Not why it runs, and none of its parameters.
    #[must_use]
    pub fn preview_of_build(&self, job: &JobPath, build: &Build, stages: &[Stage]) -> Attachment {
        let summary = self.brief(job, &BuildSummary::from(build.clone()));
        let mut text = format!("**Job '{}':** {summary}", self.job(job));
        if let Some((word, stage)) = telling_stage(stages) {
            let name = text::code_span(&text::truncate(&text::one_line(&stage.name), STAGE_RUNES));
            text.push_str(&format!("\n{word} in stage {name}"));
        }
        if let (true, Some(expected)) = (build.running, build.estimated_duration)
            && let Some(percent) = text::percent(self.running_for(build.started_at), expected)
        {
            text.push_str(&format!("\n{}", text::progress_bar(percent)));
        }
        if let Some(tests) = build.tests.as_ref().filter(|tests| tests.failed > 0) {
            text.push_str(&format!(
                "\n{} of {} tests failed",
                tests.failed, tests.total
            ));
        }
        let fallback = format!("Build #{} of the job '{}'", build.number, plain_name(job));
        preview(text, fallback, color(build.running, build.result))
    }

    /// A job on a line or two.
    #[must_use]
    pub fn preview_of_job(&self, job: &JobPath, status: &JobStatus) -> Attachment {
        let mut text = format!(
            "{} **Job '{}':** {}",
            state_mark(status.color),
            self.job(job),
            state_word(status.color)
        );
        let running = status.last.as_ref().filter(|last| last.running);
        for (title, build) in [
            ("Running", running),
            ("Last result", status.last_completed.as_ref()),
        ] {
            if let Some(build) = build {
                text.push_str(&format!("\n{title}: {}", self.brief(job, build)));
            }
        }
        let fallback = format!("Job '{}'", plain_name(job));
        preview(text, fallback, color_of_job(status.color))
    }

    fn brief(&self, job: &JobPath, build: &BuildSummary) -> String {
        let build = BuildSummary {
            cause: None,
            ..build.clone()
        };
        self.summary(job, &build)
    }
}

fn preview(text: String, fallback: String, color: &str) -> Attachment {
    Attachment {
        text,
        fallback,
        color: color.to_owned(),
        ..Attachment::default()
    }
}

/// The stage that says most: the first that failed, else the one that is going on.
fn telling_stage(stages: &[Stage]) -> Option<(&'static str, &Stage)> {
    let words = [
        (StageStatus::Failed, "Failed"),
        (StageStatus::PausedPendingInput, "Waits for input"),
        (StageStatus::InProgress, "Running"),
    ];
    words.into_iter().find_map(|(status, word)| {
        let stage = stages.iter().find(|stage| stage.status == status)?;
        Some((word, stage))
    })
}

fn color(running: bool, result: Option<BuildResult>) -> &'static str {
    match result {
        _ if running => card::COLOR_ACTIVE,
        Some(BuildResult::Success) => card::COLOR_GOOD,
        Some(BuildResult::Unstable) => card::COLOR_WARNING,
        Some(BuildResult::Failure) => card::COLOR_BAD,
        _ => card::COLOR_NEUTRAL,
    }
}

fn color_of_job(color: JobColor) -> &'static str {
    match color.state {
        _ if color.building => card::COLOR_ACTIVE,
        JobState::Success => card::COLOR_GOOD,
        JobState::Unstable => card::COLOR_WARNING,
        JobState::Failure => card::COLOR_BAD,
        _ => card::COLOR_NEUTRAL,
    }
}
