//! What the server reads out of the text and attachments of posts.

use serde_json::{Map, Value};

use crate::ids::new_id;

/// Hashtags of a message, separated by spaces (`ParseHashtags` in `model/utils.go`).
#[must_use]
pub fn hashtags(message: &str) -> String {
    let is_body = |sign: char| sign.is_alphabetic() || sign.is_ascii_digit();
    let mut found = String::new();
    for word in message.split_whitespace() {
        let word = word.trim_start_matches(|sign: char| !is_body(sign) && sign != '#');
        let word = word.trim_end_matches(|sign: char| !is_body(sign));
        let Some(name) = word.strip_prefix('#') else {
            continue;
        };
        let name = name.trim_start_matches('#');
        let valid = name.chars().count() >= 2
            && name.starts_with(char::is_alphabetic)
            && name.ends_with(is_body)
            && name
                .chars()
                .all(|sign| is_body(sign) || "-_.".contains(sign));
        if valid && found.len() + name.len() < 1_000 {
            if !found.is_empty() {
                found.push(' ');
            }
            found.push('#');
            found.push_str(name);
        }
    }
    found
}

/// Slack's links `<address|text>` as Markdown (`ParseSlackLinksToMarkdown`).
#[must_use]
pub fn slack_links_to_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let candidate = &rest[start + 1..];
        let address_end = candidate.find(['|', '<']);
        match address_end {
            Some(bar) if bar > 0 && candidate[bar..].starts_with('|') => {
                let label = &candidate[bar + 1..];
                match label.find('>') {
                    Some(end) if end > 0 => {
                        out.push_str(&format!("[{}]({})", &label[..end], &candidate[..bar]));
                        rest = &label[end + 1..];
                        continue;
                    }
                    _ => out.push('<'),
                }
            }
            _ => out.push('<'),
        }
        rest = candidate;
    }
    out.push_str(rest);
    out
}

/// Slack's `<!channel>`, `<!here>` and `<!all>` as mentions (`expandAnnouncement`).
#[must_use]
pub fn expand_announcements(text: &str) -> String {
    text.replace("<!channel>", "@channel")
        .replace("<!here>", "@here")
        .replace("<!all>", "@all")
}

/// The first of `@all`, `@channel`, `@here` in a message.
#[must_use]
pub fn channel_wide_mention(message: &str) -> Option<&'static str> {
    ["@all", "@channel", "@here"].into_iter().find(|mention| {
        mentions(message, '@')
            .iter()
            .any(|name| Some(name.as_str()) == mention.strip_prefix('@'))
    })
}

/// Names after `sigil` (`@` for users, `~` for channels), in lower case and each once.
#[must_use]
pub fn mentions(message: &str, sigil: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    for (index, sign) in message.char_indices() {
        if sign == sigil && !before.is_alphanumeric() {
            let name: String = message[index + sign.len_utf8()..]
                .chars()
                .take_while(|next| next.is_ascii_alphanumeric() || ".-_:".contains(*next))
                .collect::<String>()
                .to_lowercase();
            if name.starts_with(|first: char| first.is_ascii_alphanumeric())
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
        before = sign;
    }
    found
}

/// Whether a text is an address of the web (`IsValidHTTPURL`).
pub(crate) fn is_http_url(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

/// The attachments in the props of a post.
pub(crate) fn attachments(props: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    props
        .get("attachments")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

pub(crate) fn actions_mut(
    props: &mut Map<String, Value>,
) -> impl Iterator<Item = &mut Map<String, Value>> {
    props
        .get_mut("attachments")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(|attachment| attachment.get_mut("actions").and_then(Value::as_array_mut))
        .flatten()
        .filter_map(Value::as_object_mut)
}

/// Gives each button and menu without an id one (`Post.GenerateActionIds`).
pub fn generate_action_ids(props: &mut Map<String, Value>) {
    for action in actions_mut(props) {
        if action
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .is_empty()
        {
            action.insert("id".to_owned(), Value::String(new_id()));
        }
    }
}

/// The button or menu with this id.
#[must_use]
pub fn action<'a>(props: &'a Map<String, Value>, id: &str) -> Option<&'a Value> {
    attachments(props)
        .filter_map(|attachment| attachment.get("actions").and_then(Value::as_array))
        .flatten()
        .find(|action| action.get("id").and_then(Value::as_str) == Some(id))
}

/// The props as a client gets them: what a button does stays on the server
/// (`Post.StripActionIntegrations`).
#[must_use]
pub fn without_integrations(props: &Map<String, Value>) -> Map<String, Value> {
    let mut props = props.clone();
    for action in actions_mut(&mut props) {
        action.remove("integration");
    }
    props
}
