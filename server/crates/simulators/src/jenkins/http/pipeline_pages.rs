//! Pages of a pipeline build: stages (pipeline-stage-view-plugin) and questions (pipeline-input-step-plugin).

use axum::response::IntoResponse;
use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::export::{describe_node, describe_run, input_action, item_path};
use super::replies::{Refusal, Reply, escape, json as json_reply};
use crate::jenkins::model::{BuildResult, InputStep, Parameter, ParameterKind, Permission};
use crate::jenkins::world::{StageRun, World};

/// `…/wfapi/artifacts` lists so many (pipeline-rest-api, `RunExt`).
const SIZED_ARTIFACTS: usize = 100;

/// `…/wfapi/log` shows the end of a log only.
const NODE_LOG_LIMIT: usize = 10 * 1024;

pub(crate) fn route(
    world: &mut World,
    call: &Call,
    job: &str,
    number: u32,
    rest: &[&str],
) -> Reply {
    let path = format!("{}/{}{number}/", call.context_path, item_path(job));
    let now = world.now;
    let build = world.build(job, number).ok_or(Refusal::NotFound)?;
    let pending = build.pending_input();
    match rest {
        ["wfapi"] | ["wfapi", "describe"] => Ok(json_reply(&describe_run(build, &path, now))),
        ["wfapi", "pendingInputActions"] => {
            let actions: Vec<Value> = pending
                .iter()
                .map(|step| input_action(step, &path))
                .collect();
            Ok(json_reply(&actions.into()))
        }
        ["wfapi", "nextPendingInputAction"] => Ok(json_reply(
            &pending.map_or(Value::Null, |step| input_action(step, &path)),
        )),
        ["wfapi", "artifacts"] => {
            let archived = build
                .script
                .artifacts
                .iter()
                .filter(|_| !build.is_running())
                .take(SIZED_ARTIFACTS)
                .enumerate();
            let artifacts = archived.map(|(index, artifact)| {
                let encoded: Vec<_> = artifact
                    .path
                    .split('/')
                    .map(crate::jenkins::model::encode_segment)
                    .collect();
                json!({
                    "id": format!("n{}", index + 1),
                    "name": artifact.file_name(),
                    "path": artifact.path,
                    "url": format!("{path}artifact/{}", encoded.join("/")),
                    "size": artifact.content.len(),
                })
            });
            Ok(json_reply(&artifacts.collect()))
        }
        ["wfapi", "inputSubmit"] => {
            let id = call.parameter("inputId").unwrap_or_default();
            answer_input(world, call, job, number, id, Answer::Proceed)
        }
        ["input", id, "proceedEmpty" | "proceed"] => {
            answer_input(world, call, job, number, id, Answer::Proceed)
        }
        ["input", id, "abort"] => answer_input(world, call, job, number, id, Answer::Abort),
        ["execution", "node", node, "wfapi", "describe"] => {
            let stage = stage_of(&build.stages, node).ok_or(Refusal::NotFound)?;
            Ok(json_reply(&describe_node(stage, &path, now)))
        }
        ["execution", "node", node, "wfapi", "log"] => {
            let stage = stage_of(&build.stages, node)
                .ok_or(Refusal::NotFound)?
                .clone();
            Ok(json_reply(&node_log(
                world, job, number, node, &stage, &path,
            )))
        }
        _ => Err(Refusal::NotFound),
    }
}

/// The stage a flow node belongs to: its own node, or the step in it.
fn stage_of<'a>(stages: &'a [StageRun], node: &str) -> Option<&'a StageRun> {
    stages
        .iter()
        .find(|stage| node == stage.id || node.strip_suffix('1') == Some(&stage.id))
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    Proceed,
    Abort,
}

/// `InputStepExecution.proceed` and `doAbort`.
fn answer_input(
    world: &mut World,
    call: &Call,
    job: &str,
    number: u32,
    id: &str,
    answer: Answer,
) -> Reply {
    call.require_post()?;
    let build = world.build(job, number).ok_or(Refusal::NotFound)?;
    let asked = build
        .script
        .stages
        .iter()
        .take(build.stages.len())
        .filter_map(|stage| stage.input.as_ref());
    let step = asked
        .clone()
        .find(|step| step.id == id)
        .ok_or(Refusal::NotFound)?;
    if build.pending_input().is_none_or(|pending| pending.id != id) {
        return Err(Refusal::Failure(
            "This input has been already given".to_owned(),
        ));
    }
    check_submitter(world, call, step, answer)?;
    let now = world.now;
    let who = call
        .login
        .user
        .as_ref()
        .map_or("anonymous", |user| &user.full_name)
        .to_owned();
    match answer {
        Answer::Proceed => {
            let values = submitted_values(call, &step.parameters)?;
            let build = world.build_mut(job, number).ok_or(Refusal::NotFound)?;
            build.append_log(now, &format!("Approved by {who}\n"));
            build.proceed(now, values);
        }
        Answer::Abort => {
            if let Some(build) = world.build_mut(job, number) {
                build.append_log(now, &format!("Rejected by {who}\n"));
            }
            world.finish_build(job, number, BuildResult::Aborted);
        }
    }
    Ok(StatusCode::OK.into_response())
}

/// `InputStepExecution.preSubmissionCheck` and `preAbortCheck`.
fn check_submitter(
    world: &World,
    call: &Call,
    step: &InputStep,
    answer: Answer,
) -> Result<(), Refusal> {
    let view = call.view(world);
    let may_submit = match &step.submitter {
        Some(submitter) => {
            let mut submitters = submitter.split(',').map(str::trim);
            submitters.any(|name| name == call.login.name())
                || view.may(Permission::OverallAdminister)
        }
        None => view.may(Permission::ItemBuild),
    };
    if may_submit || (matches!(answer, Answer::Abort) && view.may(Permission::ItemCancel)) {
        return Ok(());
    }
    Err(Refusal::Failure(match (answer, &step.submitter) {
        (Answer::Proceed, Some(submitter)) => {
            format!("You need to be {submitter} to submit this.")
        }
        (Answer::Proceed, None) => {
            "You need to have Job/Build permissions to submit this.".to_owned()
        }
        (Answer::Abort, Some(submitter)) => {
            format!("You need to be '{submitter}' (or have Job/Cancel permissions) to cancel this.")
        }
        (Answer::Abort, None) => {
            "You need to have Job/Cancel permissions to cancel this.".to_owned()
        }
    }))
}

/// The values in the `json` field (`InputStepExecution.parseValue`): only what is submitted becomes a value.
fn submitted_values(
    call: &Call,
    definitions: &[Parameter],
) -> Result<Vec<(String, String)>, Refusal> {
    let form = call
        .parameter("json")
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let entries = form
        .as_ref()
        .and_then(|form| form["parameter"].as_array())
        .cloned()
        .unwrap_or_default();
    let mut values = Vec::new();
    for entry in entries {
        let name = entry["name"].as_str().unwrap_or_default();
        let definition = definitions
            .iter()
            .find(|definition| definition.name == name);
        let missing = || Refusal::Exception(format!("No such parameter definition: {name}"));
        let definition = definition.ok_or_else(missing)?;
        let text = entry["value"]
            .as_str()
            .map_or_else(|| entry["value"].to_string(), str::to_owned);
        // PasswordParameterDefinition.DEFAULT_VALUE.
        let is_default = definition.kind == ParameterKind::Password && text == "<DEFAULT>";
        let value = definition.value((!is_default).then_some(text.as_str()));
        let value = value.map_err(Refusal::Exception)?;
        values.extend(value.map(|value| (value.name, value.value)));
    }
    Ok(values)
}

/// `…/execution/node/<id>/wfapi/log`: the end of the log, escaped for HTML.
fn node_log(
    world: &mut World,
    job: &str,
    number: u32,
    node: &str,
    stage: &StageRun,
    path: &str,
) -> Value {
    let now = world.now;
    let mut tail = Vec::new();
    let mut length = 0;
    match (&stage.log, world.build_mut(job, number)) {
        // The start of a stage is a node that prints nothing (`FlowNodeLogExt.create` without a `LogAction`).
        _ if node == stage.id => {}
        (Some(own), _) => {
            length = own.len() as u64;
            tail.extend_from_slice(&own.as_bytes()[own.len().saturating_sub(NODE_LOG_LIMIT)..]);
        }
        (None, Some(build)) => {
            let log = build.log(now);
            length = log.len();
            let mut offset = length.saturating_sub(NODE_LOG_LIMIT as u64);
            while let Some((chunk, next)) = log.read(offset, length) {
                tail.extend_from_slice(&chunk);
                offset = next;
            }
        }
        (None, None) => {}
    }
    json!({
        "nodeId": node,
        "nodeStatus": stage.status.as_str(),
        "length": length,
        "hasMore": length > NODE_LOG_LIMIT as u64,
        "text": escape(&String::from_utf8_lossy(&tail)),
        "consoleUrl": format!("{path}execution/node/{node}/log"),
    })
}
