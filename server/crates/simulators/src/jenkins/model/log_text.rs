//! What a build prints: a few lines, or any number of bytes that are computed when they are read.

use std::ops::Range;

use bytes::Bytes;

/// The length of every generated line, its line feed included.
const LINE: u64 = 64;

/// How much of a log is produced at a time.
pub(crate) const LOG_CHUNK: u64 = 64 * 1024;

/// What a build prints between its first and its last line.
#[derive(Clone, Debug)]
pub struct LogText(Source);

#[derive(Clone, Debug)]
enum Source {
    Text(Bytes),
    Generated(u64),
    Endless { bytes_per_second: u64 },
}

impl LogText {
    /// These lines, revealed evenly while the build runs.
    pub fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        Self(Source::Text(text.into()))
    }

    /// Exactly `bytes` bytes of [generated lines](Self::generated_line), revealed evenly while the build runs.
    pub fn of_size(bytes: u64) -> Self {
        Self(Source::Generated(bytes))
    }

    /// Generated lines that grow at this rate of simulated time for as long as the build runs. Its `consoleText` does not
    /// end while the build runs, like that of a build that prints faster than it is read.
    pub fn endless(bytes_per_second: u64) -> Self {
        Self(Source::Endless { bytes_per_second })
    }

    /// Line `index` of a generated log: 64 bytes with the line feed, so that the bytes at any offset can be predicted.
    pub fn generated_line(index: u64) -> String {
        format!("line {index:012} of the generated log: the quick brown fox....\n")
    }

    /// How many bytes have been printed at a share of the planned run, or after some time if the log is endless.
    pub(crate) fn printed(&self, share: f64, elapsed_millis: i64) -> u64 {
        let whole = match &self.0 {
            Source::Endless { bytes_per_second } => {
                let elapsed = u64::try_from(elapsed_millis).unwrap_or(0);
                let bytes = u128::from(*bytes_per_second) * u128::from(elapsed) / 1000;
                return u64::try_from(bytes).unwrap_or(u64::MAX) / LINE * LINE;
            }
            Source::Text(text) => text.len() as u64,
            Source::Generated(bytes) => *bytes,
        };
        if share >= 1.0 {
            return whole;
        }
        let reached = (whole as f64 * share.max(0.0)) as u64;
        match &self.0 {
            // Whole lines only: a build prints lines.
            Source::Text(text) => {
                let printed = text.get(..reached as usize).unwrap_or_default();
                printed
                    .iter()
                    .rposition(|&byte| byte == b'\n')
                    .map_or(0, |at| at as u64 + 1)
            }
            Source::Generated(_) | Source::Endless { .. } => reached / LINE * LINE,
        }
    }

    pub(crate) fn is_endless(&self) -> bool {
        matches!(self.0, Source::Endless { .. })
    }

    /// A chunk of an endless log, from any place in it.
    pub(crate) fn chunk(&self, from: u64) -> Bytes {
        self.slice(from..from.saturating_add(LOG_CHUNK))
    }

    /// The bytes of a range, which must have been printed.
    pub(crate) fn slice(&self, range: Range<u64>) -> Bytes {
        match &self.0 {
            Source::Text(text) => text.slice(range.start as usize..range.end as usize),
            Source::Generated(whole) => generated(range, Some(*whole)),
            Source::Endless { .. } => generated(range, None),
        }
    }
}

fn generated(range: Range<u64>, whole: Option<u64>) -> Bytes {
    let mut bytes = Vec::with_capacity((range.end - range.start) as usize + LINE as usize);
    for index in range.start / LINE..range.end.div_ceil(LINE) {
        bytes.extend_from_slice(LogText::generated_line(index).as_bytes());
    }
    let skip = (range.start % LINE) as usize;
    bytes.drain(..skip);
    bytes.truncate((range.end - range.start) as usize);
    if whole == Some(range.end)
        && let Some(last) = bytes.last_mut()
    {
        *last = b'\n';
    }
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_lines_have_one_length() {
        assert_eq!(LogText::generated_line(0).len() as u64, LINE);
        assert_eq!(LogText::generated_line(999_999_999_999).len() as u64, LINE);
    }

    #[test]
    fn any_offset_of_a_generated_log_can_be_read_alone() {
        let log = LogText::of_size(1_000);
        let whole = log.slice(0..1_000);
        assert_eq!(whole.last(), Some(&b'\n'));
        for start in [0, 1, 63, 64, 65, 500, 999] {
            assert_eq!(log.slice(start..1_000), whole.slice(start as usize..));
        }
        assert_eq!(log.slice(10..20), whole.slice(10..20));
    }

    #[test]
    fn lines_appear_whole() {
        let log = LogText::lines(["first", "second"]);
        assert_eq!(log.printed(0.0, 0), 0);
        assert_eq!(log.printed(0.5, 0), 6);
        assert_eq!(log.printed(1.0, 0), 13);
    }

    #[test]
    fn an_endless_log_grows_with_time() {
        let log = LogText::endless(6_400);
        assert_eq!(log.printed(1.0, 0), 0);
        assert_eq!(log.printed(1.0, 500), 3_200);
    }
}
