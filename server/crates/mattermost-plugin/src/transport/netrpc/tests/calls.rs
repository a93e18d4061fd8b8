//! Calls in both directions.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use tokio::sync::Barrier;

use super::support::{TinyHost, activated, answer, argument, command};
use crate::api::Api;
use crate::error::{Error, HookError};
use crate::hooks::{Hooks, Verdict};
use crate::model::{
    AppError, CommandArgs, CommandResponse, Config, Context, Post, PostMetadata, User,
};
use crate::plugin::Plugin;

/// A plugin whose command does what the test says.
struct Commands<F>(Api, F);

impl<F, O> Plugin for Commands<F>
where
    F: Fn(Api, Context, CommandArgs) -> O + Send + Sync + 'static,
    O: Future<Output = Result<CommandResponse, AppError>> + Send,
{
    const HOOKS: &'static [&'static str] = &["execute_command"];

    fn new(_: Api) -> Self {
        unreachable!("made by the test")
    }

    async fn execute_command(
        &self,
        context: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        (self.1)(self.0.clone(), context, args).await
    }
}

fn says(text: impl Into<String>) -> Result<CommandResponse, AppError> {
    Ok(CommandResponse {
        text: text.into(),
        ..CommandResponse::default()
    })
}

#[tokio::test]
async fn only_the_hooks_that_are_written_are_listed() {
    struct Some;
    #[crate::plugin]
    impl Plugin for Some {
        fn new(_: Api) -> Self {
            Self
        }
        async fn on_activate(&self) -> Result<(), HookError> {
            Ok(())
        }
        async fn user_has_been_deactivated(&self, _: Context, _: User) {}
    }
    let running = activated(TinyHost::silent(), Some::new).await;
    let names = running.hooks().implemented().await.expect("names");
    assert_eq!(names, ["OnActivate", "UserHasBeenDeactivated"]);
    assert!(running.stop().await, "it quits when asked");
}

#[tokio::test]
async fn a_command_reaches_the_store_and_comes_back() {
    let host = TinyHost::with(|name, arguments| async move {
        assert_eq!(name, "KVGet");
        answer(Ok(Bytes::from(format!(
            "value of {}",
            argument::<String>(&arguments, 0)
        ))))
    });
    let running = activated(host, |api| {
        Commands(
            api,
            |api: Api, context: Context, args: CommandArgs| async move {
                let value = api
                    .host()
                    .kv_get(args.command)
                    .await
                    .map_err(HookError::from)?;
                says(format!(
                    "{} for {}",
                    String::from_utf8_lossy(&value),
                    context.user_agent
                ))
            },
        )
    })
    .await;
    let context = Context {
        user_agent: "curl".to_owned(),
        ..Context::default()
    };
    let response = running
        .hooks()
        .execute_command(context, command("key"))
        .await
        .expect("a call")
        .expect("an answer");
    assert_eq!(response.text, "value of key for curl");
}

#[tokio::test]
async fn hooks_run_beside_each_other() {
    const AT_ONCE: usize = 64;
    let barrier = Arc::new(Barrier::new(AT_ONCE));
    let running = activated(TinyHost::silent(), move |api| {
        Commands(api, move |_: Api, _: Context, args: CommandArgs| {
            let barrier = barrier.clone();
            async move {
                // Nobody passes before all have arrived.
                barrier.wait().await;
                says(args.command)
            }
        })
    })
    .await;
    let calls = (0..AT_ONCE).map(|number| {
        let hooks = running.hooks().clone();
        async move {
            let answered = hooks
                .execute_command(Context::default(), command(&number.to_string()))
                .await;
            assert_eq!(
                answered.expect("a call").expect("an answer").text,
                number.to_string()
            );
        }
    });
    futures_util::future::join_all(calls).await;
}

#[tokio::test]
async fn a_hook_may_be_called_while_it_calls_the_api() {
    struct Configured(Api);
    #[crate::plugin]
    impl Plugin for Configured {
        fn new(api: Api) -> Self {
            Self(api)
        }
        async fn execute_command(
            &self,
            _: Context,
            _: CommandArgs,
        ) -> Result<CommandResponse, AppError> {
            let settings = json!({"A": 1}).as_object().cloned().unwrap_or_default();
            self.0
                .host()
                .save_plugin_config(settings)
                .await
                .map_err(HookError::from)?;
            says("saved")
        }
        async fn on_configuration_change(&self) -> Result<(), HookError> {
            let settings = self.0.host().load_plugin_configuration().await?;
            match settings["a"].as_i64() {
                Some(_) => Ok(()),
                None => Err(HookError::new("no setting")),
            }
        }
    }
    let hooks = Arc::new(std::sync::OnceLock::<Arc<dyn Hooks>>::new());
    let known = hooks.clone();
    let host = TinyHost::with(move |name, _| {
        let hooks = known.clone();
        async move {
            match name {
                "LoadPluginConfiguration" => answer(Ok(json!({"a": 1}))),
                "SavePluginConfig" => {
                    let hooks = hooks.get().expect("an active plugin");
                    hooks
                        .on_configuration_change()
                        .await
                        .expect("a call")
                        .expect("a good configuration");
                    answer(Ok(()))
                }
                _ => None,
            }
        }
    });
    let running = activated(host, Configured::new).await;
    assert!(hooks.set(running.hooks().clone()).is_ok());
    let response = running
        .hooks()
        .execute_command(Context::default(), command(""))
        .await;
    assert_eq!(response.expect("a call").expect("an answer").text, "saved");
}

#[tokio::test]
async fn errors_of_the_api_keep_what_they_say() {
    let refused = AppError {
        id: "store.sql_user.missing".to_owned(),
        message: "No user.".to_owned(),
        detailed_error: "id=1".to_owned(),
        status_code: 404,
        r#where: "GetUser".to_owned(),
        ..AppError::default()
    };
    let expected = refused.clone();
    let host = TinyHost::with(move |name, _| {
        let refused = refused.clone();
        async move {
            match name {
                "GetUser" => answer::<User>(Err(Error::App(refused))),
                "GetTeam" => {
                    answer::<crate::model::Team>(Err(Error::Missing { method: "GetTeam" }))
                }
                "RegisterCommand" => answer::<()>(Err(Error::Invalid("no trigger".to_owned()))),
                "GetLicense" => answer::<Option<crate::model::License>>(Ok(None)),
                "KVList" => answer(Ok(Vec::<String>::new())),
                "IsEnterpriseReady" => answer(Ok(false)),
                _ => None,
            }
        }
    });
    let running = activated(host, move |api| {
        Commands(api, move |api: Api, _: Context, _: CommandArgs| {
            let expected = expected.clone();
            async move {
                let host = api.host();
                match host.get_user("1".to_owned()).await {
                    Err(Error::App(error)) => assert_eq!(error, expected),
                    other => panic!("{other:?}"),
                }
                assert!(matches!(
                    host.get_team(String::new()).await,
                    Err(Error::Missing { method: "GetTeam" })
                ));
                let registered = host
                    .register_command(crate::model::Command::default())
                    .await;
                assert_eq!(registered.expect_err("an error").to_string(), "no trigger");
                assert_eq!(host.get_license().await.expect("an answer"), None);
                assert_eq!(
                    host.kv_list(0, 1).await.expect("an answer"),
                    Vec::<String>::new()
                );
                assert!(!host.is_enterprise_ready().await.expect("an answer"));
                assert!(matches!(
                    host.get_channel(String::new()).await,
                    Err(Error::Transport {
                        method: "GetChannel",
                        ..
                    })
                ));
                says("checked")
            }
        })
    })
    .await;
    let response = running
        .hooks()
        .execute_command(Context::default(), command(""))
        .await;
    assert_eq!(
        response.expect("a call").expect("an answer").text,
        "checked"
    );
}

#[tokio::test]
async fn verdicts_cross_the_wire() {
    struct Judge;
    #[crate::plugin]
    impl Plugin for Judge {
        fn new(_: Api) -> Self {
            Self
        }
        async fn message_will_be_posted(&self, _: Context, mut post: Post) -> Verdict<Post> {
            judge(&mut post)
        }
        async fn message_will_be_updated(
            &self,
            _: Context,
            mut post: Post,
            _: Post,
        ) -> Verdict<Post> {
            judge(&mut post)
        }
        async fn configuration_will_be_saved(
            &self,
            mut config: Config,
        ) -> Result<Option<Config>, HookError> {
            match config.text("/ServiceSettings/SiteURL") {
                "" => Err(HookError::new("no address")),
                "http://fine" => Ok(None),
                _ => {
                    config.set("/ServiceSettings/SiteURL", "http://better");
                    Ok(Some(config))
                }
            }
        }
    }
    fn judge(post: &mut Post) -> Verdict<Post> {
        match post.message.as_str() {
            "bad" => Verdict::Reject("mind your words".to_owned()),
            "loud" => {
                post.message = "quiet".to_owned();
                Verdict::Replace(post.clone())
            }
            _ => Verdict::Allow,
        }
    }
    let running = activated(TinyHost::silent(), Judge::new).await;
    let hooks = running.hooks();
    let cases = [
        ("good", Verdict::Allow),
        ("bad", Verdict::Reject("mind your words".to_owned())),
        ("loud", Verdict::Replace("quiet")),
    ];
    for (message, expected) in cases {
        let post = Post {
            message: message.to_owned(),
            is_pinned: true,
            metadata: Some(PostMetadata::default()),
            ..Post::default()
        };
        let posted = hooks
            .message_will_be_posted(Context::default(), post.clone())
            .await
            .expect("a call");
        let updated = hooks
            .message_will_be_updated(Context::default(), post.clone(), Post::default())
            .await
            .expect("a call");
        let expected = match expected {
            Verdict::Replace(message) => Verdict::Replace(Post {
                message: message.to_owned(),
                ..post
            }),
            Verdict::Allow => Verdict::Allow,
            Verdict::Reject(reason) => Verdict::Reject(reason),
        };
        assert_eq!(posted, expected);
        assert_eq!(updated, expected);
    }
    for (address, expected) in [
        ("http://fine", Ok(None)),
        ("", Err("no address")),
        ("http://poor", Ok(Some("http://better"))),
    ] {
        let config = Config::new(json!({"ServiceSettings": {"SiteURL": address}}));
        let saved = hooks
            .configuration_will_be_saved(config)
            .await
            .expect("a call");
        let saved = saved
            .map(|config| config.map(|config| config.text("/ServiceSettings/SiteURL").to_owned()));
        assert_eq!(
            saved.map_err(|error| error.to_string()),
            expected
                .map(|new| new.map(str::to_owned))
                .map_err(str::to_owned)
        );
    }
}

#[tokio::test]
async fn log_lines_keep_level_and_fields() {
    let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
    let host = TinyHost::with(move |name, arguments| {
        let sender = sender.clone();
        async move {
            assert_eq!(name, "Log");
            let line = (
                argument::<crate::host::LogLevel>(&arguments, 0),
                argument::<String>(&arguments, 1),
                argument::<Vec<(String, String)>>(&arguments, 2),
            );
            sender.send(line).expect("the test listens");
            answer(Ok(()))
        }
    });
    let running = activated(host, |api| {
        Commands(api, |api: Api, _: Context, _: CommandArgs| async move {
            let fields = vec![
                ("build".to_owned(), "7".to_owned()),
                ("job".to_owned(), String::new()),
            ];
            api.host()
                .log(crate::host::LogLevel::Warn, "slow".to_owned(), fields)
                .await
                .map_err(HookError::from)?;
            says("logged")
        })
    })
    .await;
    running
        .hooks()
        .execute_command(Context::default(), command(""))
        .await
        .expect("a call")
        .expect("an answer");
    let fields = vec![
        ("build".to_owned(), "7".to_owned()),
        ("job".to_owned(), String::new()),
    ];
    assert_eq!(
        lines.recv().await,
        Some((crate::host::LogLevel::Warn, "slow".to_owned(), fields))
    );
}
