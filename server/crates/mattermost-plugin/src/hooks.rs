//! The hooks a server calls: one row of one table each.
//!
//! [`for_each_hook!`] hands the table to a macro. From it come the author's trait
//! [`Plugin`](crate::Plugin), the object-safe [`Hooks`] that transports carry, and, inside each
//! transport, the dispatch of incoming calls and the client that a host uses. Adding a hook is
//! adding a row here; a transport whose types cannot carry it then fails to compile.
//!
//! A row reads `GoName method(argument: Type, ..) -> Output = default;`, arguments in the order of
//! the Go interface (`server/public/plugin/hooks.go`).
//!
//! Three hooks are not rows: `OnActivate` (it brings the API to life) and the two that speak HTTP.

use futures_util::future::BoxFuture;
use http::{Request, Response};

use crate::error::HookError;
use crate::http::Body;
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};

/// What a hook that may change or refuse something answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<T> {
    /// Go on with what was sent.
    Allow,
    /// Go on with this instead. A server decodes the answer into the object that it sent, so map
    /// entries (`props`) can be added and changed, never removed.
    Replace(T),
    /// Refuse, with the reason that the user is shown.
    Reject(String),
}

/// The reason a hook's work did not come to an answer. No transport carries more than its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HookFailure {
    /// The hook panicked; the text is the panic's message.
    #[error("the plugin's {hook} hook panicked: {message}")]
    Panicked {
        /// Go name of the hook.
        hook: &'static str,
        /// What the panic said.
        message: String,
    },
    /// The hook did not answer in time.
    #[error("the plugin's {hook} hook did not answer within {seconds} seconds")]
    TimedOut {
        /// Go name of the hook.
        hook: &'static str,
        /// The deadline, in seconds.
        seconds: u64,
    },
    /// The plugin has not been activated yet.
    #[error("the plugin is not active")]
    NotActive,
    /// The connection to the plugin failed (host side).
    #[error("{0}")]
    Connection(String),
}

/// Hands the table of hooks to `$callback`.
#[macro_export]
#[doc(hidden)]
macro_rules! for_each_hook {
    ($callback:path) => {
        $callback! {
            /// The plugin is about to stop: disable, upgrade, or server shutdown (which waits ten
            /// seconds at most).
            OnDeactivate on_deactivate() -> Result<(), HookError> = Ok(());
            /// The configuration changed, and once before `OnActivate`. It runs while whoever
            /// saved the configuration waits, even when that is this plugin's own `save` call.
            OnConfigurationChange on_configuration_change() -> Result<(), HookError> = Ok(());
            /// Somebody installed the plugin (not called for prepackaged plugins).
            OnInstall on_install(context: Context, event: InstallEvent) -> Result<(), HookError> = Ok(());
            /// Somebody typed a slash command that this plugin registered.
            ExecuteCommand execute_command(context: Context, args: CommandArgs) -> Result<CommandResponse, AppError> = Ok(CommandResponse::default());
            /// A post is about to be created. Every post of the server waits for the answer.
            MessageWillBePosted message_will_be_posted(context: Context, post: Post) -> Verdict<Post> = Verdict::Allow;
            /// A post is about to be changed.
            MessageWillBeUpdated message_will_be_updated(context: Context, new_post: Post, old_post: Post) -> Verdict<Post> = Verdict::Allow;
            /// A post was created.
            MessageHasBeenPosted message_has_been_posted(context: Context, post: Post) -> () = ();
            /// A post was changed.
            MessageHasBeenUpdated message_has_been_updated(context: Context, new_post: Post, old_post: Post) -> () = ();
            /// A post was deleted.
            MessageHasBeenDeleted message_has_been_deleted(context: Context, post: Post) -> () = ();
            /// A reaction was added to a post.
            ReactionHasBeenAdded reaction_has_been_added(context: Context, reaction: Reaction) -> () = ();
            /// A reaction was removed from a post.
            ReactionHasBeenRemoved reaction_has_been_removed(context: Context, reaction: Reaction) -> () = ();
            /// A user account was created.
            UserHasBeenCreated user_has_been_created(context: Context, user: User) -> () = ();
            /// A user is about to log in; a non-empty answer refuses, with that text.
            UserWillLogIn user_will_log_in(context: Context, user: User) -> String = String::new();
            /// A user logged in.
            UserHasLoggedIn user_has_logged_in(context: Context, user: User) -> () = ();
            /// A user account was deactivated.
            UserHasBeenDeactivated user_has_been_deactivated(context: Context, user: User) -> () = ();
            /// A channel was created.
            ChannelHasBeenCreated channel_has_been_created(context: Context, channel: Channel) -> () = ();
            /// A channel is about to be archived; a non-empty answer refuses, with that text.
            ChannelWillBeArchived channel_will_be_archived(context: Context, channel: Channel) -> String = String::new();
            /// A user is about to be added to a channel.
            ChannelMemberWillBeAdded channel_member_will_be_added(context: Context, member: ChannelMember) -> Verdict<ChannelMember> = Verdict::Allow;
            /// A user joined a channel; `actor` is who added them, when it was not themselves.
            UserHasJoinedChannel user_has_joined_channel(context: Context, member: ChannelMember, actor: Option<User>) -> () = ();
            /// A user left a channel or was removed from it by `actor`.
            UserHasLeftChannel user_has_left_channel(context: Context, member: ChannelMember, actor: Option<User>) -> () = ();
            /// A user is about to be added to a team.
            TeamMemberWillBeAdded team_member_will_be_added(context: Context, member: TeamMember) -> Verdict<TeamMember> = Verdict::Allow;
            /// A user joined a team; `actor` is who added them, when it was not themselves.
            UserHasJoinedTeam user_has_joined_team(context: Context, member: TeamMember, actor: Option<User>) -> () = ();
            /// A user left a team or was removed from it by `actor`.
            UserHasLeftTeam user_has_left_team(context: Context, member: TeamMember, actor: Option<User>) -> () = ();
            /// Another instance of this plugin in the cluster sent an event.
            OnPluginClusterEvent on_plugin_cluster_event(context: Context, event: ClusterEvent) -> () = ();
            /// A user's client opened a websocket.
            OnWebSocketConnect on_web_socket_connect(connection_id: String, user_id: String) -> () = ();
            /// A user's client closed its websocket.
            OnWebSocketDisconnect on_web_socket_disconnect(connection_id: String, user_id: String) -> () = ();
            /// A client sent a websocket message with an action `custom_<plugin id>_…`.
            WebSocketMessageHasBeenPosted web_socket_message_has_been_posted(connection_id: String, user_id: String, request: WebSocketRequest) -> () = ();
            /// A push notification is about to be sent.
            NotificationWillBePushed notification_will_be_pushed(notification: PushNotification, user_id: String) -> Verdict<PushNotification> = Verdict::Allow;
            /// A user's preferences changed.
            PreferencesHaveChanged preferences_have_changed(context: Context, preferences: Vec<Preference>) -> () = ();
            /// The configuration is about to be saved: `None` accepts it, `Some` replaces it.
            /// Secrets may arrive as 32 `*`.
            ConfigurationWillBeSaved configuration_will_be_saved(config: Config) -> Result<Option<Config>, HookError> = Ok(None);
            /// An administrator generates a support packet.
            GenerateSupportData generate_support_data(context: Context) -> Result<Vec<FileData>, HookError> = Ok(Vec::new());
        }
    };
}
pub use crate::for_each_hook;

macro_rules! hook_trait {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        /// The hooks of one plugin as an object: what a transport serves on the plugin's side and
        /// what it offers on the host's side.
        ///
        /// Authors implement [`Plugin`](crate::Plugin) instead.
        pub trait Hooks: Send + Sync + 'static {
            /// The Go names of the hooks to call; all others must not be.
            fn implemented(&self) -> BoxFuture<'_, Result<Vec<String>, HookFailure>>;

            /// Brings the plugin to life. The API works from here on.
            fn on_activate(&self) -> BoxFuture<'_, Result<Result<(), HookError>, HookFailure>>;

            /// An HTTP request to `/plugins/<id>/…`, with that prefix cut off.
            fn serve_http(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>>;

            /// An HTTP request to the metrics port.
            fn serve_metrics(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>>;

            $($(#[$doc])* fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, HookFailure>>;)*
        }

        /// Go names of all hooks that are rows of the table, with the name of their method here.
        pub const HOOK_NAMES: &[(&str, &str)] = &[$((stringify!($name), stringify!($method))),*];
    };
}
for_each_hook!(hook_trait);

/// Whether `hooks` has this name. The comparison of strings is no `const fn`.
pub(crate) const fn is_listed(hooks: &[&str], name: &str) -> bool {
    let mut index = 0;
    while index < hooks.len() {
        let (hook, name) = (hooks[index].as_bytes(), name.as_bytes());
        let mut same = 0;
        while same < hook.len() && same < name.len() && hook[same] == name[same] {
            same += 1;
        }
        if same == hook.len() && same == name.len() {
            return true;
        }
        index += 1;
    }
    false
}
