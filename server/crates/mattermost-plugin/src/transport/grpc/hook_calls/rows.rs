//! Which messages carry which hook: one row each.
//!
//! `Hook(Request { fields } -> Response ANSWER);` — the fields of the request in the order of the
//! hook's arguments. ANSWER is what becomes of the hook's output:
//!
//! | | output |
//! |---|---|
//! | | nothing |
//! | `reason` | a reason to refuse, in `rejection_reason` |
//! | `verdict field` | leave, replace in `field`, or refuse |
//! | `error` | an error at most, in `error` |
//! | `result field` | something in `field`, or an error |
//!
//! A hook that the protocol has no call for is `absent`. Every hook of the table in `hooks.rs` is in
//! one of the two lists; a test says which is missing.

use std::sync::Arc;

#[cfg(any(test, feature = "host"))]
use futures_util::future::BoxFuture;

#[cfg(any(test, feature = "host"))]
use super::Remote;
use super::signature::of::*;
use super::{Row, Signature};
#[cfg(any(test, feature = "host"))]
use crate::hooks::HookFailure;
use crate::hooks::{Hooks, Verdict, is_listed};
use crate::plugin::Plugin;
use crate::transport::Calls;
use crate::transport::grpc::convert::Wire;
#[cfg(any(test, feature = "host"))]
use crate::transport::grpc::convert::error_of_hook;
#[cfg(any(test, feature = "host"))]
use crate::transport::grpc::host::RemoteHooks;
use crate::transport::grpc::messages::api;
use crate::transport::grpc::rpc::Method;

macro_rules! rows {
    ($($name:ident($request:ident { $($field:ident),* } -> $response:ident $($answer:ident $($output:ident)?)?);)*) => {
        $(
            impl Row for $name {
                type Request = api::$request;
                type Response = api::$response;

                #[allow(unused_variables, clippy::unused_unit, reason = "some hooks have no arguments")]
                fn arguments(request: api::$request) -> <$name as Signature>::Arguments {
                    ($(Wire::from_wire(request.$field),)*)
                }

                #[cfg(any(test, feature = "host"))]
                fn request(($($field,)*): <$name as Signature>::Arguments) -> api::$request {
                    api::$request { context: None, $($field: $field.to_wire()),* }
                }

                row!($name $response $($answer $($output)?)?);
            }

            #[cfg(any(test, feature = "host"))]
            impl Remote for $name {
                fn remote(hooks: &RemoteHooks, arguments: Self::Arguments) -> BoxFuture<'_, Result<Self::Output, HookFailure>> {
                    Box::pin(hooks.unary::<Self>(arguments))
                }
            }
        )*

        /// Go names of the hooks that the protocol has a call for.
        #[cfg(test)]
        pub(crate) const CARRIED: &[&str] = &[$($name::NAME),*];

        /// The [`Dispatch`](super::Dispatch) of a plugin: the hooks that it does not list are not there.
        pub(crate) fn dispatch<P: Plugin>(hooks: Arc<dyn Hooks>, calls: Calls, name: &str) -> Option<Method> {
            Some(match name {
                $(stringify!($name) if const { is_listed(P::HOOKS, <$name as Signature>::METHOD) } => {
                    super::service::answer::<$name>(hooks, calls)
                })*
                _ => return None,
            })
        }
    };
}

macro_rules! row {
    ($name:ident $response:ident) => {
        fn response((): ()) -> api::$response {
            api::$response {}
        }

        #[cfg(any(test, feature = "host"))]
        fn output(_: api::$response) {}
    };
    ($name:ident $response:ident reason) => {
        fn response(rejection_reason: String) -> api::$response {
            api::$response { rejection_reason }
        }

        #[cfg(any(test, feature = "host"))]
        fn output(response: api::$response) -> String {
            response.rejection_reason
        }
    };
    ($name:ident $response:ident verdict $replaced:ident) => {
        fn response(verdict: <$name as Signature>::Output) -> api::$response {
            match verdict {
                Verdict::Allow => api::$response::default(),
                Verdict::Replace(value) => api::$response {
                    $replaced: value.to_wire(),
                    ..Default::default()
                },
                Verdict::Reject(rejection_reason) => api::$response {
                    rejection_reason,
                    ..Default::default()
                },
            }
        }

        #[cfg(any(test, feature = "host"))]
        fn output(response: api::$response) -> <$name as Signature>::Output {
            match Wire::present(response.$replaced) {
                _ if !response.rejection_reason.is_empty() => {
                    Verdict::Reject(response.rejection_reason)
                }
                Some(value) => Verdict::Replace(value),
                None => Verdict::Allow,
            }
        }
    };
    ($name:ident $response:ident error) => {
        fn response(outcome: <$name as Signature>::Output) -> api::$response {
            api::$response {
                error: outcome.err().map(|error| ($name::NAME, error).into()),
            }
        }

        #[cfg(any(test, feature = "host"))]
        fn output(response: api::$response) -> <$name as Signature>::Output {
            response
                .error
                .map_or(Ok(()), |error| Err(error_of_hook(*error).into()))
        }
    };
    ($name:ident $response:ident result $output:ident) => {
        fn response(outcome: <$name as Signature>::Output) -> api::$response {
            match outcome {
                Ok(output) => api::$response {
                    error: None,
                    $output: output.to_wire(),
                },
                Err(error) => api::$response {
                    error: Some(($name::NAME, error).into()),
                    ..Default::default()
                },
            }
        }

        #[cfg(any(test, feature = "host"))]
        fn output(response: api::$response) -> <$name as Signature>::Output {
            match response.error {
                None => Ok(Wire::from_wire(response.$output)),
                Some(error) => Err(error_of_hook(*error).into()),
            }
        }
    };
}

macro_rules! absent {
    ($($name:ident;)*) => {
        /// Go names of the hooks that the protocol has no call for.
        pub(super) const ABSENT: &[&str] = &[$($name::NAME),*];

        $(
            #[cfg(any(test, feature = "host"))]
            impl Remote for $name {
                fn remote(_: &RemoteHooks, _: Self::Arguments) -> BoxFuture<'_, Result<Self::Output, HookFailure>> {
                    let reason = concat!("the protocol has no call for ", stringify!($name));
                    Box::pin(std::future::ready(Err(HookFailure::Connection(reason.to_owned()))))
                }
            }
        )*
    };
}

rows! {
    // lifecycle
    OnDeactivate(OnDeactivateRequest {} -> OnDeactivateResponse error);
    OnConfigurationChange(OnConfigurationChangeRequest {} -> OnConfigurationChangeResponse error);
    OnInstall(OnInstallRequest { plugin_context, event } -> OnInstallResponse error);
    ConfigurationWillBeSaved(ConfigurationWillBeSavedRequest { new_config } -> ConfigurationWillBeSavedResponse result modified_config);
    GenerateSupportData(GenerateSupportDataRequest { plugin_context } -> GenerateSupportDataResponse result files);

    // commands, events
    ExecuteCommand(ExecuteCommandRequest { plugin_context, args } -> ExecuteCommandResponse result response);
    OnPluginClusterEvent(OnPluginClusterEventRequest { plugin_context, event } -> OnPluginClusterEventResponse);
    OnWebSocketConnect(OnWebSocketConnectRequest { web_conn_id, user_id } -> OnWebSocketConnectResponse);
    OnWebSocketDisconnect(OnWebSocketDisconnectRequest { web_conn_id, user_id } -> OnWebSocketDisconnectResponse);
    WebSocketMessageHasBeenPosted(WebSocketMessageHasBeenPostedRequest { web_conn_id, user_id, request } -> WebSocketMessageHasBeenPostedResponse);
    NotificationWillBePushed(NotificationWillBePushedRequest { push_notification, user_id } -> NotificationWillBePushedResponse verdict modified_notification);

    // messages
    MessageWillBePosted(MessageWillBePostedRequest { plugin_context, post } -> MessageWillBePostedResponse verdict modified_post);
    MessageWillBeUpdated(MessageWillBeUpdatedRequest { plugin_context, new_post, old_post } -> MessageWillBeUpdatedResponse verdict modified_post);
    MessageHasBeenPosted(MessageHasBeenPostedRequest { plugin_context, post } -> MessageHasBeenPostedResponse);
    MessageHasBeenUpdated(MessageHasBeenUpdatedRequest { plugin_context, new_post, old_post } -> MessageHasBeenUpdatedResponse);
    MessageHasBeenDeleted(MessageHasBeenDeletedRequest { plugin_context, post } -> MessageHasBeenDeletedResponse);
    ReactionHasBeenAdded(ReactionHasBeenAddedRequest { plugin_context, reaction } -> ReactionHasBeenAddedResponse);
    ReactionHasBeenRemoved(ReactionHasBeenRemovedRequest { plugin_context, reaction } -> ReactionHasBeenRemovedResponse);

    // users, channels, teams
    UserHasBeenCreated(UserHasBeenCreatedRequest { plugin_context, user } -> UserHasBeenCreatedResponse);
    UserWillLogIn(UserWillLogInRequest { plugin_context, user } -> UserWillLogInResponse reason);
    UserHasLoggedIn(UserHasLoggedInRequest { plugin_context, user } -> UserHasLoggedInResponse);
    UserHasBeenDeactivated(UserHasBeenDeactivatedRequest { plugin_context, user } -> UserHasBeenDeactivatedResponse);
    ChannelHasBeenCreated(ChannelHasBeenCreatedRequest { plugin_context, channel } -> ChannelHasBeenCreatedResponse);
    UserHasJoinedChannel(UserHasJoinedChannelRequest { plugin_context, channel_member, actor } -> UserHasJoinedChannelResponse);
    UserHasLeftChannel(UserHasLeftChannelRequest { plugin_context, channel_member, actor } -> UserHasLeftChannelResponse);
    UserHasJoinedTeam(UserHasJoinedTeamRequest { plugin_context, team_member, actor } -> UserHasJoinedTeamResponse);
    UserHasLeftTeam(UserHasLeftTeamRequest { plugin_context, team_member, actor } -> UserHasLeftTeamResponse);
    PreferencesHaveChanged(PreferencesHaveChangedRequest { plugin_context, preferences } -> PreferencesHaveChangedResponse);
}

absent! {
    ChannelWillBeArchived;
    ChannelMemberWillBeAdded;
    TeamMemberWillBeAdded;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ABSENT, CARRIED};
    use crate::hooks::HOOK_NAMES;

    #[test]
    fn every_hook_has_a_row() {
        let table: BTreeSet<&str> = HOOK_NAMES.iter().map(|(name, _)| *name).collect();
        let rows: BTreeSet<&str> = CARRIED.iter().chain(ABSENT).copied().collect();
        assert_eq!(rows, table);
        assert_eq!(CARRIED.len() + ABSENT.len(), table.len());
    }
}
