//! What the server and the handle share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::fault::{Fault, Faults};
use super::request_log::RequestLog;
use crate::jenkins::http::NetworkCall;
use crate::jenkins::model::JenkinsConfig;
use crate::jenkins::world::World;

/// The world and everything about requests.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) context_path: String,
    pub(crate) public_url: Option<String>,
    /// Told whenever a request or a test changed something.
    pub(crate) changed: Notify,
    world: Mutex<World>,
    faults: Mutex<Faults>,
    requests: Mutex<RequestLog>,
}

impl Shared {
    pub(crate) fn new(config: JenkinsConfig) -> Self {
        Self {
            context_path: config.context_path.clone(),
            public_url: config.public_url.clone(),
            changed: Notify::new(),
            world: Mutex::new(World::new(config)),
            faults: Mutex::default(),
            requests: Mutex::default(),
        }
    }

    /// The world, brought up to date.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = lock(&self.world);
        world.catch_up();
        world
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn requests(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.requests)
    }

    pub(crate) fn record(&self, call: &NetworkCall) {
        let at = self.world().now;
        self.requests().push(call, at);
        self.changed.notify_waiters();
    }

    pub(crate) fn take_fault(&self, call: &NetworkCall) -> Option<Fault> {
        self.faults().take(call)
    }
}

/// A panic while the lock was held has failed a test already; others may go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
