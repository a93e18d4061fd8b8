//! A sender's own words, made safe.
//!
//! People write Markdown or Slack's markup into their Jenkinsfiles, and mix in branches and commit
//! messages that anybody can choose. So only this much has an effect: links to web pages in either
//! spelling, bare addresses, bold, code, and emoji. Everything else shows as it was typed; nobody is
//! mentioned, and no image is loaded.

use crate::notifications::budget::fit_lines;
use crate::text;

/// Longest line that is shown, in runes: escaped, it still fits into a post.
const LINE_RUNES: usize = 2000;
/// Longest address that becomes a link, in bytes.
const LONGEST_ADDRESS: usize = 2000;
/// Longest name of an emoji.
const LONGEST_EMOJI: usize = 64;

/// The words as Markdown of at most `max_runes` runes.
#[must_use]
pub fn safe(words: &str, max_runes: usize) -> String {
    let words = text::visible(words);
    let mut lines: Vec<String> = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    for line in words.trim_matches('\n').split('\n') {
        let is_fence =
            line.trim_start().starts_with("```") && !line.trim_start()[3..].contains('`');
        match (&mut code, is_fence) {
            (None, true) => code = Some(Vec::new()),
            (None, false) => lines.push(inline(&text::truncate(line.trim(), LINE_RUNES))),
            (Some(_), true) => lines.extend(code.take().map(|code| block(&code))),
            (Some(code), false) => code.push(line),
        }
    }
    // A block that was cut by the sender's own limit has no end.
    lines.extend(code.map(|code| block(&code)));
    let Some((first, rest)) = lines.split_first() else {
        return String::new();
    };
    if text::rune_count(first) > max_runes {
        return text::plain(&text::truncate(&words, max_runes / 8));
    }
    fit_lines(first, rest, max_runes)
}

fn block(lines: &[&str]) -> String {
    let (block, _) = text::code_block_within("", &lines.join("\n"), LINE_RUNES * 4);
    block.trim_end_matches('\n').to_owned()
}

/// One line.
fn inline(line: &str) -> String {
    let mut markdown = Markdown::default();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let found = match first {
            '<' => slack_token(rest),
            '[' => markdown_link(rest),
            '`' => code(rest),
            ':' => emoji(rest),
            'h' => address(rest),
            '*' => bold(rest, markdown.ends_a_word()),
            _ => None,
        };
        let length = match found {
            Some((length, piece)) => {
                markdown.push(piece);
                length
            }
            None => {
                markdown.plain.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    markdown.flush();
    markdown.done
}

/// What stands for a part of a line.
enum Piece {
    /// Text.
    Plain(String),
    /// Markdown.
    Finished(String),
}

#[derive(Default)]
struct Markdown {
    done: String,
    /// Text that is not escaped yet.
    plain: String,
}

impl Markdown {
    fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Plain(text) => self.plain.push_str(&text),
            Piece::Finished(markdown) => {
                self.flush();
                // `!` before a link would make it an image.
                if self.done.ends_with('!') {
                    self.done.pop();
                    self.done.push_str("&#33;");
                }
                self.done.push_str(&markdown);
            }
        }
    }

    /// Escaping trims; between other pieces spaces count.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.plain);
        if text.starts_with(char::is_whitespace) && !self.done.is_empty() {
            self.done.push(' ');
        }
        let escaped = text::plain(&text);
        let is_blank = escaped.is_empty();
        self.done.push_str(&escaped);
        if text.ends_with(char::is_whitespace) && !is_blank {
            self.done.push(' ');
        }
    }

    fn ends_a_word(&self) -> bool {
        let last = self
            .plain
            .chars()
            .last()
            .or_else(|| self.done.chars().last());
        last.is_none_or(char::is_whitespace)
    }
}

/// Slack's `<https://x|text>`, `<@U1|name>`, `<#C1|name>`, `<!channel>`, `<!date^…|text>`.
fn slack_token(rest: &str) -> Option<(usize, Piece)> {
    let end = rest.find('>')?;
    let inside = &rest[1..end];
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target.trim(), Some(label.trim())),
        None => (inside.trim(), None),
    };
    let label_or = |other: &str| label.unwrap_or(other).to_owned();
    let piece = match target.chars().next()? {
        '!' => {
            let word = target[1..].split('^').next().unwrap_or_default();
            Piece::Plain(label.map_or_else(|| format!("@{word}"), str::to_owned))
        }
        '@' | '#' => Piece::Plain(label_or(target)),
        _ if target.len() <= LONGEST_ADDRESS && text::is_web_link(target) => {
            Piece::Finished(text::link(&text::truncate(&label_or(target), 300), target))
        }
        _ => return None,
    };
    Some((end + 1, piece))
}

/// `[text](https://x)`.
fn markdown_link(rest: &str) -> Option<(usize, Piece)> {
    let label_end = rest.find("](")?;
    let label = &rest[1..label_end];
    let target = &rest[label_end + 2..];
    let target = &target[..target.find(')')?];
    let is_link =
        !label.contains('[') && target.len() <= LONGEST_ADDRESS && text::is_web_link(target);
    let length = label_end + 2 + target.len() + 1;
    is_link.then(|| {
        let link = text::link(&text::truncate(label, 300), target);
        (length, Piece::Finished(link))
    })
}

/// `` `code` ``.
fn code(rest: &str) -> Option<(usize, Piece)> {
    let inside = &rest[1..];
    let inside = &inside[..inside.find('`')?];
    let is_code = !inside.trim().is_empty();
    is_code.then(|| (inside.len() + 2, Piece::Finished(text::code_span(inside))))
}

/// `:white_check_mark:`; not the middle of a time of day, and not the scheme of an address.
fn emoji(rest: &str) -> Option<(usize, Piece)> {
    let name = &rest[1..];
    let end = name.find(':')?;
    let (name, behind) = (&name[..end], &name[end + 1..]);
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'+' | b'-'))
    };
    let is_name = !behind.starts_with('/')
        && name.len() <= LONGEST_EMOJI
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && name.split('_').all(is_word);
    is_name.then(|| (name.len() + 2, Piece::Finished(format!(":{name}:"))))
}

/// `https://x` as it stands in a sentence.
fn address(rest: &str) -> Option<(usize, Piece)> {
    if !rest.starts_with("http://") && !rest.starts_with("https://") {
        return None;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '"' | '`'))
        .unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '*']);
    let is_link = address.len() <= LONGEST_ADDRESS && text::is_web_link(address);
    is_link.then(|| {
        let link = text::link(&text::truncate(address, 300), address);
        (address.len(), Piece::Finished(link))
    })
}

/// `**bold**`, and Slack's `*bold*`.
fn bold(rest: &str, starts_a_word: bool) -> Option<(usize, Piece)> {
    let stars = if rest.starts_with("**") { 2 } else { 1 };
    let inside = &rest[stars..];
    let inside = &inside[..inside.find('*')?];
    let after = &rest[stars + inside.len()..];
    let is_edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_bold = starts_a_word
        && after.starts_with(&rest[..stars])
        && is_edge(inside.chars().next())
        && is_edge(inside.chars().last())
        && after[stars..]
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || c == ':');
    let escaped = || format!("**{}**", text::plain(inside));
    is_bold.then(|| (inside.len() + 2 * stars, Piece::Finished(escaped())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag, TagEnd};

    fn shown(words: &str) -> String {
        safe(words, 1000)
    }

    #[test]
    fn what_people_write_has_its_effect() {
        for (words, markdown) in [
            ("plain words", "plain words"),
            (
                "see <https://ci/job/a/5/|#5> now",
                "see [&#35;5](https://ci/job/a/5/) now",
            ),
            ("[Open](https://ci/a_b)", "[Open](https://ci/a%5Fb)"),
            ("at https://ci/x.", "at [https&#58;//ci/x](https://ci/x)."),
            (
                ":white_check_mark: done at 12:30:45",
                ":white_check_mark: done at 12&#58;30&#58;45",
            ),
            ("run `make all` now", "run `make all` now"),
            (
                "*Failed:* **really** a*b*c",
                "\\*Failed&#58;\\* **really** a\\*b\\*c",
            ),
            ("*Failed* x", "**Failed** x"),
            ("a\n```\nx < y\n```\nb", "a\n```\nx < y\n```\nb"),
        ] {
            assert_eq!(shown(words), markdown, "{words}");
        }
    }

    #[test]
    fn what_could_do_harm_does_not() {
        for words in [
            "<!channel> and <!here|here> and @channel",
            "![x](https://evil/i.png) !<https://evil/i.png|x>",
            "# heading\n> quote\n- list\n1. list\n---\n| a | b |\n|---|---|",
            "<javascript:alert(1)|x> [x](javascript:alert(1)) <b>x</b>",
            "[a](https://x) ![b][a]\n\n[a]: https://evil",
            "<@U123|alice> <https://u:p@x|y>",
            "&0\n:http://x :https://u:p@x",
        ] {
            let markdown = shown(words);
            assert_eq!(
                harm_in(&markdown),
                Vec::<String>::new(),
                "{words}\n{markdown}"
            );
        }
        assert!(
            harm_in("# x").len() == 1 && harm_in("@all").len() == 1,
            "the check itself"
        );
    }

    /// Everything but text without mentions, links to web pages, bold and code.
    fn harm_in(markdown: &str) -> Vec<String> {
        use pulldown_cmark::Options;
        // No client of Mattermost knows superscript or lists of definitions.
        let options = Options::all()
            - Options::ENABLE_SMART_PUNCTUATION
            - Options::ENABLE_SUPERSCRIPT
            - Options::ENABLE_DEFINITION_LIST;
        let mut is_code = false;
        let mut harm = Vec::new();
        for event in Parser::new_ext(markdown, options) {
            match &event {
                Event::Start(Tag::CodeBlock(_)) => is_code = true,
                Event::End(TagEnd::CodeBlock) => is_code = false,
                Event::Start(Tag::Paragraph | Tag::Strong)
                | Event::End(_)
                | Event::Code(_)
                | Event::SoftBreak
                | Event::HardBreak => {}
                Event::Start(Tag::Link { dest_url, .. }) if text::is_web_link(dest_url) => {}
                Event::Text(text)
                    if is_code
                        || text
                            .match_indices('@')
                            .all(|(at, _)| text[at + 1..].starts_with('\u{200B}')) => {}
                other => harm.push(format!("{other:?}")),
            }
        }
        harm
    }

    proptest! {
        #[test]
        fn nothing_harms(words in "([-*_`~#.!|:;@<>&\\[\\](){}$0-9a-d \\\\\n]|https?://x|\\]\\(|<!|```){0,40}|\\PC{0,60}") {
            let markdown = shown(&words);
            prop_assert_eq!(harm_in(&markdown), Vec::<String>::new(), "{}", markdown);
        }

        #[test]
        fn it_fits(words in "([*|<`a\n]|https://x\\.y ){0,300}", limit in 100_usize..500) {
            let markdown = safe(&words, limit);
            prop_assert!(text::rune_count(&markdown) <= limit, "{}", markdown);
        }
    }
}
