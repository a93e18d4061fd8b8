//! What `/jenkins` does: use cases, one file each.

mod account;
mod build;
mod log;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use mattermost_plugin::Api;
use mattermost_plugin::command::CommandTree;
use mattermost_plugin::model::{CommandArgs, CommandResponse, Post};
use tokio_util::task::TaskTracker;

use super::access::{Access, AccessError};
use super::command::{self, Request};
use super::watch::supervisor::Supervisor;
use super::{doctor, render};
use crate::clock::Clock;

/// A command is answered within this time. Work that takes longer goes on, and its answer follows
/// as an ephemeral post.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The answer of a command that panicked.
const FAILED: &str = "This failed inside the plugin. The server's log says more.";

/// `/jenkins`.
pub struct JenkinsService {
    api: Api,
    access: Arc<Access>,
    supervisor: Arc<Supervisor>,
    tree: CommandTree,
    bot_user_id: String,
    clock: Clock,
    tasks: TaskTracker,
}

/// Who typed a command, and where.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Mattermost user id.
    pub user_id: String,
    /// Channel id.
    pub channel_id: String,
    /// First post of the thread, empty outside threads.
    pub root_id: String,
    /// Permission to open a dialog, valid for some seconds.
    pub trigger_id: String,
}

impl From<&CommandArgs> for Caller {
    fn from(args: &CommandArgs) -> Self {
        Self {
            user_id: args.user_id.clone(),
            channel_id: args.channel_id.clone(),
            root_id: args.root_id.clone(),
            trigger_id: args.trigger_id.clone(),
        }
    }
}

/// What only the caller is told; nothing where a post says it.
type Reply = Result<Option<String>, AccessError>;

impl JenkinsService {
    /// The service; commands are answered by this bot.
    #[must_use]
    pub fn new(
        api: Api,
        access: Arc<Access>,
        supervisor: Arc<Supervisor>,
        bot_user_id: String,
    ) -> Self {
        let tree = command::tree();
        let clock = supervisor.tools().clock.clone();
        Self {
            api,
            access,
            supervisor,
            tree,
            bot_user_id,
            clock,
            tasks: TaskTracker::new(),
        }
    }

    /// The command, to be registered and understood.
    #[must_use]
    pub fn tree(&self) -> &CommandTree {
        &self.tree
    }

    /// Runs what was typed.
    pub async fn execute(self: &Arc<Self>, args: &CommandArgs) -> CommandResponse {
        let caller = Caller::from(args);
        let request = match command::parse(&self.tree, &args.command) {
            Ok(request) => request,
            Err(text) => return CommandResponse::ephemeral(text),
        };
        let service = Arc::clone(self);
        let (sender, mut receiver) = tokio::sync::oneshot::channel();
        self.tasks.spawn(async move {
            let work = std::panic::AssertUnwindSafe(service.run(&caller, request))
                .catch_unwind()
                .await;
            let text = work.unwrap_or_else(|_| Some(FAILED.to_owned()));
            // Nobody waits any more: the answer follows by itself.
            if let Err(Some(text)) = sender.send(text) {
                service.tell(&caller, &text).await;
            }
        });
        match tokio::time::timeout(PATIENCE, &mut receiver).await {
            Ok(Ok(Some(text))) => CommandResponse::ephemeral(text),
            Ok(Ok(None)) => CommandResponse::default(),
            Ok(Err(_)) => CommandResponse::ephemeral(FAILED),
            Err(_) => {
                receiver.close();
                // It may have come at the last moment.
                match receiver.try_recv() {
                    Ok(Some(text)) => CommandResponse::ephemeral(text),
                    Ok(None) => CommandResponse::default(),
                    Err(_) => CommandResponse::ephemeral(
                        ":hourglass: Waiting for Jenkins … the answer follows here.",
                    ),
                }
            }
        }
    }

    async fn run(&self, caller: &Caller, request: Request) -> Option<String> {
        let reply = match request {
            Request::Connect(None) => self.open_connect_dialog(caller).await,
            Request::Connect(Some(credentials)) => self.connect_inline(caller, credentials).await,
            Request::Disconnect => self.disconnect(caller).await,
            Request::Me => self.me(caller).await,
            Request::Build { job, parameters } => self.build(caller, &job, &parameters).await,
            Request::GetLog { job, build, extent } => {
                self.get_log(caller, &job, build.as_deref(), extent).await
            }
            Request::Doctor => Ok(Some(doctor::examine(&self.access, &caller.user_id).await)),
        };
        match reply {
            Ok(text) => text,
            Err(AccessError::Jenkins(error)) => Some(render::error(&error)),
            Err(AccessError::Server(error)) => {
                tracing::error!(%error, "a command failed because the server did not do its part");
                Some("The Mattermost server did not do its part of this. Try again; the server's log says more.".to_owned())
            }
        }
    }

    /// Tells the caller alone.
    async fn tell(&self, caller: &Caller, text: &str) {
        let post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            message: text.to_owned(),
            ..Post::default()
        };
        if let Err(error) = self
            .api
            .posts()
            .send_ephemeral(&caller.user_id, &post)
            .await
        {
            tracing::warn!(%error, "an answer did not reach its user");
        }
    }
}
