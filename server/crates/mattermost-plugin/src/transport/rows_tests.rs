//! Every row of the two tables travels over every transport.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::testing::{TinyHost, activated};
use super::{Capability, Protocol};
use crate::api::Api;
use crate::error::HookError;
use crate::hooks::{HOOK_NAMES, Hooks, Verdict};
use crate::host::API_METHOD_NAMES;
use crate::model::*;
use crate::plugin::Plugin;

const PROTOCOLS: [Protocol; 2] = [Protocol::NetRpc, Protocol::Grpc];

/// Names of what has arrived.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeSet<&'static str>>>);

impl Seen {
    fn note(&self, name: &'static str) {
        self.0.lock().expect("no panic").insert(name);
    }

    fn take(&self) -> BTreeSet<&'static str> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

/// A value that says as little as it can. An empty configuration cannot be sent to a plugin over
/// net/rpc: a server's never is.
fn some<T: Any + Default>() -> T {
    let mut value = T::default();
    if let Some(config) = (&mut value as &mut dyn Any).downcast_mut::<Config>() {
        let json = json!({"ServiceSettings": {"SiteURL": "http://localhost"}});
        *config = serde_json::from_value(json).expect("a configuration");
    }
    value
}

/// Notes which hooks are called, and has them all.
struct Witness(Seen);

macro_rules! witness {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        impl Plugin for Witness {
            const HOOKS: &'static [&'static str] = &[$(stringify!($method)),*];

            fn new(_: Api) -> Self {
                unreachable!("made by the test")
            }

            $(
                async fn $method(&self, $(_: $ty),*) -> $output {
                    self.0.note(stringify!($name));
                    $default
                }
            )*
        }

        /// Calls each hook with arguments that say nothing.
        async fn call_hooks(hooks: &dyn Hooks) {
            $(
                // What has arrived is what counts.
                let _ = hooks.$method($(some::<$ty>()),*).await;
            )*
        }
    };
}
crate::hooks::for_each_hook!(witness);

#[tokio::test]
async fn every_hook_travels() {
    for protocol in PROTOCOLS {
        let seen = Seen::default();
        let witness = Witness(seen.clone());
        let running = activated(protocol, TinyHost::silent(), |_| witness).await;
        let listed = running.hooks().implemented().await.expect("names");
        seen.take();
        call_hooks(running.hooks().as_ref()).await;
        let seen = seen.take();
        for (name, _) in HOOK_NAMES {
            let newer = [
                "ChannelWillBeArchived",
                "ChannelMemberWillBeAdded",
                "TeamMemberWillBeAdded",
            ];
            let carried = protocol.supports(Capability::NewerHooks) || !newer.contains(name);
            assert_eq!(seen.contains(name), carried, "{name} over {protocol}");
            assert_eq!(
                listed.iter().any(|listed| listed == name),
                carried,
                "{name} in the list over {protocol}"
            );
        }
    }
}

/// Calls the API when it is told to.
struct Caller(Api);

#[crate::plugin]
impl Plugin for Caller {
    fn new(api: Api) -> Self {
        Self(api)
    }

    async fn on_deactivate(&self) -> Result<(), HookError> {
        call_methods(self.0.host()).await;
        Ok(())
    }
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        /// Calls each method with arguments that say nothing.
        async fn call_methods(host: &crate::Remote) {
            $(
                // What has arrived is what counts; this host answers nothing.
                let _ = host.$method($(<$ty>::default()),*).await;
            )*
        }
    };
}
crate::host::for_each_api_method!(methods);

#[tokio::test]
async fn every_method_travels() {
    for protocol in PROTOCOLS {
        let seen = Seen::default();
        let known = seen.clone();
        let host = TinyHost::with(move |name, _| {
            known.note(name);
            async { None }
        });
        let running = activated(protocol, host, Caller::new).await;
        seen.take();
        running
            .hooks()
            .on_deactivate()
            .await
            .expect("a call")
            .expect("an end");
        let seen = seen.take();
        for name in API_METHOD_NAMES {
            // Upstream has no handler for these: the plugin falls back.
            let absent =
                protocol == Protocol::Grpc && ["GetPluginID", "LogAuditRec"].contains(name);
            assert_eq!(seen.contains(name), !absent, "{name} over {protocol}");
        }
        assert!(
            seen.contains("LogAuditRec") || seen.contains("Log"),
            "an audit record is not lost over {protocol}"
        );
    }
}

/// The calls of a service in a `.proto` file.
fn calls_of(proto: &str) -> BTreeSet<&str> {
    proto
        .lines()
        .filter_map(|line| line.trim().strip_prefix("rpc ")?.split('(').next())
        .collect()
}

#[test]
fn the_protocol_files_have_a_call_for_each_row() {
    let hooks = calls_of(include_str!("../../proto/mattermost/hooks.proto"));
    let irregular = ["Implemented", "OnActivate", "ServeHTTP"];
    let newer = [
        "ChannelWillBeArchived",
        "ChannelMemberWillBeAdded",
        "TeamMemberWillBeAdded",
    ];
    let rows = HOOK_NAMES.iter().map(|(name, _)| *name).chain(irregular);
    let rows: BTreeSet<&str> = rows.filter(|name| !newer.contains(name)).collect();
    assert_eq!(hooks, rows);

    let api = calls_of(include_str!("../../proto/mattermost/api.proto"));
    for name in API_METHOD_NAMES
        .iter()
        .filter(|name| **name != "LogAuditRec")
    {
        assert!(api.contains(name), "{name}");
    }
}
