//! Everything that brings news of Jenkins to channels, held together.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use mattermost_plugin::cluster::{Grant, Lease, Presence, Take};
use mattermost_plugin::{Api, Error};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::dispatch::{self, Dispatcher, Queue};
use super::poll::Poller;
use super::tools::{CHANGED, FeedTools};
use crate::clock::Clock;
use crate::jenkins::access::Access;
use crate::jenkins::inbound::intake::Intake;
use crate::monitoring::Counters;

/// How often there is a look at what is due.
const TICK: Duration = Duration::from_secs(1);
/// How often the inboxes of dead instances are looked for.
const TAKE_OVER: Duration = Duration::from_secs(5);
/// How often digests are looked for that are due.
const DIGESTS: Duration = Duration::from_secs(15);
/// How often the use of webhooks is written down.
const USAGE: Duration = Duration::from_secs(60);
/// How often it is looked up which servers users added, should a word of another instance be lost.
const SERVERS: Duration = Duration::from_secs(60);
/// How often an instance tries to become the one that polls.
const LEAD: Duration = Duration::from_secs(5);
/// How long the instance that polls and tells digests is believed alive.
const LEADER: Duration = Duration::from_secs(20);

/// The feeds of this instance.
pub struct Feeds {
    tools: Arc<FeedTools>,
    dispatcher: Arc<Dispatcher>,
    intake: Arc<Intake>,
    queues: Mutex<Vec<Queue>>,
    /// Whether another instance said that something changed.
    is_stale: AtomicBool,
}

impl Feeds {
    /// Feeds whose posts are made by this bot.
    #[must_use]
    pub fn new(
        api: Api,
        access: Arc<Access>,
        presence: Arc<Presence>,
        clock: Clock,
        bot_user_id: String,
        counters: Arc<Counters>,
    ) -> Self {
        let (dispatcher, queues) = Dispatcher::new();
        let dispatcher = Arc::new(dispatcher);
        let tools = Arc::new(FeedTools::new(
            api,
            access,
            presence,
            clock,
            bot_user_id,
            counters,
        ));
        let intake = Intake::new(
            Arc::clone(&tools.hooks),
            Arc::clone(&tools.inbox),
            Arc::clone(&tools.access),
            Arc::clone(&dispatcher),
            tools.clock.clone(),
            Arc::clone(&tools.counters),
        );
        Self {
            intake: Arc::new(intake),
            tools,
            dispatcher,
            queues: Mutex::new(queues),
            is_stale: AtomicBool::default(),
        }
    }

    /// What the feeds use.
    #[must_use]
    pub fn tools(&self) -> &Arc<FeedTools> {
        &self.tools
    }

    /// Where Jenkins sends.
    pub fn router(&self) -> Router {
        Arc::clone(&self.intake).router()
    }

    /// Begins to work; all of it ends when `stop` is cancelled.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn start(
        self: &Arc<Self>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        self.tools.inbox.open().await?;
        let queues =
            std::mem::take(&mut *self.queues.lock().unwrap_or_else(PoisonError::into_inner));
        for queue in queues {
            tasks.spawn(dispatch::work(Arc::clone(&self.tools), queue, stop.clone()));
        }
        let lease = Lease::new(&self.tools.api, "jenkins_feeds", LEADER)?;
        let (feeds, stop) = (Arc::clone(self), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = feeds.keep_time(lease) => {}
            }
            feeds.intake.save_usage().await;
        });
        Ok(())
    }

    /// Takes note of an event from another instance.
    pub fn on_cluster_event(&self, id: &str) {
        if id == CHANGED {
            self.tools.rules.forget();
            self.tools.hooks.forget_all();
            self.is_stale.store(true, Ordering::SeqCst);
        }
    }

    async fn keep_time(&self, lease: Lease) {
        let clock = &self.tools.clock;
        let mut timetable = Timetable {
            poller: Poller::new(Arc::clone(&self.tools), Arc::clone(&self.dispatcher)),
            lease,
            grant: None,
            lead: Due::new(LEAD),
            take_over: Due::new(TAKE_OVER),
            digests: Due::new(DIGESTS),
            usage: Due::new(USAGE),
            servers: Due::new(SERVERS),
        };
        loop {
            let work = AssertUnwindSafe(self.do_what_is_due(&mut timetable));
            if work.catch_unwind().await.is_err() {
                tracing::error!("news of Jenkins failed inside the plugin and is looked for again");
            }
            clock.sleep(TICK).await;
        }
    }

    async fn do_what_is_due(&self, timetable: &mut Timetable) {
        let tools = &self.tools;
        if timetable.take_over.is_due(&tools.clock)
            && let Err(error) = self.take_over().await
        {
            tracing::warn!(%error, "what other instances left in their inboxes cannot be looked for");
        }
        if timetable.usage.is_due(&tools.clock) {
            self.intake.save_usage().await;
        }
        let is_stale = self.is_stale.swap(false, Ordering::SeqCst);
        if timetable.servers.is_due(&tools.clock) || is_stale {
            let configuration = tools.access.configuration();
            if let Err(error) = configuration.reload_added_servers().await {
                tracing::debug!(%error, "servers that users added are looked up later");
            }
        }
        if !timetable.leads(&tools.clock).await {
            return;
        }
        if timetable.digests.is_due(&tools.clock)
            && let Err(error) = tools.tell_digests().await
        {
            tracing::warn!(%error, "digests are told later");
        }
        timetable.poller.poll_if_due().await;
    }

    /// Does what instances left that died.
    async fn take_over(&self) -> Result<(), Error> {
        let inbox = &self.tools.inbox;
        for (instance, left) in inbox.take_over().await? {
            for accepted in left {
                let id = accepted.id.clone();
                if !self.dispatcher.finish(accepted, true).await {
                    return Ok(());
                }
                inbox.remove_of(&instance, &id).await?;
            }
            inbox.emptied(&instance).await?;
        }
        Ok(())
    }
}

/// What is done again and again.
struct Timetable {
    poller: Poller,
    lease: Lease,
    grant: Option<Grant>,
    lead: Due,
    take_over: Due,
    digests: Due,
    usage: Due,
    servers: Due,
}

impl Timetable {
    /// Whether this instance is the one that polls. The lease is renewed when half of it is over, and
    /// asked for every few seconds while another instance has it.
    async fn leads(&mut self, clock: &Clock) -> bool {
        let answer = match &mut self.grant {
            Some(held) if held.valid_until() > Instant::now() + LEADER / 2 => return true,
            Some(held) => held.renew().await,
            None if !self.lead.is_due(clock) => return false,
            None => match self.lease.take().await {
                Ok(Take::Granted(granted)) => {
                    self.grant = Some(granted);
                    return true;
                }
                Ok(Take::Held) => Ok(false),
                Err(error) => Err(error),
            },
        };
        match answer {
            Ok(true) => true,
            Ok(false) => {
                self.grant = None;
                false
            }
            Err(error) => {
                tracing::debug!(%error, "it is not known which instance polls Jenkins");
                self.grant.as_ref().is_some_and(Grant::is_valid)
            }
        }
    }
}

/// Something that is done every so often.
struct Due {
    every: Duration,
    last: Option<Instant>,
}

impl Due {
    fn new(every: Duration) -> Self {
        Self { every, last: None }
    }

    fn is_due(&mut self, clock: &Clock) -> bool {
        let is_due = self
            .last
            .is_none_or(|last| clock.elapsed(last) >= self.every);
        if is_due {
            self.last = Some(Instant::now());
        }
        is_due
    }
}
