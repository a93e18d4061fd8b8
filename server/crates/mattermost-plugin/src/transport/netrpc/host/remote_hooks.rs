//! Hooks of a plugin at the other end (`client_rpc.go`, `hooksRPCClient`).

use std::any::Any;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use goplugin::yamux::Stream;
use http::{Request, Response};

use super::super::broker::Broker;
use super::super::client::{CallError, Client};
use super::super::gob::{Bare, GoError, Letters};
use super::super::header::Empty;
use super::super::hook_reply::HookReply;
use super::super::hooks_service::OnActivateArguments;
use super::super::serve_http::HttpHook;
use super::super::server;
use super::api_service::{ApiService, NoService};
use super::http_call;
use crate::error::HookError;
use crate::hooks::{HookFailure, Hooks, Verdict};
use crate::host::Host;
use crate::http::Body;
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};
use crate::transport::Calls;

/// The hooks of a running plugin. As with Go's, a hook that the plugin does not list must not be
/// called, and none has a time limit.
pub(crate) struct RemoteHooks {
    pub(in super::super) client: Client<Stream>,
    pub(super) broker: Broker,
    pub(super) host: Arc<dyn Host>,
}

pub(super) fn failed(error: CallError) -> HookFailure {
    HookFailure::Connection(error.to_string())
}

macro_rules! remote {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        impl Hooks for RemoteHooks {
            fn implemented(&self) -> BoxFuture<'_, Result<Vec<String>, HookFailure>> {
                Box::pin(async move {
                    let names: Bare<Vec<String>> = self
                        .client
                        .call_unlimited("Plugin.Implemented", &Empty::default(), Bare::default())
                        .await
                        .map_err(failed)?;
                    Ok(names.0)
                })
            }

            fn on_activate(&self) -> BoxFuture<'_, Result<Result<(), HookError>, HookFailure>> {
                Box::pin(self.activate())
            }

            fn serve_http(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>> {
                Box::pin(http_call::call(self, HttpHook::Http, context, request))
            }

            fn serve_metrics(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>> {
                Box::pin(http_call::call(self, HttpHook::Metrics, context, request))
            }

            $(
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, HookFailure>> {
                    Box::pin(async move {
                        let expected = match stringify!($name) {
                            // Go decodes this one into an empty reply.
                            "MessageWillBeUpdated" => <$output as HookReply>::expected(&[]),
                            _ => <$output as HookReply>::expected(&[$(&$arg as &dyn Any),*]),
                        };
                        let arguments = Letters(($($arg,)*));
                        let reply = self
                            .client
                            .call_unlimited(concat!("Plugin.", stringify!($name)), &arguments, expected)
                            .await
                            .map_err(failed)?;
                        let Letters(($($arg,)*)) = arguments;
                        Ok(<$output as HookReply>::from_wire(reply, &[$(&$arg as &dyn Any),*]))
                    })
                }
            )*
        }
    };
}
crate::hooks::for_each_hook!(remote);

impl RemoteHooks {
    /// Offers the API, and the database that plugins of this kind do not use, and activates.
    async fn activate(&self) -> Result<Result<(), HookError>, HookFailure> {
        let (api, driver) = (self.broker.listen(), self.broker.listen());
        let arguments = OnActivateArguments {
            api: api.number(),
            driver: driver.number(),
        };
        let service = Arc::new(ApiService {
            host: self.host.clone(),
            broker: self.broker.clone(),
        });
        tokio::spawn(async move {
            if let Ok(stream) = api.accept().await {
                // It ends with the plugin.
                let _ = server::serve(service, stream, &Calls::here()).await;
            }
        });
        tokio::spawn(async move {
            if let Ok(stream) = driver.accept().await {
                let _ = server::serve(Arc::new(NoService), stream, &Calls::here()).await;
            }
        });
        let reply: Letters<(GoError,)> = self
            .client
            .call_unlimited("Plugin.OnActivate", &arguments, Letters::default())
            .await
            .map_err(failed)?;
        Ok(reply.0.0.into_hook_result())
    }
}
