//! The time of a development server.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// A wall clock that a test can move forward.
///
/// It runs with tokio's clock: in real runs it shows real time, under a paused tokio runtime it
/// stands still until tokio's time moves. [`advance`](Clock::advance) moves it further without
/// waiting. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    base_milliseconds: i64,
    started: Instant,
    offset_milliseconds: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that shows the present time.
    #[must_use]
    pub fn system() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::starting_at(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// A clock that starts at `milliseconds` after 1970-01-01 UTC.
    #[must_use]
    pub fn starting_at(milliseconds: i64) -> Self {
        Self {
            base_milliseconds: milliseconds,
            started: Instant::now(),
            offset_milliseconds: Arc::new(AtomicI64::new(0)),
        }
    }

    /// The time, in milliseconds after 1970-01-01 UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.base_milliseconds + elapsed + self.offset_milliseconds.load(Ordering::SeqCst)
    }

    /// Moves the clock forward at once. Timers of tokio are not moved.
    pub fn advance(&self, by: Duration) {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.offset_milliseconds
            .fetch_add(milliseconds, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Clock;

    #[tokio::test(start_paused = true)]
    async fn the_clock_follows_tokio_and_can_be_advanced() {
        let clock = Clock::starting_at(1_000);
        let twin = clock.clone();
        assert_eq!(clock.now(), 1_000);
        clock.advance(Duration::from_secs(2));
        assert_eq!(twin.now(), 3_000);
        tokio::time::advance(Duration::from_millis(5)).await;
        assert_eq!(twin.now(), 3_005);
    }
}
