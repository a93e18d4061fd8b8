//! A bound on how often one service is asked in the background.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

/// Lets one question pass in each interval, in the order in which they come. After a quiet time a
/// burst of them may pass at once.
#[derive(Debug)]
pub struct Throttle {
    interval: Duration,
    burst: u32,
    /// When the next question may be asked if all before it were.
    next: Mutex<Option<Instant>>,
}

impl Throttle {
    /// A question in each interval, and so many at once.
    #[must_use]
    pub fn every(interval: Duration, burst: u32) -> Self {
        Self {
            interval,
            burst: burst.max(1),
            next: Mutex::new(None),
        }
    }

    /// Waits for the turn of one question. Dropping the future gives the turn up, not back.
    pub async fn turn(&self) {
        let at = self.reserve(Instant::now());
        tokio::time::sleep_until(at).await;
    }

    /// Whether a question may be asked at once: then its turn is taken.
    pub fn is_free(&self) -> bool {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.due(*next, now);
        let is_free = due <= now;
        if is_free {
            *next = Some(due + self.interval);
        }
        is_free
    }

    fn reserve(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.due(*next, now);
        *next = Some(due + self.interval);
        due
    }

    /// Turns that nobody took are kept, up to a burst.
    fn due(&self, next: Option<Instant>, now: Instant) -> Instant {
        let kept = self.interval * (self.burst - 1);
        let earliest = now.checked_sub(kept).unwrap_or(now);
        next.map_or(earliest, |next| next.max(earliest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_the_rest_waits_its_turn() {
        // Paused time begins close to the clock's own beginning.
        tokio::time::advance(Duration::from_secs(60)).await;
        let throttle = Throttle::every(Duration::from_millis(100), 5);
        let began = Instant::now();
        for _ in 0..5 {
            throttle.turn().await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert!(!throttle.is_free());
        for _ in 0..20 {
            throttle.turn().await;
        }
        let took = began.elapsed().as_millis();
        assert!((2000..2020).contains(&took), "{took}");
        tokio::time::advance(Duration::from_secs(10)).await;
        let free = (0..20).filter(|_| throttle.is_free()).count();
        assert_eq!(free, 5, "a quiet time is worth one burst");
    }
}
