//! What came of requests to one service.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::HttpFailure;
use super::answer::Answer;

/// Counts since the start. Each attempt counts.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    success: u64,
    client_error: u64,
    server_error: u64,
    no_answer: u64,
    last: Option<LastContact>,
}

/// The last attempt.
#[derive(Debug, Clone, Copy)]
pub struct LastContact {
    /// When it ended.
    pub at: Instant,
    /// Whether the service answered, if only that something is not allowed; a status from 500 on is no answer
    /// of the service.
    pub succeeded: bool,
}

impl Tally {
    /// How many attempts ended in which way.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, u64); 4] {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        [
            ("success", counts.success),
            ("client_error", counts.client_error),
            ("server_error", counts.server_error),
            ("no_answer", counts.no_answer),
        ]
    }

    /// The last attempt; `None` if there was none.
    #[must_use]
    pub fn last(&self) -> Option<LastContact> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    pub(super) fn add(&self, outcome: &Result<Answer, HttpFailure>) {
        let status = outcome.as_ref().ok().map(Answer::status);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, succeeded) = match status {
            Some(status) if status.is_server_error() => (&mut counts.server_error, false),
            Some(status) if status.is_client_error() => (&mut counts.client_error, true),
            Some(_) => (&mut counts.success, true),
            None => (&mut counts.no_answer, false),
        };
        *count += 1;
        counts.last = Some(LastContact {
            at: Instant::now(),
            succeeded,
        });
    }
}
