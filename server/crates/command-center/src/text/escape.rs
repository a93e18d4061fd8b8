//! Plain text that renders as itself.

use super::clean::one_line;

/// Breaks a mention: the server cuts words at any rune that is neither a letter, a number nor one
/// of `:.-_@` (`app/mention_parser_standard.go`), after it has decoded character references.
const ZERO_WIDTH_SPACE: char = '\u{200B}';

/// One line of text as Markdown that shows exactly this text, wherever it is put.
///
/// Line breaks become spaces, both ends are trimmed, control characters are dropped; see
/// [`one_line`]. The only addition that a reader could copy is a zero width space behind each `@`.
#[must_use]
pub fn plain(text: &str) -> String {
    let line = one_line(text);
    let mut escaped = String::with_capacity(line.len() + line.len() / 4);
    let mut previous: Option<char> = None;
    let mut only_digits_before = true;
    let mut characters = line.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let rest = &line[index + character.len_utf8()..];
        let next = characters.peek().map(|(_, next)| *next);
        let before = Surroundings {
            previous,
            next,
            rest,
            only_digits_before,
        };
        push(&mut escaped, character, &before);
        only_digits_before &= character.is_ascii_digit();
        previous = Some(character);
    }
    escaped
}

struct Surroundings<'a> {
    previous: Option<char>,
    next: Option<char>,
    rest: &'a str,
    only_digits_before: bool,
}

impl Surroundings<'_> {
    fn at_start(&self) -> bool {
        self.previous.is_none()
    }

    fn behind_a_leading_number(&self) -> bool {
        self.only_digits_before && !self.at_start()
    }

    fn next_is_space_or_end(&self) -> bool {
        self.next.is_none_or(char::is_whitespace)
    }

    /// `x-d` is an emoticon of the web client.
    fn inside_x_d(&self) -> bool {
        matches!(self.previous, Some('x' | 'X')) && matches!(self.next, Some('d' | 'D'))
    }
}

/// Backslash escapes where marked knows them, decimal character references elsewhere: a backslash
/// before any other character stays visible in marked, and a hexadecimal reference (`&#x40;`) would
/// be taken for a hashtag. References are not decoded before the web client looks for emoji,
/// hashtags, channels and LaTeX, so they defuse those as well.
fn push(escaped: &mut String, character: char, around: &Surroundings<'_>) {
    match character {
        '*' | '_' | '`' => {
            escaped.push('\\');
            escaped.push(character);
        }
        // A dot makes links (`www.x`, `x.io/`) and, behind a number, lists.
        '.' if !around.next_is_space_or_end() || around.behind_a_leading_number() => {
            escaped.push_str("\\.");
        }
        ')' if around.behind_a_leading_number() => escaped.push_str("\\)"),
        '@' => {
            escaped.push('@');
            escaped.push(ZERO_WIDTH_SPACE);
        }
        '&' | '<' | '[' | ']' | '\\' | '~' | '^' | '#' | '$' | '|' => {
            push_reference(escaped, character);
        }
        ':' if !around.next_is_space_or_end() => push_reference(escaped, character),
        ';' if around.rest.starts_with(')') || around.rest.starts_with("-)") => {
            push_reference(escaped, character);
        }
        '-' if around.inside_x_d() => push_reference(escaped, character),
        // Lists, quotes and underlined headings exist only at the start of a line.
        '-' | '+' | '=' | '>' if around.at_start() => push_reference(escaped, character),
        _ => escaped.push(character),
    }
}

fn push_reference(escaped: &mut String, character: char) {
    escaped.push_str(&format!("&#{};", u32::from(character)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::oracle::{Rendered, render};
    use proptest::prelude::*;

    #[test]
    fn ordinary_names_stay_readable() {
        for name in [
            "main",
            "feature-x",
            "Build and deploy",
            "Ünïcode ключ",
            "50% done!",
            "it's (fine), really",
        ] {
            assert_eq!(plain(name), name);
        }
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(plain("a_b*c`d"), r"a\_b\*c\`d");
        assert_eq!(plain("v1.2 1."), r"v1\.2 1.");
        assert_eq!(plain("1. x"), r"1\. x");
        assert_eq!(plain("10) x"), r"10\) x");
        assert_eq!(
            plain("# [x](y) | :ok: ~chan $x$"),
            "&#35; &#91;x&#93;(y) &#124; &#58;ok: &#126;chan &#36;x&#36;"
        );
        assert_eq!(plain("<b>&amp;\\"), "&#60;b>&#38;amp;&#92;");
        assert_eq!(plain("^!^"), "&#94;!&#94;");
        assert_eq!(plain("- x-d ;-)"), "&#45; x&#45;d &#59;-)");
        assert_eq!(
            plain("@all and a@b.io"),
            "@\u{200B}all and a@\u{200B}b\\.io"
        );
    }

    /// What the server would look up as a mention, cut as `app/mention_parser_standard.go` cuts it:
    /// whole words first, then their parts between `.`, `-` and `:`.
    fn words_that_mention(text: &str) -> Vec<String> {
        text.split(|c: char| !(matches!(c, ':' | '.' | '-' | '_' | '@') || c.is_alphanumeric()))
            .flat_map(|word| std::iter::once(word).chain(word.split(['.', '-', ':'])))
            .map(|word| word.trim_matches([':', '.', '-', '_']).to_owned())
            .filter(|word| word.len() > 1 && word.starts_with('@'))
            .collect()
    }

    #[test]
    fn nobody_is_mentioned() {
        for text in [
            "@all",
            "x @here.",
            "\\@channel",
            "@@all",
            "_@all_",
            "mail me@example.com",
            "@-all",
            ":@all:",
        ] {
            let Rendered { text: shown, .. } = render(&plain(text));
            assert_eq!(words_that_mention(&shown), Vec::<String>::new(), "{text}");
        }
        assert_eq!(words_that_mention("x @here.").len(), 2, "the check itself");
    }

    proptest! {
        #[test]
        fn shows_itself(text in "\\PC{0,40}|[-*_`~^#.!|:;@<>&\\[\\](){}$0-9a-dx=+/ \\\\\n\t]{0,40}") {
            let rendered = render(&plain(&text));
            prop_assert_eq!(rendered.text.replace(ZERO_WIDTH_SPACE, ""), one_line(&text));
            prop_assert!(rendered.only_text, "{:?}", rendered.events);
        }

        #[test]
        fn shows_itself_inside_a_line(text in "[-*_`~^#.!|:;@<>&\\[\\](){}$0-9a-dx=+/ \\\\]{0,40}") {
            let rendered = render(&format!("Job '{}' is *done*", plain(&text)));
            prop_assert_eq!(
                rendered.text.replace(ZERO_WIDTH_SPACE, ""),
                format!("Job '{}' is done", one_line(&text))
            );
        }

        #[test]
        fn never_mentions(text in "[@a-c:._\\-\\\\&#;0-9 ]{0,30}") {
            let rendered = render(&plain(&text));
            prop_assert_eq!(words_that_mention(&rendered.text), Vec::<String>::new());
        }
    }
}
