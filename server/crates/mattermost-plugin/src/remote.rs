//! The server at the other end of a transport.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::host::{Host, LogLevel};
use crate::http::Body;
use crate::model::{
    AuditRecord, Bot, BotGetOptions, BotPatch, Channel, ChannelMember, ChannelStats, ClusterEvent,
    ClusterEventSendOptions, Command, CommandArgs, CommandResponse, Config, Emoji, FileInfo,
    KvSetOptions, License, Manifest, OpenDialogRequest, Permission, PluginStatus, Post, PostList,
    Preference, PushNotification, Reaction, SearchParams, Session, Status, Team, TeamMember,
    TeamStats, UploadSession, User, UserGetOptions, WebSocketBroadcast,
};
use crate::transport::Capability;
#[cfg(feature = "grpc")]
use crate::transport::grpc;
use crate::transport::netrpc;

/// The server, with every call of [`Host`]. Clones share one connection.
///
/// The transports are variants, and not an object, for the executable's sake: an object needs the
/// code of all calls over all transports, these need the calls that the plugin makes.
#[derive(Clone)]
pub struct Remote(Way);

#[derive(Clone)]
enum Way {
    NetRpc(Arc<netrpc::ApiClient>),
    #[cfg(feature = "grpc")]
    Grpc(Arc<grpc::ApiClient>),
    Object(Arc<dyn Host>),
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remote")
    }
}

impl From<Arc<dyn Host>> for Remote {
    fn from(host: Arc<dyn Host>) -> Self {
        Self(Way::Object(host))
    }
}

impl<H: Host> From<Arc<H>> for Remote {
    fn from(host: Arc<H>) -> Self {
        Self(Way::Object(host))
    }
}

/// The same call, whatever the way.
macro_rules! each_way {
    ($self:ident, $host:ident => $call:expr) => {
        match &$self.0 {
            Way::NetRpc($host) => $call,
            #[cfg(feature = "grpc")]
            Way::Grpc($host) => $call,
            Way::Object($host) => $call,
        }
    };
}

impl Remote {
    pub(crate) fn over_netrpc(client: Arc<netrpc::ApiClient>) -> Self {
        Self(Way::NetRpc(client))
    }

    #[cfg(feature = "grpc")]
    pub(crate) fn over_grpc(client: Arc<grpc::ApiClient>) -> Self {
        Self(Way::Grpc(client))
    }

    /// See [`Host::supports`].
    #[must_use]
    pub fn supports(&self, capability: Capability) -> bool {
        each_way!(self, host => host.supports(capability))
    }
}

macro_rules! remote {
    ($($method:ident($($arg:ident: $ty:ty),*) -> $output:ty;)*) => {
        impl Remote {
            $(
                #[doc = concat!("See [`Host::", stringify!($method), "`].")]
                pub fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, Error>> {
                    each_way!(self, host => host.$method($($arg),*))
                }
            )*
        }
    };
}

remote! {
    load_plugin_configuration() -> Value;
    get_config() -> Config;
    get_unsanitized_config() -> Config;
    save_config(config: Config) -> ();
    log(level: LogLevel, message: String, fields: Vec<(String, String)>) -> ();
    plugin_http(request: Request<Body>) -> Response<Body>;
    upload_data(session: UploadSession, data: Body) -> Option<FileInfo>;
    install_plugin(bundle: Body, replace: bool) -> Manifest;
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        remote! { $($method($($arg: $ty),*) -> $output;)* }
    };
}
crate::host::for_each_api_method!(rows);
