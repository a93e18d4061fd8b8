//! What falls due, and in which order.

use super::queue::LEFT_ITEMS_KEPT;
use super::{BuildKey, QueueState, World};
use crate::jenkins::clock::{Millis, millis};
use crate::jenkins::model::{BuildResult, JobKind, StopSignal};

/// Something that happens by itself.
#[derive(Debug)]
enum Event {
    /// The item at this place of the queue moves on.
    Queue(usize),
    /// A running build reaches its next stage or its end.
    Build(BuildKey),
    Restart,
    Restarted,
}

impl World {
    /// Applies everything that fell due since the last look.
    pub(crate) fn catch_up(&mut self) {
        let now = self.clock.now();
        self.settle_until(now);
        self.now = self.now.max(now);
    }

    /// Applies what a change just made possible, without letting time pass.
    pub(crate) fn settle(&mut self) {
        self.settle_until(self.now);
    }

    fn settle_until(&mut self, now: Millis) {
        while let Some((due, event)) = self.next_event().filter(|(due, _)| *due <= now) {
            self.now = self.now.max(due);
            self.apply(event);
        }
    }

    /// When the world next changes by itself.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.next_event().map(|(due, _)| due)
    }

    fn next_event(&self) -> Option<(Millis, Event)> {
        let queue = self.queue.iter().enumerate().filter_map(|(index, item)| {
            let due = match item.state {
                QueueState::Waiting { until } => until,
                QueueState::Blocked if self.is_blocked(&item.job) => return None,
                QueueState::Blocked => self.now,
                QueueState::Buildable { .. } if !self.may_start(&item.job) => return None,
                QueueState::Buildable { since } => since + millis(item.script.queue_time),
                QueueState::Left { at, .. } => at + LEFT_ITEMS_KEPT,
            };
            Some((due, Event::Queue(index)))
        });
        let builds = self.running.iter().filter_map(|key| {
            let due = self.build(&key.0, key.1)?.due()?;
            Some((due, Event::Build(key.clone())))
        });
        let restart = (self.server.restart_when_idle && self.running.is_empty())
            .then_some((self.now, Event::Restart));
        let restarted = self
            .server
            .restarting_until
            .map(|until| (until, Event::Restarted));
        queue
            .chain(builds)
            .chain(restart)
            .chain(restarted)
            .min_by_key(|(due, _)| *due)
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Queue(index) => self.move_queue_item(index),
            Event::Build((job, number)) => {
                let now = self.now;
                if let Some(build) = self.build_mut(&job, number) {
                    build.step(now);
                }
                self.forget_finished();
            }
            Event::Restart => self.restart(),
            Event::Restarted => self.server.restarting_until = None,
        }
    }

    fn move_queue_item(&mut self, index: usize) {
        let blocked = self.is_blocked(&self.queue[index].job);
        match self.queue[index].state {
            QueueState::Left { .. } => {
                self.queue.remove(index);
            }
            // A second item of the job may have become buildable meanwhile.
            _ if blocked => self.queue[index].state = QueueState::Blocked,
            QueueState::Waiting { .. } | QueueState::Blocked => {
                self.queue[index].state = QueueState::Buildable { since: self.now };
            }
            QueueState::Buildable { .. } => self.start_build(index),
        }
    }

    /// Ends a build now.
    pub(crate) fn finish_build(&mut self, job: &str, number: u32, result: BuildResult) {
        let now = self.now;
        if let Some(build) = self.build_mut(job, number) {
            build.finish(now, result);
        }
        self.forget_finished();
        self.settle();
    }

    /// Sends a build a signal; it ends if its script lets it.
    pub(crate) fn signal_build(&mut self, job: &str, number: u32, signal: StopSignal) {
        if self
            .build(job, number)
            .is_some_and(|build| signal >= build.script.ends_on)
        {
            self.finish_build(job, number, BuildResult::Aborted);
        }
    }

    /// What a restart does to builds that cannot resume.
    pub(super) fn abort_freestyle_builds(&mut self) {
        for (job, number) in self.running.clone() {
            if self
                .job(&job)
                .is_some_and(|job| job.kind == JobKind::Freestyle)
            {
                self.finish_build(&job, number, BuildResult::Aborted);
            }
        }
    }

    fn forget_finished(&mut self) {
        let mut running = std::mem::take(&mut self.running);
        running.retain(|(job, number)| {
            self.build(job, *number)
                .is_some_and(super::Build::is_running)
        });
        self.running = running;
    }
}
