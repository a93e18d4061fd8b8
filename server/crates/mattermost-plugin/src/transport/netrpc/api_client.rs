//! The server's API on the plugin's side (`client_rpc.go`, `apiRPCClient`).

use std::collections::BTreeMap;
use std::io;
use std::sync::OnceLock;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gobwire::{Decode, Encode};
use goplugin::yamux::Stream;
use http::{Request, Response};
use serde_json::{Map, Value};
use tokio::sync::watch;

use super::api_output::{ApiFailure, ApiOutput};
use super::broker::Broker;
use super::client::{CallError, Client, Reply, decoded};
use super::gob::{GoError, Letters};
use crate::error::Error;
use crate::host::{Host, LogLevel};
use crate::http::Body;
use crate::model::{
    AppError, AuditRecord, Bot, BotGetOptions, BotPatch, Channel, ChannelMember, ChannelStats,
    ClusterEvent, ClusterEventSendOptions, Command, CommandArgs, CommandResponse, Config, Emoji,
    FileInfo, KvSetOptions, License, Manifest, OpenDialogRequest, Permission, PluginStatus, Post,
    PostList, Preference, PushNotification, Reaction, SearchParams, Session, Status, Team,
    TeamMember, TeamStats, UploadSession, User, UserGetOptions, WebSocketBroadcast,
};
use crate::transport::limits::api_limit;

/// The API, which answers once the server has activated the plugin.
#[derive(Default)]
pub(crate) struct ApiClient {
    link: OnceLock<Link>,
    linked: watch::Sender<bool>,
}

/// The connection that the server offers with `OnActivate`.
pub(super) struct Link {
    pub(super) client: Client<Stream>,
    pub(super) broker: Broker,
    /// The server's database interface. Nothing here uses it, but it must be taken and kept.
    _driver: Stream,
}

impl ApiClient {
    /// Opens the two streams that the server listens for.
    pub(crate) async fn connect(&self, broker: &Broker, api: u32, driver: u32) -> io::Result<()> {
        let (api, driver) = (broker.dial(api).await?, broker.dial(driver).await?);
        let client = Client::new(api.established().await?);
        let link = Link {
            client,
            broker: broker.clone(),
            _driver: driver.established().await?,
        };
        if self.link.set(link).is_err() {
            return Err(io::Error::other("the plugin has been activated before"));
        }
        self.linked.send_replace(true);
        Ok(())
    }

    /// Waits until the connection, once it was there, is gone; the answer says why.
    pub(crate) async fn lost(&self) -> String {
        // The sender lives as long as `self`.
        let _ = self.linked.subscribe().wait_for(|linked| *linked).await;
        match self.link.get() {
            Some(link) => link.client.gone().await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn link(&self, method: &'static str) -> Result<&Link, Error> {
        let reason = "the server has not activated the plugin yet";
        self.link.get().ok_or_else(|| Error::Transport {
            method,
            reason: reason.to_owned(),
        })
    }

    /// Makes the call `service_method`, which is `Plugin.` and `method`.
    pub(super) fn call<A, R>(
        &self,
        method: &'static str,
        service_method: &'static str,
        arguments: A,
    ) -> impl Future<Output = Result<R, Error>> + Send
    where
        A: Encode + Send + Sync + 'static,
        R: Decode + Default + Send + 'static,
    {
        let reply = Box::new(R::default());
        let exchange = self.exchange(method, service_method, Box::new(arguments), reply);
        async move { Ok(decoded(exchange.await?)) }
    }

    fn exchange(
        &self,
        method: &'static str,
        service_method: &'static str,
        arguments: Box<dyn Encode + Send + Sync>,
        reply: Box<dyn Reply>,
    ) -> BoxFuture<'_, Result<Box<dyn Reply>, Error>> {
        Box::pin(async move {
            let client = &self.link(method)?.client;
            let outcome = client
                .exchange_within(api_limit(method), service_method, &*arguments, reply)
                .await;
            outcome.map_err(|error| failed(method, error))
        })
    }
}

/// Why a call of the API has no reply, in the words of [`Error`].
pub(super) fn failed(method: &'static str, error: CallError) -> Error {
    match error {
        CallError::Refused(text) if text.starts_with("rpc: can't find method") => {
            Error::Unsupported {
                what: method,
                reason: "this server is too old for it".to_owned(),
            }
        }
        CallError::Argument(text) => {
            Error::Invalid(format!("{method} cannot carry its arguments: {text}"))
        }
        CallError::TimedOut(limit) => Error::TimedOut {
            method,
            seconds: limit.as_secs(),
        },
        CallError::Refused(reason) | CallError::Reply(reason) | CallError::Disconnected(reason) => {
            Error::Transport { method, reason }
        }
    }
}

/// The output, or [`Error::Missing`].
pub(super) fn present<T>(method: &'static str, output: Option<T>) -> Result<T, Error> {
    output.ok_or(Error::Missing { method })
}

/// What a call that can fail answers.
pub(super) fn outcome<T: ApiOutput, E: ApiFailure>(
    method: &'static str,
    reply: T::OrError<E>,
) -> Result<T, Error> {
    let (output, error) = T::from_reply(reply);
    match error.failure() {
        Some(error) => Err(error),
        None => present(method, output),
    }
}

macro_rules! reply {
    ($self:ident, $name:ident, $arguments:expr, $output:ty, nothing) => {{
        let reply: <$output as ApiOutput>::Alone =
            $self.call(stringify!($name), concat!("Plugin.", stringify!($name)), $arguments).await?;
        present(stringify!($name), <$output>::from_lone_reply(reply))
    }};
    ($self:ident, $name:ident, $arguments:expr, $output:ty, app_error) => {
        reply!($self, $name, $arguments, $output => Option<AppError>)
    };
    ($self:ident, $name:ident, $arguments:expr, $output:ty, error) => {
        reply!($self, $name, $arguments, $output => GoError)
    };
    ($self:ident, $name:ident, $arguments:expr, $output:ty => $error:ty) => {{
        let reply: <$output as ApiOutput>::OrError<$error> =
            $self.call(stringify!($name), concat!("Plugin.", stringify!($name)), $arguments).await?;
        outcome::<$output, $error>(stringify!($name), reply)
    }};
}

macro_rules! client {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        impl Host for ApiClient {
            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>> {
                Box::pin(self.load_settings())
            }

            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                Box::pin(self.read_config("GetConfig", "Plugin.GetConfig"))
            }

            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                Box::pin(self.read_config("GetUnsanitizedConfig", "Plugin.GetUnsanitizedConfig"))
            }

            fn save_config(&self, config: Config) -> BoxFuture<'_, Result<(), Error>> {
                Box::pin(self.write_config(config))
            }

            fn log(&self, level: LogLevel, message: String, fields: Vec<(String, String)>) -> BoxFuture<'_, Result<(), Error>> {
                Box::pin(self.write_log(level, message, fields))
            }

            fn plugin_http(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, Error>> {
                Box::pin(self.send_request(request))
            }

            fn upload_data(&self, session: UploadSession, data: Body) -> BoxFuture<'_, Result<Option<FileInfo>, Error>> {
                Box::pin(self.upload(session, data))
            }

            fn install_plugin(&self, bundle: Body, replace: bool) -> BoxFuture<'_, Result<Manifest, Error>> {
                Box::pin(self.install(bundle, replace))
            }

            $(
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, Error>> {
                    Box::pin(async move { reply!(self, $name, Letters(($($arg,)*)), $output, $kind) })
                }
            )*
        }
    };
}
crate::host::for_each_api_method!(client);

impl ApiClient {
    async fn load_settings(&self) -> Result<Value, Error> {
        const METHOD: &str = "LoadPluginConfiguration";
        let Letters((json,)): Letters<(Bytes,)> = self
            .call(METHOD, "Plugin.LoadPluginConfiguration", Letters(()))
            .await?;
        let invalid = |error| Error::Transport {
            method: METHOD,
            reason: format!("the settings are no JSON: {error}"),
        };
        serde_json::from_slice(&json).map_err(invalid)
    }

    async fn write_log(
        &self,
        level: LogLevel,
        message: String,
        fields: Vec<(String, String)>,
    ) -> Result<(), Error> {
        let (method, service_method) = match level {
            LogLevel::Debug => ("LogDebug", "Plugin.LogDebug"),
            LogLevel::Info => ("LogInfo", "Plugin.LogInfo"),
            LogLevel::Warn => ("LogWarn", "Plugin.LogWarn"),
            LogLevel::Error => ("LogError", "Plugin.LogError"),
        };
        // Go turns every element into text before it sends it (`stringifier.go`).
        let pairs = fields
            .into_iter()
            .flat_map(|(key, value)| [Value::String(key), Value::String(value)]);
        let arguments = Letters((message, pairs.collect::<Vec<Value>>()));
        let Letters(()) = self.call(method, service_method, arguments).await?;
        Ok(())
    }
}
