//! What a plugin asks the server, grouped by service as authors of Go plugins know it
//! (`server/public/pluginapi`).
//!
//! [`Api`] is cheap to clone and every service is free to make: `api.posts().create(&post).await`.
//! Each method is one call to the server unless its documentation says otherwise, and answers
//! [`Error`] when the server refuses, when it cannot be reached, or when the arguments break a
//! limit that the server would only log. Nothing is retried here.
//!
//! Hold no lock over an API call: the server may call a hook before it answers
//! (`save_server` runs `OnConfigurationChange`).

use crate::error::Error;
use crate::remote::Remote;
use crate::transport::Capability;

/// Declares a service: a borrowed view of the host.
macro_rules! service {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'a> {
            host: &'a crate::remote::Remote,
        }

        impl<'a> $name<'a> {
            pub(super) fn new(host: &'a crate::remote::Remote) -> Self {
                Self { host }
            }
        }

        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

mod audit;
mod bots;
mod channels;
mod cluster_events;
mod commands;
mod config;
mod dialog_limits;
mod dialogs;
mod emoji;
mod files;
mod ids;
mod kv;
mod kv_set;
mod log;
mod mail;
pub mod permission;
mod plugins_http;
mod posts;
mod preferences;
mod push;
mod server;
mod sessions;
pub mod settings;
mod teams;
#[cfg(test)]
pub(crate) mod test_host;
#[cfg(test)]
mod tests;
mod users;
mod websocket;

pub use audit::Audit;
pub use bots::Bots;
pub use channels::Channels;
pub use cluster_events::ClusterEvents;
pub use commands::Commands;
pub use config::Configuration;
pub use dialogs::Dialogs;
pub use emoji::EmojiService;
pub use files::{Files, Upload};
pub use ids::new_id;
pub use kv::{KEY_MAX_RUNES, KeyValueStore};
pub use kv_set::KvSet;
pub use log::Log;
pub use mail::Mail;
pub use permission::Permissions;
pub use plugins_http::PluginsHttp;
pub use posts::Posts;
pub use preferences::Preferences;
pub use push::Push;
pub use server::Server;
pub use sessions::Sessions;
pub use teams::Teams;
pub use users::Users;
pub use websocket::WebSocket;

/// The server, as a plugin sees it. Clones share one connection.
#[derive(Clone)]
pub struct Api {
    host: Remote,
}

impl Api {
    /// An API over any host: the server's, or one made for tests.
    #[must_use]
    pub fn new(host: impl Into<Remote>) -> Self {
        Self { host: host.into() }
    }

    /// Whether this server's transport carries something. Where it does not, it falls back as
    /// [`Capability`] says.
    #[must_use]
    pub fn supports(&self, capability: Capability) -> bool {
        self.host.supports(capability)
    }

    /// The server itself, for calls that no service offers.
    #[must_use]
    pub fn host(&self) -> &Remote {
        &self.host
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Api")
    }
}

macro_rules! accessors {
    ($($(#[$doc:meta])* $method:ident -> $service:ident;)*) => {
        impl Api {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $method(&self) -> $service<'_> {
                    $service::new(&self.host)
                }
            )*
        }
    };
}

accessors! {
    /// Audit records.
    audit -> Audit;
    /// Bot accounts.
    bots -> Bots;
    /// Channels and their members.
    channels -> Channels;
    /// Events between the instances of this plugin in a cluster.
    cluster_events -> ClusterEvents;
    /// Slash commands.
    commands -> Commands;
    /// The plugin's settings and the server's configuration.
    config -> Configuration;
    /// Interactive dialogs.
    dialogs -> Dialogs;
    /// Custom emoji.
    emoji -> EmojiService;
    /// Files and uploads.
    files -> Files;
    /// The plugin's own key-value store.
    kv -> KeyValueStore;
    /// The server's log.
    log -> Log;
    /// E-mail.
    mail -> Mail;
    /// Who may do what.
    permissions -> Permissions;
    /// HTTP requests to other plugins.
    plugins_http -> PluginsHttp;
    /// Posts, ephemeral posts and reactions.
    posts -> Posts;
    /// Users' preferences.
    preferences -> Preferences;
    /// Push notifications.
    push -> Push;
    /// The server itself, its licence and its plugins.
    server -> Server;
    /// Login sessions.
    sessions -> Sessions;
    /// Teams and their members.
    teams -> Teams;
    /// User accounts.
    users -> Users;
    /// Events to the web and mobile clients.
    websocket -> WebSocket;
}

/// Turns "does not exist" into `None`.
fn optional<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
