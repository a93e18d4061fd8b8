//! The words of a typed command.

/// A quote was opened and never closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "A quotation mark ({mark}) is opened and never closed. Close it, or write `\\{mark}` if it belongs to a word."
)]
pub struct UnclosedQuote {
    /// The mark, after conversion to a plain one.
    pub mark: char,
}

/// Splits a typed text into words by the rules of a Unix shell: blanks separate, `"…"` and `'…'`
/// hold together, `\` takes the next character as it is.
///
/// It differs from a shell where chat does: typographic quotes count as plain ones, and a dash
/// that a phone made of `--` before a letter becomes `--` again (both outside of quotes of the
/// other kind only); `#` begins no comment.
///
/// # Errors
/// [`UnclosedQuote`].
pub fn split(text: &str) -> Result<Vec<String>, UnclosedQuote> {
    let mut words = Vec::new();
    // `None` between words, so that `""` makes an empty one.
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match plain_quote(character) {
            blank if blank.is_whitespace() => words.extend(word.take()),
            quote @ ('"' | '\'') => quoted(quote, &mut characters, word.get_or_insert_default())?,
            '\\' => match characters.next() {
                // A line break that is escaped is no character at all.
                Some('\n') => {}
                escaped => word.get_or_insert_default().push(escaped.unwrap_or('\\')),
            },
            '\u{2013}' | '\u{2014}'
                if word.is_none() && characters.peek().is_some_and(char::is_ascii_alphabetic) =>
            {
                word = Some("--".to_owned());
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Reads to the closing quote. Inside of double quotes, `\` is special before `"`, `\`, `$`, `` ` ``
/// and a line break only (POSIX, 2.2.3).
fn quoted(
    quote: char,
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    word: &mut String,
) -> Result<(), UnclosedQuote> {
    let unclosed = UnclosedQuote { mark: quote };
    loop {
        match characters.next().ok_or(unclosed.clone())? {
            end if plain_quote(end) == quote => return Ok(()),
            '\\' if quote == '"' => match characters.next().ok_or(unclosed.clone())? {
                '\n' => {}
                special @ ('"' | '\\' | '$' | '`') => word.push(special),
                ordinary => word.extend(['\\', ordinary]),
            },
            character => word.push(character),
        }
    }
}

/// The plain form of a typographic quotation mark.
fn plain_quote(character: char) -> char {
    match character {
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' => '"',
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' => '\'',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        split(text).unwrap()
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(
            words(r#"/jenkins build "my job" K='a b' x\ y "" a"b"c"#),
            ["/jenkins", "build", "my job", "K=a b", "x y", "", "abc"]
        );
    }

    #[test]
    fn phones_quotes_and_dashes_are_understood() {
        assert_eq!(
            words("build “my job” ‘it’ —lines 5 – a—b"),
            ["build", "my job", "it", "--lines", "5", "–", "a—b"]
        );
        assert_eq!(words("„unten“"), ["unten"]);
        assert_eq!(words("\"it’s\""), ["it’s"]);
    }

    #[test]
    fn a_hash_begins_no_comment() {
        assert_eq!(
            words("get-log job #42 #last"),
            ["get-log", "job", "#42", "#last"]
        );
    }

    #[test]
    fn an_unclosed_quote_is_said() {
        assert_eq!(split("say don't"), Err(UnclosedQuote { mark: '\'' }));
        assert_eq!(split("say “never"), Err(UnclosedQuote { mark: '"' }));
        assert_eq!(split("\"\\"), Err(UnclosedQuote { mark: '"' }));
    }

    proptest! {
        #[test]
        fn ascii_without_comments_splits_as_in_a_shell(text in "[ -\"$-~\\t\\n]{0,60}") {
            prop_assert_eq!(split(&text).ok(), shell_words::split(&text).ok());
        }

        #[test]
        fn quoted_words_survive(parts in prop::collection::vec("[^\u{2018}-\u{201F}]{0,12}", 0..6)) {
            let joined: Vec<String> = parts.iter().map(|part| format!("'{}'", part.replace('\'', "'\\''"))).collect();
            prop_assert_eq!(split(&joined.join(" ")).unwrap(), parts);
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = split(&text);
        }
    }
}
