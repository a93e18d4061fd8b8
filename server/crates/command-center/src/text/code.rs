//! Code spans and code blocks that no content can break out of.

use super::clean::{one_line, visible};
use super::truncate::{rune_count, truncate};

/// One line as a code span: `` `text` ``. Nothing inside is parsed, and the server notifies nobody
/// for it, so this is the form for names that people copy.
#[must_use]
pub fn code_span(text: &str) -> String {
    let line = one_line(text);
    let fence = "`".repeat(longest_run_of_backticks(&line) + 1);
    // CommonMark takes one space off both ends if both are there; marked needs a first and a last
    // character that is no backtick.
    if line.is_empty() {
        "` `".to_owned()
    } else if line.starts_with('`') || line.ends_with('`') {
        format!("{fence} {line} {fence}")
    } else {
        format!("{fence}{line}{fence}")
    }
}

/// Lines as a fenced code block, ending in a line break. Control characters are dropped; the fence
/// is longer than any run of backticks inside.
///
/// `language` chooses highlighting; `text` switches it off. Only letters and digits are used of it.
#[must_use]
pub fn code_block(language: &str, text: &str) -> String {
    let content = visible(text);
    let content = content.trim_end_matches('\n');
    let fence = "`".repeat((longest_run_of_backticks(content) + 1).max(3));
    let language: String = language
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    format!("{fence}{language}\n{content}\n{fence}\n")
}

/// The last part of `text` that fits into `max_runes` as a code block, fences included, whole lines
/// first. Returns the block and whether something was left out.
#[must_use]
pub fn code_block_within(language: &str, text: &str, max_runes: usize) -> (String, bool) {
    let whole = code_block(language, text);
    if rune_count(&whole) <= max_runes {
        return (whole, false);
    }
    let content = visible(text);
    let content = content.trim_end_matches('\n');
    // Fences of the whole text are at least as long as those of any part of it.
    let frame = rune_count(&whole) - rune_count(content);
    let room = max_runes.saturating_sub(frame);
    let mut start = content.len();
    let mut used = 0;
    for line in content.rsplit('\n') {
        let length = rune_count(line) + usize::from(used > 0);
        if used + length > room {
            break;
        }
        start = start.saturating_sub(line.len() + usize::from(start < content.len()));
        used += length;
    }
    let kept = &content[start..];
    if kept.is_empty() {
        let last = content.rsplit('\n').next().unwrap_or_default();
        (code_block(language, &truncate(last, room)), true)
    } else {
        (code_block(language, kept), true)
    }
}

fn longest_run_of_backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::oracle::code_in;
    use proptest::prelude::*;

    #[test]
    fn spans() {
        assert_eq!(code_span("main"), "`main`");
        assert_eq!(code_span("a`b"), "``a`b``");
        assert_eq!(code_span("`x`"), "`` `x` ``");
        assert_eq!(code_span("a\nb"), "`a b`");
        assert_eq!(code_span(""), "` `");
    }

    #[test]
    fn blocks() {
        assert_eq!(code_block("text", "a\r\nb\n\n"), "```text\na\nb\n```\n");
        assert_eq!(
            code_block("la tex\n", "x\n```\ny"),
            "````latex\nx\n```\ny\n````\n"
        );
    }

    #[test]
    fn a_block_keeps_its_last_lines() {
        let text = "first\nsecond\nthird";
        assert_eq!(
            code_block_within("", text, 100),
            (code_block("", text), false)
        );
        assert_eq!(
            code_block_within("", text, 22),
            (code_block("", "second\nthird"), true)
        );
        assert_eq!(
            code_block_within("", text, 14),
            (code_block("", "third"), true)
        );
        assert_eq!(
            code_block_within("", text, 12).0,
            "```\nth…\n```\n".to_owned()
        );
    }

    proptest! {
        #[test]
        fn nothing_leaves_a_span(text in "\\PC{0,30}|[`a\\\\ *<\n\\[\\]]{0,30}") {
            let (codes, other) = code_in(&code_span(&text));
            let line = one_line(&text);
            let expected = if line.is_empty() { " ".to_owned() } else { line };
            prop_assert_eq!(codes, vec![expected]);
            prop_assert!(!other);
        }

        #[test]
        fn nothing_leaves_a_block(text in "[`~a\\\\ *<>\n\r\t\u{1b}@]{0,60}") {
            let (codes, other) = code_in(&code_block("text", &text));
            let mut expected = visible(&text).trim_end_matches('\n').to_owned();
            expected.push('\n');
            prop_assert_eq!(codes, vec![expected]);
            prop_assert!(!other);
        }

        #[test]
        fn a_block_fits(text in "[`aé\n]{0,80}", room in 20_usize..60) {
            let (block, _) = code_block_within("text", &text, room + text.len());
            prop_assert!(rune_count(&block) <= room + text.len());
            let (block, cut) = code_block_within("", &text, 90);
            prop_assert!(cut || block == code_block("", &text));
        }
    }
}
