//! A [`Plugin`] as the [`Hooks`] that a transport calls.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};

use super::Plugin;
use super::guard::guarded;
use crate::api::Api;
use crate::error::HookError;
use crate::hooks::{HOOK_NAMES, HookFailure, Hooks, Verdict, is_listed};
use crate::host::LogLevel;
use crate::http::Body;
use crate::http::idle::{IDLE_LIMIT, Traffic};
use crate::model::{
    AppError, Channel, ChannelMember, ClusterEvent, CommandArgs, CommandResponse, Config, Context,
    FileData, InstallEvent, Post, Preference, PushNotification, Reaction, TeamMember, User,
    WebSocketRequest,
};
use crate::remote::Remote;
use crate::transport::{Started, report};

/// Hooks that are no rows of the table, by their Go names.
const IRREGULAR: &[(&str, &str)] = &[
    ("OnActivate", "on_activate"),
    ("ServeHTTP", "serve_http"),
    ("ServeMetrics", "serve_metrics"),
];

/// A plugin that is made by `make` when the server activates it.
pub(super) fn start<P: Plugin>(make: impl FnOnce(Api) -> P + Send + 'static) -> Started {
    Started::of::<P>(move |host| {
        let make: Make<P> = Box::new(make);
        Arc::new(Adapter {
            host,
            make: Mutex::new(Some(make)),
            plugin: OnceLock::new(),
        })
    })
}

type Make<P> = Box<dyn FnOnce(Api) -> P + Send>;

struct Adapter<P> {
    host: Remote,
    make: Mutex<Option<Make<P>>>,
    plugin: OnceLock<P>,
}

impl<P: Plugin> Adapter<P> {
    fn plugin(&self) -> Result<&P, HookFailure> {
        self.plugin.get().ok_or(HookFailure::NotActive)
    }

    /// As Go's shim does (`client_rpc.go`, `hooksRPCServer.OnActivate`): the configuration first,
    /// whose failure is no reason not to activate.
    async fn activate(&self) -> Result<(), HookError> {
        let make = self
            .make
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let plugin = match make {
            Some(make) => {
                let made = make(Api::new(self.host.clone()));
                self.plugin.get_or_init(|| made)
            }
            None => self.plugin().map_err(HookError::from)?,
        };
        if P::HOOKS.contains(&"on_configuration_change")
            && let Err(error) = guarded("OnConfigurationChange", plugin.on_configuration_change())
                .await
                .unwrap_or_else(|failure| Err(failure.into()))
        {
            report(
                LogLevel::Error,
                &format!("OnConfigurationChange failed before activation: {error}"),
            );
        }
        plugin.on_activate().await
    }

    async fn http<'a, F>(
        &'a self,
        hook: &'static str,
        request: Request<Body>,
        serve: impl FnOnce(&'a P, Request<Body>) -> F,
    ) -> Result<Response<Body>, HookFailure>
    where
        F: Future<Output = Response<Body>> + Send,
    {
        let plugin = self.plugin()?;
        let traffic = Traffic::default();
        let request = request.map(|body| traffic.watch_request(body));
        tokio::select! {
            response = guarded(hook, serve(plugin, request)) => {
                Ok(response?.map(|body| traffic.watch_response(body)))
            }
            () = traffic.ceased() => {
                let seconds = IDLE_LIMIT.as_secs();
                tracing::error!(hook, seconds, "HTTP request given up: no byte moved");
                Err(HookFailure::TimedOut { hook, seconds })
            }
        }
    }
}

macro_rules! adapter {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty = $default:expr;)*) => {
        impl<P: Plugin> Hooks for Adapter<P> {
            fn implemented(&self) -> BoxFuture<'_, Result<Vec<String>, HookFailure>> {
                let known = IRREGULAR.iter().chain(HOOK_NAMES);
                let listed = known.filter(|(_, method)| P::HOOKS.contains(method));
                let names = listed.map(|(name, _)| (*name).to_owned()).collect();
                std::future::ready(Ok(names)).boxed()
            }

            fn on_activate(&self) -> BoxFuture<'_, Result<Result<(), HookError>, HookFailure>> {
                guarded("OnActivate", self.activate()).boxed()
            }

            fn serve_http(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>> {
                self.http("ServeHTTP", request, |plugin, request| plugin.serve_http(context, request)).boxed()
            }

            fn serve_metrics(&self, context: Context, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, HookFailure>> {
                self.http("ServeMetrics", request, |plugin, request| plugin.serve_metrics(context, request)).boxed()
            }

            $(
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, HookFailure>> {
                    // The default body of an unlisted hook needs no guard, and no code for one.
                    if const { is_listed(P::HOOKS, stringify!($method)) } {
                        Box::pin(async move { guarded(stringify!($name), self.plugin()?.$method($($arg),*)).await })
                    } else {
                        $(drop($arg);)*
                        Box::pin(std::future::ready(self.plugin().map(|_| $default)))
                    }
                }
            )*
        }
    };
}
crate::hooks::for_each_hook!(adapter);
