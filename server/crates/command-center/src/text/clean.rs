//! Removal of characters that no reader should see or obey.

/// The text on one line: line breaks, tabs and runs of white space become single spaces, other
/// control characters and bidirectional overrides vanish, and both ends are trimmed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars().map(unify_space).filter(|c| is_shown(*c)) {
        if character != ' ' || !(line.is_empty() || line.ends_with(' ')) {
            line.push(character);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// The text with its line breaks and tabs, without other control characters and without
/// bidirectional overrides. `\r\n` and a lone `\r` become `\n`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() != Some(&'\n') => {
                kept.push('\n');
            }
            '\n' | '\t' => kept.push(character),
            // marked turns U+2424 into a line break before it parses anything.
            '\u{2424}' => kept.push(' '),
            shown if is_shown(shown) => kept.push(shown),
            _ => {}
        }
    }
    kept
}

fn unify_space(character: char) -> char {
    if character.is_whitespace() || character == '\u{2424}' {
        ' '
    } else {
        character
    }
}

/// False for control characters and for characters that reorder the text around them: a name that
/// reads backwards can pass for another one (Unicode TR36, CVE-2021-42574).
fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_keeps_words_and_drops_the_rest() {
        assert_eq!(one_line(" a\r\n\tb\u{a0}\u{2028}c\u{1b}[31m "), "a b c[31m");
        assert_eq!(one_line("\u{202e}evil\u{202c}"), "evil");
        assert_eq!(one_line("\u{2424}"), "");
    }

    #[test]
    fn visible_keeps_lines() {
        assert_eq!(visible("a\r\nb\rc\td\u{0}\u{2424}e"), "a\nb\nc\td e");
    }

    #[test]
    fn joiners_of_scripts_and_emoji_stay() {
        assert_eq!(
            one_line("👩\u{200D}💻 می\u{200C}خواهم"),
            "👩\u{200D}💻 می\u{200C}خواهم"
        );
    }
}
