//! What a failure costs: one call, or the process where nothing else helps.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::support::{TinyHost, activated, answer, argument, command};
use crate::api::Api;
use crate::error::Error;
use crate::hooks::{HookFailure, Hooks};
use crate::model::{AppError, CommandArgs, CommandResponse, Context, Post};
use crate::plugin::{Instance, Plugin};
use crate::transport::Calls;
use crate::transport::netrpc::broker::Broker;
use crate::transport::netrpc::client::{CallError, Client};
use crate::transport::netrpc::gob::{Bare, Letters};
use crate::transport::netrpc::header::Empty;
use crate::transport::netrpc::hooks_service::OnActivateArguments;
use crate::transport::netrpc::session::{self, Ended};

/// A plugin that misbehaves on command.
struct Rascal(Api);

#[crate::plugin]
impl Plugin for Rascal {
    fn new(api: Api) -> Self {
        Self(api)
    }

    async fn execute_command(
        &self,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        let text = match args.command.as_str() {
            "panic" => panic!("of {}", "fear"),
            "hang" => std::future::pending().await,
            "get" => match self.0.host().kv_get("key".to_owned()).await {
                Ok(value) => String::from_utf8_lossy(&value).into_owned(),
                Err(error) => error.to_string(),
            },
            other => other.to_owned(),
        };
        Ok(CommandResponse {
            text,
            ..CommandResponse::default()
        })
    }

    async fn message_has_been_posted(&self, _: Context, _: Post) {
        panic!("while nobody waits")
    }
}

async fn say(hooks: &dyn Hooks, text: &str) -> Result<String, AppError> {
    let response = hooks
        .execute_command(Context::default(), command(text))
        .await
        .expect("a call");
    response.map(|response| response.text)
}

#[tokio::test]
async fn a_panic_costs_one_call() {
    let running = activated(TinyHost::silent(), Rascal::new).await;
    let hooks = running.hooks();
    let error = say(hooks.as_ref(), "panic").await.expect_err("an error");
    assert!(
        error
            .message
            .contains("the plugin's ExecuteCommand hook panicked: of fear"),
        "{}",
        error.message
    );
    assert!(
        error.skip_translation,
        "the server would replace the message"
    );
    let failure = hooks
        .message_has_been_posted(Context::default(), Post::default())
        .await
        .expect_err("a failure");
    assert_eq!(
        failure,
        HookFailure::Connection(
            "the plugin's MessageHasBeenPosted hook panicked: while nobody waits".to_owned()
        )
    );
    assert_eq!(say(hooks.as_ref(), "fine").await.as_deref(), Ok("fine"));
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_hangs_delays_neither_pings_nor_others_and_is_given_up() {
    let running = activated(TinyHost::silent(), Rascal::new).await;
    let hooks = running.hooks().clone();
    let started = Instant::now();
    let hanging = tokio::spawn(async move { say(hooks.as_ref(), "hang").await });
    running.ping().await.expect("an answer");
    assert_eq!(
        say(running.hooks().as_ref(), "fine").await.as_deref(),
        Ok("fine")
    );
    assert!(started.elapsed() < Duration::from_secs(1));
    let error = hanging.await.expect("no panic").expect_err("an error");
    assert!(
        error.message.contains("did not answer within 300 seconds"),
        "{}",
        error.message
    );
    assert_eq!(started.elapsed().as_secs(), 300);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_too_late_is_thrown_away() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let host = TinyHost::with(move |_, arguments| {
        let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if first {
                tokio::time::sleep(Duration::from_secs(90)).await;
            }
            answer(Ok(Bytes::from(format!(
                "{}-{first}",
                argument::<String>(&arguments, 0)
            ))))
        }
    });
    let running = activated(host, Rascal::new).await;
    let first = say(running.hooks().as_ref(), "get")
        .await
        .expect("an answer");
    assert_eq!(first, "the server did not answer KVGet within 60 seconds");
    // The late answer arrives now.
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(
        say(running.hooks().as_ref(), "get").await.as_deref(),
        Ok("key-false")
    );
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn before_the_activation_hooks_and_api_say_so() {
    let running =
        crate::transport::netrpc::host::in_process(Instance::of::<Rascal>(), TinyHost::silent())
            .await
            .expect("a connection");
    let error = say(running.hooks().as_ref(), "fine")
        .await
        .expect_err("an error");
    assert!(
        error.message.contains("the plugin is not active"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn an_activation_that_fails_says_why() {
    struct Unwilling;
    impl Plugin for Unwilling {
        const HOOKS: &'static [&'static str] = &["on_activate"];
        fn new(_: Api) -> Self {
            panic!("no")
        }
    }
    let running =
        crate::transport::netrpc::host::in_process(Instance::of::<Unwilling>(), TinyHost::silent())
            .await
            .expect("a connection");
    let error = running
        .hooks()
        .on_activate()
        .await
        .expect("a call")
        .expect_err("an error");
    assert_eq!(
        error.to_string(),
        "the plugin's OnActivate hook panicked: no"
    );
}

/// The host's end of a plugin that the test serves itself.
struct RawHost {
    control: Client<goplugin::yamux::Stream>,
    broker: Broker,
    ended: tokio::task::JoinHandle<std::io::Result<Ended>>,
}

impl RawHost {
    async fn of<P: Plugin>() -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let ended = tokio::spawn(session::serve(
            theirs,
            Instance::of::<P>().into_started(),
            Calls::here(),
        ));
        let session = goplugin::yamux::Session::client(ours, session::config()).expect("a session");
        let control = Client::new(session.open().await.expect("a stream"));
        for _ in 0..2 {
            let output = session.open().await.expect("a stream");
            tokio::spawn(
                async move { tokio::io::copy(&mut { output }, &mut tokio::io::sink()).await },
            );
        }
        let broker = Broker::new(session);
        tokio::spawn(broker.clone().run());
        Self {
            control,
            broker,
            ended,
        }
    }

    async fn call(&self, method: &str, text: &str) -> Result<Bare<u32>, CallError> {
        self.control
            .call_unlimited(method, &Bare(text.to_owned()), Bare(0))
            .await
    }

    async fn hooks(&self) -> Client<goplugin::yamux::Stream> {
        let Bare(number) = self
            .call("Dispenser.Dispense", "hooks")
            .await
            .expect("a number");
        Client::new(
            self.broker
                .dial(number)
                .await
                .expect("a stream")
                .established()
                .await
                .expect("a stream"),
        )
    }
}

#[tokio::test]
async fn a_lost_api_ends_the_plugin() {
    let host = RawHost::of::<Rascal>().await;
    let hooks = host.hooks().await;
    let (api, driver) = (host.broker.listen(), host.broker.listen());
    let arguments = OnActivateArguments {
        api: api.number(),
        driver: driver.number(),
    };
    let call = hooks.call_unlimited("Plugin.OnActivate", &arguments, Empty::default());
    let (activated, api, driver) = tokio::join!(call, api.accept(), driver.accept());
    activated.expect("an activation");
    drop(api);
    let ended = host.ended.await.expect("no panic").expect("an end");
    assert_eq!(ended, Ended::ApiLost("the other side closed it".to_owned()));
    drop(driver);
}

#[tokio::test]
async fn a_plugin_quits_when_asked_and_ends_when_the_host_is_gone() {
    let host = RawHost::of::<Rascal>().await;
    let quit = host
        .control
        .call_unlimited("Control.Quit", &Bare(true), Empty::default());
    quit.await.expect("the answer comes before the end");
    drop((host.control, host.broker));
    assert_eq!(
        host.ended.await.expect("no panic").expect("an end"),
        Ended::Quit
    );

    let host = RawHost::of::<Rascal>().await;
    host.control
        .call_unlimited("Control.Ping", &Bare(true), Empty::default())
        .await
        .expect("an answer");
    drop((host.control, host.broker));
    let ended = host.ended.await.expect("no panic").expect("an end");
    assert!(matches!(ended, Ended::HostGone(_)), "{ended:?}");
}

#[tokio::test]
async fn calls_that_make_no_sense_are_refused_in_gos_words() {
    let host = RawHost::of::<Rascal>().await;
    let refused = |text: &str| Err(CallError::Refused(text.to_owned()));
    assert_eq!(
        host.call("Dispenser.Dispense", "hats").await,
        refused("unknown plugin type: hats")
    );
    assert_eq!(
        host.call("Dispenser.Dance", "").await,
        refused("rpc: can't find method Dispenser.Dance")
    );
    assert_eq!(
        host.call("Plugin.X", "").await,
        refused("rpc: can't find service Plugin.X")
    );
    let hooks = host.hooks().await;
    let unknown = hooks
        .call_unlimited(
            "Plugin.ServeTea",
            &Letters(("milk".to_owned(),)),
            Empty::default(),
        )
        .await;
    assert_eq!(
        unknown.expect_err("an error"),
        CallError::Refused("rpc: can't find method Plugin.ServeTea".to_owned())
    );
    // A name where a context is expected: the argument is refused, the connection lives on.
    let odd = hooks
        .call_unlimited(
            "Plugin.ExecuteCommand",
            &Letters(("milk".to_owned(),)),
            Empty::default(),
        )
        .await;
    let CallError::Refused(reason) = odd.expect_err("an error") else {
        panic!("a refusal")
    };
    assert!(reason.contains("wrong type"), "{reason}");
    let names: Bare<Vec<String>> = hooks
        .call_unlimited("Plugin.Implemented", &Empty::default(), Bare::default())
        .await
        .expect("names");
    assert_eq!(names.0, ["ExecuteCommand", "MessageHasBeenPosted"]);
}

#[tokio::test]
async fn a_reply_of_another_type_costs_one_call() {
    let host = RawHost::of::<Rascal>().await;
    let odd = host
        .control
        .call_unlimited("Control.Ping", &Bare(true), Bare(String::new()))
        .await;
    assert!(matches!(odd, Err(CallError::Reply(_))), "{odd:?}");
    host.control
        .call_unlimited("Control.Ping", &Bare(true), Empty::default())
        .await
        .expect("an answer");
}

#[tokio::test]
async fn api_calls_fail_when_the_connection_does() {
    let (sender, mut asked) = tokio::sync::mpsc::unbounded_channel();
    let host = TinyHost::with(move |_, _| {
        sender.send(()).expect("the test listens");
        std::future::pending()
    });
    let (answers, mut answered) = tokio::sync::mpsc::unbounded_channel();
    struct Asking(Api, tokio::sync::mpsc::UnboundedSender<Error>);
    impl Plugin for Asking {
        const HOOKS: &'static [&'static str] = &["on_activate"];
        fn new(_: Api) -> Self {
            unreachable!("made by the test")
        }
        async fn on_activate(&self) -> Result<(), crate::error::HookError> {
            let (api, answers) = (self.0.clone(), self.1.clone());
            tokio::spawn(async move {
                let error = api
                    .host()
                    .kv_get(String::new())
                    .await
                    .expect_err("an error");
                answers.send(error).expect("the test listens");
            });
            Ok(())
        }
    }
    let running = activated(host, move |api| Asking(api, answers)).await;
    asked.recv().await.expect("a question");
    running.faults().cut();
    let error = answered.recv().await.expect("an answer");
    assert!(
        matches!(
            error,
            Error::Transport {
                method: "KVGet",
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.is_outcome_unknown());
}
