//! Lines for the person at the terminal. The workspace denies the print macros, because in the
//! plugin stdout belongs to the handshake; a build tool may write.

use std::io::Write;

/// Writes one line to stdout. A closed pipe is no reason to fail a build.
pub(crate) fn line(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", text.as_ref());
    let _ = out.flush();
}
