//! Answering the questions of a pipeline (pipeline-input-step-plugin, `InputStepExecution`).

use serde_json::{Value, json};

use super::{JenkinsClient, answer, if_there};
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::model::{PendingInput, PendingInputJson};
use crate::jenkins::parameters::{Parameter, ParameterKind, ParameterValue};
use crate::jenkins::{BuildSelector, JobPath};

/// What Jenkins takes for the default of a password that is not known here
/// (`hudson.model.PasswordParameterDefinition.DEFAULT_VALUE`).
const DEFAULT_PASSWORD: &str = "<DEFAULT>";

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputAnswer {
    /// Go on, with these values. What is missing takes its default.
    Proceed(Vec<ParameterValue>),
    /// End the build.
    Abort,
}

/// What came of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputOutcome {
    /// Jenkins took it.
    Settled,
    /// Somebody else answered before.
    AlreadySettled,
}

impl JenkinsClient {
    /// The questions that a build waits for; none if it is no pipeline, is over, or Jenkins lacks the
    /// plugin `pipeline-rest-api`.
    ///
    /// # Errors
    /// [`JenkinsError`].
    pub async fn pending_inputs(
        &self,
        job: &JobPath,
        number: u64,
    ) -> Result<Vec<PendingInput>, JenkinsError> {
        let segment = number.to_string();
        let page = job
            .build_segments(&segment)
            .chain(["wfapi", "pendingInputActions"]);
        let fetched = self.get(self.url(page, &[])).await?;
        let inputs: Option<Vec<PendingInputJson>> =
            if_there(answer::json("the questions", &fetched, self.user()))?;
        let inputs = inputs.unwrap_or_default().into_iter();
        Ok(inputs.filter_map(PendingInputJson::into_input).collect())
    }

    /// Answers a question as this user. Sent once: if the connection breaks before Jenkins has
    /// answered, [`pending_inputs`](Self::pending_inputs) tells whether it arrived.
    ///
    /// # Errors
    /// [`JenkinsError::NotSubmitter`] or [`JenkinsError::Forbidden`] if somebody else has to,
    /// [`JenkinsError::NotFound`] if there is no such build, and what else can go wrong.
    pub async fn answer_input(
        &self,
        job: &JobPath,
        number: u64,
        input: &PendingInput,
        given: &InputAnswer,
    ) -> Result<InputOutcome, JenkinsError> {
        let segment = number.to_string();
        let build = job.build_segments(&segment);
        let id = input.id.as_str();
        let sent = match given {
            InputAnswer::Abort => {
                let page = build.chain(["input", id, "abort"]);
                self.change(page, &[], &[]).await
            }
            InputAnswer::Proceed(_) if input.parameters.is_empty() => {
                let page = build.chain(["input", id, "proceedEmpty"]);
                self.change(page, &[], &[]).await
            }
            InputAnswer::Proceed(values) => {
                let page = build.chain(["wfapi", "inputSubmit"]);
                let form = [("json".to_owned(), submission(&input.parameters, values))];
                self.change(page, &[("inputId", id)], &form).await
            }
        };
        match sent {
            Ok(_) => Ok(InputOutcome::Settled),
            Err(JenkinsError::Refused { message }) if is_settled(&message) => {
                Ok(InputOutcome::AlreadySettled)
            }
            Err(JenkinsError::Refused { message }) => Err(self.not_allowed(message)),
            // An answered question has no page any more.
            Err(JenkinsError::NotFound { .. }) => {
                match self.build(job, BuildSelector::Number(number)).await? {
                    Some(_) => Ok(InputOutcome::AlreadySettled),
                    None => Err(super::not_found(Thing::Build, format!("{job} #{number}"))),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn not_allowed(&self, message: String) -> JenkinsError {
        let user = self.user().to_owned();
        let Some(rest) = message.strip_prefix("You need to ") else {
            return JenkinsError::Refused { message };
        };
        if let Some(who) = rest.strip_prefix("be ") {
            let who = who.split(" to submit this").next().unwrap_or(who);
            let who = who.split(" (or have ").next().unwrap_or(who);
            let submitter = who.trim_matches(['\'', ' ']).to_owned();
            return JenkinsError::NotSubmitter { user, submitter };
        }
        let permission = match rest.to_ascii_lowercase() {
            rest if rest.contains("cancel") => "Job/Cancel",
            _ => "Job/Build",
        };
        JenkinsError::Forbidden {
            user,
            permission: Some(permission.to_owned()),
        }
    }
}

fn is_settled(message: &str) -> bool {
    message.contains("has been already given") || message.contains("has already been given")
}

/// The form of the page. A parameter that is not in it would be missing for the pipeline.
fn submission(declared: &[Parameter], values: &[ParameterValue]) -> String {
    json!({ "parameter": entries(declared, values) }).to_string()
}

/// What a page's form sends for parameters, files aside.
pub(super) fn entries(declared: &[Parameter], values: &[ParameterValue]) -> Vec<Value> {
    let entries = declared.iter().filter_map(|parameter| {
        let given = values.iter().find(|value| value.name == parameter.name);
        let text = match (given, &parameter.kind) {
            (Some(given), _) => given.value.as_str(),
            (None, ParameterKind::File) => return None,
            (None, ParameterKind::Password) => DEFAULT_PASSWORD,
            (None, ParameterKind::Choice(choices)) => {
                let first = choices.first().map(String::as_str);
                parameter.default.as_deref().or(first).unwrap_or_default()
            }
            (None, _) => parameter.default.as_deref().unwrap_or_default(),
        };
        let value = match parameter.kind {
            ParameterKind::Boolean => Value::Bool(text.eq_ignore_ascii_case("true")),
            _ => Value::from(text),
        };
        Some(json!({"name": parameter.name, "value": value}))
    });
    entries.collect()
}
