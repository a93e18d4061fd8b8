//! Durations, sizes, progress and times in words.

use std::time::Duration;

use jiff::Timestamp;

/// `850 ms`, `12 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`: the two largest units, the rest cut off.
#[must_use]
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match () {
        () if days > 0 => two_units(days, "d", hours, "h"),
        () if hours > 0 => two_units(hours, "h", minutes, "min"),
        () if minutes > 0 => two_units(minutes, "min", seconds % 60, "s"),
        () if seconds > 0 || duration.is_zero() => format!("{seconds} s"),
        () => format!("{} ms", duration.as_millis()),
    }
}

fn two_units(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

/// `17 B`, `1.5 KiB`, `20 MiB`: binary units, three significant digits at most.
#[must_use]
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut tenths = u128::from(count) * 10 / 1024;
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        if tenths < 10_240 {
            break;
        }
        tenths /= 1024;
        unit = larger;
    }
    match (tenths / 10, tenths % 10) {
        (whole, tenth) if whole < 100 && tenth > 0 => format!("{whole}.{tenth} {unit}"),
        (whole, _) => format!("{whole} {unit}"),
    }
}

/// `42 %`, never above 99 % while there is something left to do.
#[must_use]
pub fn percent(done: Duration, expected: Duration) -> Option<u8> {
    if expected.is_zero() {
        return None;
    }
    let percent = done.as_millis().saturating_mul(100) / expected.as_millis();
    u8::try_from(percent.min(99)).ok()
}

/// `▰▰▰▱▱▱▱▱▱▱ 30 %`. Ten cells, so that it fits a phone's line.
#[must_use]
pub fn progress_bar(percent: u8) -> String {
    let percent = percent.min(100);
    let filled = usize::from(percent / 10);
    format!(
        "{}{} {percent} %",
        "▰".repeat(filled),
        "▱".repeat(10 - filled)
    )
}

/// `just now`, `5 min ago`, `in 2 h`, and the date in UTC beyond a week.
#[must_use]
pub fn relative_time(then: Timestamp, now: Timestamp) -> String {
    let distance = now.duration_since(then);
    let is_past = !distance.is_negative();
    let distance = distance.unsigned_abs();
    if distance < Duration::from_secs(45) {
        return "just now".to_owned();
    }
    if distance > Duration::from_secs(7 * 86_400) {
        return then.strftime("%Y-%m-%d %H:%M UTC").to_string();
    }
    let seconds = distance.as_secs();
    let rough = match seconds {
        0..3_600 => format!("{} min", (seconds / 60).max(1)),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    };
    if is_past {
        format!("{rough} ago")
    } else {
        format!("in {rough}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let shown = |millis| duration(Duration::from_millis(millis));
        assert_eq!(shown(0), "0 s");
        assert_eq!(shown(850), "850 ms");
        assert_eq!(shown(1_999), "1 s");
        assert_eq!(shown(72_000), "1 min 12 s");
        assert_eq!(shown(120_000), "2 min");
        assert_eq!(shown(7_500_000), "2 h 5 min");
        assert_eq!(shown(86_400_000 * 3 + 3_600_000 * 4), "3 d 4 h");
        assert_eq!(duration(Duration::MAX), "213503982334601 d 7 h");
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(1536), "1.5 KiB");
        assert_eq!(bytes(20 << 20), "20 MiB");
        assert_eq!(bytes((1 << 30) - 1), "1023 MiB");
        assert_eq!(bytes(u64::MAX), "16777215 TiB");
    }

    #[test]
    fn progress() {
        let seconds = Duration::from_secs;
        assert_eq!(percent(seconds(30), seconds(100)), Some(30));
        assert_eq!(percent(seconds(300), seconds(100)), Some(99));
        assert_eq!(percent(seconds(1), seconds(0)), None);
        assert_eq!(progress_bar(0), "▱▱▱▱▱▱▱▱▱▱ 0 %");
        assert_eq!(progress_bar(39), "▰▰▰▱▱▱▱▱▱▱ 39 %");
        assert_eq!(progress_bar(200), "▰▰▰▰▰▰▰▰▰▰ 100 %");
    }

    #[test]
    fn times() {
        let now: Timestamp = "2026-08-01T12:00:00Z".parse().unwrap();
        let ago =
            |seconds: i64| relative_time(now - Duration::from_secs(seconds.unsigned_abs()), now);
        assert_eq!(ago(3), "just now");
        assert_eq!(ago(50), "1 min ago");
        assert_eq!(ago(7_300), "2 h ago");
        assert_eq!(ago(90_000), "1 d ago");
        assert_eq!(ago(86_400 * 8), "2026-07-24 12:00 UTC");
        assert_eq!(
            relative_time(now + Duration::from_secs(300), now),
            "in 5 min"
        );
    }
}
