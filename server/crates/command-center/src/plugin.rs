//! The plugin: hooks to domains, and what lives as long as it is active.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use http::{Method, Request, Response, StatusCode};
use mattermost_plugin::cluster::Presence;
use mattermost_plugin::http::{Body, respond};
use mattermost_plugin::model::{
    AppError, Bot, ClusterEvent, CommandArgs, CommandResponse, Context, Post, User,
};
use mattermost_plugin::{Api, HookError, Plugin, plugin};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::configuration::Configuration;
use crate::connections::{ConnectionStore, Connections};
use crate::jenkins::access::Access;
use crate::jenkins::digest::gather::Digester;
use crate::jenkins::digest::people::People;
use crate::jenkins::observe::Observer;
use crate::jenkins::service::{BotUser, JenkinsService};
use crate::jenkins::subscriptions::feeds::Feeds;
use crate::jenkins::watch::delivery::Delivery;
use crate::jenkins::watch::store::WatchStore;
use crate::jenkins::watch::supervisor::Supervisor;
use crate::jenkins::watch::task::Tools;
use crate::monitoring::{Counters, HEALTH_PATH, Monitor};

/// The bot that makes the plugin's posts.
const BOT_USERNAME: &str = "command-center";
/// How long an instance that died is believed alive.
const PRESENCE: Duration = Duration::from_secs(6);
/// How long deactivation waits for work that is going on.
const FAREWELL: Duration = Duration::from_secs(3);

/// The profile picture of the bot.
static BOT_PICTURE: &[u8] = include_bytes!("../../../../assets/profile.png");

/// DevOps Command Center.
pub struct CommandCenter {
    api: Api,
    configuration: Arc<Configuration>,
    connections: Arc<Connections>,
    running: OnceLock<Running>,
    clock: Clock,
    /// Held while settings are read, so that those read last are those in force.
    reloading: tokio::sync::Mutex<()>,
    tasks: TaskTracker,
    /// Ends the work.
    stop: CancellationToken,
    /// Tells the other instances that this one is gone, once its work has ended.
    withdraw: CancellationToken,
}

/// What there is once the plugin is active.
struct Running {
    jenkins: Arc<JenkinsService>,
    supervisor: Arc<Supervisor>,
    feeds: Arc<Feeds>,
    monitor: Arc<Monitor>,
    router: Router,
}

#[plugin]
impl Plugin for CommandCenter {
    fn new(api: Api) -> Self {
        Self::with_clock(api, Clock::system())
    }

    async fn on_configuration_change(&self) -> Result<(), HookError> {
        let _reloading = self.reloading.lock().await;
        let snapshot = self.configuration.reload().await?;
        for adoption in &snapshot.adoptions {
            tracing::info!("{adoption}");
        }
        for problem in &snapshot.problems {
            tracing::warn!(
                setting = problem.setting,
                "{} {}",
                problem.what,
                problem.how_to_fix
            );
        }
        let used = self
            .connections
            .use_key(&snapshot.settings.encryption_key)
            .await;
        if used.as_ref().copied().unwrap_or(true) {
            let connections = Arc::clone(&self.connections);
            self.spawn(async move {
                if let Err(error) = connections.reseal().await {
                    tracing::error!(%error, "tokens are still sealed with the former encryption key; the next start tries again");
                }
            });
        }
        used?;
        Ok(())
    }

    async fn on_activate(&self) -> Result<(), HookError> {
        let bot_user_id = self.ensure_bot().await?;
        let access = Arc::new(Access::new(
            Arc::clone(&self.configuration),
            Arc::clone(&self.connections),
        ));
        let presence = Arc::new(Presence::new(self.api.clone(), "instance_v1_", PRESENCE));
        presence.announce().await?;
        let counters = Arc::new(Counters::default());
        let supervisor = Arc::new(Supervisor::new(
            Arc::new(Tools {
                store: WatchStore::new(self.api.clone()),
                delivery: Delivery::new(
                    self.api.clone(),
                    bot_user_id.clone(),
                    Arc::clone(&counters),
                ),
                observer: Observer::new(Arc::clone(&access), self.clock.clone()),
                digester: Digester::new(
                    Arc::clone(&access),
                    People::new(self.api.clone(), Arc::clone(&self.connections)),
                ),
                presence: Arc::clone(&presence),
                clock: self.clock.clone(),
                searching: tokio::sync::Mutex::default(),
            }),
            self.stop.clone(),
        ));
        let feeds = Arc::new(Feeds::new(
            self.api.clone(),
            Arc::clone(&access),
            Arc::clone(&presence),
            self.clock.clone(),
            bot_user_id.clone(),
            counters,
        ));
        feeds.start(&self.tasks, &self.stop).await?;
        let jenkins = Arc::new(JenkinsService::new(
            self.api.clone(),
            Arc::clone(&access),
            Arc::clone(&supervisor),
            Arc::clone(feeds.tools()),
            BotUser {
                // An administrator may have given it another one.
                username: self.api.users().get(&bot_user_id).await?.username,
                id: bot_user_id,
            },
        ));
        self.api
            .commands()
            .register(&jenkins.tree().to_model()?)
            .await?;
        let monitor = Arc::new(Monitor::new(
            self.api.clone(),
            Arc::clone(&access),
            Arc::clone(&supervisor),
            Arc::clone(feeds.tools()),
            Arc::clone(&presence),
        ));
        let router = crate::http::router(Arc::clone(&jenkins))
            .merge(feeds.router())
            .merge(Arc::clone(&monitor).router());
        let watches = Arc::clone(&supervisor);
        let withdraw = self.withdraw.clone();
        self.tasks
            .spawn(async move { presence.run(withdraw).await });
        self.tasks.spawn(async move { watches.run().await });
        let restarts = Arc::clone(jenkins.restarts());
        self.tasks.spawn(async move { restarts.run().await });
        let log_follows = Arc::clone(jenkins.log_follows());
        self.tasks.spawn(async move { log_follows.run().await });
        let _ = self.running.set(Running {
            jenkins,
            supervisor,
            feeds,
            monitor,
            router,
        });
        Ok(())
    }

    async fn on_deactivate(&self) -> Result<(), HookError> {
        self.stop.cancel();
        self.tasks.close();
        let farewell = async {
            if let Some(running) = self.running.get() {
                running.supervisor.wait().await;
            }
            // Not before: others take the work over at once, and must find all that was done.
            self.withdraw.cancel();
            self.tasks.wait().await;
        };
        if tokio::time::timeout(FAREWELL, farewell).await.is_err() {
            tracing::warn!("some work did not end in time; another start takes it up");
        }
        Ok(())
    }

    async fn execute_command(
        &self,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, AppError> {
        Ok(match self.running.get() {
            Some(running) => running.jenkins.execute(&args).await,
            None => CommandResponse::ephemeral("The plugin is starting. Try again in a moment."),
        })
    }

    async fn serve_http(&self, _: Context, request: Request<Body>) -> Response<Body> {
        match self.running.get() {
            Some(running) => respond(running.router.clone(), request).await,
            None if request.uri().path() == HEALTH_PATH => {
                status(StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"starting\"}")
            }
            None => status(StatusCode::SERVICE_UNAVAILABLE, "starting"),
        }
    }

    async fn serve_metrics(&self, _: Context, request: Request<Body>) -> Response<Body> {
        match self.running.get() {
            Some(running) if request.method() == Method::GET => running.monitor.metrics(),
            Some(_) => status(
                StatusCode::METHOD_NOT_ALLOWED,
                "only GET is understood here",
            ),
            None => status(StatusCode::SERVICE_UNAVAILABLE, "starting"),
        }
    }

    async fn message_has_been_posted(&self, _: Context, post: Post) {
        if let Some(running) = self.running.get() {
            running.jenkins.hear(post);
        }
    }

    async fn on_plugin_cluster_event(&self, _: Context, event: ClusterEvent) {
        if let Some(running) = self.running.get() {
            running.feeds.on_cluster_event(&event.id);
        }
    }

    async fn user_has_been_deactivated(&self, _: Context, user: User) {
        if let Err(error) = self.connections.disconnect_everywhere(&user.id).await {
            tracing::error!(user_id = user.id, %error, "the connection of a deactivated user is still stored");
        }
    }
}

fn status(code: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = code;
    response
}

impl CommandCenter {
    /// The plugin with another clock than the system's.
    #[must_use]
    pub fn with_clock(api: Api, clock: Clock) -> Self {
        // Two providers in one process would make the choice ambiguous; one that is there is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            configuration: Arc::new(Configuration::new(api.clone())),
            connections: Arc::new(Connections::new(ConnectionStore::new(api.clone()))),
            api,
            running: OnceLock::new(),
            clock,
            reloading: tokio::sync::Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            withdraw: CancellationToken::new(),
        }
    }

    async fn ensure_bot(&self) -> Result<String, HookError> {
        let bot = Bot {
            username: BOT_USERNAME.to_owned(),
            display_name: "Command Center".to_owned(),
            description: "Tells about builds. Made by the plugin DevOps Command Center.".to_owned(),
            ..Bot::default()
        };
        let id = self.api.bots().ensure(&bot).await?;
        // A bot without its picture is no reason not to start.
        if let Err(error) = self.api.users().set_profile_image(&id, BOT_PICTURE).await {
            tracing::warn!(%error, "the bot has no profile picture");
        }
        Ok(id)
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }
}
