//! Looking at the queue and steering it.

use super::JenkinsSimulator;
use super::builds::expect_job;
use crate::jenkins::model::Cause;
use crate::jenkins::world::Scheduled;

impl JenkinsSimulator {
    /// Keeps a job's builds in the queue, as if no executor were free, until [`release`](Self::release).
    ///
    /// # Panics
    /// If there is no such job.
    pub fn hold_queue(&self, job: &str) {
        self.with_world(|world| expect_job(world, job).held = true);
    }

    /// Lets a held job's builds start.
    ///
    /// # Panics
    /// If there is no such job.
    pub fn release(&self, job: &str) {
        self.with_world(|world| {
            expect_job(world, job).held = false;
            world.settle();
        });
    }

    /// Starts a build that nobody asked for over HTTP, such as a push's; `None` if the queue refuses it.
    pub fn schedule_build(&self, job: &str, cause: Cause) -> Option<u64> {
        self.with_world(|world| match world.schedule(job, Vec::new(), cause, None) {
            Scheduled::Created(id) | Scheduled::Existing(id) => Some(id),
            Scheduled::Refused => None,
        })
    }

    /// The ids of a job's waiting queue items.
    pub fn queued(&self, job: &str) -> Vec<u64> {
        self.with_world(|world| {
            world
                .queue
                .iter()
                .filter(|item| item.job == job && !item.has_left())
                .map(|item| item.id)
                .collect()
        })
    }

    /// Cancels a waiting queue item; false if it has left or never was.
    pub fn cancel_queue_item(&self, id: u64) -> bool {
        self.with_world(|world| world.cancel_queue_item(id))
    }

    /// Waits until a job has an item in the queue and returns its id.
    pub async fn wait_for_queued(&self, job: &str) -> u64 {
        self.wait_until(|world| world.waiting_item(job).map(|item| item.id))
            .await
    }
}
