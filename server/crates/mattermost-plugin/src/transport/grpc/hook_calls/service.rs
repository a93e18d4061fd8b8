//! Answers the server's calls.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use tonic::Status;

use super::rows::ABSENT;
use super::{Dispatch, Row};
use crate::hooks::Hooks;
use crate::transport::grpc::convert::fell_back;
use crate::transport::grpc::http::serve_http;
use crate::transport::grpc::messages::api;
use crate::transport::grpc::rpc::{Method, decode, encode, finish};
use crate::transport::{Calls, Capability};

/// How the hook `name` is answered, if the protocol has one of that name.
pub(crate) fn method(
    name: &str,
    dispatch: Dispatch,
    hooks: &Arc<dyn Hooks>,
    calls: &Calls,
) -> Option<Method> {
    let here = hooks.clone();
    let calls = calls.clone();
    Some(match name {
        "Implemented" => Method::unary(|_| async move { implemented(&*here).await }.boxed()),
        "OnActivate" => {
            Method::unary(move |_| finish(&calls, async move { activate(&*here).await }.boxed()))
        }
        "ServeHTTP" => Method::streaming(move |messages| serve_http(here, messages, calls).boxed()),
        _ => return dispatch(here, calls, name),
    })
}

/// Answers a hook of the table.
pub(super) fn answer<R: Row>(hooks: Arc<dyn Hooks>, calls: Calls) -> Method {
    Method::unary(move |request| {
        let work = async move {
            let arguments = R::arguments(decode(request)?);
            let output = R::call(&*hooks, arguments).await.map_err(internal)?;
            Ok(encode(&R::response(output)))
        };
        finish(&calls, work.boxed())
    })
}

/// What the server is told when a hook panicked or took too long.
fn internal(failure: impl std::fmt::Display) -> Status {
    Status::internal(failure.to_string())
}

/// `OnActivate` is called only when it is listed, but it is what brings a plugin to life.
async fn implemented(hooks: &dyn Hooks) -> Result<Bytes, Status> {
    const ACTIVATION: &str = "OnActivate";
    let mut names = hooks.implemented().await.map_err(internal)?;
    names.retain(|name| {
        let carried = name != "ServeMetrics" && !ABSENT.contains(&name.as_str());
        if !carried {
            fell_back(
                Capability::NewerHooks,
                "hooks without a call are not called",
            );
        }
        carried && name != ACTIVATION
    });
    for name in &names {
        arrives_incomplete(name);
    }
    names.push(ACTIVATION.to_owned());
    Ok(encode(&api::ImplementedResponse {
        error: None,
        hooks: names,
    }))
}

/// What the server leaves out of a hook's arguments; nothing here sees it happen.
fn arrives_incomplete(hook: &str) {
    match hook {
        "ExecuteCommand" => fell_back(Capability::CommandMentions, "commands have no mentions"),
        name if name.starts_with("Message") => fell_back(
            Capability::HookPostProps,
            "posts in hooks have no props, and one that a hook replaces loses its own",
        ),
        _ => {}
    }
}

async fn activate(hooks: &dyn Hooks) -> Result<Bytes, Status> {
    let outcome = hooks.on_activate().await.map_err(internal)?;
    Ok(encode(&api::OnActivateResponse {
        error: outcome.err().map(|error| ("OnActivate", error).into()),
    }))
}
