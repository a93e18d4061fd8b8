//! How long to wait before looking at Jenkins again.
//!
//! Quick where a person waits for the answer, slow where nobody does, so that many watched builds
//! cost Jenkins little.

use std::time::Duration;

use super::machine::{Progress, Trouble};
use super::state::BuildState;

/// Nothing is looked at more often than this.
pub const SHORTEST: Duration = Duration::from_secs(1);
/// Nothing is left longer than this, but for a refused token.
pub const LONGEST: Duration = Duration::from_secs(15);
/// A refused token is tried again this often, for the requester to reconnect.
const REFUSED: Duration = Duration::from_secs(60);
/// A build near its expected end is looked at this often.
const NEAR_END: Duration = Duration::from_secs(2);

/// The wait before the next look, at `now` in milliseconds since 1970.
#[must_use]
pub fn delay(progress: &Progress, now: i64) -> Duration {
    if let Some(note) = &progress.trouble {
        return match note.trouble {
            Trouble::Refused => REFUSED,
            Trouble::Unreachable | Trouble::Starting => {
                let doublings = note.times.saturating_sub(1).min(4);
                (SHORTEST * 2_u32.pow(doublings)).min(LONGEST)
            }
        };
    }
    match &progress.state {
        BuildState::Queued { .. } => match elapsed(progress.since, now) {
            seconds if seconds < 15 => SHORTEST,
            seconds if seconds < 120 => Duration::from_secs(3),
            _ => Duration::from_secs(10),
        },
        BuildState::Running(running) => {
            let ran = elapsed(running.started_at, now);
            let Some(expected) = running.expected else {
                return Duration::from_secs((ran / 10).clamp(1, LONGEST.as_secs()));
            };
            match (expected / 1000).checked_sub(ran) {
                // Overdue: it may end at any time, or take much longer.
                None => {
                    Duration::from_secs((ran / 20).clamp(NEAR_END.as_secs(), LONGEST.as_secs()))
                }
                Some(left) if left < 5 => SHORTEST,
                Some(left) => Duration::from_secs((left / 4).clamp(NEAR_END.as_secs(), 10)),
            }
        }
        BuildState::Finished(_) => Duration::ZERO,
    }
}

/// Whole seconds from `then` to `now`, 0 when the clocks disagree.
fn elapsed(then: i64, now: i64) -> u64 {
    u64::try_from(now.saturating_sub(then)).unwrap_or(0) / 1000
}
