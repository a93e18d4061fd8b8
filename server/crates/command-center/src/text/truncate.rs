//! Cutting by runes, which is how the server counts (`model.PostMessageMaxRunesV2`, 16383).

/// Stands where text was left out.
pub const CUT_MARK: char = '…';

/// Unicode scalar values, which Go calls runes.
#[must_use]
pub fn rune_count(text: &str) -> usize {
    text.chars().count()
}

/// At most `max_runes` runes; a cut text ends in [`CUT_MARK`].
///
/// Cut before escaping: cutting Markdown can open what was closed.
#[must_use]
pub fn truncate(text: &str, max_runes: usize) -> String {
    match text.char_indices().nth(max_runes) {
        None => text.to_owned(),
        Some(_) if max_runes == 0 => String::new(),
        Some(_) => text.chars().take(max_runes - 1).chain([CUT_MARK]).collect(),
    }
}

/// At most `max_runes` runes with both ends kept, for paths and names whose end tells them apart.
#[must_use]
pub fn truncate_middle(text: &str, max_runes: usize) -> String {
    let length = rune_count(text);
    if length <= max_runes || max_runes < 3 {
        return truncate(text, max_runes);
    }
    let tail = max_runes / 2;
    let head = max_runes - 1 - tail;
    text.chars()
        .take(head)
        .chain([CUT_MARK])
        .chain(text.chars().skip(length - tail))
        .collect()
}

/// At most `max_bytes` bytes of UTF-8, for limits that the server counts with Go's `len`; a cut text
/// ends in [`CUT_MARK`], which needs three of them.
#[must_use]
pub fn truncate_bytes(text: &str, max_bytes: usize) -> String {
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let Some(room) = max_bytes.checked_sub(CUT_MARK.len_utf8()) else {
        return String::new();
    };
    let mut kept = text[..text.floor_char_boundary(room)].to_owned();
    kept.push(CUT_MARK);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_by_runes() {
        assert_eq!(truncate("äöü", 3), "äöü");
        assert_eq!(truncate("äöüß", 3), "äö…");
        assert_eq!(truncate("ab", 0), "");
        assert_eq!(truncate_middle("abcdefghij", 5), "ab…ij");
        assert_eq!(truncate_middle("ab", 5), "ab");
    }

    #[test]
    fn cuts_by_bytes() {
        assert_eq!(truncate_bytes("äöü", 6), "äöü");
        assert_eq!(truncate_bytes("äöüß", 6), "ä…");
        assert_eq!(truncate_bytes("abc", 2), "");
    }

    proptest! {
        #[test]
        fn never_more_bytes(text in "\\PC{0,30}", max in 0_usize..60) {
            let cut = truncate_bytes(&text, max);
            prop_assert!(cut.len() <= max);
            prop_assert!(text.len() > max || cut == text);
        }

        #[test]
        fn never_longer(text in "\\PC{0,30}", max in 0_usize..40) {
            prop_assert!(rune_count(&truncate(&text, max)) <= max);
            prop_assert!(rune_count(&truncate_middle(&text, max)) <= max);
            prop_assert!(rune_count(&text) > max || truncate_middle(&text, max) == text);
        }
    }
}
