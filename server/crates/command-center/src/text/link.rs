//! Links that lead only where a browser may go.

use url::Url;

use super::clean::one_line;
use super::escape::plain;

/// True for an absolute `http` or `https` address with a host.
#[must_use]
pub fn is_web_link(address: &str) -> bool {
    web_link(address).is_some()
}

/// The address in a form that is safe inside Markdown and in an attachment's `title_link`, or
/// `None` if it is no absolute `http` or `https` address, or carries a user name or password.
#[must_use]
pub fn web_link(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    (is_web && is_anonymous).then(|| encode(url.as_str()))
}

/// `[text](address)`, or only the text if the address is not fit for a link; see [`web_link`].
#[must_use]
pub fn link(text: &str, address: &str) -> String {
    let text = one_line(text);
    match web_link(address) {
        Some(address) if text.is_empty() => format!("[link]({address})"),
        Some(address) => format!("[{}]({address})", plain(&text)),
        None => plain(&text),
    }
}

/// Percent-encodes what `Url` leaves as it is and Markdown, or who looks for mentions, would read.
fn encode(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '(' | ')' | '<' | '>' | '[' | ']' | '\\' | '"' | '\'' | '`' | '*' | '_' | '~' | '|'
            | '{' | '}' | '^' | '!' | '$' | '@' | ' ' => {
                // Brackets of an IPv6 host have to stay.
                if matches!(character, '[' | ']')
                    && !encoded.contains(']')
                    && in_authority(&encoded)
                {
                    encoded.push(character);
                } else {
                    encoded.push_str(&format!("%{:02X}", u32::from(character)));
                }
            }
            _ => encoded.push(character),
        }
    }
    encoded
}

fn in_authority(start: &str) -> bool {
    start
        .split_once("://")
        .is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag};

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(link("a", "https://x.io/b c"), "[a](https://x.io/b%20c)");
        for address in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/relative",
            "",
            "https://",
            "ftp://x",
            "https://u:p@x",
        ] {
            assert_eq!(link("a", address), "a", "{address}");
        }
    }

    #[test]
    fn markup_in_the_address_is_encoded() {
        assert_eq!(
            link("a]b", "http://x/(a)_b*@all"),
            "[a&#93;b](http://x/%28a%29%5Fb%2A%40all)"
        );
        assert_eq!(
            link("", "http://[::1]:8080/a[1]"),
            "[link](http://[::1]:8080/a%5B1%5D)"
        );
    }

    proptest! {
        #[test]
        fn one_link_to_that_address(
            text in "[-*_`~#.!|:;@<>&\\[\\](){}$0-9a-d \\\\]{1,20}",
            path in "[-*_`~#.!|:;@<>&\\[\\](){}$0-9a-d \\\\\"'%]{0,20}",
        ) {
            let address = format!("https://ci.example.com/{path}");
            let markdown = link(&text, &address);
            let targets: Vec<String> = Parser::new(&markdown).filter_map(|event| match event {
                Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
                _ => None,
            }).collect();
            prop_assert_eq!(targets, vec![web_link(&address).unwrap()]);
        }
    }
}
