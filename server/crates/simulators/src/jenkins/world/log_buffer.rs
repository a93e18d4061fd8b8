//! A build's log as it grows: written text and stretches of a computed one, never copied.

use std::ops::Range;

use bytes::Bytes;

use crate::jenkins::model::{LOG_CHUNK, LogText};

/// A log that is only ever appended to. Offsets count raw bytes, hidden console notes included (stapler `LargeText`).
#[derive(Clone, Debug)]
pub(crate) struct LogBuffer {
    source: LogText,
    /// How much of `source` has been printed.
    printed: u64,
    parts: Vec<Part>,
    len: u64,
}

#[derive(Clone, Debug)]
enum Part {
    /// Something that was written at once; may hold console notes.
    Written(Bytes),
    /// A stretch of the source.
    Source(Range<u64>),
}

impl Part {
    fn len(&self) -> u64 {
        match self {
            Self::Written(text) => text.len() as u64,
            Self::Source(range) => range.end - range.start,
        }
    }
}

impl LogBuffer {
    pub(crate) fn new(source: LogText) -> Self {
        Self {
            source,
            printed: 0,
            parts: Vec::new(),
            len: 0,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// How much of the source has been printed.
    pub(crate) fn printed(&self) -> u64 {
        self.printed
    }

    pub(crate) fn source(&self) -> &LogText {
        &self.source
    }

    pub(crate) fn write(&mut self, text: impl Into<Bytes>) {
        let text = text.into();
        self.len += text.len() as u64;
        self.parts.push(Part::Written(text));
    }

    /// Prints the source up to `reached`.
    pub(crate) fn print_to(&mut self, reached: u64) {
        if reached <= self.printed {
            return;
        }
        self.len += reached - self.printed;
        match self.parts.last_mut() {
            Some(Part::Source(range)) => range.end = reached,
            _ => self.parts.push(Part::Source(self.printed..reached)),
        }
        self.printed = reached;
    }

    /// A chunk of the text from a raw offset up to `limit`, without console notes, and the offset after it. `None` at the
    /// limit or the end.
    ///
    /// A note that `offset` points into is already cut and stays visible, as on a real Jenkins.
    pub(crate) fn read(&self, offset: u64, limit: u64) -> Option<(Bytes, u64)> {
        if offset >= limit {
            return None;
        }
        let mut start = 0;
        for part in &self.parts {
            let end = start + part.len();
            if offset < end {
                let skip = offset - start;
                return Some(match part {
                    Part::Written(text) => (strip_console_notes(text.slice(skip as usize..)), end),
                    Part::Source(range) => {
                        let from = range.start + skip;
                        let to = range
                            .end
                            .min(from + LOG_CHUNK)
                            .min(from.saturating_add(limit - offset));
                        (self.source.slice(from..to), offset + (to - from))
                    }
                });
            }
            start = end;
        }
        None
    }
}

/// A hidden annotation (`hudson.console.ConsoleNote`): a serialised object between two escape sequences.
pub(crate) const CONSOLE_NOTE: &str =
    "\u{1b}[8mha:////4Ptn1ZQ0cxhTSqvTSlRLUotLrEsTk0vSgQAAAAA\u{1b}[0m";

const NOTE_START: &[u8] = b"\x1b[8mha:";
const NOTE_END: &[u8] = b"\x1b[0m";

/// `PlainTextConsoleOutputStream`: drops the notes.
fn strip_console_notes(text: Bytes) -> Bytes {
    let Some(mut start) = find(&text, NOTE_START) else {
        return text;
    };
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = &text[..];
    loop {
        plain.extend_from_slice(&rest[..start]);
        rest = &rest[start..];
        let Some(end) = find(rest, NOTE_END) else {
            break;
        };
        rest = &rest[end + NOTE_END.len()..];
        match find(rest, NOTE_START) {
            Some(next) => start = next,
            None => break,
        }
    }
    plain.extend_from_slice(rest);
    plain.into()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(log: &LogBuffer, mut offset: u64) -> String {
        let mut text = Vec::new();
        while let Some((chunk, next)) = log.read(offset, u64::MAX) {
            text.extend_from_slice(&chunk);
            offset = next;
        }
        assert_eq!(offset, log.len());
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn written_and_printed_parts_keep_their_order() {
        let mut log = LogBuffer::new(LogText::lines(["one", "two"]));
        log.write("start\n");
        log.print_to(4);
        log.write("appended\n");
        log.print_to(8);
        assert_eq!(read_all(&log, 0), "start\none\nappended\ntwo\n");
        assert_eq!(read_all(&log, 7), "ne\nappended\ntwo\n");
    }

    #[test]
    fn notes_are_hidden_but_counted() {
        let mut log = LogBuffer::new(LogText::lines([]));
        log.write(format!("Started by user {CONSOLE_NOTE}Alice\n"));
        assert_eq!(read_all(&log, 0), "Started by user Alice\n");
        assert!(log.len() > "Started by user Alice\n".len() as u64);
        assert!(
            read_all(&log, 20).contains("ha:////"),
            "an offset inside a note shows what is left of it"
        );
    }
}
