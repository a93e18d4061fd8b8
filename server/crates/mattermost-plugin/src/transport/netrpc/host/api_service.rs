//! Answers the API calls of a plugin (`client_rpc.go`, `apiRPCServer`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use serde_json::{Map, Value};

use super::super::api_output::{ApiFailure, ApiOutput};
use super::super::broker::Broker;
use super::super::gob::{GoError, Letters};
use super::super::server::{Argument, Call, Refusal, Reply, Service};
use super::api_streams;
use crate::error::Error;
use crate::host::{Host, LogLevel};
use crate::model::{
    AppError, AuditRecord, Bot, BotGetOptions, BotPatch, Channel, ChannelMember, ChannelStats,
    ClusterEvent, ClusterEventSendOptions, Command, CommandArgs, CommandResponse, Config, Emoji,
    FileInfo, KvSetOptions, License, Manifest, OpenDialogRequest, Permission, PluginStatus, Post,
    PostList, Preference, PushNotification, Reaction, SearchParams, Session, Status, Team,
    TeamMember, TeamStats, UploadSession, User, UserGetOptions, WebSocketBroadcast,
};

/// The API, offered to one plugin.
pub(super) struct ApiService {
    pub(super) host: Arc<dyn Host>,
    pub(super) broker: Broker,
}

/// A connection on which nothing is offered.
pub(super) struct NoService;

impl Service for NoService {
    fn call(self: &Arc<Self>, _: &str, _: Argument<'_>) -> Result<Call, Refusal> {
        Err(Refusal::NoMethod)
    }
}

/// The outcome of a call as the reply struct, or the text with which the call fails.
pub(super) fn reply<T, E>(outcome: Result<T, Error>) -> Result<Reply, String>
where
    T: ApiOutput + Send + 'static,
    E: ApiFailure + Default,
{
    let (output, error) = match outcome {
        Ok(output) => (Some(output), E::default()),
        Err(Error::Missing { .. }) => (None, E::default()),
        // What the API itself does not answer looks like a failure on the way.
        Err(
            error @ (Error::Transport { .. } | Error::TimedOut { .. } | Error::Unsupported { .. }),
        ) => {
            return Err(error.to_string());
        }
        Err(error) => (None, E::of(error)),
    };
    Ok(Box::new(T::into_reply(output, error)))
}

/// The same for calls that cannot fail.
fn lone_reply<T: ApiOutput + Send + 'static>(outcome: Result<T, Error>) -> Result<Reply, String> {
    match outcome {
        Ok(output) => Ok(Box::new(T::into_lone_reply(Some(output)))),
        Err(Error::Missing { .. }) => Ok(Box::new(T::into_lone_reply(None))),
        Err(error) => Err(error.to_string()),
    }
}

macro_rules! answer {
    ($output:ty, $outcome:expr, nothing) => {
        lone_reply::<$output>($outcome)
    };
    ($output:ty, $outcome:expr, app_error) => {
        reply::<$output, Option<AppError>>($outcome)
    };
    ($output:ty, $outcome:expr, error) => {
        reply::<$output, GoError>($outcome)
    };
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        impl Service for ApiService {
            fn call(self: &Arc<Self>, service_method: &str, argument: Argument<'_>) -> Result<Call, Refusal> {
                let name = service_method.strip_prefix("Plugin.").ok_or(Refusal::NoService)?;
                let api = self.clone();
                Ok(match name {
                    "LoadPluginConfiguration" => api.settings().boxed(),
                    "GetConfig" => async move { lone_reply(api.host.get_config().await) }.boxed(),
                    "GetUnsanitizedConfig" => async move { lone_reply(api.host.get_unsanitized_config().await) }.boxed(),
                    "SaveConfig" => {
                        let Letters((config,)) = argument.decode::<Letters<(Config,)>>()?;
                        async move { reply::<(), Option<AppError>>(api.host.save_config(config).await) }.boxed()
                    }
                    "LogDebug" => api.log(LogLevel::Debug, argument.decode()?).boxed(),
                    "LogInfo" => api.log(LogLevel::Info, argument.decode()?).boxed(),
                    "LogWarn" => api.log(LogLevel::Warn, argument.decode()?).boxed(),
                    "LogError" => api.log(LogLevel::Error, argument.decode()?).boxed(),
                    "PluginHTTPStream" => api_streams::plugin_http(api, argument.decode()?).boxed(),
                    "UploadData" => api_streams::upload_data(api, argument.decode()?).boxed(),
                    "InstallPlugin" => api_streams::install_plugin(api, argument.decode()?).boxed(),
                    $(stringify!($name) => {
                        let Letters(($($arg,)*)) = argument.decode::<Letters<($($ty,)*)>>()?;
                        async move { answer!($output, api.host.$method($($arg),*).await, $kind) }.boxed()
                    })*
                    _ => return Err(Refusal::NoMethod),
                })
            }
        }
    };
}
crate::host::for_each_api_method!(dispatch);

impl ApiService {
    async fn settings(self: Arc<Self>) -> Result<Reply, String> {
        let settings = self
            .host
            .load_plugin_configuration()
            .await
            .map_err(|error| error.to_string())?;
        let json = serde_json::to_vec(&settings).map_err(|error| error.to_string())?;
        Ok(Box::new(Letters((Bytes::from(json),))))
    }

    async fn log(
        self: Arc<Self>,
        level: LogLevel,
        Letters((message, pairs)): Letters<(String, Vec<Value>)>,
    ) -> Result<Reply, String> {
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let fields = pairs
            .chunks(2)
            .map(|pair| (text(&pair[0]), pair.get(1).map(text).unwrap_or_default()));
        let outcome = self.host.log(level, message, fields.collect()).await;
        lone_reply(outcome)
    }
}
