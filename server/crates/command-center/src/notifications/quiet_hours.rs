//! Hours in which nobody wants to be told.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// A part of each day in one time zone, such as `22:00-07:00 Europe/Berlin`. It may pass midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuietHours {
    /// Minutes since midnight.
    from: u16,
    /// Minutes since midnight; not part of it.
    to: u16,
    zone: String,
}

/// Why a text is no quiet hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotQuietHours {
    /// The hours cannot be read.
    #[error(
        "quiet hours are written as `22:00-07:00`, perhaps with a time zone behind: `22:00-07:00 Europe/Berlin`"
    )]
    Hours,
    /// There is no such time zone.
    #[error("there is no such time zone; names look like `Europe/Berlin` or `UTC`")]
    Zone,
}

impl QuietHours {
    /// Reads `22:00-07:00` or `22-7`, with a time zone behind or `zone` otherwise.
    ///
    /// # Errors
    /// [`NotQuietHours`].
    pub fn parse(text: &str, zone: &str) -> Result<Self, NotQuietHours> {
        let text = text.trim();
        let (hours, zone) = match text.split_once(char::is_whitespace) {
            Some((hours, zone)) => (hours, zone.trim()),
            None => (text, zone),
        };
        let (from, to) = hours.split_once(['-', '–']).ok_or(NotQuietHours::Hours)?;
        let (from, to) = (minute(from)?, minute(to)?);
        if from == to {
            return Err(NotQuietHours::Hours);
        }
        let zone = time_zone(zone).ok_or(NotQuietHours::Zone)?;
        let zone = zone.iana_name().unwrap_or("UTC").to_owned();
        Ok(Self { from, to, zone })
    }

    /// When the quiet hours end that `now` falls into; `None` outside of them. Both in milliseconds
    /// since 1970.
    #[must_use]
    pub fn end(&self, now: i64) -> Option<i64> {
        let zone = time_zone(&self.zone)?;
        let here = Timestamp::from_millisecond(now)
            .ok()?
            .to_zoned(zone.clone());
        let minute = u16::try_from(here.hour()).ok()? * 60 + u16::try_from(here.minute()).ok()?;
        let passes_midnight = self.from > self.to;
        let is_quiet = if passes_midnight {
            minute >= self.from || minute < self.to
        } else {
            (self.from..self.to).contains(&minute)
        };
        if !is_quiet {
            return None;
        }
        let ends_tomorrow = passes_midnight && minute >= self.from;
        let date = if ends_tomorrow {
            here.date().checked_add(1.day()).ok()?
        } else {
            here.date()
        };
        // A change of the clocks can put the end before now: then it is over.
        instant(date, self.to, zone).filter(|end| *end > now)
    }
}

/// The minute of a date, in milliseconds since 1970. One that the clocks skip is the next there is.
fn instant(date: Date, minute: u16, zone: TimeZone) -> Option<i64> {
    let (hour, minute) = (minute / 60, minute % 60);
    let time = date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
    Some(time.to_zoned(zone).ok()?.timestamp().as_millisecond())
}

fn time_zone(name: &str) -> Option<TimeZone> {
    if name.is_empty() || name.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    TimeZone::get(name).ok()
}

fn minute(text: &str) -> Result<u16, NotQuietHours> {
    let number = |text: &str| -> Result<u16, NotQuietHours> {
        let is_short = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().map_err(|_| NotQuietHours::Hours)?;
        is_short.then_some(number).ok_or(NotQuietHours::Hours)
    };
    let text = text.trim();
    let (hour, minute) = match text.split_once(':') {
        Some((hour, minute)) => (number(hour)?, number(minute)?),
        None => (number(text)?, 0),
    };
    let minutes = hour * 60 + minute;
    if minute >= 60 || minutes > MINUTES_OF_A_DAY {
        return Err(NotQuietHours::Hours);
    }
    Ok(minutes % MINUTES_OF_A_DAY)
}

/// The form that is read again.
impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, zone } = self;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02} {zone}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

impl TryFrom<String> for QuietHours {
    type Error = NotQuietHours;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text, "UTC")
    }
}

impl From<QuietHours> for String {
    fn from(hours: QuietHours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn quiet(text: &str) -> QuietHours {
        QuietHours::parse(text, "UTC").unwrap()
    }

    #[test]
    fn hours_are_read_in_their_zone() {
        let night = quiet("22:00-07:00 Europe/Berlin");
        assert_eq!(night.to_string(), "22:00-07:00 Europe/Berlin");
        // In summer Berlin is two hours ahead.
        assert_eq!(night.end(at("2026-07-01T19:59:00Z")), None);
        assert_eq!(
            night.end(at("2026-07-01T20:00:00Z")),
            Some(at("2026-07-02T05:00:00Z"))
        );
        assert_eq!(
            night.end(at("2026-07-02T04:59:59Z")),
            Some(at("2026-07-02T05:00:00Z"))
        );
        assert_eq!(night.end(at("2026-07-02T05:00:00Z")), None);
        assert_eq!(
            night.end(at("2026-01-02T05:30:00Z")),
            Some(at("2026-01-02T06:00:00Z"))
        );
        let noon = quiet("12-13:30");
        assert_eq!(noon.to_string(), "12:00-13:30 UTC");
        assert_eq!(
            noon.end(at("2026-01-02T12:00:00Z")),
            Some(at("2026-01-02T13:30:00Z"))
        );
        assert_eq!(noon.end(at("2026-01-02T13:30:00Z")), None);
        assert!(
            quiet("20:00-24:00")
                .end(at("2026-01-02T23:00:00Z"))
                .is_some()
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "22", "22-", "25-7", "7:61-8", "7-7", "a-b", "+1-2", "-"] {
            assert_eq!(
                QuietHours::parse(text, "UTC"),
                Err(NotQuietHours::Hours),
                "{text}"
            );
        }
        assert_eq!(
            QuietHours::parse("22-7 Mars/Base", "UTC"),
            Err(NotQuietHours::Zone)
        );
    }

    proptest! {
        #[test]
        fn an_end_is_ahead_within_a_day(from in 0_u16..1440, to in 0_u16..1440, now in 1_600_000_000_000_i64..1_900_000_000_000) {
            prop_assume!(from != to);
            let hours = QuietHours { from, to, zone: "America/New_York".to_owned() };
            if let Some(end) = hours.end(now) {
                prop_assert!(end > now && end - now <= 25 * 3_600_000);
            }
            prop_assert_eq!(quiet(&hours.to_string()), hours);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}|[0-9:\\-– a-z]{0,20}") {
            let _ = QuietHours::parse(&text, "UTC");
        }
    }
}
