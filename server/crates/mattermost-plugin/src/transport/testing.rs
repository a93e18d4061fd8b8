//! A host whose answers are written down in the test.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use ::http::{Request, Response};
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::host::{Host, LogLevel};
use crate::http::Body;
use crate::model::*;
use crate::plugin::{Instance, Plugin};
use crate::transport::Protocol;
use crate::transport::host::{Running, in_process};

/// The arguments of an API call, each of the type that the table says.
pub(crate) type Arguments = Vec<Box<dyn Any + Send>>;

/// The answer: a `Result` of the type that the table says.
pub(crate) type Answer = Box<dyn Any + Send>;

type Answering =
    Box<dyn Fn(&'static str, Arguments) -> BoxFuture<'static, Option<Answer>> + Send + Sync>;

/// Answers what the test says, and to everything else that it is not available.
pub(crate) struct TinyHost(Answering);

impl TinyHost {
    /// A host that answers nothing.
    pub(crate) fn silent() -> Arc<Self> {
        Self::with(|_, _| async { None })
    }

    /// A host that answers the API method of this Go name.
    pub(crate) fn with<F>(
        answer: impl Fn(&'static str, Arguments) -> F + Send + Sync + 'static,
    ) -> Arc<Self>
    where
        F: Future<Output = Option<Answer>> + Send + 'static,
    {
        Arc::new(Self(Box::new(move |name, arguments| {
            answer(name, arguments).boxed()
        })))
    }

    fn answer<T: 'static>(
        &self,
        name: &'static str,
        arguments: Arguments,
    ) -> BoxFuture<'_, Result<T, Error>> {
        let answer = (self.0)(name, arguments);
        async move {
            match answer.await {
                Some(answer) => *answer
                    .downcast::<Result<T, Error>>()
                    .expect("an answer of the method's type"),
                None => Err(Error::Unsupported {
                    what: name,
                    reason: "the test's host has no answer".to_owned(),
                }),
            }
        }
        .boxed()
    }
}

/// An answer of a [`TinyHost`].
pub(crate) fn answer<T: Send + 'static>(result: Result<T, Error>) -> Option<Answer> {
    Some(Box::new(result))
}

/// Argument `index`, which must be a `T`.
pub(crate) fn argument<T: Clone + 'static>(arguments: &Arguments, index: usize) -> T {
    arguments[index]
        .downcast_ref::<T>()
        .expect("an argument of the method's type")
        .clone()
}

macro_rules! tiny {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        impl Host for TinyHost {
            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>> {
                self.answer("LoadPluginConfiguration", vec![])
            }
            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                self.answer("GetConfig", vec![])
            }
            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                self.answer("GetUnsanitizedConfig", vec![])
            }
            fn save_config(&self, config: Config) -> BoxFuture<'_, Result<(), Error>> {
                self.answer("SaveConfig", vec![Box::new(config)])
            }
            fn log(&self, level: LogLevel, message: String, fields: Vec<(String, String)>) -> BoxFuture<'_, Result<(), Error>> {
                self.answer("Log", vec![Box::new(level), Box::new(message), Box::new(fields)])
            }
            fn plugin_http(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, Error>> {
                self.answer("PluginHTTP", vec![Box::new(request)])
            }
            fn upload_data(&self, session: UploadSession, data: Body) -> BoxFuture<'_, Result<Option<FileInfo>, Error>> {
                self.answer("UploadData", vec![Box::new(session), Box::new(data)])
            }
            fn install_plugin(&self, bundle: Body, replace: bool) -> BoxFuture<'_, Result<Manifest, Error>> {
                self.answer("InstallPlugin", vec![Box::new(bundle), Box::new(replace)])
            }
            $(
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, Error>> {
                    self.answer(stringify!($name), vec![$(Box::new($arg)),*])
                }
            )*
        }
    };
}
crate::host::for_each_api_method!(tiny);

/// A plugin that is connected and active.
pub(crate) async fn activated<P: Plugin>(
    protocol: Protocol,
    host: Arc<dyn Host>,
    make: impl FnOnce(crate::Api) -> P + Send + 'static,
) -> Running {
    let running = in_process(protocol, Instance::with(make), host)
        .await
        .expect("a connection");
    running
        .hooks()
        .on_activate()
        .await
        .expect("a call")
        .expect("an activation");
    running
}

/// The arguments of `/text`.
pub(crate) fn command(text: &str) -> CommandArgs {
    CommandArgs {
        command: text.to_owned(),
        ..CommandArgs::default()
    }
}

/// Sends when it is dropped: shows that a future was cancelled.
pub(crate) struct Dropped(pub(crate) tokio::sync::mpsc::UnboundedSender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.0.send(());
    }
}
