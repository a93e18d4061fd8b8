//! Pipeline runs as pipeline-stage-view-plugin shows them (`rest-api/README.md`). These are not stapler beans: no `tree`.

use serde_json::{Value, json};

use crate::jenkins::clock::Millis;
use crate::jenkins::model::{BuildResult, InputStep, ParameterKind};
use crate::jenkins::world::{Build, StageRun, StageStatus};

/// `…/wfapi/describe`. `path` is the build's path from the server's root, with a slash at the end.
pub(crate) fn describe_run(build: &Build, path: &str, now: Millis) -> Value {
    let end = build.ended.map_or(now, |(at, _)| at);
    let stages: Vec<Value> = build
        .stages
        .iter()
        .map(|stage| describe_stage(stage, path, now))
        .collect();
    let paused: Millis = build.stages.iter().map(|stage| paused(stage, now)).sum();
    json!({
        "_links": {"self": {"href": format!("{path}wfapi/describe")}},
        "id": build.number.to_string(),
        "name": format!("#{}", build.number),
        "status": run_status(build),
        "startTimeMillis": build.started,
        "endTimeMillis": end,
        "durationMillis": end - build.started,
        "queueDurationMillis": build.queued_for,
        "pauseDurationMillis": paused,
        "stages": stages,
    })
}

fn run_status(build: &Build) -> &'static str {
    match build.result() {
        None if build.pending_input().is_some() => StageStatus::PausedPendingInput.as_str(),
        None => StageStatus::InProgress.as_str(),
        Some(BuildResult::Success) => StageStatus::Success.as_str(),
        Some(BuildResult::Unstable) => StageStatus::Unstable.as_str(),
        Some(BuildResult::Failure) => StageStatus::Failed.as_str(),
        Some(BuildResult::Aborted) => StageStatus::Aborted.as_str(),
        Some(BuildResult::NotBuilt) => "NOT_EXECUTED",
    }
}

fn paused(stage: &StageRun, now: Millis) -> Millis {
    if stage.status == StageStatus::PausedPendingInput {
        now - stage.started
    } else {
        stage.paused
    }
}

fn describe_stage(stage: &StageRun, path: &str, now: Millis) -> Value {
    let mut described = json!({
        "_links": {"self": {"href": format!("{path}execution/node/{}/wfapi/describe", stage.id)}},
        "id": stage.id,
        "name": stage.name,
        "execNode": "",
        "status": stage.status.as_str(),
        "startTimeMillis": stage.started,
        "durationMillis": stage.ended.unwrap_or(now) - stage.started,
        "pauseDurationMillis": paused(stage, now),
    });
    if let Some(error) = &stage.error {
        described["error"] = json!({"message": error, "type": "hudson.AbortException"});
    }
    described
}

/// `…/execution/node/<id>/wfapi/describe`: a stage with the step in it that ran.
pub(crate) fn describe_node(stage: &StageRun, path: &str, now: Millis) -> Value {
    let mut described = describe_stage(stage, path, now);
    let mut step = describe_stage(stage, path, now);
    step["id"] = json!(format!("{}1", stage.id));
    step["name"] = json!("Shell Script");
    step["parentNodes"] = json!([stage.id]);
    described["stageFlowNodes"] = json!([step]);
    described
}

/// One of `…/wfapi/pendingInputActions`. A password's default is in clear, as `InputParameterDefExt` leaks it.
pub(crate) fn input_action(step: &InputStep, path: &str) -> Value {
    let inputs: Vec<Value> = step
        .parameters
        .iter()
        .map(|parameter| {
            let mut definition = json!({"defaultVal": parameter.default});
            if let ParameterKind::Choice(choices) = &parameter.kind {
                definition["choices"] = json!(choices);
            }
            json!({
                "type": parameter.class().rsplit('.').next(),
                "name": parameter.name,
                "description": parameter.description,
                "definition": definition,
            })
        })
        .collect();
    let id = crate::jenkins::model::encode_segment(&step.id);
    let proceed = if step.parameters.is_empty() {
        format!("{path}input/{id}/proceedEmpty")
    } else {
        format!("{path}wfapi/inputSubmit?inputId={id}")
    };
    json!({
        "id": step.id,
        "proceedText": step.proceed_text,
        "message": step.message,
        "inputs": inputs,
        "proceedUrl": proceed,
        "abortUrl": format!("{path}input/{id}/abort"),
        "redirectApprovalUrl": format!("{path}input/"),
    })
}
