//! Time, behind one door so that nothing else of the plugin's own reads it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Tells the time and waits. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Milliseconds.
    ahead: Arc<AtomicI64>,
    haste: u32,
}

impl Clock {
    /// The operating system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::hasty(1)
    }

    /// A clock that shows the operating system's time and waits only for the `haste`th part of what it
    /// is told: for watching simulated builds.
    #[must_use]
    pub fn hasty(haste: u32) -> Self {
        Self {
            ahead: Arc::default(),
            haste: haste.max(1),
        }
    }

    /// Moves the time that is shown forward.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(milliseconds(by), Ordering::SeqCst);
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        milliseconds(since).saturating_add(self.ahead.load(Ordering::SeqCst))
    }

    /// How long ago an instant was, by the measure of [`sleep`](Self::sleep).
    #[must_use]
    pub fn elapsed(&self, since: Instant) -> Duration {
        since.elapsed().saturating_mul(self.haste)
    }

    /// Waits.
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(self.real(duration)).await;
    }

    /// How long a wait of this length really takes.
    #[must_use]
    pub fn real(&self, duration: Duration) -> Duration {
        duration / self.haste
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_hasty_clock_waits_less_and_measures_the_same() {
        let clock = Clock::hasty(10);
        let start = Instant::now();
        clock.sleep(Duration::from_secs(20)).await;
        assert!(
            (2_000..2_010).contains(&start.elapsed().as_millis()),
            "{:?}",
            start.elapsed()
        );
        assert!((20..21).contains(&clock.elapsed(start).as_secs()));
    }

    #[test]
    fn clones_are_moved_together() {
        let clock = Clock::system();
        let before = clock.now();
        clock.clone().advance(Duration::from_secs(60));
        assert!((60_000..70_000).contains(&(clock.now() - before)));
    }
}
