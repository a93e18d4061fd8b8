//! Stages of a pipeline, and the questions it asks.

use std::time::Duration;

use super::Parameter;

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageOutcome {
    /// It passed.
    Success,
    /// It passed with a warning.
    Unstable,
    /// It failed; the stages after it do not run.
    Failed,
}

/// A question that a pipeline asks before it goes on: the `input` step.
#[derive(Clone, Debug)]
pub struct InputStep {
    pub(crate) id: String,
    pub(crate) message: String,
    pub(crate) proceed_text: String,
    pub(crate) submitter: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
}

impl InputStep {
    /// A question without parameters. Jenkins capitalises the first letter of the id (`InputStep.setId`).
    pub fn new(id: &str, message: &str) -> Self {
        let mut letters = id.chars();
        let id = letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default();
        Self {
            id,
            message: message.to_owned(),
            proceed_text: "Proceed".to_owned(),
            submitter: None,
            parameters: Vec::new(),
        }
    }

    /// The text of the button that goes on.
    pub fn proceed_text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.proceed_text);
        self
    }

    /// Only this user (and administrators) may answer.
    pub fn submitter(mut self, user_id: &str) -> Self {
        self.submitter = Some(user_id.to_owned());
        self
    }

    /// Asks for a value.
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub struct Stage {
    pub(crate) name: String,
    pub(crate) duration: Duration,
    pub(crate) outcome: StageOutcome,
    pub(crate) error: Option<String>,
    pub(crate) log: Option<String>,
    pub(crate) input: Option<InputStep>,
}

impl Stage {
    /// A stage that passes.
    pub fn new(name: &str, duration: Duration) -> Self {
        Self {
            name: name.to_owned(),
            duration,
            outcome: StageOutcome::Success,
            error: None,
            log: None,
            input: None,
        }
    }

    /// Makes it fail with an error, as `error{message}` of its flow node shows it.
    pub fn failing(mut self, error: &str) -> Self {
        self.outcome = StageOutcome::Failed;
        self.error = Some(error.to_owned());
        self
    }

    /// Makes it unstable.
    pub fn unstable(mut self) -> Self {
        self.outcome = StageOutcome::Unstable;
        self
    }

    /// What its step prints; without it, the step's log is the build's.
    pub fn log(mut self, text: &str) -> Self {
        self.log = Some(text.to_owned());
        self
    }

    /// Waits for an answer before it runs.
    pub fn input(mut self, step: InputStep) -> Self {
        self.input = Some(step);
        self
    }
}
