//! What `/jenkins` does: use cases, one file for each group of commands.

mod abort;
mod account;
mod action;
mod added_servers;
mod artifacts;
mod attached_xml;
mod audit;
mod autocomplete;
mod build;
mod configuration;
mod confirm;
mod control;
mod create;
mod defaults;
mod delete;
mod doctor;
mod doctor_feeds;
mod files;
mod follow;
mod hear;
mod input;
mod input_dialog;
mod inspect;
mod log;
mod log_follow;
mod log_search;
mod manage;
mod nodes;
mod notify;
mod once;
mod parameters;
mod permit;
mod preview;
mod rebuild;
mod scan;
mod search;
mod server_control;
mod server_info;
mod servers;
mod shortcuts;
mod stop;
mod subscription_words;
mod subscriptions;
mod target;
mod test_results;
mod webhook;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use mattermost_plugin::Api;
use mattermost_plugin::command::CommandTree;
use mattermost_plugin::model::{
    Attachment, CommandArgs, CommandResponse, Post, SubmitDialogResponse,
};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

pub use autocomplete::{SuggestQuery, Suggested};

use super::access::{Access, AccessError};
use super::catalog::Catalogs;
use super::command::{self, Request};
use super::heard::OtherChannels;
use super::input_claim::InputClaims;
use super::log_follow::LogFollows;
use super::notice::Initiator;
use super::policy::Verb;
use super::restart::follower::Restarts;
use super::shortcuts::ShortcutStore;
use super::subscriptions::tools::FeedTools;
use super::watch::ping::PingStore;
use super::watch::supervisor::Supervisor;
use super::{JenkinsClient, render};
use crate::clock::Clock;
use crate::pending::PendingStore;

/// A command or click is answered within this time. Work that takes longer goes on, and its answer
/// follows as an ephemeral post.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The answer of a command that panicked.
const FAILED: &str = "This failed inside the plugin. The server's log says more.";

/// The answer while the answer is not there yet.
const WAITING: &str = ":hourglass: Waiting for Jenkins … the answer follows here.";

/// `/jenkins`.
pub struct JenkinsService {
    api: Api,
    access: Arc<Access>,
    supervisor: Arc<Supervisor>,
    feeds: Arc<FeedTools>,
    pending: PendingStore,
    input_claims: InputClaims,
    restarts: Arc<Restarts>,
    log_follows: Arc<LogFollows>,
    catalogs: Arc<Catalogs>,
    shortcuts: ShortcutStore,
    pings: PingStore,
    tree: CommandTree,
    bot_user_id: String,
    bot_username: String,
    other_channels: OtherChannels,
    previewing: Semaphore,
    clock: Clock,
    tasks: TaskTracker,
}

/// Who typed a command or used a button, and where.
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
    /// What they want to do: the policy may have something against it.
    pub verb: Verb,
    /// How they alone are told something.
    pub aside: Aside,
}

/// How one user alone is told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aside {
    /// By an ephemeral post in the thread, or the channel if there is none.
    #[default]
    Thread,
    /// By an ephemeral post in the channel. With collapsed threads, nobody sees one in a thread that
    /// they have not opened.
    Channel,
    /// By an ordinary post: nobody else reads the channel.
    Post,
}

impl Caller {
    fn of_command(args: &CommandArgs, verb: Verb) -> Self {
        Self {
            user_id: args.user_id.clone(),
            channel_id: args.channel_id.clone(),
            root_id: args.root_id.clone(),
            trigger_id: args.trigger_id.clone(),
            verb,
            aside: Aside::default(),
        }
    }
}

/// The bot.
#[derive(Debug, Clone)]
pub struct BotUser {
    /// Its user id.
    pub id: String,
    /// Its user name, by which people mention it.
    pub username: String,
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
        feeds: Arc<FeedTools>,
        bot: BotUser,
    ) -> Self {
        let tree = command::tree();
        let clock = supervisor.tools().clock.clone();
        let restarts = Restarts::new(
            api.clone(),
            Arc::clone(&access),
            Arc::clone(supervisor.tools()),
            supervisor.stop().clone(),
        );
        let log_follows = LogFollows::new(
            api.clone(),
            Arc::clone(&access),
            Arc::clone(supervisor.tools()),
            supervisor.stop().clone(),
        );
        Self {
            pending: PendingStore::new(api.clone()),
            input_claims: InputClaims::new(api.clone()),
            restarts: Arc::new(restarts),
            log_follows: Arc::new(log_follows),
            catalogs: Catalogs::new(Arc::clone(&access), clock.clone()),
            shortcuts: ShortcutStore::new(api.clone()),
            pings: PingStore::new(api.clone()),
            api,
            access,
            supervisor,
            feeds,
            tree,
            bot_user_id: bot.id,
            bot_username: bot.username,
            other_channels: OtherChannels::default(),
            previewing: Semaphore::new(preview::AT_ONCE),
            clock,
            tasks: TaskTracker::new(),
        }
    }

    /// The command, to be registered and understood.
    #[must_use]
    pub fn tree(&self) -> &CommandTree {
        &self.tree
    }

    /// The restarts that are followed.
    #[must_use]
    pub fn restarts(&self) -> &Arc<Restarts> {
        &self.restarts
    }

    /// The logs that are followed.
    #[must_use]
    pub fn log_follows(&self) -> &Arc<LogFollows> {
        &self.log_follows
    }

    /// Runs what was typed.
    pub async fn execute(self: &Arc<Self>, args: &CommandArgs) -> CommandResponse {
        let (verb, request) = match command::parse(&self.tree, &args.command) {
            Ok(understood) => understood,
            Err(text) => {
                self.feeds.counters.commands.add("help");
                return CommandResponse::ephemeral(text);
            }
        };
        self.feeds.counters.commands.add(verb.name());
        let caller = Caller::of_command(args, verb);
        let service = Arc::clone(self);
        let told = caller.clone();
        let work = async move { service.run(&caller, request).await };
        match self.answer(told, work).await {
            Some(text) => CommandResponse::ephemeral(text),
            None => CommandResponse::default(),
        }
    }

    /// What `work` has to say, if it comes soon. What takes longer goes on: then this says so, and
    /// `caller` alone is told its answer when it comes.
    async fn answer(
        self: &Arc<Self>,
        caller: Caller,
        work: impl Future<Output = Reply> + Send + 'static,
    ) -> Option<String> {
        let reply = self.soon(caller, work).await;
        reply.map_or_else(|| Some(WAITING.to_owned()), words)
    }

    /// The answer to a dialog that `work` follows from. What fails soon keeps the dialog open, so that
    /// nothing filled in is lost; all else is told to `caller` alone.
    async fn submitted(
        self: &Arc<Self>,
        caller: Caller,
        work: impl Future<Output = Reply> + Send + 'static,
    ) -> SubmitDialogResponse {
        match self.soon(caller.clone(), work).await {
            Some(Err(error)) => SubmitDialogResponse {
                error: match error {
                    AccessError::Jenkins(error) => error.to_string(),
                    other => words(Err(other)).unwrap_or_default(),
                },
                ..SubmitDialogResponse::default()
            },
            Some(Ok(text)) => {
                if let Some(text) = text {
                    self.tell(&caller, &text).await;
                }
                SubmitDialogResponse::default()
            }
            None => SubmitDialogResponse::default(),
        }
    }

    /// What comes of `work` soon. What takes longer goes on, and `caller` alone is told what comes of it.
    async fn soon(
        self: &Arc<Self>,
        caller: Caller,
        work: impl Future<Output = Reply> + Send + 'static,
    ) -> Option<Reply> {
        let service = Arc::clone(self);
        let (sender, mut receiver) = tokio::sync::oneshot::channel();
        self.tasks.spawn(async move {
            // Nobody waits any more: the answer follows by itself.
            if let Err(reply) = sender.send(caught(work).await)
                && let Some(text) = words(reply)
            {
                service.tell(&caller, &text).await;
            }
        });
        match tokio::time::timeout(PATIENCE, &mut receiver).await {
            Ok(Ok(reply)) => Some(reply),
            Ok(Err(_)) => Some(Err(AccessError::Refused(FAILED.to_owned()))),
            Err(_) => {
                receiver.close();
                // It may have come at the last moment.
                receiver.try_recv().ok()
            }
        }
    }

    /// Does `work` while nobody waits; `caller` alone is told what it has to say.
    fn in_background(
        self: &Arc<Self>,
        caller: Caller,
        work: impl Future<Output = Reply> + Send + 'static,
    ) {
        let service = Arc::clone(self);
        self.tasks.spawn(async move {
            if let Some(text) = words(caught(work).await) {
                service.tell(&caller, &text).await;
            }
        });
    }

    async fn run(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Account(request) => self.account(caller, request).await,
            Request::Artifacts(request) => self.artifacts(caller, request).await,
            Request::Build(request) => self.building(caller, request).await,
            Request::Configuration(request) => self.configuration(caller, request).await,
            Request::Control(request) => self.control(caller, request).await,
            Request::Follow(request) => self.following(caller, request).await,
            Request::Input(request) => self.answer_input(caller, request).await,
            Request::Inspect(request) => self.inspect(caller, request).await,
            Request::Log(request) => self.get_log(caller, request).await,
            Request::Nodes(request) => self.nodes(caller, request).await,
            Request::ServerControl(request) => self.control_server(caller, request).await,
            Request::ServerInfo(request) => self.server_info(caller, request).await,
            Request::Subscriptions(request) => self.subscriptions(caller, *request).await,
            Request::TestResults(request) => self.test_results(caller, request).await,
            Request::Webhook(request) => self.webhook(caller, request).await,
            Request::Notify(request) => self.notify_how(caller, request).await,
            Request::Search(request) => self.search(caller, request).await,
            Request::Servers(request) => self.servers(caller, request).await,
            Request::Shortcuts(request) => self.shortcuts(caller, request).await,
            Request::Doctor => self.examine(caller).await,
        }
    }

    /// Tells the caller alone.
    async fn tell(&self, caller: &Caller, text: &str) {
        if caller.aside == Aside::Post {
            match self.post(caller, text.to_owned(), Vec::new()).await {
                Ok(_) => return,
                Err(error) => tracing::warn!(?error, "an answer is not posted, and shown instead"),
            }
        }
        self.show(caller, text, &[]).await;
    }

    /// Shows the caller alone a post with attachments.
    async fn show(&self, caller: &Caller, text: &str, attachments: &[Attachment]) {
        self.show_as(String::new(), caller, text, attachments).await;
    }

    /// The same under an id of one's own, by which the post can be taken away again.
    async fn show_as(&self, id: String, caller: &Caller, text: &str, attachments: &[Attachment]) {
        let mut post = Post {
            id,
            user_id: self.bot_user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: match caller.aside {
                Aside::Channel => String::new(),
                Aside::Thread | Aside::Post => caller.root_id.clone(),
            },
            message: text.to_owned(),
            ..Post::default()
        };
        if !attachments.is_empty() {
            post.set_attachments(attachments);
        }
        if let Err(error) = self
            .api
            .posts()
            .send_ephemeral(&caller.user_id, &post)
            .await
        {
            tracing::warn!(%error, "an answer did not reach its user");
        }
    }

    /// Posts in the channel or thread of the caller, as the bot.
    async fn post(&self, caller: &Caller, message: String, file_ids: Vec<String>) -> Reply {
        let post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            message,
            file_ids,
            ..Post::default()
        };
        self.api.posts().create(&post).await?;
        Ok(None)
    }

    /// Tells the caller's channel or thread what was done at Jenkins, as `said` (Markdown). It is done:
    /// if the post fails, at least the caller is told.
    async fn notify(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
        said: String,
        file_ids: Vec<String>,
    ) -> Reply {
        let posted = async {
            let initiator = self.initiator(caller, client).await?;
            let post = Post {
                user_id: self.bot_user_id.clone(),
                channel_id: caller.channel_id.clone(),
                root_id: caller.root_id.clone(),
                file_ids,
                ..Post::default()
            };
            let post = post.with_attachments(&[initiator.attachment(&said)]);
            self.api.posts().create(&post).await
        };
        match posted.await {
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "a channel is not told what was done");
                Ok(Some(said))
            }
        }
    }

    async fn initiator(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
    ) -> Result<Initiator, mattermost_plugin::Error> {
        Ok(Initiator {
            username: self.api.users().get(&caller.user_id).await?.username,
            jenkins_user: client.user().to_owned(),
        })
    }
}

/// Does `work` to its end, whatever happens.
async fn caught(work: impl Future<Output = Reply>) -> Reply {
    let reply = AssertUnwindSafe(work).catch_unwind().await;
    reply.unwrap_or_else(|_| Err(AccessError::Refused(FAILED.to_owned())))
}

/// A reply as the caller reads it.
fn words(reply: Reply) -> Option<String> {
    match reply {
        Ok(text) => text,
        Err(AccessError::Jenkins(error)) => Some(render::error(&error)),
        Err(AccessError::Refused(text)) => Some(text),
        Err(AccessError::Server(error)) => {
            tracing::error!(%error, "a command failed because the server did not do its part");
            Some("The Mattermost server did not do its part of this. Try again; the server's log says more.".to_owned())
        }
    }
}
