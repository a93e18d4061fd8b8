//! The state of a simulated Jenkins and how it moves through time.
//!
//! The world has no background task. Whoever looks at it first calls [`World::catch_up`], which applies everything that
//! fell due since, in order. So what a test sees depends only on the clock, never on scheduling.

mod build;
mod item_changes;
mod items;
mod log_buffer;
mod queue;
mod scan;
mod server;
mod sessions;
mod stage;
mod timeline;

use std::collections::BTreeMap;

pub(crate) use build::Build;
pub(crate) use item_changes::NewItem;
pub(crate) use items::{ItemKind, ItemState, JobState};
use log_buffer::LogBuffer;
pub(crate) use queue::{QueueItem, QueueState, Scheduled};
pub(crate) use scan::{CannotScan, Scans};
use server::ServerState;
use sessions::Sessions;
pub(crate) use stage::{StageRun, StageStatus};

use super::clock::{Clock, Millis};
use super::model::{CrumbMode, JenkinsConfig, Node, NodeState, Permission, Plugin, User};

/// Everything a simulated Jenkins knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    /// The time up to which events have been applied.
    pub(crate) now: Millis,
    pub(crate) users: Vec<User>,
    pub(crate) anonymous: Vec<Permission>,
    /// Every item by full name; a folder's items follow it as `folder/…`.
    pub(crate) items: BTreeMap<String, ItemState>,
    pub(crate) queue: Vec<QueueItem>,
    pub(crate) server: ServerState,
    pub(crate) sessions: Sessions,
    pub(crate) version: String,
    pub(crate) crumbs: CrumbMode,
    pub(crate) executors: u32,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) built_in: NodeState,
    next_queue_id: u64,
    running: Vec<BuildKey>,
}

/// A build's job and number.
type BuildKey = (String, u32);

impl World {
    pub(crate) fn new(config: JenkinsConfig) -> Self {
        let clock = Clock::start(config.speed);
        let now = clock.now();
        let mut world = Self {
            clock,
            now,
            users: config.users,
            anonymous: config.anonymous,
            items: BTreeMap::new(),
            queue: Vec::new(),
            server: ServerState::new(config.restart_time),
            sessions: Sessions::default(),
            version: config.version,
            crumbs: config.crumbs,
            executors: config.executors,
            plugins: config.plugins,
            nodes: config.nodes,
            built_in: NodeState::default(),
            next_queue_id: 1,
            running: Vec::new(),
        };
        for item in config.items {
            world.add_item("", item);
        }
        world
    }

    /// Whether this Jenkins is older than a release; what is not read as a version is new.
    pub(crate) fn is_older_than(&self, release: (u32, u32)) -> bool {
        let mut parts = self.version.split('.').map(str::parse::<u32>);
        match (parts.next(), parts.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < release,
            _ => false,
        }
    }

    /// The user with this id; Jenkins' ids ignore case (`IdStrategy.CASE_INSENSITIVE`).
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn item(&self, full_name: &str) -> Option<&ItemState> {
        self.items.get(full_name)
    }

    pub(crate) fn job(&self, full_name: &str) -> Option<&JobState> {
        self.items.get(full_name)?.job()
    }

    pub(crate) fn job_mut(&mut self, full_name: &str) -> Option<&mut JobState> {
        match &mut self.items.get_mut(full_name)?.kind {
            ItemKind::Job(job) => Some(job),
            _ => None,
        }
    }

    pub(crate) fn build(&self, job: &str, number: u32) -> Option<&Build> {
        self.job(job)?.builds.get(&number)
    }

    pub(crate) fn build_mut(&mut self, job: &str, number: u32) -> Option<&mut Build> {
        self.job_mut(job)?.builds.get_mut(&number)
    }

    pub(crate) fn running(&self) -> &[BuildKey] {
        &self.running
    }
}
