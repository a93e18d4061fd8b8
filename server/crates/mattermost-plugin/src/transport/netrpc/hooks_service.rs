//! The service `Plugin` on the plugin's side: hooks (`client_rpc.go`, `hooksRPCServer`).

use std::sync::Arc;

use futures_util::FutureExt;
use mattermost_plugin_derive::GoModel;

use super::api_client::ApiClient;
use super::broker::Broker;
use super::gob::{Bare, GoError, Letters};
use super::header::Empty;
use super::hook_reply::HookReply;
use super::serve_http::{HttpHook, ServeHttpArguments, serve_http};
use super::server::{Argument, Call, Refusal, Reply, Service};
use crate::error::HookError;
use crate::hooks::{HookFailure, Hooks, Verdict, is_listed};
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};
use crate::plugin::Plugin;

/// The argument of `OnActivate`: numbers of streams that the server accepts.
#[derive(Debug, Default, Clone, PartialEq, GoModel)]
#[go(name = "Z_OnActivateArgs")]
pub(crate) struct OnActivateArguments {
    #[go(name = "APIMuxId")]
    pub(crate) api: u32,
    #[go(name = "DriverMuxId")]
    pub(crate) driver: u32,
}

/// Begins the call of a hook of the table, by its Go name.
pub(crate) type Dispatch = fn(Arc<dyn Hooks>, &str, Argument<'_>) -> Result<Call, Refusal>;

/// Answers hooks.
pub(crate) struct HooksService {
    pub(crate) hooks: Arc<dyn Hooks>,
    pub(crate) dispatch: Dispatch,
    pub(crate) broker: Broker,
    pub(crate) api: Arc<ApiClient>,
}

impl Service for HooksService {
    fn call(
        self: &Arc<Self>,
        service_method: &str,
        argument: Argument<'_>,
    ) -> Result<Call, Refusal> {
        let name = service_method
            .strip_prefix("Plugin.")
            .ok_or(Refusal::NoService)?;
        let here = self.clone();
        Ok(match name {
            "Implemented" => here.implemented().boxed(),
            "OnActivate" => here.on_activate(argument.decode()?).boxed(),
            "ServeHTTP" => here.serve_http(HttpHook::Http, argument.decode()?).boxed(),
            "ServeMetrics" => here
                .serve_http(HttpHook::Metrics, argument.decode()?)
                .boxed(),
            _ => return (self.dispatch)(here.hooks.clone(), name, argument),
        })
    }
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        /// The [`Dispatch`] of a plugin: the hooks that it does not list are not there.
        pub(crate) fn dispatch<P: Plugin>(hooks: Arc<dyn Hooks>, name: &str, argument: Argument<'_>) -> Result<Call, Refusal> {
            match name {
                "MessageWillBeUpdated" if const { is_listed(P::HOOKS, "message_will_be_updated") } => {
                    Ok(message_will_be_updated(hooks, argument.decode()?).boxed())
                }
                $(stringify!($name) if const { is_listed(P::HOOKS, stringify!($method)) } => {
                    let Letters(($($arg,)*)) = argument.decode::<Letters<($($ty,)*)>>()?;
                    Ok(async move { reply::<$output>(hooks.$method($($arg),*).await) }.boxed())
                })*
                _ => Err(Refusal::NoMethod),
            }
        }
    };
}
crate::hooks::for_each_hook!(dispatch);

/// A hook's outcome as a reply, or as the text with which the call fails.
fn reply<T: HookReply>(outcome: Result<T, HookFailure>) -> Result<Reply, String> {
    match outcome.or_else(T::from_failure) {
        Ok(output) => Ok(Box::new(output.into_wire())),
        Err(failure) => Err(failure.to_string()),
    }
}

impl HooksService {
    async fn implemented(self: Arc<Self>) -> Result<Reply, String> {
        let names = self
            .hooks
            .implemented()
            .await
            .map_err(|failure| failure.to_string())?;
        Ok(Box::new(Bare(names)))
    }

    /// Answers every failure as the hook's own error: a call that failed would leave the server
    /// believing that the plugin is active.
    async fn on_activate(self: Arc<Self>, arguments: OnActivateArguments) -> Result<Reply, String> {
        match self
            .api
            .connect(&self.broker, arguments.api, arguments.driver)
            .await
        {
            Ok(()) => reply(self.hooks.on_activate().await),
            Err(error) => {
                let error = HookError::new(format!("can't connect to the server's API: {error}"));
                Ok(Box::new(Letters((GoError::from(error),))))
            }
        }
    }

    async fn serve_http(
        self: Arc<Self>,
        which: HttpHook,
        arguments: ServeHttpArguments,
    ) -> Result<Reply, String> {
        serve_http(self.hooks.clone(), self.broker.clone(), which, arguments).await?;
        Ok(Box::new(Empty::default()))
    }
}

/// Here, unlike in all other hooks of its kind, nothing means that the change is refused
/// (`client_rpc.go`, `hooksRPCClient.MessageWillBeUpdated`).
async fn message_will_be_updated(
    hooks: Arc<dyn Hooks>,
    Letters((context, new_post, old_post)): Letters<(Context, Post, Post)>,
) -> Result<Reply, String> {
    let unchanged = new_post.clone();
    let verdict = hooks
        .message_will_be_updated(context, new_post, old_post)
        .await;
    reply(verdict.map(|verdict| match verdict {
        Verdict::Allow => Verdict::Replace(unchanged),
        other => other,
    }))
}
