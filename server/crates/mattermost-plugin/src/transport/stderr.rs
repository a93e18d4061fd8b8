//! Lines for the server's log when no API connection can carry them.
//!
//! The host reads a plugin's standard error line by line and takes a leading `[ERROR]` as the
//! line's level (go-plugin `client.go`, `logStderr`). Anything else it logs at debug level.

use std::any::Any;
use std::io::Write;

use crate::host::LogLevel;

/// Writes one line to the server's log by way of standard error.
pub(crate) fn report(level: LogLevel, message: &str) {
    let level = match level {
        LogLevel::Debug => "DEBUG",
        LogLevel::Info => "INFO",
        LogLevel::Warn => "WARN",
        LogLevel::Error => "ERROR",
    };
    let line = format!("[{level}] {}\n", one_line(message));
    // One write, so that lines of two threads do not mix; there is nobody to tell when it fails.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// Makes every panic one line at error level instead of several at debug level.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" at {at}"));
        report(LogLevel::Error, &format!("panic{place}: {message}"));
    }));
}

/// What a caught panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// `text` without line breaks, which would end the log entry.
fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_report_is_one_line() {
        assert_eq!(one_line("first\r\n\n  second\n"), "first | second");
    }
}
