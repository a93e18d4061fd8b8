//! Posts that stay below the server's limit, whatever there is to say.

use crate::text::rune_count;

/// Runes of a post's message that are used: a little below the 16,383 that the server takes
/// (`model.PostMessageMaxRunesV2`).
pub const MESSAGE_RUNES: usize = 16_000;

/// Room for the line that says how much was left out.
const REST_RUNES: usize = 40;

/// `head` and as many of the lines as fit into `max_runes`; the last line says how many did not.
///
/// Head and lines are finished Markdown: none is cut. The head has to fit.
#[must_use]
pub fn fit_lines(head: &str, lines: &[String], max_runes: usize) -> String {
    let mut text = head.to_owned();
    let mut used = rune_count(head);
    let total: usize = used + lines.iter().map(|line| rune_count(line) + 1).sum::<usize>();
    let room = if total <= max_runes {
        max_runes
    } else {
        max_runes.saturating_sub(REST_RUNES)
    };
    for (index, line) in lines.iter().enumerate() {
        let length = rune_count(line) + 1;
        if used + length > room {
            let rest = format!("\n… and {} more.", lines.len() - index);
            // A head that fills the post itself leaves no room even for that.
            if used + rune_count(&rest) <= max_runes {
                text.push_str(&rest);
            }
            break;
        }
        text.push('\n');
        text.push_str(line);
        used += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let lines: Vec<String> = (0..100).map(|n| format!("line number {n}")).collect();
        let text = fit_lines("head", &lines, 200);
        assert!(text.starts_with("head\nline number 0\n"), "{text}");
        assert!(text.ends_with("more."), "{text}");
        assert_eq!(
            fit_lines("head", &lines[..2], 200),
            "head\nline number 0\nline number 1"
        );
    }

    proptest! {
        #[test]
        fn never_above_the_limit(lines in prop::collection::vec("[a-zé]{0,60}", 0..40), limit in 60_usize..400) {
            let text = fit_lines("head", &lines, limit);
            prop_assert!(rune_count(&text) <= limit, "{text}");
        }
    }
}
