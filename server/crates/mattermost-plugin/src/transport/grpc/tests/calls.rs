//! Hooks and API calls, and what becomes of those that fail.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::api::Api;
use crate::error::Error;
use crate::hooks::{HookFailure, Verdict};
use crate::model::{AppError, CommandArgs, CommandResponse, Context, Post, User};
use crate::plugin::Plugin;
use crate::transport::testing::{TinyHost, activated, answer, argument, command};
use crate::transport::{Capability, Protocol};

/// Does what the text of a command says.
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
        match args.command.as_str() {
            "panic" => panic!("of fear"),
            "hang" => std::future::pending().await,
            "refuse" => Err(AppError::new("Rascal", "no", 418)),
            id => match self.0.users().get(id).await {
                Ok(user) => Ok(CommandResponse::ephemeral(user.username)),
                Err(error) => Ok(CommandResponse::ephemeral(format!("{error:?}"))),
            },
        }
    }

    async fn message_will_be_posted(&self, _: Context, post: Post) -> Verdict<Post> {
        if !post.props.is_empty() {
            return Verdict::Reject("the server sends no props".to_owned());
        }
        Verdict::Replace(Post {
            message: post.message.to_uppercase(),
            ..post
        })
    }

    async fn message_has_been_posted(&self, _: Context, _: Post) {
        panic!("while nobody waits");
    }
}

fn users() -> Arc<TinyHost> {
    TinyHost::with(|name, arguments| async move {
        match (name, argument::<String>(&arguments, 0).as_str()) {
            ("GetUser", "ada") => answer(Ok(User {
                username: "Ada".to_owned(),
                ..User::default()
            })),
            ("GetUser", "nobody") => {
                let error = AppError::new("GetUser", "Unable to find the user.", 404);
                answer::<User>(Err(Error::App(error.with_id("app.user.missing"))))
            }
            ("GetUser", "nil") => answer::<User>(Err(Error::Missing { method: "GetUser" })),
            _ => None,
        }
    })
}

#[tokio::test]
async fn a_hook_calls_the_api_and_gets_its_errors() {
    let running = activated(Protocol::Grpc, users(), Rascal::new).await;
    let say = async |text: &str| {
        let answer = running
            .hooks()
            .execute_command(Context::default(), command(text));
        answer.await.expect("a call").map(|response| response.text)
    };
    assert_eq!(say("ada").await.as_deref(), Ok("Ada"));
    let missing = say("nobody").await.expect("an answer");
    assert!(
        missing.contains("app.user.missing") && missing.contains("404"),
        "{missing}"
    );
    let nothing = say("nil").await.expect("an answer");
    assert!(nothing.starts_with("Missing"), "{nothing}");
    let refused = say("refuse").await.expect_err("an error");
    assert_eq!((refused.message.as_str(), refused.status_code), ("no", 418));
}

#[tokio::test]
async fn a_panic_costs_one_call() {
    let running = activated(Protocol::Grpc, users(), Rascal::new).await;
    let hooks = running.hooks();
    let error = hooks
        .execute_command(Context::default(), command("panic"))
        .await
        .expect("what the server makes of it")
        .expect_err("an error");
    assert_eq!(error.id, "plugin.grpc.execute_command.error");
    assert!(error.detailed_error.contains("panicked: of fear"));
    let failure = hooks
        .message_has_been_posted(Context::default(), Post::default())
        .await
        .expect_err("a failure");
    let text = "the plugin's MessageHasBeenPosted hook panicked: while nobody waits";
    assert_eq!(failure, HookFailure::Connection(text.to_owned()));
    running.ping().await.expect("an answer");
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_hangs_is_given_up_after_thirty_seconds() {
    let running = activated(Protocol::Grpc, users(), Rascal::new).await;
    let begun = tokio::time::Instant::now();
    let error = running
        .hooks()
        .execute_command(Context::default(), command("hang"))
        .await
        .expect("what the server makes of it")
        .expect_err("an error");
    assert!(error.detailed_error.contains("deadline exceeded"));
    assert_eq!(begun.elapsed().as_secs(), 30);
    running.ping().await.expect("an answer");
}

#[tokio::test]
async fn posts_in_hooks_are_bare() {
    let running = activated(Protocol::Grpc, users(), Rascal::new).await;
    let mut post = Post {
        message: "quiet".to_owned(),
        ..Post::default()
    };
    post.props.insert("a".to_owned(), 1.into());
    assert!(!Protocol::Grpc.supports(Capability::HookPostProps));
    let verdict = running
        .hooks()
        .message_will_be_posted(Context::default(), post)
        .await
        .expect("a call");
    let Verdict::Replace(replaced) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(replaced.message, "QUIET");
    assert!(replaced.props.is_empty());
}

/// What a plugin has begun to ask is finished, also when it does not wait for the answer.
#[tokio::test]
async fn the_host_finishes_what_nobody_waits_for() {
    let (begin, begun) = oneshot::channel();
    let (resume, resumed) = oneshot::channel::<()>();
    let (finish, finished) = oneshot::channel();
    let steps = std::sync::Mutex::new(Some((begin, resumed, finish)));
    let host = TinyHost::with(move |name, _| {
        let steps = (name == "GetUser")
            .then(|| steps.lock().expect("no panic").take())
            .flatten();
        async move {
            let (begin, resumed, finish) = steps?;
            begin.send(()).ok()?;
            resumed.await.ok()?;
            finish.send(()).ok()?;
            None
        }
    });
    let running = activated(Protocol::Grpc, host, Rascal::new).await;
    let hooks = running.hooks().clone();
    let call = tokio::spawn(async move {
        hooks
            .execute_command(Context::default(), command("ada"))
            .await
    });
    begun.await.expect("a beginning");
    running.kill().await;
    call.abort();
    resume.send(()).expect("a host that waits");
    finished.await.expect("an end");
}
