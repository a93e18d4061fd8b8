//! Quieting down and restarting.

use std::time::Duration;

use super::World;
use crate::jenkins::clock::{Millis, millis};

/// Whether Jenkins starts builds, and whether it is there at all.
#[derive(Debug)]
pub(crate) struct ServerState {
    pub(crate) quieting_down: bool,
    pub(crate) quiet_reason: Option<String>,
    /// Restart as soon as no build runs.
    pub(crate) restart_when_idle: bool,
    /// Until when every page is 503.
    pub(crate) restarting_until: Option<Millis>,
    pub(crate) restarts: u32,
    restart_time: Millis,
}

impl ServerState {
    pub(crate) fn new(restart_time: Duration) -> Self {
        Self {
            quieting_down: false,
            quiet_reason: None,
            restart_when_idle: false,
            restarting_until: None,
            restarts: 0,
            restart_time: millis(restart_time),
        }
    }

    pub(crate) fn quiet_down(&mut self, reason: Option<String>) {
        self.quieting_down = true;
        self.quiet_reason = reason;
    }

    pub(crate) fn cancel_quiet_down(&mut self) {
        self.quieting_down = false;
        self.quiet_reason = None;
        self.restart_when_idle = false;
    }

    pub(crate) fn is_restarting(&self) -> bool {
        self.restarting_until.is_some()
    }
}

impl World {
    /// `POST /safeRestart`: quiets down, then restarts once nothing runs.
    pub(crate) fn safe_restart(&mut self, reason: Option<String>) {
        self.server.quiet_down(reason);
        self.server.restart_when_idle = true;
        self.settle();
    }

    /// `POST /restart`: at once. Running freestyle builds are aborted; pipelines resume.
    pub(crate) fn restart(&mut self) {
        self.server.cancel_quiet_down();
        self.server.restarting_until = Some(self.now + self.server.restart_time);
        self.server.restarts += 1;
        self.sessions.clear();
        self.abort_freestyle_builds();
    }
}
