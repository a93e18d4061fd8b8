//! Mattermost's models, as the plugin API carries them.
//!
//! Fields have the names of the Go fields in snake_case and serialize under Mattermost's JSON
//! names. Where Mattermost has no JSON name (`json:"-"`), the field travels between server and
//! plugin but not in JSON. Every exported field is here, so that an object given back to a server
//! loses nothing. Objects that a server replaces as a whole keep in [`Unknown`] what a newer server
//! adds to them.
//!
//! Ids are strings of 26 characters, times are milliseconds since 1970, a Go pointer is an
//! `Option`.
#![allow(
    missing_docs,
    reason = "a field without a comment means what its name says, as in the Go struct that its type names"
)]

mod action;
mod app_error;
mod attachment;
mod audit;
mod autocomplete;
mod autocomplete_data;
mod bot;
mod channel;
mod cluster;
mod command;
mod config;
mod context;
mod dialog;
mod emoji;
mod file;
mod install;
mod json;
mod key_value;
mod license;
mod permalink;
mod permission;
mod plugin_info;
mod post;
mod post_embed_data;
mod post_metadata;
mod preference;
mod push;
mod reaction;
mod search;
mod session;
mod status;
mod team;
#[cfg(test)]
mod tests;
mod user;
mod web_socket;

pub use action::{
    PostAction, PostActionIntegration, PostActionIntegrationRequest, PostActionIntegrationResponse,
    PostActionOption,
};
pub use app_error::AppError;
pub use attachment::{Attachment, AttachmentField};
pub use audit::{AuditEventActor, AuditEventData, AuditEventError, AuditRecord};
pub use autocomplete::{
    AutocompleteArg, AutocompleteData, AutocompleteDynamicListArg, AutocompleteListItem,
    AutocompleteStaticListArg, AutocompleteTextArg,
};
pub use autocomplete_data::AutocompleteArgData;
pub use bot::{Bot, BotGetOptions, BotPatch};
pub use channel::{Channel, ChannelBannerInfo, ChannelMember, ChannelStats};
pub use cluster::{ClusterEvent, ClusterEventSendOptions};
pub use command::{Command, CommandArgs, CommandResponse};
pub use config::Config;
pub use context::Context;
pub use dialog::{
    Dialog, DialogDateTimeConfig, DialogElement, OpenDialogRequest, SubmitDialogRequest,
    SubmitDialogResponse,
};
pub use emoji::Emoji;
pub use file::{FileData, FileInfo, UploadSession};
pub use install::InstallEvent;
pub use key_value::KvSetOptions;
pub use license::{License, LicenseCustomer, LicenseFeatures, LicenseLimits};
pub use permalink::PreviewPost;
pub use permission::Permission;
pub use plugin_info::{
    Manifest, ManifestServer, ManifestWebapp, PluginOption, PluginSetting, PluginSettingsSchema,
    PluginSettingsSection, PluginStatus,
};
pub use post::{Post, PostList};
pub use post_embed_data::PostEmbedData;
pub use post_metadata::{
    PostAcknowledgement, PostEmbed, PostImage, PostMetadata, PostPriority, PostTranslation,
};
pub use preference::Preference;
pub use push::PushNotification;
pub use reaction::Reaction;
pub use search::SearchParams;
pub use session::Session;
pub use status::Status;
pub use team::{Team, TeamMember, TeamStats};
pub use user::{User, UserGetOptions, ViewUsersRestrictions};
pub use web_socket::{WebSocketBroadcast, WebSocketRequest};

pub use crate::transport::netrpc::gob::Unknown;
