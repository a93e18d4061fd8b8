//! The SDK's type for each Go type.

use std::collections::BTreeMap;

use bytes::Bytes;
use gobwire::{Decode, Encode, Result};
use mattermost_plugin::model::*;
use mattermost_plugin::transport::netrpc::gob::{
    Bare, ByteString, Decoder, Encoder, Field, GoError, Letters,
};
use mattermost_plugin::{HookError, Verdict, for_each_api_method, for_each_hook};
use serde_json::{Map, Value};

use super::structs::*;

/// Fixtures of calls that the SDK does not make or serve, and of `time.Time`, which no call that
/// it makes carries.
pub(crate) const UNUSED: &[&str] = &[
    "api_GetEmojiImage",
    "basic_times",
    "hook_FileWillBeUploaded",
    "hook_MessagesWillBeConsumed",
];

/// Decodes a value and encodes it again.
pub(crate) type Handler = fn(&mut Decoder, &mut Encoder) -> Result<Vec<u8>>;

fn again<T: Decode + Encode + Default>(
    decoder: &mut Decoder,
    encoder: &mut Encoder,
) -> Result<Vec<u8>> {
    encoder.encode(&decoder.decode::<T>()?)
}

/// The handler of a Go type.
pub(crate) fn handler(type_name: &str) -> Option<Handler> {
    basic(type_name)
        .or_else(|| model(type_name.rsplit('.').next()?))
        .or_else(|| {
            let name = type_name.strip_prefix("plugin.Z_")?;
            irregular(name).or_else(|| hook(name)).or_else(|| api(name))
        })
}

fn basic(type_name: &str) -> Option<Handler> {
    Some(match type_name {
        "bool" => again::<Bare<bool>>,
        "int" | "int64" => again::<Bare<i64>>,
        "uint" | "uint64" => again::<Bare<u64>>,
        "float64" => again::<Bare<f64>>,
        "string" => again::<Bare<ByteString>>,
        "[]uint8" => again::<Bare<Bytes>>,
        "[]string" => again::<Bare<Vec<ByteString>>>,
        "map[string]string" => again::<Bare<BTreeMap<ByteString, ByteString>>>,
        "map[string]bool" => again::<Bare<BTreeMap<String, bool>>>,
        "map[string]interface {}" => again::<Bare<Map<String, Value>>>,
        "http.Header" => again::<Bare<Header>>,
        "struct {}" => again::<Letters<()>>,
        "rpc.Request" => again::<Request>,
        "rpc.Response" => again::<Response>,
        _ => return None,
    })
}

/// Calls that are no rows of the tables.
fn irregular(name: &str) -> Option<Handler> {
    Some(match name {
        "ServeHTTPArgs" | "ServeMetricsArgs" => again::<ServeHttp>,
        "OnActivateArgs" => again::<OnActivate>,
        "OnActivateReturns" => again::<Letters<(GoError,)>>,
        "PluginHTTPStreamArgs" => again::<PluginHttp>,
        "PluginHTTPStreamReturns" => again::<PluginHttpReply>,
        "InstallPluginArgs" => again::<InstallPlugin>,
        "InstallPluginReturns" => again::<Letters<(Option<Manifest>, Option<AppError>)>>,
        "UploadDataArgs" => again::<UploadData>,
        "UploadDataReturns" => again::<Letters<(Option<FileInfo>, GoError)>>,
        "LoadPluginConfigurationArgsArgs" | "GetConfigArgs" | "GetUnsanitizedConfigArgs" => {
            again::<Letters<()>>
        }
        "LoadPluginConfigurationArgsReturns" => again::<Letters<(Bytes,)>>,
        "GetConfigReturns" | "GetUnsanitizedConfigReturns" | "SaveConfigArgs" => {
            again::<Letters<(Option<Config>,)>>
        }
        "SaveConfigReturns" => again::<Letters<(Option<AppError>,)>>,
        "LogDebugArgs" | "LogInfoArgs" | "LogWarnArgs" | "LogErrorArgs" => {
            again::<Letters<(String, Vec<Value>)>>
        }
        "LogDebugReturns" | "LogInfoReturns" | "LogWarnReturns" | "LogErrorReturns" => {
            again::<Letters<()>>
        }
        _ => return None,
    })
}

macro_rules! models {
    ($($go:literal => $model:ty),* $(,)?) => {
        fn model(name: &str) -> Option<Handler> {
            Some(match name {
                $($go => again::<$model>,)*
                _ => return None,
            })
        }
    };
}

models! {
    "AppError" => AppError,
    "AuditRecord" => AuditRecord,
    "AutocompleteData" => AutocompleteData,
    "Bot" => Bot,
    "BotGetOptions" => BotGetOptions,
    "BotPatch" => BotPatch,
    "Channel" => Channel,
    "ChannelMember" => ChannelMember,
    "ChannelStats" => ChannelStats,
    "Command" => Command,
    "CommandArgs" => CommandArgs,
    "CommandResponse" => CommandResponse,
    "Config" => Bare<Config>,
    "Context" => Context,
    "Emoji" => Emoji,
    "FileData" => FileData,
    "FileInfo" => FileInfo,
    "HTTPRequestSubset" => HttpRequest,
    "License" => License,
    "Manifest" => Manifest,
    "MessageAttachment" => Attachment,
    "OnInstallEvent" => InstallEvent,
    "OpenDialogRequest" => OpenDialogRequest,
    "Permission" => Permission,
    "PluginClusterEvent" => ClusterEvent,
    "PluginClusterEventSendOptions" => ClusterEventSendOptions,
    "PluginKVSetOptions" => KvSetOptions,
    "PluginStatus" => PluginStatus,
    "Post" => Post,
    "PostList" => PostList,
    "PostMetadata" => PostMetadata,
    "Preference" => Preference,
    "PushNotification" => PushNotification,
    "Reaction" => Reaction,
    "SearchParams" => SearchParams,
    "Session" => Session,
    "Status" => Status,
    "Team" => Team,
    "TeamMember" => TeamMember,
    "TeamStats" => TeamStats,
    "UploadSession" => UploadSession,
    "User" => User,
    "UserGetOptions" => UserGetOptions,
    "WebSocketRequest" => WebSocketRequest,
    "WebsocketBroadcast" => WebSocketBroadcast,
}

/// What a hook or an API call answers, as the table says it. `Option` tells what is missing from
/// what is zero.
trait Output {
    /// The reply beside an error of type `E`.
    type With<E: Field>: Decode + Encode + Default;
    /// The reply alone.
    type Alone: Decode + Encode + Default;
}

impl Output for () {
    type With<E: Field> = Letters<(E,)>;
    type Alone = Letters<()>;
}

macro_rules! outputs {
    ($($output:ty),* $(,)?) => {$(
        impl Output for $output {
            type With<E: Field> = Letters<(Option<$output>, E)>;
            type Alone = Letters<(Option<$output>,)>;
        }
    )*};
}

outputs!(
    bool, i64, String, Bytes, Map<String, Value>, Option<License>, Bot, Channel, ChannelMember, ChannelStats,
    CommandResponse, Emoji, FileInfo, Manifest, PluginStatus, Post, PostList, Preference, Reaction, Session, Status,
    Team, TeamMember, TeamStats, UploadSession, User,
);

impl<T: Field> Output for Vec<T> {
    type With<E: Field> = Letters<(Vec<T>, E)>;
    type Alone = Letters<(Vec<T>,)>;
}

impl<T: Field> Output for Verdict<T> {
    type With<E: Field> = Letters<(Option<T>, E)>;
    type Alone = Letters<(Option<T>, String)>;
}

impl Output for Result<(), HookError> {
    type With<E: Field> = Letters<(E,)>;
    type Alone = Letters<(GoError,)>;
}

impl Output for Result<CommandResponse, AppError> {
    type With<E: Field> = Letters<(E,)>;
    type Alone = Letters<(Option<CommandResponse>, Option<AppError>)>;
}

impl Output for Result<Option<Config>, HookError> {
    type With<E: Field> = Letters<(E,)>;
    type Alone = Letters<(Option<Config>, GoError)>;
}

impl Output for Result<Vec<FileData>, HookError> {
    type With<E: Field> = Letters<(E,)>;
    type Alone = Letters<(Vec<FileData>, GoError)>;
}

macro_rules! hooks {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        fn hook(name: &str) -> Option<Handler> {
            $(
                if name == concat!(stringify!($name), "Args") {
                    return Some(again::<Letters<($(Option<$ty>,)*)>>);
                }
                if name == concat!(stringify!($name), "Returns") {
                    return Some(again::<<$output as Output>::Alone>);
                }
            )*
            None
        }
    };
}
for_each_hook!(hooks);

macro_rules! reply {
    ($output:ty, app_error) => { <$output as Output>::With<Option<AppError>> };
    ($output:ty, error) => { <$output as Output>::With<GoError> };
    ($output:ty, nothing) => { <$output as Output>::Alone };
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        fn api(name: &str) -> Option<Handler> {
            $(
                if name == concat!(stringify!($name), "Args") {
                    return Some(again::<Letters<($(Option<$ty>,)*)>>);
                }
                if name == concat!(stringify!($name), "Returns") {
                    return Some(again::<reply!($output, $kind)>);
                }
            )*
            None
        }
    };
}
for_each_api_method!(methods);
