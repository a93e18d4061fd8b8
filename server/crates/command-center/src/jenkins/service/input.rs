//! Answering the questions of pipelines, each answer as the user who gives it.

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::BuildKey;
use crate::jenkins::client::{InputAnswer, InputOutcome};
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::command::input::{Answer, Request};
use crate::jenkins::model::PendingInput;
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, JobPath, parameters};
use crate::text;

/// Among so many of the newest builds one that asks is looked for.
const ASKING_AMONG: u32 = 10;

/// A question that waits at Jenkins.
pub(super) struct Asked {
    pub(super) client: JenkinsClient,
    pub(super) build: BuildKey,
    pub(super) input: PendingInput,
}

impl JenkinsService {
    /// `approve` and `reject`.
    pub(super) async fn answer_input(&self, caller: &Caller, request: Request) -> Reply {
        let asked = self
            .find_input(caller, &request.build, request.input.as_deref())
            .await?;
        self.answer_asked(caller, &asked, request.answer).await
    }

    /// A click on a card.
    pub(super) async fn answer_on_card(
        &self,
        caller: &Caller,
        build: BuildKey,
        input: &str,
        answer: Answer,
    ) -> Reply {
        let client = self.access.client(&caller.user_id, &build.server).await?;
        let inputs = client.pending_inputs(&build.job, build.number).await?;
        let input = inputs.into_iter().find(|pending| pending.id == input);
        let input = input.ok_or_else(answered_already)?;
        let asked = Asked {
            client,
            build,
            input,
        };
        self.answer_asked(caller, &asked, answer).await
    }

    async fn answer_asked(&self, caller: &Caller, asked: &Asked, answer: Answer) -> Reply {
        let given = match answer {
            Answer::Reject => InputAnswer::Abort,
            Answer::Approve { values, defaults } => {
                let wants_values = !asked.input.parameters.is_empty();
                if wants_values && values.is_empty() && !defaults {
                    return self.open_input_dialog(caller, asked).await;
                }
                InputAnswer::Proceed(fit(asked, &values)?)
            }
        };
        self.send_answer(caller, asked, &given).await
    }

    /// Gives the answer, once: not while another one is under way.
    pub(super) async fn send_answer(
        &self,
        caller: &Caller,
        asked: &Asked,
        given: &InputAnswer,
    ) -> Reply {
        let Asked {
            client,
            build,
            input,
        } = asked;
        if !self
            .input_claims
            .take(build, &input.id, &caller.user_id)
            .await?
        {
            return Err(AccessError::Refused(
                "This question is being answered at this moment, or was a moment ago.".to_owned(),
            ));
        }
        let verb = match given {
            InputAnswer::Proceed(_) => "approve",
            InputAnswer::Abort => "reject",
        };
        let change = Change::of_build(verb, build).with("input", input.id.as_str());
        let sent = client.answer_input(&build.job, build.number, input, given);
        let doubt = match self.audited(caller, change, sent).await {
            Ok(InputOutcome::Settled) => None,
            Ok(InputOutcome::AlreadySettled) => return Err(answered_already()),
            Err(error) if error.is_outcome_unknown() => Some(error),
            Err(error) => {
                self.input_claims.release(build, &input.id).await;
                return Err(error.into());
            }
        };
        if let Some(error) = doubt {
            let pending = client.pending_inputs(&build.job, build.number).await?;
            if pending.iter().any(|other| other.id == input.id) {
                self.input_claims.release(build, &input.id).await;
                return Err(error.into());
            }
            return Ok(Some(
                "Jenkins did not confirm your answer, but the question is gone: it was answered. The build tells how."
                    .to_owned(),
            ));
        }
        let number = build.number.to_string();
        let page = client.address().page(build.job.build_segments(&number));
        let word = match given {
            InputAnswer::Proceed(_) => "approved",
            InputAnswer::Abort => "rejected",
        };
        let said = format!(
            "'{}' of build {} of the job '{}' has been {word}.",
            text::plain(&text::truncate(&input.message, 300)),
            text::link(&format!("#{number}"), page.as_str()),
            text::plain(&build.job.to_string()),
        );
        self.notify(caller, client, said, Vec::new()).await
    }

    /// The question that a command means.
    async fn find_input(
        &self,
        caller: &Caller,
        argument: &BuildArgument,
        id: Option<&str>,
    ) -> Result<Asked, AccessError> {
        let argument = self.build_argument(caller, argument).await?;
        let target = self.target(caller, &argument.job).await?;
        let job = self.resolve(caller, &target).await?.path;
        let client = &target.client;
        let typed = argument.build.as_deref().and_then(BuildSelector::parse);
        let numbers = match typed.or(target.build()) {
            Some(BuildSelector::Number(number)) => vec![number],
            Some(selector) => {
                let build = client.build(&job, selector).await?;
                build.into_iter().map(|build| build.number).collect()
            }
            None => {
                let history = client.history(&job, ASKING_AMONG).await?;
                let running = history.into_iter().filter(|build| build.running);
                running.map(|build| build.number).collect()
            }
        };
        let mut found: Vec<(u64, PendingInput)> = Vec::new();
        for number in numbers {
            let inputs = client.pending_inputs(&job, number).await?;
            let wanted =
                |input: &PendingInput| id.is_none_or(|id| input.id.eq_ignore_ascii_case(id));
            found.extend(
                inputs
                    .into_iter()
                    .filter(wanted)
                    .map(|input| (number, input)),
            );
        }
        let (number, input) = only_one(&job, found)?;
        let build = BuildKey {
            server: target.server.alias.clone(),
            job,
            number,
        };
        Ok(Asked {
            client: target.client,
            build,
            input,
        })
    }
}

fn only_one(
    job: &JobPath,
    mut found: Vec<(u64, PendingInput)>,
) -> Result<(u64, PendingInput), AccessError> {
    let name = text::code_span(&job.to_string());
    if found.len() > 1 {
        let questions: Vec<String> = found
            .iter()
            .take(10)
            .map(|(number, input)| {
                format!(
                    "- #{number} `--input` {}: {}",
                    text::code_span(&input.id),
                    text::plain(&text::truncate(&input.message, 100))
                )
            })
            .collect();
        return Err(AccessError::Refused(format!(
            "Several questions of the job {name} wait for an answer. Say which build, and which question with `--input`:\n{}",
            questions.join("\n")
        )));
    }
    found.pop().ok_or_else(|| {
        AccessError::Refused(format!(
            "No build of the job {name} waits for an answer. It may have been answered already."
        ))
    })
}

/// The values as Jenkins takes them.
pub(super) fn fit(
    asked: &Asked,
    values: &[(String, String)],
) -> Result<Vec<parameters::ParameterValue>, JenkinsError> {
    parameters::fit(&asked.input.parameters, values).map_err(|problems| JenkinsError::BadAnswer {
        name: asked.input.message.clone(),
        problems,
    })
}

pub(super) fn answered_already() -> AccessError {
    AccessError::Refused("This was answered already, or the build goes on without it.".to_owned())
}
