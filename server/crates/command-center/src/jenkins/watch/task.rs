//! One watch, from where its record stands to its end.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::Error;
use mattermost_plugin::cluster::Presence;
use mattermost_plugin::model::Attachment;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::delivery::{Delivery, Edit};
use super::machine::{self, Ask, Progress};
use super::pace;
use super::ping::Ping;
use super::record::{Stage, WatchRecord};
use super::state::{BuildState, Outcome, Verdict};
use super::store::{Stored, WatchStore};
use crate::clock::Clock;
use crate::jenkins::card::{Announcement, Card};
use crate::jenkins::digest::Digest;
use crate::jenkins::digest::gather::Digester;
use crate::jenkins::observe::{Attendance, Observer, Submission};
use crate::notifications::bot_posts::is_refusal;

/// A card is edited at most this often while only its progress changes.
const EDIT_INTERVAL: Duration = Duration::from_secs(3);
/// The first wait after the server refused or did not answer; it doubles each time.
const SERVER_TROUBLE: Duration = Duration::from_secs(2);
/// The longest wait after the server refused or did not answer.
const LONG_SERVER_TROUBLE: Duration = Duration::from_secs(60);
/// How often in a row the server may refuse a watch's posts for good before it is given up: the
/// channel may be gone, or the bot may not post there.
const REFUSALS: u32 = 6;
/// A request that Jenkins may have got shows up within this time.
const SUBMISSION_SHOWS_WITHIN: Duration = Duration::from_secs(20);
/// How often a request that may have got through is looked for.
const SUBMISSION_LOOK: Duration = Duration::from_secs(2);

/// What every watch needs.
pub struct Tools {
    /// Where the records are.
    pub store: WatchStore,
    /// What people see.
    pub delivery: Delivery,
    /// What Jenkins says.
    pub observer: Observer,
    /// What is known of failures.
    pub digester: Digester,
    /// Whether this instance may act.
    pub presence: Arc<Presence>,
    /// Wall time.
    pub clock: Clock,
    /// Held while a lost request is looked for, so that two of one job do not find the same build.
    pub searching: Mutex<()>,
}

/// How a task came to its watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was made by this instance just now: no earlier try can have left a post.
    New,
    /// It was taken over: each visible effect may have happened already.
    TakenOver,
}

/// Why a task stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The result is told, the record is gone.
    Told,
    /// Another instance works on it.
    Lost,
    /// The plugin is being deactivated; the record says how far it is.
    Stopped,
    /// The server does not take its posts, whatever is tried.
    GivenUp,
}

/// A running watch.
pub struct Task {
    tools: Arc<Tools>,
    stored: Stored,
    stop: CancellationToken,
    began: Instant,
    /// The lapses of the presence up to which the watch is known to be ours.
    lapses: u64,
    /// Whether posts are looked for before they are made.
    look: bool,
    /// Whether the job may be a pipeline.
    has_stages: bool,
    shown: Option<(Attachment, Instant)>,
    _attendance: Attendance,
    /// Steps in a row that failed at the server.
    failures: u32,
    /// Those of them that the server answered with a refusal.
    refusals: u32,
}

/// What to do after a step.
enum Next {
    Again(Duration),
    End(End),
}

impl Task {
    /// A task for a watch that this instance owns.
    #[must_use]
    pub fn new(tools: Arc<Tools>, stored: Stored, origin: Origin, stop: CancellationToken) -> Self {
        Self {
            lapses: tools.presence.lapses(),
            _attendance: tools.observer.attend(&stored.record),
            tools,
            stored,
            stop,
            began: Instant::now(),
            look: origin == Origin::TakenOver,
            has_stages: true,
            shown: None,
            failures: 0,
            refusals: 0,
        }
    }

    /// Works until the result is told, the watch is lost, or the plugin stops. A stop never falls
    /// between a call to the server and its answer, so that the next owner sees all its effects;
    /// dropping the future anywhere is as safe as a crash.
    pub async fn run(mut self) -> End {
        loop {
            let wait = match self.step().await {
                Ok(Next::End(end)) => return end,
                Ok(Next::Again(wait)) => {
                    (self.failures, self.refusals) = (0, 0);
                    wait
                }
                Err(error) => match self.after_failure(&error).await {
                    Next::End(end) => return end,
                    Next::Again(wait) => wait,
                },
            };
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return End::Stopped,
                () = self.tools.clock.sleep(wait) => {}
            }
        }
    }

    async fn after_failure(&mut self, error: &Error) -> Next {
        // The failed call may have had its effect.
        self.look = true;
        self.failures += 1;
        let id = &self.stored.record.id;
        self.refusals = if is_refusal(error) {
            self.refusals + 1
        } else {
            0
        };
        if self.refusals >= REFUSALS {
            tracing::error!(watch = id, %error, "a watched build is given up: the server does not take its posts");
            // Should this fail, the next start finds the record and gives it up as well.
            let _ = self.tools.store.remove(&self.stored).await;
            return Next::End(End::GivenUp);
        }
        tracing::warn!(watch = id, %error, "a watched build is tried again");
        let doublings = (self.failures - 1).min(5);
        Next::Again((SERVER_TROUBLE * 2_u32.pow(doublings)).min(LONG_SERVER_TROUBLE))
    }

    async fn step(&mut self) -> Result<Next, Error> {
        if !self.tools.presence.is_certain() {
            return Ok(Next::Again(pace::SHORTEST));
        }
        if !self.is_ours() && !self.reclaim().await? {
            return Ok(Next::End(End::Lost));
        }
        match self.stored.record.stage.clone() {
            Stage::Submitting { next_number } => self.find_submission(next_number).await,
            Stage::Watching {
                queue_id,
                post_id,
                progress,
            } => self.watch(queue_id, post_id, progress).await,
            Stage::Announcing {
                post_id, outcome, ..
            } => self.announce(post_id, &outcome).await,
        }
    }

    /// Whether nobody can have taken the watch over. Asked before each visible effect, since this
    /// process may have stood still at any time before.
    fn is_ours(&self) -> bool {
        let presence = &self.tools.presence;
        presence.is_certain() && presence.lapses() == self.lapses
    }

    /// Others may have seen us as dead: only a write to the record tells whether the watch is ours.
    async fn reclaim(&mut self) -> Result<bool, Error> {
        let presence = Arc::clone(&self.tools.presence);
        let lapses = presence.lapses();
        let current = self.tools.store.get(&self.stored.record.id).await?;
        let Some(current) = current.filter(|current| current.record.owner == presence.id()) else {
            return Ok(false);
        };
        self.stored = current;
        let record = WatchRecord {
            claim: self.stored.record.claim + 1,
            ..self.stored.record.clone()
        };
        let is_ours = self.tools.store.replace(&mut self.stored, record).await?;
        (self.lapses, self.look) = (lapses, true);
        Ok(is_ours)
    }

    /// The request may or may not have reached Jenkins: its queue and builds tell.
    async fn find_submission(&mut self, next_number: u64) -> Result<Next, Error> {
        let tools = Arc::clone(&self.tools);
        let _searching = tools.searching.lock().await;
        let mut claimed = self.claimed(tools.clock.now()).await?;
        let found = loop {
            let looking =
                tools
                    .observer
                    .find_submission(&self.stored.record, next_number, &claimed);
            let found = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ok(Next::End(End::Stopped)),
                found = looking => found,
            };
            match found {
                // It may have been that of a watch that is over and gone.
                Submission::Found { queue_id }
                    if !tools
                        .store
                        .claim(
                            &self.stored.record.job.server,
                            queue_id,
                            &self.stored.record.id,
                        )
                        .await? =>
                {
                    claimed.push(queue_id);
                }
                found => break found,
            }
        };
        let now = tools.clock.now();
        let stage = match found {
            Submission::Found { queue_id } => Stage::Watching {
                queue_id: Some(queue_id),
                post_id: None,
                progress: Progress::queued(queue_id, now),
            },
            Submission::NotFound if tools.clock.elapsed(self.began) > SUBMISSION_SHOWS_WITHIN => {
                Stage::Announcing {
                    queue_id: None,
                    post_id: None,
                    outcome: Outcome::without_build(Verdict::NeverStarted),
                }
            }
            Submission::NotFound | Submission::Unknown => return Ok(Next::Again(SUBMISSION_LOOK)),
        };
        self.store(stage).await
    }

    /// Queue ids of other watches of the same job.
    async fn claimed(&self, now: i64) -> Result<Vec<u64>, Error> {
        let watches = self
            .tools
            .store
            .all(|id| id == self.stored.record.id, now)
            .await?;
        let same_job = watches
            .iter()
            .filter(|other| other.record.job.is_same(&self.stored.record.job));
        Ok(same_job
            .filter_map(|other| other.record.stage.queue_id())
            .collect())
    }

    async fn watch(
        &mut self,
        queue_id: Option<u64>,
        post_id: Option<String>,
        progress: Progress,
    ) -> Result<Next, Error> {
        let Some(post_id) = post_id else {
            if !self.is_ours() {
                return Ok(Next::Again(pace::SHORTEST));
            }
            let attachment = self.attachment(&progress);
            let id = self
                .tools
                .delivery
                .card(&self.stored.record, &attachment, self.look)
                .await?;
            self.shown = (!self.look).then(|| (attachment, Instant::now()));
            return self
                .store(Stage::Watching {
                    queue_id,
                    post_id: Some(id),
                    progress,
                })
                .await;
        };
        let looking =
            self.tools
                .observer
                .look(&self.stored.record, &progress, &mut self.has_stages);
        let seen = tokio::select! {
            biased;
            () = self.stop.cancelled() => return Ok(Next::End(End::Stopped)),
            seen = looking => seen,
        };
        let now = self.tools.clock.now();
        let next = machine::advance(&progress, seen, now);
        if let Some(outcome) = next.outcome().cloned() {
            return self
                .store(Stage::Announcing {
                    queue_id,
                    post_id: Some(post_id),
                    outcome,
                })
                .await;
        }
        let is_step = next.ask != progress.ask || kind(&next.state) != kind(&progress.state);
        if next != progress {
            let stage = Stage::Watching {
                queue_id,
                post_id: Some(post_id.clone()),
                progress: next.clone(),
            };
            if is_step || next.trouble != progress.trouble || next.vanished != progress.vanished {
                if let Next::End(end) = self.store(stage).await? {
                    return Ok(Next::End(end));
                }
            } else {
                // Progress in time is seen again after a crash: no need to write it each time.
                self.stored.record.stage = stage;
            }
        }
        self.show(&post_id, &next, is_step).await?;
        // A new question is asked at once, but not the same two in turn while Jenkins knows neither.
        let is_new =
            next.ask != progress.ask && (next.vanished.is_none() || progress.vanished.is_none());
        Ok(Next::Again(if is_new {
            Duration::ZERO
        } else {
            pace::delay(&next, now)
        }))
    }

    /// Edits the card if it shows something else, at a bounded rate.
    async fn show(
        &mut self,
        post_id: &str,
        progress: &Progress,
        at_once: bool,
    ) -> Result<(), Error> {
        let attachment = self.attachment(progress);
        let is_due = match &self.shown {
            None => true,
            Some((shown, _)) if *shown == attachment => false,
            Some((_, when)) => at_once || self.tools.clock.elapsed(*when) >= EDIT_INTERVAL,
        };
        if is_due && self.is_ours() {
            self.tools.delivery.edit(post_id, &attachment).await?;
            self.shown = Some((attachment, Instant::now()));
        }
        Ok(())
    }

    async fn announce(
        &mut self,
        post_id: Option<String>,
        outcome: &Outcome,
    ) -> Result<Next, Error> {
        let watch = self.stored.record.clone();
        let state = BuildState::Finished(outcome.clone());
        let attachment = self.card(&watch, &state, None);
        if !self.is_ours() {
            return Ok(Next::Again(pace::SHORTEST));
        }
        let card = match post_id {
            Some(id) => match self.tools.delivery.edit(&id, &attachment).await? {
                Edit::Done | Edit::Refused => Some(id),
                Edit::CardDeleted => None,
            },
            None => Some(
                self.tools
                    .delivery
                    .card(&watch, &attachment, self.look)
                    .await?,
            ),
        };
        let build_url = outcome
            .number
            .and_then(|number| self.tools.observer.build_url(&watch.job, number));
        if outcome.verdict == Verdict::Unwatched {
            // Who asked for silence gets it.
            self.tools.store.remove(&self.stored).await?;
            return Ok(Next::End(End::Told));
        }
        let Some(digest) = self.digest(&watch, outcome).await else {
            return Ok(Next::End(End::Stopped));
        };
        let announcement = Announcement {
            username: &watch.requester.username,
            job: &watch.job.display_name,
            outcome,
            build_url: build_url.as_deref(),
            digest: &digest,
        };
        if !self.is_ours() {
            return Ok(Next::Again(pace::SHORTEST));
        }
        self.tell(&watch, card.as_deref(), &announcement).await?;
        self.tools.store.remove(&self.stored).await?;
        Ok(Next::End(End::Told))
    }

    /// Tells the end in the thread of the card and, as the requester chose, to them.
    async fn tell(
        &self,
        watch: &WatchRecord,
        card: Option<&str>,
        announcement: &Announcement<'_>,
    ) -> Result<(), Error> {
        let delivery = &self.tools.delivery;
        let direct = match watch.requester.ping {
            Ping::Direct => self.direct_channel(watch).await?,
            Ping::Thread | Ping::Off => None,
        };
        let pings_here = match watch.requester.ping {
            Ping::Thread => true,
            // There is no other place to tell them.
            Ping::Direct => direct.is_none(),
            Ping::Off => false,
        };
        if pings_here {
            let message = announcement.pinging();
            return delivery.announce(watch, card, &message, self.look).await;
        }
        if announcement.tells_more() {
            let message = announcement.silent();
            delivery.announce(watch, card, &message, self.look).await?;
        }
        let Some(channel_id) = direct else {
            return Ok(());
        };
        let message = announcement.silent();
        let told = delivery
            .tell_directly(watch, &channel_id, &message, self.look)
            .await;
        match told {
            Err(error) if is_refusal(&error) => {
                tracing::warn!(watch = watch.id, %error, "a requester gets no direct message");
                Ok(())
            }
            told => told,
        }
    }

    /// Where the requester is told directly; none where the card stands there already, or the server
    /// lets nobody write to them.
    async fn direct_channel(&self, watch: &WatchRecord) -> Result<Option<String>, Error> {
        let user_id = &watch.requester.user_id;
        match self.tools.delivery.direct_channel(user_id).await {
            Ok(id) => Ok(Some(id).filter(|id| *id != watch.place.channel_id)),
            Err(error) if is_refusal(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known of a failure; `None` if the plugin stops meanwhile.
    async fn digest(&self, watch: &WatchRecord, outcome: &Outcome) -> Option<Digest> {
        let Some(number) = outcome.number else {
            return Some(Digest::default());
        };
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            digest = self.tools.digester.digest(watch, number, outcome.verdict) => Some(digest),
        }
    }

    async fn store(&mut self, stage: Stage) -> Result<Next, Error> {
        let record = WatchRecord {
            stage,
            ..self.stored.record.clone()
        };
        if self.tools.store.replace(&mut self.stored, record).await? {
            Ok(Next::Again(Duration::ZERO))
        } else {
            Ok(Next::End(End::Lost))
        }
    }

    fn attachment(&self, progress: &Progress) -> Attachment {
        self.card(&self.stored.record, &progress.state, Some(progress))
    }

    fn card(
        &self,
        watch: &WatchRecord,
        state: &BuildState,
        progress: Option<&Progress>,
    ) -> Attachment {
        let number = match state {
            BuildState::Queued { .. } => None,
            BuildState::Running(running) => Some(running.number),
            BuildState::Finished(outcome) => outcome.number,
        };
        let observer = &self.tools.observer;
        let job_url = observer.job_url(&watch.job);
        let build_url = number.and_then(|number| observer.build_url(&watch.job, number));
        let build = number.and_then(|number| watch.job.build(number));
        let queue_id = match progress.map(|progress| progress.ask) {
            Some(Ask::QueueItem { queue_id } | Ask::BuildOfQueueItem { queue_id }) => {
                Some(queue_id)
            }
            Some(Ask::Build { .. }) | None => None,
        };
        let queued = queue_id.and_then(|queue_id| watch.job.queued(queue_id));
        Card {
            job: &watch.job.display_name,
            job_url: job_url.as_deref(),
            build_url: build_url.as_deref(),
            build: build.as_ref(),
            queued: queued.as_ref(),
            username: &watch.requester.username,
            jenkins_user: &watch.requester.jenkins_user,
            state,
            trouble: progress.and_then(|progress| progress.trouble.as_ref()),
            now: self.tools.clock.now(),
        }
        .attachment()
    }
}

/// Whether a change of state is a step, rather than progress within one.
fn kind(state: &BuildState) -> u8 {
    match state {
        BuildState::Queued { .. } => 0,
        BuildState::Running(_) => 1,
        BuildState::Finished(_) => 2,
    }
}
