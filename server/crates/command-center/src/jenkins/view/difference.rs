//! What differs between two texts, for people.

use std::fmt::Write as _;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::text;

/// How long the shortest description is looked for; beyond, a longer one does.
const PATIENCE: Duration = Duration::from_millis(200);
/// Lines around each change.
const CONTEXT: usize = 2;
/// Runes of the block that shows it.
const RUNES: usize = 6_000;
/// Runes of one line.
const LINE_RUNES: usize = 300;

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Lines that are only in the new text.
    pub added: usize,
    /// Lines that are only in the old text.
    pub removed: usize,
    /// Both with some lines around them: Markdown.
    pub block: String,
    /// Whether the block lacks the end.
    pub is_cut: bool,
}

/// What differs line by line; `None` if nothing does. How lines end does not count.
#[must_use]
pub fn difference(old: &str, new: &str) -> Option<Difference> {
    let old: Vec<&str> = old.trim_end().lines().collect();
    let new: Vec<&str> = new.trim_end().lines().collect();
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_slices(&old, &new);
    let (mut added, mut removed) = (0, 0);
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Insert => added += 1,
            ChangeTag::Delete => removed += 1,
            ChangeTag::Equal => {}
        }
    }
    if added + removed == 0 {
        return None;
    }
    let (mut shown, mut is_cut) = (String::new(), false);
    'groups: for group in diff.grouped_ops(CONTEXT) {
        let first = group.first().map_or(0, |op| op.old_range().start);
        let _ = writeln!(shown, "@@ line {} @@", first + 1);
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = text::truncate(change.value(), LINE_RUNES);
            if text::rune_count(&shown) + text::rune_count(&line) > RUNES {
                is_cut = true;
                break 'groups;
            }
            let _ = writeln!(shown, "{}{line}", change.tag());
        }
    }
    Some(Difference {
        added,
        removed,
        block: text::code_block("diff", &shown),
        is_cut,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_what_is_around_it() {
        let old: String = (1..=20).map(|n| format!("<line{n}/>\n")).collect();
        let new = old
            .replace("<line10/>", "<ten/>")
            .replace("<line20/>\n", "<line20/>\n<more>```</more>\n");
        let difference = difference(&old, &new).unwrap();
        assert_eq!((difference.added, difference.removed), (2, 1));
        insta::assert_snapshot!(difference.block);
        assert!(!difference.is_cut);
    }

    #[test]
    fn line_ends_are_no_difference() {
        assert_eq!(difference("a\nb", "a\r\nb\r\n\r\n"), None);
    }

    #[test]
    fn a_long_difference_is_cut() {
        let new: String = (0..10_000).map(|n| format!("line {n}\n")).collect();
        let difference = difference("", &new).unwrap();
        assert_eq!(difference.added, 10_000);
        assert!(difference.is_cut);
        assert!(text::rune_count(&difference.block) < RUNES + 100);
        let one_line = super::difference("a", &"x".repeat(1 << 20)).unwrap();
        assert!(text::rune_count(&one_line.block) < 400);
    }
}
