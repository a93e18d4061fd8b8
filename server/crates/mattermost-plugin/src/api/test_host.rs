//! A host for unit tests: every call is answered by what a test put in, the key-value store by a
//! small copy of the server's rules.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::Api;
use crate::error::Error;
use crate::host::{Host, LogLevel, for_each_api_method};
use crate::http::Body;
use crate::model::*;

type Anything = Box<dyn Any + Send>;
type Handler = Arc<dyn Fn(Anything) -> BoxFuture<'static, Anything> + Send + Sync>;

/// A line that was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) level: LogLevel,
    pub(crate) message: String,
    pub(crate) fields: Vec<(String, String)>,
}

#[derive(Default)]
pub(crate) struct TestHost {
    handlers: Mutex<HashMap<&'static str, Handler>>,
    logged: Mutex<Vec<Logged>>,
}

impl TestHost {
    /// A host that answers nothing but the key-value store, and the API over it.
    pub(crate) fn with_store() -> (Arc<Self>, Api) {
        Self::on_store(&Store::default())
    }

    /// One of several hosts on one store.
    pub(crate) fn on_store(store: &Store) -> (Arc<Self>, Api) {
        let host = Arc::new(Self::default());
        store.clone().serve(&host);
        let api = Api::new(Arc::clone(&host) as Arc<dyn Host>);
        (host, api)
    }

    /// Answers a method (by its Go name) from now on. `A` is the tuple of its arguments.
    pub(crate) fn on<A, T, F>(&self, method: &'static str, answer: F)
    where
        A: Send + 'static,
        T: Send + 'static,
        F: Fn(A) -> Result<T, Error> + Send + Sync + 'static,
    {
        self.on_async(method, move |arguments: A| {
            let answer = answer(arguments);
            async move { answer }
        });
    }

    /// Answers a method after waiting.
    pub(crate) fn on_async<A, T, F, R>(&self, method: &'static str, answer: F)
    where
        A: Send + 'static,
        T: Send + 'static,
        F: Fn(A) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let handler = move |arguments: Anything| -> BoxFuture<'static, Anything> {
            let arguments = *arguments
                .downcast::<A>()
                .expect("the arguments that the test expects");
            let answer = answer(arguments);
            Box::pin(async move { Box::new(answer.await) as Anything })
        };
        lock(&self.handlers).insert(method, Arc::new(handler));
    }

    pub(crate) fn logged(&self) -> Vec<Logged> {
        lock(&self.logged).clone()
    }

    fn call<A, T>(&self, method: &'static str, arguments: A) -> BoxFuture<'_, Result<T, Error>>
    where
        A: Send + 'static,
        T: Send + 'static,
    {
        let handler = lock(&self.handlers).get(method).cloned();
        Box::pin(async move {
            match handler {
                Some(handler) => *handler(Box::new(arguments))
                    .await
                    .downcast::<Result<T, Error>>()
                    .expect("the answer that the caller expects"),
                None => Err(Error::Unsupported {
                    what: method,
                    reason: "this test does not answer it".to_owned(),
                }),
            }
        })
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// An error of the server.
pub(crate) fn app_error(status: u16) -> Error {
    Error::App(AppError::new("test", "refused", status))
}

macro_rules! answer_all {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        impl Host for TestHost {
            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>> {
                self.call("LoadPluginConfiguration", ())
            }

            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                self.call("GetConfig", ())
            }

            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                self.call("GetUnsanitizedConfig", ())
            }

            fn save_config(&self, config: Config) -> BoxFuture<'_, Result<(), Error>> {
                self.call("SaveConfig", (config,))
            }

            fn log(
                &self,
                level: LogLevel,
                message: String,
                fields: Vec<(String, String)>,
            ) -> BoxFuture<'_, Result<(), Error>> {
                lock(&self.logged).push(Logged { level, message, fields });
                if lock(&self.handlers).contains_key("Log") {
                    return self.call("Log", ());
                }
                Box::pin(std::future::ready(Ok(())))
            }

            fn plugin_http(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, Error>> {
                self.call("PluginHTTP", (request,))
            }

            fn upload_data(&self, session: UploadSession, data: Body) -> BoxFuture<'_, Result<Option<FileInfo>, Error>> {
                self.call("UploadData", (session, data))
            }

            fn install_plugin(&self, bundle: Body, replace: bool) -> BoxFuture<'_, Result<Manifest, Error>> {
                self.call("InstallPlugin", (bundle, replace))
            }

            $(
                fn $method(&self, $($arg: $ty),*) -> BoxFuture<'_, Result<$output, Error>> {
                    self.call(stringify!($name), ($($arg,)*))
                }
            )*
        }
    };
}
for_each_api_method!(answer_all);

/// The server's key-value store of one plugin (`sqlstore/plugin_store.go`), on tokio's clock.
#[derive(Clone, Default)]
pub(crate) struct Store(Arc<Mutex<BTreeMap<String, Entry>>>);

struct Entry {
    value: Bytes,
    ends: Option<Instant>,
}

impl Store {
    pub(crate) fn get(&self, key: &str) -> Option<Bytes> {
        let mut entries = lock(&self.0);
        entries.retain(|_, entry| entry.ends.is_none_or(|ends| Instant::now() < ends));
        entries.get(key).map(|entry| entry.value.clone())
    }

    pub(crate) fn set(&self, key: &str, value: &Bytes, options: &KvSetOptions) -> bool {
        let current = self.get(key).unwrap_or_default();
        if options.atomic && current != options.old_value {
            return false;
        }
        let mut entries = lock(&self.0);
        if value.is_empty() {
            // Nothing there and nothing to delete: no row was affected.
            return entries.remove(key).is_some() || !options.atomic;
        }
        let seconds = u64::try_from(options.expire_in_seconds).unwrap_or(0);
        let ends = (seconds > 0).then(|| Instant::now() + Duration::from_secs(seconds));
        entries.insert(
            key.to_owned(),
            Entry {
                value: value.clone(),
                ends,
            },
        );
        true
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        lock(&self.0).keys().cloned().collect()
    }

    fn serve(self, host: &TestHost) {
        let store = self.clone();
        host.on("KVGet", move |(key,): (String,)| {
            Ok(store.get(&key).unwrap_or_default())
        });
        let store = self.clone();
        host.on("KVSet", move |(key, value): (String, Bytes)| {
            store.set(&key, &value, &KvSetOptions::default());
            Ok(())
        });
        let store = self.clone();
        host.on(
            "KVSetWithOptions",
            move |(key, value, options): (String, Bytes, KvSetOptions)| {
                Ok(store.set(&key, &value, &options))
            },
        );
        let store = self.clone();
        host.on("KVDelete", move |(key,): (String,)| {
            store.set(&key, &Bytes::new(), &KvSetOptions::default());
            Ok(())
        });
        let store = self.clone();
        host.on(
            "KVCompareAndDelete",
            move |(key, old_value): (String, Bytes)| {
                let options = KvSetOptions {
                    atomic: true,
                    old_value,
                    expire_in_seconds: 0,
                };
                Ok(!options.old_value.is_empty() && store.set(&key, &Bytes::new(), &options))
            },
        );
        host.on("KVList", move |(page, per_page): (i64, i64)| {
            let (page, per_page) = (page as usize, per_page as usize);
            Ok(self
                .keys()
                .into_iter()
                .skip(page * per_page)
                .take(per_page)
                .collect::<Vec<_>>())
        });
    }
}
