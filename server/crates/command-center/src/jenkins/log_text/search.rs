//! Lines that match, in bounded memory and linear time.

use std::collections::VecDeque;
use std::fmt;

use regex_lite::{Regex, RegexBuilder};

/// Longest pattern, in bytes.
const LONGEST_PATTERN: usize = 500;
/// Largest compiled pattern, in bytes: the time for a line grows with it.
const COMPILED: usize = 32 << 10;
/// Bytes of a line that are looked at and kept.
const LONGEST_LINE: usize = 4 << 10;
/// Bytes of found lines that are kept.
const KEPT: usize = 512 << 10;

/// A regular expression that a part of a line has to match.
#[derive(Clone, Debug)]
pub struct LinePattern {
    text: String,
    regex: Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALinePattern {
    /// It is too long or too large.
    #[error("the regular expression is too long")]
    TooLong,
    /// It is no regular expression.
    #[error("it is no regular expression ({0})")]
    Malformed(String),
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The lines with their numbers, as `grep -n` writes them: `12:` before a line that matches, `12-`
    /// before one around it, `--` where lines were left out.
    pub text: String,
    /// How many lines match.
    pub matches: u64,
    /// How many of them are in the text.
    pub shown: u64,
    /// How many lines were read.
    pub lines: u64,
}

/// Looks through the visible text of a log that arrives in pieces.
#[derive(Debug)]
pub struct LineSearch {
    pattern: LinePattern,
    context: usize,
    /// The beginning of the line that is being read.
    line: Vec<u8>,
    /// The lines before, as far as they are not in the text.
    before: VecDeque<(u64, String)>,
    /// So many lines after a match are still to be shown.
    after: usize,
    /// The number of the line that was written last.
    written: u64,
    is_full: bool,
    found: Found,
}

impl LinePattern {
    /// Reads a regular expression. Letters match in either case unless it says `(?-i)`.
    ///
    /// # Errors
    /// [`NotALinePattern`].
    pub fn parse(text: &str) -> Result<Self, NotALinePattern> {
        if text.len() > LONGEST_PATTERN {
            return Err(NotALinePattern::TooLong);
        }
        let regex = RegexBuilder::new(text)
            .case_insensitive(true)
            .size_limit(COMPILED)
            .build();
        match regex {
            Ok(regex) => Ok(Self {
                text: text.to_owned(),
                regex,
            }),
            Err(error) => Err(match error.to_string() {
                size if size.contains("size") => NotALinePattern::TooLong,
                words => NotALinePattern::Malformed(words),
            }),
        }
    }
}

impl fmt::Display for LinePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for LinePattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for LinePattern {}

impl LineSearch {
    /// Looks for this, and shows so many lines around each.
    #[must_use]
    pub fn new(pattern: LinePattern, context: usize) -> Self {
        Self {
            pattern,
            context,
            line: Vec::new(),
            before: VecDeque::new(),
            after: 0,
            written: 0,
            is_full: false,
            found: Found::default(),
        }
    }

    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.keep(&rest[..end]);
            self.end_line();
            rest = &rest[end + 1..];
        }
        self.keep(rest);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.line.len());
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_line(&mut self) {
        self.found.lines += 1;
        let number = self.found.lines;
        let line = String::from_utf8_lossy(&self.line)
            .trim_end_matches('\r')
            .to_owned();
        self.line.clear();
        if self.pattern.regex.is_match(&line) {
            self.found.matches += 1;
            while let Some((number, line)) = self.before.pop_front() {
                self.write(number, '-', &line);
            }
            self.write(number, ':', &line);
            self.found.shown += u64::from(!self.is_full);
            self.after = self.context;
        } else if self.after > 0 {
            self.after -= 1;
            self.write(number, '-', &line);
        } else if self.context > 0 {
            if self.before.len() == self.context {
                self.before.pop_front();
            }
            self.before.push_back((number, line));
        }
    }

    fn write(&mut self, number: u64, mark: char, line: &str) {
        let text = &mut self.found.text;
        self.is_full |= text.len() + line.len() > KEPT;
        if self.is_full {
            return;
        }
        if self.written > 0 && self.written + 1 < number {
            text.push_str("--\n");
        }
        text.push_str(&format!("{number}{mark}{line}\n"));
        self.written = number;
    }

    /// What was found, the last line included even if it has no end.
    #[must_use]
    pub fn finish(mut self) -> Found {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn search(pattern: &str, context: usize, log: &str) -> Found {
        let mut search = LineSearch::new(LinePattern::parse(pattern).unwrap(), context);
        search.push(log.as_bytes());
        search.finish()
    }

    #[test]
    fn matches_are_shown_with_their_surroundings() {
        let log = "a\nb\nERROR 1\nc\nd\ne\nf\nerror 2\r\ng";
        let found = search("error \\d", 1, log);
        assert_eq!(found.text, "2-b\n3:ERROR 1\n4-c\n--\n7-f\n8:error 2\n9-g\n");
        assert_eq!((found.matches, found.shown, found.lines), (2, 2, 9));
        assert_eq!(search("(?-i)error", 0, log).text, "8:error 2\n");
        assert_eq!(search("b|c", 1, "a\nb\nc\nd").text, "1-a\n2:b\n3:c\n4-d\n");
        assert_eq!(search("nothing", 2, log).text, "");
    }

    #[test]
    fn bad_patterns_are_told() {
        for (pattern, expected) in [
            ("(", "no regular expression"),
            (&"x".repeat(501), "too long"),
            ("(?:a{100}){100}", "too long"),
        ] {
            let said = LinePattern::parse(pattern).unwrap_err().to_string();
            assert!(said.contains(expected), "{pattern}: {said}");
        }
    }

    #[test]
    fn much_is_counted_and_little_is_kept() {
        let line = format!("match {}\n", "x".repeat(10_000));
        let mut search = LineSearch::new(LinePattern::parse("match").unwrap(), 2);
        for _ in 0..1_000 {
            search.push(line.as_bytes());
        }
        let found = search.finish();
        assert_eq!((found.matches, found.lines), (1_000, 1_000));
        assert!(found.shown < 200 && found.text.len() <= KEPT + LONGEST_LINE);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(log in "[abx\r\n]{0,80}", at in 0_usize..80, context in 0_usize..4) {
            let whole = search("x", context, &log);
            let (head, tail) = log.as_bytes().split_at(at.min(log.len()));
            let mut pieces = LineSearch::new(LinePattern::parse("x").unwrap(), context);
            pieces.push(head);
            pieces.push(tail);
            prop_assert_eq!(pieces.finish(), whole);
        }

        #[test]
        fn each_match_is_shown_once(log in "[ax\n]{0,80}", context in 0_usize..4) {
            let found = search("x", context, &log);
            let expected = log.split('\n').filter(|line| line.contains('x')).count();
            prop_assert_eq!(found.matches as usize, expected);
            let lines: Vec<&str> = found.text.lines().filter(|line| *line != "--").collect();
            let numbers: Vec<u64> = lines
                .iter()
                .map(|line| line.split([':', '-']).next().unwrap().parse().unwrap())
                .collect();
            prop_assert!(numbers.windows(2).all(|two| two[0] < two[1]));
            let matching = lines.iter().filter(|line| line.contains(':')).count();
            prop_assert_eq!(matching, expected);
        }
    }
}
