//! The table of methods as types, and as the [`Host`] of a plugin.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::{ApiClient, Row, Signature};
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
use crate::transport::{Capability, Protocol};

macro_rules! signatures {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        /// One type for each row of the table, under its Go name.
        pub(crate) mod of {
            $(pub(crate) struct $name;)*
        }

        $(
            impl Signature for of::$name {
                const NAME: &'static str = stringify!($name);
                const PATH: &'static str = concat!("/mattermost.pluginapi.v1.PluginAPI/", stringify!($name));
                type Arguments = ($($ty,)*);
                type Output = $output;
            }
        )*

        impl Host for ApiClient {
            fn supports(&self, capability: Capability) -> bool {
                Protocol::Grpc.supports(capability)
            }

            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>> {
                Box::pin(self.load_settings())
            }

            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                Box::pin(self.read_config())
            }

            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                Box::pin(self.read_unsanitized_config())
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
                    of::$name::call(self, ($($arg,)*))
                }
            )*
        }

        /// Makes the call of a method on a host.
        #[cfg(any(test, feature = "host"))]
        pub(crate) trait Perform: Signature {
            fn perform(host: &dyn Host, arguments: Self::Arguments) -> BoxFuture<'_, Result<Self::Output, Error>>;
        }

        $(
            #[cfg(any(test, feature = "host"))]
            impl Perform for of::$name {
                fn perform(host: &dyn Host, ($($arg,)*): Self::Arguments) -> BoxFuture<'_, Result<Self::Output, Error>> {
                    host.$method($($arg),*)
                }
            }
        )*
    };
}
crate::host::for_each_api_method!(signatures);
