//! What an author implements, and how a transport gets to call it.

mod adapter;
mod guard;

use http::{Request, Response, StatusCode};

use crate::api::Api;
use crate::error::HookError;
use crate::hooks::Verdict;
use crate::http::Body;
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};
use crate::transport::Started;

macro_rules! plugin_trait {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        /// A plugin: its state, and the hooks through which the server tells it what happens.
        ///
        /// Write `#[mattermost_plugin::plugin]` above the `impl` block and in it the hooks that the
        /// plugin wants, as `async fn`; the server calls no others. Hooks run beside each other,
        /// may call the API at any time, and should not block their thread: use
        /// `tokio::task::spawn_blocking` for work that does.
        ///
        /// A hook that panics, or does not answer in time (60 seconds; five minutes for a command,
        /// ten seconds for `on_deactivate`), fails alone: the plugin lives on.
        pub trait Plugin: Sized + Send + Sync + 'static {
            /// Names of the methods here that the server shall call. Written by `#[plugin]`.
            const HOOKS: &'static [&'static str];

            /// Makes the plugin when the server activates it. The API answers from here on.
            fn new(api: Api) -> Self;

            /// The server activates the plugin, after a first `on_configuration_change`. An error
            /// stops the activation and is shown to the administrator.
            fn on_activate(&self) -> impl Future<Output = Result<(), HookError>> + Send {
                async { Ok(()) }
            }

            /// An HTTP request to `/plugins/<id>/…`, with that prefix cut off.
            ///
            /// The server has checked the session: `Mattermost-User-Id` names a user that is
            /// logged in, or is missing. Dropping the future, when the client goes away, cancels
            /// the request. There is no time limit while bytes move; after five minutes without
            /// any the request is given up.
            fn serve_http(&self, context: Context, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send {
                async move { not_found(context, request) }
            }

            /// An HTTP request to the server's metrics port, for this plugin.
            fn serve_metrics(&self, context: Context, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send {
                async move { not_found(context, request) }
            }

            $(
                $(#[$doc])*
                fn $method(&self, $($arg: $ty),*) -> impl Future<Output = $output> + Send {
                    async move {
                        $(drop($arg);)*
                        $default
                    }
                }
            )*
        }
    };
}
crate::hooks::for_each_hook!(plugin_trait);

fn not_found(_: Context, _: Request<Body>) -> Response<Body> {
    let mut response = Response::new(Body::from("404 page not found\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// A plugin that a transport can start: what [`serve`](crate::serve()) makes, and what a host runs in
/// its own process for tests.
pub struct Instance(Started);

impl Instance {
    /// The plugin as its executable makes it.
    #[must_use]
    pub fn of<P: Plugin>() -> Self {
        Self::with(P::new)
    }

    /// A plugin that is made in another way than [`Plugin::new`], such as with state from outside.
    #[must_use]
    pub fn with<P: Plugin>(make: impl FnOnce(Api) -> P + Send + 'static) -> Self {
        Self(adapter::start(make))
    }

    pub(crate) fn into_started(self) -> Started {
        self.0
    }
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Instance")
    }
}
