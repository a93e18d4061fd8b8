//! What one instance of a plugin can ask of the server (`app/plugin_api.go`).
//!
//! [`PluginHost`] is the [`Host`] that a transport calls. It counts each call and lets planned
//! faults happen; the work is done by the methods of [`PluginApi`], one file for each subject.

mod accounts;
mod channels;
mod configuration;
mod content;
mod files;
mod kv;
mod people;
mod plugins;
mod posts;
mod teams;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use mattermost_plugin::http::Body;
use mattermost_plugin::model::*;
use mattermost_plugin::{Error, Host, LogLevel};
use serde_json::{Map, Value};

use crate::server::{Caller, Server};

/// The API of one instance.
pub(crate) struct PluginApi {
    server: Arc<Server>,
    manifest: Manifest,
    directory: Option<PathBuf>,
    node: usize,
}

impl PluginApi {
    fn caller(&self) -> Caller {
        Caller::system(self.node)
    }

    fn id(&self) -> &str {
        &self.manifest.id
    }
}

/// The API of one instance as transports call it.
pub(crate) struct PluginHost(PluginApi);

impl PluginHost {
    pub(crate) fn new(
        server: Arc<Server>,
        manifest: Manifest,
        directory: Option<PathBuf>,
        node: usize,
    ) -> Self {
        Self(PluginApi {
            server,
            manifest,
            directory,
            node,
        })
    }

    /// Counts a call, lets a planned fault happen, and does the work.
    async fn call<T>(
        &self,
        method: &'static str,
        work: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        let server = &self.0.server;
        server.record(|records| *records.calls.entry(method).or_default() += 1);
        let fault = server.faults().next(method);
        let Some(fault) = fault else {
            return work.await;
        };
        tokio::time::sleep(fault.delay).await;
        match fault.error {
            None => work.await,
            Some(error) => {
                if fault.after_effect {
                    // The work is done; its answer is what gets lost.
                    let _ = work.await;
                }
                Err(error)
            }
        }
    }
}

macro_rules! host {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        impl Host for PluginHost {
            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>> {
                Box::pin(self.call("LoadPluginConfiguration", self.0.load_plugin_configuration()))
            }

            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                Box::pin(self.call("GetConfig", self.0.get_config()))
            }

            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                Box::pin(self.call("GetUnsanitizedConfig", self.0.get_unsanitized_config()))
            }

            fn save_config(&self, config: Config) -> BoxFuture<'_, Result<(), Error>> {
                Box::pin(self.call("SaveConfig", self.0.save_config(config)))
            }

            fn log(&self, level: LogLevel, message: String, fields: Vec<(String, String)>) -> BoxFuture<'_, Result<(), Error>> {
                self.0.server.log(level, self.0.id(), self.0.node, &message, fields);
                Box::pin(async { Ok(()) })
            }

            fn plugin_http(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, Error>> {
                Box::pin(self.call("PluginHTTP", self.0.plugin_http(request)))
            }

            fn upload_data(&self, session: UploadSession, data: Body) -> BoxFuture<'_, Result<Option<FileInfo>, Error>> {
                Box::pin(self.call("UploadData", self.0.upload_data(session, data)))
            }

            fn install_plugin(&self, bundle: Body, replace: bool) -> BoxFuture<'_, Result<Manifest, Error>> {
                Box::pin(self.call("InstallPlugin", self.0.install_plugin(bundle, replace)))
            }

            $(
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, Error>> {
                    Box::pin(self.call(stringify!($name), self.0.$method($($arg),*)))
                }
            )*
        }
    };
}
mattermost_plugin::host::for_each_api_method!(host);
