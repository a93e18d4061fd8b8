//! The table of hooks as types.

use futures_util::future::BoxFuture;

use super::Signature;
use crate::error::HookError;
use crate::hooks::{HookFailure, Hooks, Verdict};
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};

macro_rules! signatures {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        /// One type for each row of the table, under its Go name.
        pub(crate) mod of {
            $(pub(crate) struct $name;)*
        }

        $(
            impl Signature for of::$name {
                const NAME: &'static str = stringify!($name);
                const METHOD: &'static str = stringify!($method);
                #[cfg(any(test, feature = "host"))]
                const PATH: &'static str = concat!("/mattermost.pluginapi.v1.PluginHooks/", stringify!($name));
                type Arguments = ($($ty,)*);
                type Output = $output;

                fn call(hooks: &dyn Hooks, ($($arg,)*): Self::Arguments) -> BoxFuture<'_, Result<Self::Output, HookFailure>> {
                    hooks.$method($($arg),*)
                }
            }
        )*
    };
}
crate::hooks::for_each_hook!(signatures);
