//! Simulated time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// A point of simulated time in Unix milliseconds, as Jenkins writes its timestamps.
pub(crate) type Millis = i64;

/// Simulated time: starts at the wall clock's now, runs at a multiple of tokio's time, and can be pushed forward.
#[derive(Debug)]
pub(crate) struct Clock {
    origin: Instant,
    started_at: Millis,
    speed: f64,
    pushed: Millis,
}

impl Clock {
    /// Starts a clock. A `speed` of zero is a clock that only [`Clock::push`] moves.
    pub(crate) fn start(speed: f64) -> Self {
        let started_at = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, millis);
        Self {
            origin: Instant::now(),
            started_at,
            speed,
            pushed: 0,
        }
    }

    pub(crate) fn now(&self) -> Millis {
        let elapsed = self.origin.elapsed().as_secs_f64() * 1000.0 * self.speed;
        self.started_at + self.pushed + elapsed as Millis
    }

    pub(crate) fn push(&mut self, by: Duration) {
        self.pushed += millis(by);
    }

    /// The instant of tokio's clock at which the simulated time will be `due`; `None` if it never comes by itself.
    pub(crate) fn instant_of(&self, due: Millis) -> Option<Instant> {
        if self.speed <= 0.0 {
            return None;
        }
        let ahead = (due - self.started_at - self.pushed).max(0) as f64 / 1000.0 / self.speed;
        // One millisecond more, because `now` rounds down.
        Some(self.origin + Duration::try_from_secs_f64(ahead).ok()? + Duration::from_millis(1))
    }
}

/// A duration in whole milliseconds.
pub(crate) fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn runs_at_its_speed_on_tokio_time() {
        let clock = Clock::start(10.0);
        let start = clock.now();
        let due = clock.instant_of(start + 60_000).unwrap();
        tokio::time::sleep_until(due).await;
        assert!((60_000..60_020).contains(&(clock.now() - start)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_frozen_clock_moves_only_when_pushed() {
        let mut clock = Clock::start(0.0);
        let start = clock.now();
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(clock.now(), start);
        assert_eq!(clock.instant_of(start + 1), None);
        clock.push(Duration::from_secs(5));
        assert_eq!(clock.now(), start + 5_000);
    }
}
