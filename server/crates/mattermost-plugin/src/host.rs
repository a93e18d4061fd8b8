//! What a server offers a plugin: one row of one table for each API call.
//!
//! [`for_each_api_method!`] hands the table to a macro. From it come the object-safe [`Host`] that
//! the services in [`api`](crate::api) call, and, inside each transport, the client that carries
//! the calls and the dispatch that a host answers them with. Adding a method is adding a row here.
//!
//! A row reads `GoName method(argument: Type, ..) -> Output | kind;`, arguments in the order of Go's
//! `plugin.API` (`server/public/plugin/api.go`). `kind` says what Go returns beside the output:
//! `app_error` a `*model.AppError`, `error` an `error`, `nothing` no error at all.
//! An output that is a struct is a pointer in Go: nil without an error becomes
//! [`Error::Missing`]; where nil is an ordinary answer the row says `Option`.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::http::Body;
use crate::model::{
    AuditRecord, Bot, BotGetOptions, BotPatch, Channel, ChannelMember, ChannelStats, ClusterEvent,
    ClusterEventSendOptions, Command, CommandArgs, CommandResponse, Config, Emoji, FileInfo,
    KvSetOptions, License, Manifest, OpenDialogRequest, Permission, PluginStatus, Post, PostList,
    Preference, PushNotification, Reaction, SearchParams, Session, Status, Team, TeamMember,
    TeamStats, UploadSession, User, UserGetOptions, WebSocketBroadcast,
};
use crate::transport::Capability;

/// Hands the table of API methods to `$callback`.
#[macro_export]
#[doc(hidden)]
macro_rules! for_each_api_method {
    ($callback:path) => {
        $callback! {
            // commands
            RegisterCommand register_command(command: Command) -> () | error;
            UnregisterCommand unregister_command(team_id: String, trigger: String) -> () | error;
            ExecuteSlashCommand execute_slash_command(args: CommandArgs) -> CommandResponse | error;

            // configuration
            GetPluginConfig get_plugin_config() -> Map<String, Value> | nothing;
            SavePluginConfig save_plugin_config(config: Map<String, Value>) -> () | app_error;

            // server
            GetBundlePath get_bundle_path() -> String | error;
            GetLicense get_license() -> Option<License> | nothing;
            IsEnterpriseReady is_enterprise_ready() -> bool | nothing;
            GetServerVersion get_server_version() -> String | nothing;
            GetSystemInstallDate get_system_install_date() -> i64 | app_error;
            GetDiagnosticId get_diagnostic_id() -> String | nothing;
            GetTelemetryId get_telemetry_id() -> String | nothing;
            GetPluginID get_plugin_id() -> String | nothing;
            GetPlugins get_plugins() -> Vec<Manifest> | app_error;
            EnablePlugin enable_plugin(id: String) -> () | app_error;
            DisablePlugin disable_plugin(id: String) -> () | app_error;
            RemovePlugin remove_plugin(id: String) -> () | app_error;
            GetPluginStatus get_plugin_status(id: String) -> PluginStatus | app_error;

            // users
            CreateUser create_user(user: User) -> User | app_error;
            DeleteUser delete_user(user_id: String) -> () | app_error;
            GetUsers get_users(options: UserGetOptions) -> Vec<User> | app_error;
            GetUsersByIds get_users_by_ids(user_ids: Vec<String>) -> Vec<User> | app_error;
            GetUser get_user(user_id: String) -> User | app_error;
            GetUserByEmail get_user_by_email(email: String) -> User | app_error;
            GetUserByUsername get_user_by_username(name: String) -> User | app_error;
            GetUsersByUsernames get_users_by_usernames(usernames: Vec<String>) -> Vec<User> | app_error;
            GetUsersInTeam get_users_in_team(team_id: String, page: i64, per_page: i64) -> Vec<User> | app_error;
            GetUsersInChannel get_users_in_channel(channel_id: String, sort_by: String, page: i64, per_page: i64) -> Vec<User> | app_error;
            UpdateUser update_user(user: User) -> User | app_error;
            UpdateUserActive update_user_active(user_id: String, active: bool) -> () | app_error;
            UpdateUserRoles update_user_roles(user_id: String, new_roles: String) -> User | app_error;
            GetUserStatus get_user_status(user_id: String) -> Status | app_error;
            GetUserStatusesByIds get_user_statuses_by_ids(user_ids: Vec<String>) -> Vec<Status> | app_error;
            UpdateUserStatus update_user_status(user_id: String, status: String) -> Status | app_error;
            GetProfileImage get_profile_image(user_id: String) -> Bytes | app_error;
            SetProfileImage set_profile_image(user_id: String, data: Bytes) -> () | app_error;

            // preferences
            GetPreferenceForUser get_preference_for_user(user_id: String, category: String, name: String) -> Preference | app_error;
            GetPreferencesForUser get_preferences_for_user(user_id: String) -> Vec<Preference> | app_error;
            UpdatePreferencesForUser update_preferences_for_user(user_id: String, preferences: Vec<Preference>) -> () | app_error;
            DeletePreferencesForUser delete_preferences_for_user(user_id: String, preferences: Vec<Preference>) -> () | app_error;

            // sessions
            GetSession get_session(session_id: String) -> Session | app_error;
            CreateSession create_session(session: Session) -> Session | app_error;
            ExtendSessionExpiry extend_session_expiry(session_id: String, new_expiry: i64) -> () | app_error;
            RevokeSession revoke_session(session_id: String) -> () | app_error;

            // permissions
            HasPermissionTo has_permission_to(user_id: String, permission: Permission) -> bool | nothing;
            HasPermissionToTeam has_permission_to_team(user_id: String, team_id: String, permission: Permission) -> bool | nothing;
            HasPermissionToChannel has_permission_to_channel(user_id: String, channel_id: String, permission: Permission) -> bool | nothing;
            RolesGrantPermission roles_grant_permission(role_names: Vec<String>, permission_id: String) -> bool | nothing;

            // bots
            EnsureBotUser ensure_bot_user(bot: Bot) -> String | error;
            CreateBot create_bot(bot: Bot) -> Bot | app_error;
            PatchBot patch_bot(bot_user_id: String, patch: BotPatch) -> Bot | app_error;
            GetBot get_bot(bot_user_id: String, include_deleted: bool) -> Bot | app_error;
            GetBots get_bots(options: BotGetOptions) -> Vec<Bot> | app_error;
            UpdateBotActive update_bot_active(bot_user_id: String, active: bool) -> Bot | app_error;
            PermanentDeleteBot permanent_delete_bot(bot_user_id: String) -> () | app_error;

            // teams
            CreateTeam create_team(team: Team) -> Team | app_error;
            DeleteTeam delete_team(team_id: String) -> () | app_error;
            GetTeams get_teams() -> Vec<Team> | app_error;
            GetTeam get_team(team_id: String) -> Team | app_error;
            GetTeamByName get_team_by_name(name: String) -> Team | app_error;
            UpdateTeam update_team(team: Team) -> Team | app_error;
            SearchTeams search_teams(term: String) -> Vec<Team> | app_error;
            GetTeamsForUser get_teams_for_user(user_id: String) -> Vec<Team> | app_error;
            GetTeamStats get_team_stats(team_id: String) -> TeamStats | app_error;
            CreateTeamMember create_team_member(team_id: String, user_id: String) -> TeamMember | app_error;
            DeleteTeamMember delete_team_member(team_id: String, user_id: String, requestor_id: String) -> () | app_error;
            GetTeamMembers get_team_members(team_id: String, page: i64, per_page: i64) -> Vec<TeamMember> | app_error;
            GetTeamMember get_team_member(team_id: String, user_id: String) -> TeamMember | app_error;
            GetTeamMembersForUser get_team_members_for_user(user_id: String, page: i64, per_page: i64) -> Vec<TeamMember> | app_error;
            UpdateTeamMemberRoles update_team_member_roles(team_id: String, user_id: String, new_roles: String) -> TeamMember | app_error;

            // channels
            CreateChannel create_channel(channel: Channel) -> Channel | app_error;
            DeleteChannel delete_channel(channel_id: String) -> () | app_error;
            GetPublicChannelsForTeam get_public_channels_for_team(team_id: String, page: i64, per_page: i64) -> Vec<Channel> | app_error;
            GetChannel get_channel(channel_id: String) -> Channel | app_error;
            GetChannelByName get_channel_by_name(team_id: String, name: String, include_deleted: bool) -> Channel | app_error;
            GetChannelByNameForTeamName get_channel_by_name_for_team_name(team_name: String, channel_name: String, include_deleted: bool) -> Channel | app_error;
            GetChannelsForTeamForUser get_channels_for_team_for_user(team_id: String, user_id: String, include_deleted: bool) -> Vec<Channel> | app_error;
            GetChannelStats get_channel_stats(channel_id: String) -> ChannelStats | app_error;
            GetDirectChannel get_direct_channel(user_id_1: String, user_id_2: String) -> Channel | app_error;
            GetGroupChannel get_group_channel(user_ids: Vec<String>) -> Channel | app_error;
            UpdateChannel update_channel(channel: Channel) -> Channel | app_error;
            SearchChannels search_channels(team_id: String, term: String) -> Vec<Channel> | app_error;
            AddChannelMember add_channel_member(channel_id: String, user_id: String) -> ChannelMember | app_error;
            AddUserToChannel add_user_to_channel(channel_id: String, user_id: String, as_user_id: String) -> ChannelMember | app_error;
            GetChannelMember get_channel_member(channel_id: String, user_id: String) -> ChannelMember | app_error;
            GetChannelMembers get_channel_members(channel_id: String, page: i64, per_page: i64) -> Vec<ChannelMember> | app_error;
            GetChannelMembersByIds get_channel_members_by_ids(channel_id: String, user_ids: Vec<String>) -> Vec<ChannelMember> | app_error;
            GetChannelMembersForUser get_channel_members_for_user(team_id: String, user_id: String, page: i64, per_page: i64) -> Vec<ChannelMember> | app_error;
            UpdateChannelMemberRoles update_channel_member_roles(channel_id: String, user_id: String, new_roles: String) -> ChannelMember | app_error;
            UpdateChannelMemberNotifications update_channel_member_notifications(channel_id: String, user_id: String, notifications: BTreeMap<String, String>) -> ChannelMember | app_error;
            DeleteChannelMember delete_channel_member(channel_id: String, user_id: String) -> () | app_error;

            // posts
            CreatePost create_post(post: Post) -> Post | app_error;
            UpdatePost update_post(post: Post) -> Post | app_error;
            DeletePost delete_post(post_id: String) -> () | app_error;
            GetPost get_post(post_id: String) -> Post | app_error;
            GetPostThread get_post_thread(post_id: String) -> PostList | app_error;
            GetPostsSince get_posts_since(channel_id: String, time: i64) -> PostList | app_error;
            GetPostsAfter get_posts_after(channel_id: String, post_id: String, page: i64, per_page: i64) -> PostList | app_error;
            GetPostsBefore get_posts_before(channel_id: String, post_id: String, page: i64, per_page: i64) -> PostList | app_error;
            GetPostsForChannel get_posts_for_channel(channel_id: String, page: i64, per_page: i64) -> PostList | app_error;
            SearchPostsInTeam search_posts_in_team(team_id: String, params: Vec<SearchParams>) -> Vec<Post> | app_error;
            SendEphemeralPost send_ephemeral_post(user_id: String, post: Post) -> Post | nothing;
            UpdateEphemeralPost update_ephemeral_post(user_id: String, post: Post) -> Post | nothing;
            DeleteEphemeralPost delete_ephemeral_post(user_id: String, post_id: String) -> () | nothing;
            AddReaction add_reaction(reaction: Reaction) -> Reaction | app_error;
            RemoveReaction remove_reaction(reaction: Reaction) -> () | app_error;
            GetReactions get_reactions(post_id: String) -> Vec<Reaction> | app_error;
            PublishUserTyping publish_user_typing(user_id: String, channel_id: String, parent_id: String) -> () | app_error;

            // dialogs
            OpenInteractiveDialog open_interactive_dialog(dialog: OpenDialogRequest) -> () | app_error;

            // files
            UploadFile upload_file(data: Bytes, channel_id: String, filename: String) -> FileInfo | app_error;
            CopyFileInfos copy_file_infos(user_id: String, file_ids: Vec<String>) -> Vec<String> | app_error;
            GetFileInfo get_file_info(file_id: String) -> FileInfo | app_error;
            GetFile get_file(file_id: String) -> Bytes | app_error;
            GetFileLink get_file_link(file_id: String) -> String | app_error;
            ReadFile read_file(path: String) -> Bytes | app_error;
            CreateUploadSession create_upload_session(session: UploadSession) -> UploadSession | error;
            GetUploadSession get_upload_session(upload_id: String) -> UploadSession | error;

            // emoji
            GetEmojiList get_emoji_list(sort_by: String, page: i64, per_page: i64) -> Vec<Emoji> | app_error;
            GetEmojiByName get_emoji_by_name(name: String) -> Emoji | app_error;

            // key-value store
            KVSet kv_set(key: String, value: Bytes) -> () | app_error;
            KVSetWithExpiry kv_set_with_expiry(key: String, value: Bytes, expire_in_seconds: i64) -> () | app_error;
            KVSetWithOptions kv_set_with_options(key: String, value: Bytes, options: KvSetOptions) -> bool | app_error;
            KVCompareAndSet kv_compare_and_set(key: String, old_value: Bytes, new_value: Bytes) -> bool | app_error;
            KVCompareAndDelete kv_compare_and_delete(key: String, old_value: Bytes) -> bool | app_error;
            KVGet kv_get(key: String) -> Bytes | app_error;
            KVDelete kv_delete(key: String) -> () | app_error;
            KVDeleteAll kv_delete_all() -> () | app_error;
            KVList kv_list(page: i64, per_page: i64) -> Vec<String> | app_error;

            // events
            PublishWebSocketEvent publish_web_socket_event(event: String, payload: Map<String, Value>, broadcast: WebSocketBroadcast) -> () | nothing;
            PublishPluginClusterEvent publish_plugin_cluster_event(event: ClusterEvent, options: ClusterEventSendOptions) -> () | error;
            SendPushNotification send_push_notification(notification: PushNotification, user_id: String) -> () | app_error;
            SendMail send_mail(to: String, subject: String, html_body: String) -> () | app_error;
            LogAuditRec log_audit_rec(record: AuditRecord) -> () | nothing;
        }
    };
}
pub use crate::for_each_api_method;

/// A log line's severity, as Mattermost names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Diagnostics, off by default.
    Debug,
    /// Something an administrator may want to know.
    Info,
    /// Something that may need attention.
    Warn,
    /// Something that does.
    Error,
}

macro_rules! host_trait {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        /// The server's API as an object: what a transport offers on the plugin's side and what a
        /// host answers.
        ///
        /// Authors use the services of [`Api`](crate::Api) instead.
        pub trait Host: Send + Sync + 'static {
            /// Whether the transport carries this. Where it does not, it falls back as
            /// [`Capability`] says.
            fn supports(&self, capability: Capability) -> bool {
                let _ = capability;
                true
            }

            /// The plugin's own settings as JSON: defaults of the manifest merged with saved
            /// values, **top-level keys in lower case** (`app/plugin_api.go`).
            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>>;

            /// The server's configuration with secrets replaced by 32 `*`. It must not be saved.
            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>>;

            /// The server's configuration with its secrets.
            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>>;

            /// Saves the whole configuration of the server. `OnConfigurationChange` runs before
            /// this returns.
            fn save_config(&self, config: Config) -> BoxFuture<'_, Result<(), Error>>;

            /// Writes one line to the server's log, with fields.
            fn log(&self, level: LogLevel, message: String, fields: Vec<(String, String)>) -> BoxFuture<'_, Result<(), Error>>;

            /// An HTTP request to another plugin: the path is `/<plugin id>/…`.
            fn plugin_http(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, Error>>;

            /// Adds data to an upload session. `None` means that more data is expected.
            fn upload_data(&self, session: UploadSession, data: Body) -> BoxFuture<'_, Result<Option<FileInfo>, Error>>;

            /// Installs a plugin bundle (`.tar.gz`), replacing an installed one if `replace`.
            fn install_plugin(&self, bundle: Body, replace: bool) -> BoxFuture<'_, Result<Manifest, Error>>;

            $(
                #[doc = concat!("Go's `API.", stringify!($name), "`.")]
                $(#[$doc])*
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, Error>>;
            )*
        }

        /// Go names of all API methods that are rows of the table.
        pub const API_METHOD_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
for_each_api_method!(host_trait);
