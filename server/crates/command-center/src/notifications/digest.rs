//! When to tell: at once, or together with other news later.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::QuietHours;
use crate::text;

const SHORTEST: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long news is collected before it is told in one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DigestInterval {
    seconds: u64,
}

/// The text is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an interval is 5 minutes to 7 days, written as `30m`, `2h` or `1d`")]
pub struct NotAnInterval;

impl DigestInterval {
    /// Reads `30m`, `2h` or `1d`.
    ///
    /// # Errors
    /// [`NotAnInterval`].
    pub fn parse(text: &str) -> Result<Self, NotAnInterval> {
        let duration = parse_duration(text).ok_or(NotAnInterval)?;
        if !(SHORTEST..=LONGEST).contains(&duration) {
            return Err(NotAnInterval);
        }
        Ok(Self {
            seconds: duration.as_secs(),
        })
    }

    fn milliseconds(self) -> i64 {
        i64::try_from(self.seconds)
            .unwrap_or(i64::MAX)
            .saturating_mul(1000)
    }
}

impl fmt::Display for DigestInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::duration(Duration::from_secs(self.seconds)))
    }
}

/// Reads a number with `s`, `m`, `h`, `d` or `w` behind.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    let unit = text.chars().last()?;
    let number: u64 = text[..text.len() - unit.len_utf8()].trim().parse().ok()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// When the news of one subscription is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Collect it for so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<DigestInterval>,
    /// Never tell it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
}

impl Timing {
    /// Until when news of `now` is held back; `None`: tell it at once. In milliseconds since 1970.
    #[must_use]
    pub fn hold_until(&self, now: i64) -> Option<i64> {
        let collected = self
            .digest
            .map(|interval| now.saturating_add(interval.milliseconds()));
        let due = collected.unwrap_or(now);
        let quiet_end = self.quiet.as_ref().and_then(|quiet| quiet.end(due));
        quiet_end.or(collected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn intervals() {
        assert_eq!(DigestInterval::parse(" 2H ").unwrap().seconds, 7200);
        assert_eq!(DigestInterval::parse("30m").unwrap().to_string(), "30 min");
        for text in [
            "",
            "h",
            "4m",
            "8d",
            "1y",
            "-1h",
            "1.5h",
            "99999999999999999999h",
            "é",
        ] {
            assert_eq!(DigestInterval::parse(text), Err(NotAnInterval), "{text}");
        }
        assert_eq!(parse_duration("1w"), Some(Duration::from_secs(604_800)));
    }

    #[test]
    fn news_waits_for_the_digest_and_for_the_morning() {
        // 21:30 UTC on some day.
        let now = 1_700_000_000_000 - 1_700_000_000_000 % 86_400_000 + 77_400_000;
        let hour = 3_600_000;
        let digest = Some(DigestInterval::parse("1h").unwrap());
        let quiet = Some(QuietHours::parse("22:00-07:00", "UTC").unwrap());
        assert_eq!(Timing::default().hold_until(now), None);
        let only_digest = Timing {
            digest,
            quiet: None,
        };
        assert_eq!(only_digest.hold_until(now), Some(now + hour));
        let only_quiet = Timing {
            digest: None,
            quiet: quiet.clone(),
        };
        assert_eq!(only_quiet.hold_until(now), None);
        let morning = now + 9 * hour + hour / 2;
        assert_eq!(only_quiet.hold_until(now + hour), Some(morning));
        let both = Timing { digest, quiet };
        assert_eq!(both.hold_until(now), Some(morning));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,12}|[0-9a-z]{0,24}") {
            let _ = DigestInterval::parse(&text);
        }
    }
}
