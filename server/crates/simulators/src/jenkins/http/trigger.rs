//! Starting builds (`ParameterizedJobMixIn`, `ParametersDefinitionProperty`).

use http::StatusCode;
use serde_json::Value;

use super::call::Call;
use super::replies::{Refusal, Reply, located, redirect};
use crate::jenkins::clock::Millis;
use crate::jenkins::model::{Cause, Parameter, ParameterValue, Permission};
use crate::jenkins::world::{Scheduled, World};

/// `POST /job/X/build` (`ParameterizedJobMixIn.doBuild`).
pub(crate) fn build(world: &mut World, call: &Call, job_name: &str) -> Reply {
    check_buildable(world, job_name)?;
    call.require_post()?;
    call.require(world, Permission::ItemBuild)?;
    let definitions = definitions(world, job_name)?;
    let values = if definitions.is_empty() {
        Vec::new()
    } else {
        submitted_form(call, &definitions)?
    };
    let is_form = !definitions.is_empty();
    match schedule(world, call, job_name, values) {
        Scheduled::Created(_) | Scheduled::Existing(_) if is_form && !refuses_redirect(call) => {
            Ok(located(StatusCode::CREATED, &call.here()))
        }
        Scheduled::Created(id) | Scheduled::Existing(id) => {
            Ok(queued(call, StatusCode::CREATED, id))
        }
        Scheduled::Refused => Ok(redirect(&call.here())),
    }
}

/// `POST /job/X/buildWithParameters`; an identical item that is queued already is 303.
pub(crate) fn build_with_parameters(world: &mut World, call: &Call, job_name: &str) -> Reply {
    call.require_post()?;
    call.require(world, Permission::ItemBuild)?;
    check_buildable(world, job_name)?;
    let definitions = definitions(world, job_name)?;
    if definitions.is_empty() {
        return Err(Refusal::Error(
            StatusCode::BAD_REQUEST,
            format!("{job_name} is not parameterized"),
        ));
    }
    let mut values = Vec::new();
    for definition in &definitions {
        let mut sent = call
            .query
            .all(&definition.name)
            .chain(call.form.all(&definition.name));
        let value = sent.next();
        // SimpleParameterDefinition.createValue: more than one value is an IllegalArgumentException.
        if sent.next().is_some() {
            let name = &definition.name;
            return Err(Refusal::Exception(format!(
                "Illegal number of parameter values for {name}: 2"
            )));
        }
        values.extend(definition.value(value).map_err(Refusal::Exception)?);
    }
    match schedule(world, call, job_name, values) {
        Scheduled::Created(id) => Ok(queued(call, StatusCode::CREATED, id)),
        Scheduled::Existing(id) => Ok(queued(call, StatusCode::SEE_OTHER, id)),
        Scheduled::Refused => Ok(redirect(&call.here())),
    }
}

/// `POST …/replay/rebuild` of workflow-cps: the same script and parameters again.
pub(crate) fn rebuild(world: &mut World, call: &Call, job_name: &str, number: u32) -> Reply {
    call.require_post()?;
    call.require(world, Permission::ItemBuild)?;
    check_buildable(world, job_name)?;
    let parameters = world
        .build(job_name, number)
        .map(|build| build.parameters.clone())
        .unwrap_or_default();
    world.schedule(job_name, parameters, cause(call), Some(0));
    Ok(redirect(&format!(
        "{}/{}",
        call.client_root,
        super::export::item_path(job_name)
    )))
}

fn check_buildable(world: &World, job_name: &str) -> Result<(), Refusal> {
    if world.job(job_name).is_some_and(|job| !job.is_buildable()) {
        return Err(Refusal::Error(
            StatusCode::CONFLICT,
            format!("{job_name} is not buildable"),
        ));
    }
    Ok(())
}

fn definitions(world: &World, job_name: &str) -> Result<Vec<Parameter>, Refusal> {
    Ok(world
        .job(job_name)
        .ok_or(Refusal::NotFound)?
        .parameters
        .clone())
}

fn schedule(
    world: &mut World,
    call: &Call,
    job_name: &str,
    values: Vec<ParameterValue>,
) -> Scheduled {
    world.schedule(job_name, values, cause(call), delay(call))
}

/// `Cause.UserIdCause` of whoever asks.
fn cause(call: &Call) -> Cause {
    Cause::User(call.login.user.as_ref().map(|user| user.id.clone()))
}

/// `Location` follows the request's `Host`, not Jenkins' own URL (stapler `ResponseImpl.sendRedirect`).
fn queued(call: &Call, status: StatusCode, id: u64) -> axum::response::Response {
    located(status, &format!("{}/queue/item/{id}/", call.client_root))
}

/// Whether a form names a place that Jenkins does not lead to; only then it leads to the queue
/// (`ParametersDefinitionProperty._doBuild`, where a missing place is an empty one).
fn refuses_redirect(call: &Call) -> bool {
    let form: Value = call
        .parameter("json")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let place = form.get("redirectTo").and_then(Value::as_str);
    place.is_some_and(|place| place.contains("://") || place.starts_with("//"))
}

/// The values in the `json` field (`ParametersDefinitionProperty._doBuild`).
fn submitted_form(call: &Call, definitions: &[Parameter]) -> Result<Vec<ParameterValue>, Refusal> {
    let Some(text) = call.parameter("json") else {
        let message = if call.network.body.is_empty() {
            "Nothing is submitted"
        } else {
            "This page expects a form submission"
        };
        return Err(Refusal::Error(StatusCode::BAD_REQUEST, message.to_owned()));
    };
    let form: Value =
        serde_json::from_str(text).map_err(|error| Refusal::Exception(error.to_string()))?;
    let entries = match form.get("parameter") {
        Some(Value::Array(entries)) => entries.clone(),
        Some(entry) => vec![entry.clone()],
        None => Vec::new(),
    };
    let mut values = Vec::new();
    for entry in entries {
        let name = entry.get("name").and_then(Value::as_str);
        let name =
            name.ok_or_else(|| Refusal::Exception("JSONObject[\"name\"] not found.".to_owned()))?;
        let definition = definitions
            .iter()
            .find(|definition| definition.name == name);
        let missing = || Refusal::Exception(format!("No such parameter definition: {name}"));
        // FileParameterDefinition.createValue: the part of the form that is named here.
        let part = entry.get("file").and_then(Value::as_str);
        let sent = match part.map_or(entry.get("value"), |_| None) {
            None if part.is_some() => part.and_then(|part| call.form.get(part)).map(str::to_owned),
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
        };
        let value = definition
            .ok_or_else(missing)?
            .value(sent.as_deref())
            .map_err(Refusal::Exception)?;
        values.push(value.ok_or_else(|| {
            Refusal::Exception(format!("Cannot retrieve the parameter value: {name}"))
        })?);
    }
    Ok(values)
}

/// `?delay=0sec` (`jenkins.util.TimeDuration`); a bare number is seconds.
fn delay(call: &Call) -> Option<Millis> {
    let text = call.parameter("delay")?.trim();
    let digits = text
        .find(|digit: char| !digit.is_ascii_digit())
        .unwrap_or(text.len());
    let (amount, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1000,
        "ms" | "msec" | "millis" | "milliseconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        _ => return None,
    };
    Some(amount.parse::<Millis>().ok()? * unit)
}
