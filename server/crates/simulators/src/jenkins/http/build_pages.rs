//! Pages of a build.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use super::call::Call;
use super::export::test_report;
use super::replies::{Refusal, Reply, escape, html, redirect};
use super::{log_pages, pipeline_pages, trigger};
use crate::jenkins::control::Shared;
use crate::jenkins::model::{ArtifactContent, JobKind, Permission, StopSignal};
use crate::jenkins::world::{Build, World};

pub(crate) fn route(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    job: &str,
    number: u32,
    rest: &[&str],
) -> Reply {
    let build = world.build(job, number).ok_or(Refusal::NotFound)?;
    let is_pipeline = build.kind == JobKind::Pipeline;
    match rest {
        [] => Ok(html(
            StatusCode::OK,
            format!(
                "<!DOCTYPE html><title>{} #{number} [Jenkins]</title>",
                escape(job)
            ),
        )),
        ["api", "json"] => call.export(world, |view, select| Ok(view.build(job, build, select))),
        ["consoleText"] => Ok(log_pages::console_text(shared, job, number)),
        ["logText", "progressiveText"] => {
            log_pages::progressive_text(shared, world, call, job, number)
        }
        ["stop"] => {
            signal(world, call, job, number, StopSignal::Stop)?;
            Ok(redirect(&call.previous_page()))
        }
        // WorkflowRun.doTerm and doKill return nothing.
        ["term"] if is_pipeline => signal(world, call, job, number, StopSignal::Term),
        ["kill"] if is_pipeline => signal(world, call, job, number, StopSignal::Kill),
        ["replay", "rebuild"] if is_pipeline => trigger::rebuild(world, call, job, number),
        ["testReport", "api", "json"] => {
            let report = build
                .script
                .test_report
                .as_ref()
                .filter(|_| !build.is_running())
                .ok_or(Refusal::NotFound)?;
            call.export(world, |view, select| {
                Ok(test_report(report, number, view.root, select))
            })
        }
        ["artifact", path @ ..] => artifact(build, &path.join("/")),
        ["wfapi" | "input" | "execution", ..] if is_pipeline => {
            pipeline_pages::route(world, call, job, number, rest)
        }
        ["toggleLogKeep"] => update(world, call, job, number, |build| {
            build.keep_log = !build.keep_log;
        }),
        ["submitDescription"] => {
            let text = call.parameter("description").map(str::to_owned);
            update(world, call, job, number, |build| build.description = text)
        }
        ["doDelete"] => {
            call.require_post()?;
            call.require(world, Permission::RunDelete)?;
            world
                .job_mut(job)
                .and_then(|job| job.builds.remove(&number));
            Ok(redirect(&format!(
                "{}/{}",
                call.client_root,
                super::export::item_path(job)
            )))
        }
        _ => Err(Refusal::NotFound),
    }
}

fn signal(world: &mut World, call: &Call, job: &str, number: u32, signal: StopSignal) -> Reply {
    call.require_post()?;
    call.require(world, Permission::ItemCancel)?;
    world.signal_build(job, number, signal);
    Ok(StatusCode::OK.into_response())
}

fn update(
    world: &mut World,
    call: &Call,
    job: &str,
    number: u32,
    change: impl FnOnce(&mut Build),
) -> Reply {
    call.require_post()?;
    call.require(world, Permission::RunUpdate)?;
    change(world.build_mut(job, number).ok_or(Refusal::NotFound)?);
    Ok(redirect(&call.here()))
}

/// A body of this many bytes, made piece by piece.
fn filler(length: u64) -> Body {
    const PIECE: u64 = 64 * 1024;
    let zeros = Bytes::from_static(&[0; PIECE as usize]);
    let pieces = (0..length.div_ceil(PIECE)).map(move |piece| {
        let end = (length - piece * PIECE).min(PIECE);
        Ok::<_, Infallible>(zeros.slice(..end as usize))
    });
    Body::from_stream(stream::iter(pieces))
}

fn artifact(build: &Build, path: &str) -> Reply {
    let mut archived = build
        .script
        .artifacts
        .iter()
        .filter(|_| !build.is_running());
    let artifact = archived
        .find(|artifact| artifact.path == path)
        .ok_or(Refusal::NotFound)?;
    if let Some(elsewhere) = &artifact.redirect {
        return Ok(redirect(elsewhere));
    }
    let kind = if path.ends_with(".txt") || path.ends_with(".log") {
        "text/plain"
    } else {
        "application/octet-stream"
    };
    let body = match &artifact.content {
        ArtifactContent::Bytes(bytes) => bytes.clone().into(),
        ArtifactContent::Filler(length) => filler(*length),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(artifact.content.len()));
    Ok(response)
}
