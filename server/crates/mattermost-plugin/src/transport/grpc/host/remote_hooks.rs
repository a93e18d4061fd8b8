//! Hooks of a plugin at the other end (upstream's `hooks_grpc_client.go`).

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use tokio::time::timeout;
use tonic::Status;

use super::http_call;
use crate::error::HookError;
use crate::hooks::{HookFailure, Hooks, Verdict};
use crate::http::Body;
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};
use crate::transport::grpc::convert::error_of_hook;
use crate::transport::grpc::hook_calls::{Remote, Row, of};
use crate::transport::grpc::messages::api;
use crate::transport::grpc::rpc;
use crate::transport::grpc::rpc::{decode, encode};

/// How long the server waits for a hook.
const HOOK_LIMIT: Duration = Duration::from_secs(30);

const IMPLEMENTED: &str = "/mattermost.pluginapi.v1.PluginHooks/Implemented";
const ON_ACTIVATE: &str = "/mattermost.pluginapi.v1.PluginHooks/OnActivate";

/// The hooks of a running plugin. One that the plugin does not list must not be called.
pub(crate) struct RemoteHooks {
    channel: Arc<rpc::Channel>,
}

impl RemoteHooks {
    pub(super) fn new(channel: Arc<rpc::Channel>) -> Self {
        Self { channel }
    }

    /// Makes the call of a row.
    pub(crate) async fn unary<R: Row>(
        &self,
        arguments: R::Arguments,
    ) -> Result<R::Output, HookFailure> {
        let request = encode(&R::request(arguments));
        let answer = self.exchange(R::PATH, request).await.and_then(decode);
        answer.map(R::output).map_err(failed)
    }

    async fn exchange(&self, path: &'static str, request: Bytes) -> Result<Bytes, Status> {
        let answer = timeout(HOOK_LIMIT, self.channel.unary(path, request)).await;
        answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("context deadline exceeded")))
    }

    async fn names(&self) -> Result<Vec<String>, HookFailure> {
        let request = encode(&api::ImplementedRequest::default());
        let answer = self.exchange(IMPLEMENTED, request).await.and_then(decode);
        let answer: api::ImplementedResponse = answer.map_err(failed)?;
        match answer.error {
            None => Ok(answer.hooks),
            Some(error) => Err(HookFailure::Connection(error_of_hook(*error).to_string())),
        }
    }

    async fn activate(&self) -> Result<Result<(), HookError>, HookFailure> {
        let request = encode(&api::OnActivateRequest::default());
        let answer = self.exchange(ON_ACTIVATE, request).await.and_then(decode);
        let answer: api::OnActivateResponse = answer.map_err(failed)?;
        Ok(answer
            .error
            .map_or(Ok(()), |error| Err(error_of_hook(*error).into())))
    }
}

fn failed(status: Status) -> HookFailure {
    HookFailure::Connection(status.message().to_owned())
}

/// Takes away what the server does not send: it fills in only the plain fields of posts and channels.
fn bare(argument: &mut dyn Any) {
    if let Some(post) = argument.downcast_mut::<Post>() {
        post.props.clear();
        post.metadata = None;
        post.participants.clear();
    } else if let Some(channel) = argument.downcast_mut::<Channel>() {
        channel.r#type.clear();
        channel.props.clear();
    }
}

/// What the server makes of a call that failed: a command has an error then, for other hooks it
/// depends on who has called them.
fn outcome<T: Any>(answer: Result<T, HookFailure>) -> Result<T, HookFailure> {
    let Err(failure) = answer else { return answer };
    let refusal = AppError {
        id: "plugin.grpc.execute_command.error".to_owned(),
        message: "plugin.grpc.execute_command.error".to_owned(),
        detailed_error: failure.to_string(),
        status_code: 500,
        r#where: "ExecuteCommand".to_owned(),
        ..AppError::default()
    };
    let refusal: Box<dyn Any> = Box::new(Err::<CommandResponse, _>(refusal));
    match refusal.downcast::<T>() {
        Ok(refusal) => Ok(*refusal),
        Err(_) => Err(failure),
    }
}

macro_rules! remote {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        impl Hooks for RemoteHooks {
            fn implemented(&self) -> BoxFuture<'_, Result<Vec<String>, HookFailure>> {
                Box::pin(self.names())
            }

            fn on_activate(&self) -> BoxFuture<'_, Result<Result<(), HookError>, HookFailure>> {
                Box::pin(self.activate())
            }

            fn serve_http(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>> {
                Box::pin(async move { Ok(http_call::call(&self.channel, context, request).await) })
            }

            fn serve_metrics(&self, _: Context, _: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>> {
                Box::pin(std::future::ready(Ok(http_call::not_implemented())))
            }

            $(
                fn $method(&self, $(mut $arg: $ty),*) -> BoxFuture<'_, Result<$output, HookFailure>> {
                    $(bare(&mut $arg);)*
                    Box::pin(async move { outcome(of::$name::remote(self, ($($arg,)*)).await) })
                }
            )*
        }
    };
}
crate::hooks::for_each_hook!(remote);
