//! Foreign words in a dialog. Its limits are counted in bytes (`Dialog.IsValid` of the server).

use crate::jenkins::log_text::html_to_text;
use crate::text;

/// Most bytes of a title.
pub(super) const TITLE: usize = 24;
/// Most bytes of a field's label.
pub(super) const LABEL: usize = 24;
/// Most bytes of the text below a field.
pub(super) const HELP: usize = 150;

/// Breaks mentions, hashtags, emoji and addresses, and is not seen.
const ZERO_WIDTH_SPACE: char = '\u{200B}';

/// A label for each name, no two alike: those that are too long are cut, and those that are then the
/// same get a number.
pub(super) fn labels<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for name in names {
        let name = match text::one_line(name) {
            empty if empty.is_empty() => "(no name)".to_owned(),
            name => name,
        };
        let mut label = text::truncate_bytes(&name, LABEL);
        for number in 2.. {
            if !labels.contains(&label) {
                break;
            }
            let end = format!("{}{number}", text::CUT_MARK);
            let room = LABEL - end.len();
            let stem = &name[..name.floor_char_boundary(room)];
            label = format!("{}{end}", stem.trim_end());
        }
        labels.push(label);
    }
    labels
}

/// A title of a word and a name, and what stands behind the name.
pub(super) fn title(word: &str, name: &str, end: &str) -> String {
    let room = TITLE.saturating_sub(word.len() + 1 + end.len());
    let name = text::truncate_bytes(&text::one_line(name), room);
    format!("{word} {name}{end}")
}

/// One line of what a job's author wrote, in HTML or Markdown, as words alone. Some clients show it
/// as Markdown and some as it is, so nothing can be escaped: what marks is left out or broken.
pub(super) fn unmarked(written: &str) -> String {
    let mut spaced = written.to_owned();
    for tag in ["<br", "<p", "<li", "<div", "<td", "<h"] {
        spaced = spaced.replace(tag, &format!(" {tag}"));
    }
    let line = text::one_line(&html_to_text(&spaced));
    let mut words = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let is_inside_a_word = words.ends_with(char::is_alphanumeric)
            && next.is_some_and(|next| next.is_alphanumeric() || next == '_');
        match character {
            '*' | '`' | '~' | '|' | '\\' | '<' | '>' | '!' | '$' | '^' => {}
            '_' if !is_inside_a_word => {}
            '[' => words.push('('),
            ']' => words.push(')'),
            '@' | '#' => words.extend([character, ZERO_WIDTH_SPACE]),
            ':' if next.is_some_and(|next| next.is_alphabetic() || next == '/') => {
                words.extend([character, ZERO_WIDTH_SPACE]);
            }
            '.' if words.to_ascii_lowercase().ends_with("www") => {
                words.extend([ZERO_WIDTH_SPACE, character]);
            }
            other => words.push(other),
        }
    }
    let words = words.trim();
    // A list, a heading and the like begin at the start of a line.
    if words.starts_with(|first: char| !first.is_alphabetic()) {
        format!("{ZERO_WIDTH_SPACE}{words}")
    } else {
        words.to_owned()
    }
}

/// Sentences that fit below a field. The hint, which is the plugin's own, stays whole.
pub(super) fn help(description: &str, hint: &str) -> String {
    let hint = text::truncate_bytes(hint, HELP);
    let room = HELP.saturating_sub(hint.len() + 2);
    let description = text::truncate_bytes(description, room);
    match (description.as_str(), hint.as_str()) {
        ("", _) => hint,
        (_, "") => description,
        (said, _) if said.ends_with(['.', '!', '?', text::CUT_MARK]) => format!("{said} {hint}"),
        (said, _) => format!("{said}. {hint}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::oracle::markup_in;

    #[test]
    fn labels_are_unique_and_short() {
        let long = "DEPLOYMENT_TARGET_ENVIRONMENT";
        assert_eq!(
            labels(["A", "A", "", long, &format!("{long}_2"), "ОченьДлинноеИмя"]),
            [
                "A",
                "A…2",
                "(no name)",
                "DEPLOYMENT_TARGET_ENV…",
                "DEPLOYMENT_TARGET_EN…2",
                "ОченьДлинн…"
            ]
        );
    }

    #[test]
    fn titles_fit() {
        assert_eq!(title("Build", "deploy", ""), "Build deploy");
        assert_eq!(
            title("Build", "a very long name of a job", " (2/3)"),
            "Build a very lo… (2/3)"
        );
    }

    #[test]
    fn descriptions_are_words() {
        for (written, expected) in [
            (
                "Where <b>to</b>.<br/>One of <code>x</code>",
                "Where to. One of x",
            ),
            ("# Which *version*, see `1.0`", "# Which version, see 1.0"),
            ("- DRY_RUN [0] 12:30", "- DRY_RUN (0) 12:30"),
        ] {
            assert_eq!(
                unmarked(written).replace(ZERO_WIDTH_SPACE, ""),
                expected,
                "{written}"
            );
        }
    }

    #[test]
    fn a_hint_stays_whole() {
        assert_eq!(help("", "Hint."), "Hint.");
        assert_eq!(help("Words", "Hint."), "Words. Hint.");
        let help = help(&"ö".repeat(200), "Hint.");
        assert!(help.len() <= HELP && help.ends_with("ö… Hint."), "{help}");
    }

    proptest! {
        #[test]
        fn labels_keep_their_limits(names in prop::collection::vec("\\PC{0,4}|[aб]{10,40}", 0..40)) {
            let labels = labels(names.iter().map(String::as_str));
            for (index, label) in labels.iter().enumerate() {
                prop_assert!(!label.is_empty() && label.len() <= LABEL, "{label}");
                prop_assert!(!labels[..index].contains(label), "{label}");
            }
        }

        #[test]
        fn titles_keep_their_limit(name in "\\PC{0,40}") {
            prop_assert!(title("Build", &name, " (12/12)").len() <= TITLE);
        }

        #[test]
        fn nothing_is_marked(written in "[a1 @#*_`~|<>!:/.\\[\\]()\\-+=$&;]{0,40}|\\PC{0,30}") {
            let words = unmarked(&written);
            prop_assert_eq!(markup_in(&words), Vec::<String>::new(), "{}", words);
        }
    }
}
