//! The end of a stream of bytes.

/// Keeps the last `capacity` bytes of what is pushed, using at most twice that much memory.
#[derive(Clone, Debug)]
pub struct TailBuffer {
    bytes: Vec<u8>,
    capacity: usize,
    dropped: u64,
}

impl TailBuffer {
    /// Keeps this many bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            bytes: Vec::new(),
            capacity,
            dropped: 0,
        }
    }

    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        let skipped = piece.len().saturating_sub(self.capacity);
        if skipped > 0 {
            self.dropped += (self.bytes.len() + skipped) as u64;
            self.bytes.clear();
        }
        self.bytes.extend_from_slice(&piece[skipped..]);
        // Cut rarely: each byte is moved about once.
        if self.bytes.len() > self.capacity * 2 {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let excess = self.bytes.len().saturating_sub(self.capacity);
        self.bytes.drain(..excess);
        self.dropped += excess as u64;
    }

    /// The last bytes, and how many came before them.
    #[must_use]
    pub fn finish(mut self) -> (Vec<u8>, u64) {
        self.cut();
        (self.bytes, self.dropped)
    }
}

/// The last lines of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastLines {
    /// The lines, joined by line breaks.
    pub text: String,
    /// How many there are.
    pub count: usize,
    /// True if lines before them were left out.
    pub cut: bool,
}

/// The last `wanted` lines of bytes of any encoding. `starts_inside` says that the bytes may begin
/// in the middle of a line: that line counts only if there is no other one.
#[must_use]
pub fn last_lines(bytes: &[u8], starts_inside: bool, wanted: usize) -> LastLines {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches(['\n', '\r']);
    let mut lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    let mut cut = starts_inside;
    if starts_inside && lines.len() > 1 {
        lines.remove(0);
    } else if starts_inside {
        // The first bytes may be the rest of a character.
        lines[0] = lines[0].trim_start_matches(char::REPLACEMENT_CHARACTER);
    }
    if lines.len() > wanted {
        lines.drain(..lines.len() - wanted);
        cut = true;
    }
    if lines == [""] {
        lines.clear();
    }
    LastLines {
        text: lines.join("\n"),
        count: lines.len(),
        cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, starts_inside: bool, wanted: usize) -> (String, usize, bool) {
        let LastLines { text, count, cut } = last_lines(text.as_bytes(), starts_inside, wanted);
        (text, count, cut)
    }

    #[test]
    fn last_lines_of_a_text() {
        assert_eq!(lines("a\nb\nc\n\n", false, 2), ("b\nc".into(), 2, true));
        assert_eq!(lines("a\r\nb\r\n", false, 5), ("a\nb".into(), 2, false));
        assert_eq!(lines("rest\nb", true, 5), ("b".into(), 1, true));
        assert_eq!(lines("rest", true, 5), ("rest".into(), 1, true));
        assert_eq!(lines("", false, 5), (String::new(), 0, false));
        assert_eq!(lines("\n\n", false, 5), (String::new(), 0, false));
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let found = last_lines(b"\x80\xbfok \xff end", true, 5);
        assert_eq!(found.text, "ok \u{fffd} end");
    }

    proptest! {
        #[test]
        fn the_buffer_holds_the_end(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20), capacity in 1_usize..50) {
            let mut buffer = TailBuffer::new(capacity);
            for piece in &pieces {
                buffer.push(piece);
                prop_assert!(buffer.bytes.len() <= capacity * 2);
            }
            let whole: Vec<u8> = pieces.concat();
            let start = whole.len().saturating_sub(capacity);
            prop_assert_eq!(buffer.finish(), (whole[start..].to_vec(), start as u64));
        }
    }
}
