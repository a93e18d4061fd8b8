//! The build queue.

use super::World;
use super::build::{Build, NewBuild};
use crate::jenkins::clock::{Millis, millis};
use crate::jenkins::model::{BuildScript, Cause, ParameterValue};

/// How long an item can be asked for after it left (`Queue.leftItems`).
pub(crate) const LEFT_ITEMS_KEPT: Millis = 5 * 60 * 1000;

/// The pause between the builds of a job's past, and after the last of them.
const PAST_BUILDS_APART: Millis = 60_000;

/// A build that waits, or one that recently did.
#[derive(Debug)]
pub(crate) struct QueueItem {
    pub(crate) id: u64,
    pub(crate) job: String,
    pub(crate) since: Millis,
    pub(crate) state: QueueState,
    pub(crate) parameters: Vec<ParameterValue>,
    pub(crate) causes: Vec<Cause>,
    pub(crate) script: BuildScript,
}

/// Where in the queue an item is.
#[derive(Debug)]
pub(crate) enum QueueState {
    /// In the quiet period.
    Waiting { until: Millis },
    /// Another build of the job runs.
    Blocked,
    /// Waits for an executor.
    Buildable { since: Millis },
    /// Became a build, or was cancelled (no build).
    Left { at: Millis, build: Option<u32> },
}

impl QueueItem {
    pub(crate) fn has_left(&self) -> bool {
        matches!(self.state, QueueState::Left { .. })
    }

    /// The build it became, once Jenkins shows it.
    pub(crate) fn executable(&self, now: Millis) -> Option<u32> {
        match self.state {
            QueueState::Left { at, build } if now >= at + millis(self.script.executable_delay) => {
                build
            }
            _ => None,
        }
    }
}

/// What scheduling came to (`ScheduleResult`).
#[derive(Debug)]
pub(crate) enum Scheduled {
    Created(u64),
    /// The same job with the same parameters was queued already.
    Existing(u64),
    Refused,
}

impl World {
    /// `Queue.schedule2`.
    pub(crate) fn schedule(
        &mut self,
        job_name: &str,
        parameters: Vec<ParameterValue>,
        cause: Cause,
        delay: Option<Millis>,
    ) -> Scheduled {
        let now = self.now;
        if self.job(job_name).is_none_or(|job| job.refuses_builds) {
            return Scheduled::Refused;
        }
        let same = |item: &&QueueItem| {
            !item.has_left() && item.job == job_name && item.parameters == parameters
        };
        if let Some(existing) = self.queue.iter().find(same) {
            return Scheduled::Existing(existing.id);
        }
        let Some(job) = self.job_mut(job_name) else {
            return Scheduled::Refused;
        };
        let script = job
            .next_scripts
            .pop_front()
            .unwrap_or_else(|| job.script.clone());
        let id = self.next_queue_id;
        self.next_queue_id += 1;
        let mut causes = vec![cause];
        causes.extend(script.causes.iter().cloned());
        let until = now + delay.unwrap_or_else(|| millis(script.quiet_period));
        let state = QueueState::Waiting { until };
        self.queue.push(QueueItem {
            id,
            job: job_name.to_owned(),
            since: now,
            state,
            parameters,
            causes,
            script,
        });
        self.settle();
        Scheduled::Created(id)
    }

    pub(crate) fn queue_item(&self, id: u64) -> Option<&QueueItem> {
        self.queue.iter().find(|item| item.id == id)
    }

    /// The waiting item of a job (`Job.getQueueItem`).
    pub(crate) fn waiting_item(&self, job: &str) -> Option<&QueueItem> {
        self.queue
            .iter()
            .find(|item| item.job == job && !item.has_left())
    }

    /// Cancels a waiting item; false if it has left.
    pub(crate) fn cancel_queue_item(&mut self, id: u64) -> bool {
        let at = self.now;
        match self
            .queue
            .iter_mut()
            .find(|item| item.id == id && !item.has_left())
        {
            Some(item) => {
                item.state = QueueState::Left { at, build: None };
                true
            }
            None => false,
        }
    }

    /// `ParameterizedJob.makeDisabled` cancels what is queued.
    pub(crate) fn cancel_queued_builds(&mut self, job: &str) {
        let ids: Vec<u64> = self
            .queue
            .iter()
            .filter(|item| item.job == job)
            .map(|item| item.id)
            .collect();
        for id in ids {
            self.cancel_queue_item(id);
        }
    }

    /// Whether an item must wait for the job's other build.
    pub(super) fn is_blocked(&self, job: &str) -> bool {
        self.job(job)
            .is_some_and(|job| !job.concurrent && job.is_running())
    }

    /// Whether a buildable item of the job may start.
    pub(super) fn may_start(&self, job: &str) -> bool {
        !self.server.quieting_down
            && !self.server.is_restarting()
            && self.job(job).is_some_and(|job| !job.held)
    }

    /// What Jenkins says an item waits for (`CauseOfBlockage`).
    pub(crate) fn why(&self, item: &QueueItem) -> Option<String> {
        match item.state {
            QueueState::Left { .. } => None,
            _ if self.server.quieting_down => Some("Jenkins is about to shut down".to_owned()),
            QueueState::Waiting { until } => {
                let seconds = (until - self.now).max(0) as f64 / 1000.0;
                Some(format!("In the quiet period. Expires in {seconds:.1} sec"))
            }
            QueueState::Blocked => {
                let running = self
                    .job(&item.job)?
                    .builds
                    .values()
                    .rfind(|build| build.is_running())?;
                Some(format!(
                    "Build #{} is already in progress (ETA: N/A)",
                    running.number
                ))
            }
            QueueState::Buildable { .. } => Some(
                item.script
                    .why
                    .clone()
                    .unwrap_or_else(|| "Waiting for next available executor".to_owned()),
            ),
        }
    }

    /// Starts the build of the item at `index` of the queue.
    pub(super) fn start_build(&mut self, index: usize) {
        let now = self.now;
        let item = &mut self.queue[index];
        let job_name = item.job.clone();
        let started_by = match item.causes.first() {
            Some(Cause::User(Some(id))) => id.clone(),
            _ => "anonymous".to_owned(),
        };
        let (queue_id, since, parameters) = (item.id, item.since, item.parameters.clone());
        let (causes, script) = (item.causes.clone(), item.script.clone());
        let started_by = self
            .user(&started_by)
            .map_or(started_by, |user| user.full_name.clone());
        let Some(job) = self.job_mut(&job_name) else {
            return;
        };
        let number = job.next_number;
        job.next_number += 1;
        job.started += 1;
        let kind = job.kind;
        let queued_for = now - since;
        let build = Build::start(NewBuild {
            number,
            queue_id,
            kind,
            script,
            parameters,
            causes,
            queued_for,
            started: now,
            started_by,
        });
        job.builds.insert(number, build);
        self.running.push((job_name, number));
        self.queue[index].state = QueueState::Left {
            at: now,
            build: Some(number),
        };
    }

    /// Puts builds into a job's past, in this order.
    pub(super) fn add_past_builds(&mut self, job_name: &str, scripts: Vec<BuildScript>) {
        let now = self.now;
        let span = |script: &BuildScript| script.planned_duration().map_or(0, millis);
        let mut started = now
            - scripts
                .iter()
                .map(|script| span(script) + PAST_BUILDS_APART)
                .sum::<Millis>();
        for script in scripts {
            let queue_id = self.next_queue_id;
            self.next_queue_id += 1;
            let ended = started + span(&script);
            let Some(job) = self.job_mut(job_name) else {
                return;
            };
            let causes = if script.causes.is_empty() {
                vec![Cause::ScmChange]
            } else {
                script.causes.clone()
            };
            let mut build = Build::start(NewBuild {
                number: job.next_number,
                queue_id,
                kind: job.kind,
                script,
                parameters: Vec::new(),
                causes,
                queued_for: 0,
                started,
                started_by: "anonymous".to_owned(),
            });
            while let Some(due) = build.due().filter(|due| *due <= now) {
                build.step(due);
            }
            build.finish(ended, build.script.result);
            started = ended + PAST_BUILDS_APART;
            job.builds.insert(job.next_number, build);
            job.next_number += 1;
        }
    }
}
