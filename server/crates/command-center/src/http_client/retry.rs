//! When to ask again, and after which pause.

use std::time::Duration;

use http::StatusCode;
use http::header::RETRY_AFTER;
use jiff::Timestamp;

use super::answer::Answer;
use super::call::Call;
use super::failure::{HttpFailure, RetryKind};
use super::is_safe;

/// How often one question is asked. The pause doubles each time and is shortened at random by up to
/// one half, so that many clients do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryRule {
    /// All attempts, the first one included.
    pub attempts: u32,
    /// The pause after the first attempt.
    pub first_pause: Duration,
    /// A service that asks for a longer pause (`Retry-After`) gets none: its answer is the answer.
    pub longest_pause: Duration,
}

impl Default for RetryRule {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(5),
        }
    }
}

impl RetryRule {
    /// The pause before the next attempt; `None` if this outcome stands.
    pub(super) fn pause(
        &self,
        call: &Call,
        outcome: &Result<Answer, HttpFailure>,
        attempt: u32,
    ) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let safe = is_safe(&call.method);
        match outcome {
            Err(failure) => match failure.retry_kind() {
                RetryKind::NotSent => Some(self.backoff(attempt)),
                RetryKind::PerhapsSent if safe => Some(self.backoff(attempt)),
                RetryKind::PerhapsSent | RetryKind::Permanent => None,
            },
            Ok(answer) if safe && is_temporary(answer.status()) => {
                let asked = answer
                    .headers()
                    .get(RETRY_AFTER)
                    .and_then(|value| value.to_str().ok());
                match asked.and_then(|value| retry_after(value, Timestamp::now())) {
                    Some(asked) => {
                        (asked <= self.longest_pause).then(|| asked.max(self.backoff(attempt)))
                    }
                    None => Some(self.backoff(attempt)),
                }
            }
            Ok(_) => None,
        }
    }

    fn backoff(&self, attempt: u32) -> Duration {
        let full = self
            .first_pause
            .saturating_mul(1 << (attempt - 1).min(16))
            .min(self.longest_pause);
        // Without random numbers the full pause is as good.
        let random = getrandom::u32().unwrap_or(u32::MAX);
        full.mul_f64(0.5 + 0.5 * f64::from(random) / f64::from(u32::MAX))
    }
}

fn is_temporary(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Seconds or a date (RFC 9110, 10.2.3).
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(value)
        .ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now: Timestamp = "2015-10-21T07:27:00Z".parse().unwrap();
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_secs(120)));
        assert_eq!(
            retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now),
            Some(Duration::from_secs(60))
        );
        assert_eq!(
            retry_after("Wed, 21 Oct 2015 07:20:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("soon", now), None);
    }

    proptest! {
        #[test]
        fn pauses_grow_within_bounds(attempt in 1_u32..40) {
            let rule = RetryRule::default();
            let full = rule.first_pause.saturating_mul(1 << (attempt - 1).min(16)).min(rule.longest_pause);
            let pause = rule.backoff(attempt);
            prop_assert!(pause >= full / 2 && pause <= full);
        }
    }
}
