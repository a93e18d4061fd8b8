//! A build: its stages, its log and how it ends.

use super::log_buffer::CONSOLE_NOTE;
use super::{LogBuffer, StageRun, StageStatus};
use crate::jenkins::clock::{Millis, millis};
use crate::jenkins::model::{
    BuildResult, BuildScript, Cause, InputStep, JobKind, LogText, ParameterValue, StageOutcome,
};

/// The id of the first stage's flow node; the nodes before it are the pipeline's own.
const FIRST_STAGE_NODE: usize = 6;

/// A build, running or done.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    pub(crate) number: u32,
    pub(crate) queue_id: u64,
    pub(crate) kind: JobKind,
    pub(crate) script: BuildScript,
    pub(crate) parameters: Vec<ParameterValue>,
    pub(crate) causes: Vec<Cause>,
    pub(crate) queued_for: Millis,
    pub(crate) started: Millis,
    pub(crate) ended: Option<(Millis, BuildResult)>,
    pub(crate) stages: Vec<StageRun>,
    pub(crate) description: Option<String>,
    pub(crate) keep_log: bool,
    /// What questions were answered with.
    pub(crate) input_values: Vec<(String, String)>,
    log: LogBuffer,
}

/// What a build is made of when it leaves the queue.
#[derive(Debug)]
pub(crate) struct NewBuild {
    pub(crate) number: u32,
    pub(crate) queue_id: u64,
    pub(crate) kind: JobKind,
    pub(crate) script: BuildScript,
    pub(crate) parameters: Vec<ParameterValue>,
    pub(crate) causes: Vec<Cause>,
    pub(crate) queued_for: Millis,
    pub(crate) started: Millis,
    pub(crate) started_by: String,
}

impl Build {
    pub(crate) fn start(new: NewBuild) -> Self {
        let mut log = LogBuffer::new(new.script.log.clone());
        let second = match new.kind {
            JobKind::Freestyle => "Running as SYSTEM",
            JobKind::Pipeline => "[Pipeline] Start of Pipeline",
        };
        log.write(format!(
            "{}\n{second}\n",
            first_line(&new.causes, &new.started_by)
        ));
        let mut build = Self {
            number: new.number,
            queue_id: new.queue_id,
            kind: new.kind,
            description: new.script.description.clone(),
            parameters: new.parameters,
            causes: new.causes,
            queued_for: new.queued_for,
            started: new.started,
            ended: None,
            stages: Vec::new(),
            keep_log: false,
            input_values: Vec::new(),
            log,
            script: new.script,
        };
        build.start_stage(new.started);
        build
    }

    pub(crate) fn is_running(&self) -> bool {
        self.ended.is_none()
    }

    pub(crate) fn result(&self) -> Option<BuildResult> {
        self.ended.map(|(_, result)| result)
    }

    /// `Run.getDuration`: zero while running.
    pub(crate) fn duration(&self) -> Millis {
        self.ended.map_or(0, |(at, _)| at - self.started)
    }

    /// The question it waits for.
    pub(crate) fn pending_input(&self) -> Option<&InputStep> {
        self.stages
            .last()
            .filter(|stage| stage.status == StageStatus::PausedPendingInput)?;
        self.script.stages[self.stages.len() - 1].input.as_ref()
    }

    /// When something happens to it next.
    pub(crate) fn due(&self) -> Option<Millis> {
        if self.ended.is_some() {
            return None;
        }
        if self.script.stages.is_empty() {
            return Some(self.started + millis(self.script.duration?));
        }
        let stage = self.stages.last()?;
        let is_last = self.stages.len() == self.script.stages.len();
        if stage.status == StageStatus::PausedPendingInput
            || (is_last && self.script.duration.is_none())
        {
            return None;
        }
        Some(
            stage.started
                + stage.paused
                + millis(self.script.stages[self.stages.len() - 1].duration),
        )
    }

    /// Does what is [due](Self::due) now.
    pub(crate) fn step(&mut self, now: Millis) {
        let Some(index) = self.stages.len().checked_sub(1) else {
            return self.finish(now, self.script.result);
        };
        let plan = &self.script.stages[index];
        let stage = &mut self.stages[index];
        stage.status = match plan.outcome {
            StageOutcome::Success => StageStatus::Success,
            StageOutcome::Unstable => StageStatus::Unstable,
            StageOutcome::Failed => StageStatus::Failed,
        };
        stage.ended = Some(now);
        stage.error.clone_from(&plan.error);
        if plan.outcome == StageOutcome::Failed || index + 1 == self.script.stages.len() {
            self.finish(now, self.script.result);
        } else {
            self.start_stage(now);
        }
    }

    fn start_stage(&mut self, now: Millis) {
        let Some(plan) = self.script.stages.get(self.stages.len()) else {
            return;
        };
        self.stages.push(StageRun {
            id: (FIRST_STAGE_NODE + 7 * self.stages.len()).to_string(),
            name: plan.name.clone(),
            status: if plan.input.is_some() {
                StageStatus::PausedPendingInput
            } else {
                StageStatus::InProgress
            },
            started: now,
            ended: None,
            error: None,
            log: plan.log.clone(),
            paused: 0,
        });
    }

    /// Goes on after a question, with the values that were given.
    pub(crate) fn proceed(&mut self, now: Millis, values: Vec<(String, String)>) {
        self.input_values.extend(values);
        if let Some(stage) = self.stages.last_mut() {
            stage.status = StageStatus::InProgress;
            stage.paused = now - stage.started;
        }
    }

    /// Ends the build, however far it is; the stage it is in ends accordingly.
    pub(crate) fn finish(&mut self, now: Millis, result: BuildResult) {
        if self.ended.is_some() {
            return;
        }
        let share = if result == BuildResult::Aborted {
            self.share(now)
        } else {
            1.0
        };
        self.log
            .print_to(self.log.source().printed(share, now - self.started));
        if let Some(stage) = self.stages.last_mut().filter(|stage| stage.ended.is_none()) {
            if stage.status == StageStatus::PausedPendingInput {
                stage.paused = now - stage.started;
            }
            stage.ended = Some(now);
            stage.status = match result {
                BuildResult::Success => StageStatus::Success,
                BuildResult::Unstable => StageStatus::Unstable,
                BuildResult::Failure => StageStatus::Failed,
                BuildResult::NotBuilt | BuildResult::Aborted => StageStatus::Aborted,
            };
        }
        let end = if self.kind == JobKind::Pipeline {
            "[Pipeline] End of Pipeline\n"
        } else {
            ""
        };
        self.log
            .write(format!("{end}Finished: {}\n", result.as_str()));
        self.ended = Some((now, result));
    }

    /// The share of the planned run that is done.
    fn share(&self, now: Millis) -> f64 {
        let Some(planned) = self.script.planned_duration() else {
            return 1.0;
        };
        let paused: Millis = self
            .stages
            .iter()
            .map(|stage| {
                if stage.status == StageStatus::PausedPendingInput {
                    now - stage.started
                } else {
                    stage.paused
                }
            })
            .sum();
        let planned = millis(planned).max(1);
        ((now - self.started - paused) as f64 / planned as f64).clamp(0.0, 1.0)
    }

    /// The log as it is at `now`.
    pub(crate) fn log(&mut self, now: Millis) -> &LogBuffer {
        if self.ended.is_none() {
            let reached = self
                .log
                .source()
                .printed(self.share(now), now - self.started);
            self.log.print_to(reached);
        }
        &self.log
    }

    pub(crate) fn append_log(&mut self, now: Millis, text: &str) {
        self.log(now);
        self.log.write(text.to_owned());
    }

    /// `Executor.getProgress`: percent of the estimate, -1 if unknown.
    pub(crate) fn progress(&self, now: Millis, estimated: Millis) -> i64 {
        if estimated <= 0 {
            -1
        } else {
            ((now - self.started) * 100 / estimated).min(99)
        }
    }

    pub(crate) fn has_endless_log(&self) -> bool {
        self.is_running() && LogText::is_endless(self.log.source())
    }
}

fn first_line(causes: &[Cause], started_by: &str) -> String {
    match causes.first() {
        Some(Cause::Timer) => "Started by timer".to_owned(),
        Some(Cause::ScmChange) => "Started by an SCM change".to_owned(),
        Some(Cause::Upstream { project, build }) => {
            format!("Started by upstream project \"{project}\" build number {build}")
        }
        // The user's name is a link, hidden in a console note (`Cause.UserIdCause.print`).
        Some(Cause::User(_)) | None => format!("Started by user {CONSOLE_NOTE}{started_by}"),
    }
}
