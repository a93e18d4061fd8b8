use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use mattermost_plugin::host::{API_METHOD_NAMES, Host, LogLevel, for_each_api_method};
use mattermost_plugin::http::Body;
use mattermost_plugin::model::*;
use mattermost_plugin::{Api, Error};
use serde_json::{Map, Value};

use super::*;
use crate::table::Outcome;

/// API methods that are not rows of the SDK's table, by their Go names.
const IRREGULAR: [&str; 11] = [
    "LoadPluginConfiguration",
    "GetConfig",
    "GetUnsanitizedConfig",
    "SaveConfig",
    "LogDebug",
    "LogInfo",
    "LogWarn",
    "LogError",
    "PluginHTTP",
    "UploadData",
    "InstallPlugin",
];

/// A server that refuses everything.
struct Refusing;

fn refuse<T>(what: &'static str) -> BoxFuture<'static, Result<T, Error>>
where
    T: Send + 'static,
{
    let error = Error::Unsupported {
        what,
        reason: "nothing is".to_owned(),
    };
    Box::pin(std::future::ready(Err(error)))
}

macro_rules! refuse_all {
    ($($(#[$doc:meta])* $name:ident $method:ident($($arg:ident: $ty:ty),*) -> $output:ty | $kind:ident;)*) => {
        impl Host for Refusing {
            fn load_plugin_configuration(&self) -> BoxFuture<'_, Result<Value, Error>> {
                refuse("LoadPluginConfiguration")
            }

            fn get_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                refuse("GetConfig")
            }

            fn get_unsanitized_config(&self) -> BoxFuture<'_, Result<Config, Error>> {
                refuse("GetUnsanitizedConfig")
            }

            fn save_config(&self, _: Config) -> BoxFuture<'_, Result<(), Error>> {
                refuse("SaveConfig")
            }

            fn log(&self, _: LogLevel, _: String, _: Vec<(String, String)>) -> BoxFuture<'_, Result<(), Error>> {
                refuse("Log")
            }

            fn plugin_http(&self, _: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, Error>> {
                refuse("PluginHTTP")
            }

            fn upload_data(&self, _: UploadSession, _: Body) -> BoxFuture<'_, Result<Option<FileInfo>, Error>> {
                refuse("UploadData")
            }

            fn install_plugin(&self, _: Body, _: bool) -> BoxFuture<'_, Result<Manifest, Error>> {
                refuse("InstallPlugin")
            }

            $(
                fn $method(&self, $(_: $ty),*) -> BoxFuture<'_, Result<$output, Error>> {
                    refuse(stringify!($name))
                }
            )*
        }
    };
}
for_each_api_method!(refuse_all);

#[tokio::test(start_paused = true)]
async fn every_method_and_every_hook_has_one_row() {
    let plugin = Conformance::new(Api::new(Arc::new(Refusing)));
    let mut table = checks::run(&plugin.api, &CommandArgs::default(), &plugin.seen).await;
    plugin.seen.report(&mut table).await;
    let names = table.names();
    for method in API_METHOD_NAMES.iter().chain(&IRREGULAR) {
        let rows = names.iter().filter(|name| *name == method).count();
        assert_eq!(rows, 1, "{method}");
    }
    let hooks = mattermost_plugin::hooks::HOOK_NAMES
        .iter()
        .map(|(name, _)| *name)
        .chain(seen::IRREGULAR);
    for hook in hooks {
        assert!(names.contains(&format!("hook {hook}").as_str()), "{hook}");
    }
    // A row that passes on a server that refuses everything checks nothing.
    assert_eq!(table.count(Outcome::Pass), 0, "{}", table.markdown());
}

#[test]
fn every_hook_is_implemented() {
    for (name, method) in mattermost_plugin::hooks::HOOK_NAMES {
        assert!(Conformance::HOOKS.contains(method), "{name}");
    }
    for method in ["on_activate", "serve_http", "serve_metrics"] {
        assert!(Conformance::HOOKS.contains(&method), "{method}");
    }
}

#[test]
fn posts_are_judged_by_their_text() {
    let post = |text: &str| Post {
        id: "p".to_owned(),
        message: text.to_owned(),
        ..Post::default()
    };
    assert_eq!(judge(post("fine")), Verdict::Allow);
    assert_eq!(
        judge(post("please reject-me")),
        Verdict::Reject("rejected by conformance".to_owned())
    );
    assert_eq!(
        judge(post("rewrite-me")),
        Verdict::Replace(post("rewritten"))
    );
}

#[tokio::test]
async fn commands_answer_as_agreed() {
    let plugin = Conformance::new(Api::new(Arc::new(Refusing)));
    let run = |text: &str| {
        let args = CommandArgs {
            command: text.to_owned(),
            ..CommandArgs::default()
        };
        plugin.execute_command(Context::default(), args)
    };
    assert_eq!(
        run("/conformance echo a  b").await.unwrap(),
        CommandResponse::ephemeral("a  b")
    );
    assert_eq!(run("/conformance sleep 1").await.unwrap().text, "sleep ok");
    assert_eq!(
        run("/conformance nested x").await.unwrap_err().status_code,
        400
    );
    assert!(run("/conformance nested 1").await.is_err());
    for dangerous in ["", " block 1", " exit", " save-config"] {
        // This server does not say who is an administrator, so nobody is.
        assert!(
            run(&format!("/conformance{dangerous}")).await.is_err(),
            "{dangerous}"
        );
    }
    assert_eq!(run("/other now").await.unwrap().text, "/other ok");
}

#[tokio::test]
async fn panic_panics() {
    let plugin = Arc::new(Conformance::new(Api::new(Arc::new(Refusing))));
    let args = CommandArgs {
        command: "/conformance panic".to_owned(),
        ..CommandArgs::default()
    };
    let task = tokio::spawn(async move { plugin.execute_command(Context::default(), args).await });
    assert!(task.await.unwrap_err().is_panic());
}
