//! Logs and messages that Jenkins gives as HTML.

/// The longest tag: what begins like one and goes on is text.
const LONGEST_TAG: usize = 2000;

/// The text of HTML without its tags. What is cut at its start may begin inside of a tag.
#[must_use]
pub fn html_to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let used = match rest.strip_prefix('&') {
            Some(inner) => entity(inner).map(|(character, length)| {
                text.push(character);
                length + 1
            }),
            None => tag_length(rest),
        };
        let used = used.unwrap_or_else(|| {
            text.push_str(&rest[..1]);
            1
        });
        rest = &rest[used..];
    }
    text.push_str(rest);
    text
}

/// The length of the tag at the start.
fn tag_length(html: &str) -> Option<usize> {
    let inner = html.strip_prefix('<')?;
    let is_tag = inner.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    let length = html.find('>')? + 1;
    (is_tag && length <= LONGEST_TAG).then_some(length)
}

/// The character that is named at the start, behind `&`, and the length of its name and semicolon.
fn entity(html: &str) -> Option<(char, usize)> {
    let name = html.get(..html.bytes().take(10).position(|byte| byte == b';')?)?;
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, name.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_vanish_and_entities_are_characters() {
        for (html, text) in [
            ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
            (
                "<span class=\"timestamp\"><b>12:00</b> </span>+ make &#39;x&#39; &#x41;",
                "12:00 + make 'x' A",
            ),
            ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
            ("&nosuch; &; &", "&nosuch; &; &"),
            ("<a href='x", "<a href='x"),
            ("ключ&quot;<br>", "ключ\""),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn escaped_text_comes_back(text in "\\PC{0,60}") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(html_to_text(&escaped), text);
        }

        #[test]
        fn anything_is_read(html in "[<>&;a/#x0-9ключ\n]{0,60}") {
            prop_assert!(html_to_text(&html).len() <= html.len());
        }
    }
}
