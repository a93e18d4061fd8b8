//! Messages for a chat: `mattermostSend` and the post-build step of the Jenkins plugin `mattermost`
//! (`StandardMattermostService.createPayload`), and `slackSend` of the Jenkins plugin `slack` with its
//! base URL changed (`StandardSlackService.publish`).

use mattermost_plugin::model::{Attachment, AttachmentField};

use super::event::{Message, kept};
use super::fields::Fields;
use super::markup;
use crate::text;

/// Most runes of a message.
const TEXT_RUNES: usize = 12_000;
/// Most runes of one text in an attachment; the value of a field has half of them. All attachments
/// together stay below the 800,000 that the server takes (`model.PostPropsMaxRunes`).
const ATTACHMENT_RUNES: usize = 4000;
/// Most runes of a title or a field.
const FIELD_RUNES: usize = 1000;
const MOST_ATTACHMENTS: usize = 10;
const MOST_FIELDS: usize = 20;
const MOST_BLOCKS: usize = 50;

/// Whether it is one of these.
#[must_use]
pub fn is_one(body: Fields<'_>) -> bool {
    ["text", "attachments", "blocks"]
        .iter()
        .any(|name| body.has(name))
}

/// Reads it; `None` if it says nothing.
#[must_use]
pub fn read(body: Fields<'_>) -> Option<Message> {
    let mut message = Message {
        text: body
            .text("text")
            .map(|words| markup::safe(&words, TEXT_RUNES))
            .unwrap_or_default(),
        attachments: body
            .objects("attachments")
            .into_iter()
            .take(MOST_ATTACHMENTS)
            .filter_map(attachment)
            .collect(),
        channels: body.text("channel").unwrap_or_default(),
        team: body.text("username").filter(|name| !is_default(name)),
        answers: body.text("thread_ts").map(|name| kept(&name)),
        replaces: body.text("ts").map(|name| kept(&name)),
    };
    message.channels = text::truncate(&message.channels, FIELD_RUNES);
    if message.text.is_empty() && message.attachments.is_empty() {
        message.text = markup::safe(&blocks(body), TEXT_RUNES);
    }
    let is_empty = message.text.is_empty() && message.attachments.is_empty();
    (!is_empty).then_some(message)
}

/// What the plugin sends when nobody wrote anything before the `@` of the channel.
fn is_default(username: &str) -> bool {
    username.trim().eq_ignore_ascii_case("jenkins")
}

/// Images, buttons and menus are left out.
fn attachment(sent: Fields<'_>) -> Option<Attachment> {
    let words = |name: &str, runes: usize| {
        sent.text(name)
            .map(|words| markup::safe(&words, runes))
            .unwrap_or_default()
    };
    let plain = |name: &str| {
        let text = sent.text(name).unwrap_or_default();
        text::plain(&text::truncate(&text, FIELD_RUNES / 4))
    };
    let web = |name: &str| {
        let address = sent.text(name);
        address
            .and_then(|address| text::web_link(&address))
            .unwrap_or_default()
    };
    let attachment = Attachment {
        color: sent
            .text("color")
            .as_deref()
            .and_then(color)
            .unwrap_or_default(),
        pretext: words("pretext", ATTACHMENT_RUNES),
        author_name: plain("author_name"),
        author_link: web("author_link"),
        title: plain("title"),
        title_link: web("title_link"),
        text: words("text", ATTACHMENT_RUNES),
        fields: sent
            .objects("fields")
            .into_iter()
            .take(MOST_FIELDS)
            .map(field)
            .collect(),
        footer: plain("footer"),
        fallback: plain("fallback"),
        ..Attachment::default()
    };
    let shown = [
        &attachment.pretext,
        &attachment.author_name,
        &attachment.title,
        &attachment.text,
    ];
    let is_empty = shown.iter().all(|text| text.is_empty())
        && attachment.fields.iter().all(|field| field.value == "");
    match (is_empty, attachment.fallback.is_empty()) {
        (false, _) => Some(attachment),
        // Some senders write nothing else.
        (true, false) => Some(Attachment {
            text: attachment.fallback.clone(),
            ..attachment
        }),
        (true, true) => None,
    }
}

fn field(sent: Fields<'_>) -> AttachmentField {
    let title = sent.text("title").unwrap_or_default();
    let value = sent.text("value").unwrap_or_default();
    AttachmentField::new(
        text::plain(&text::truncate(&title, FIELD_RUNES / 4)),
        markup::safe(&value, ATTACHMENT_RUNES / 2),
        sent.text("short").is_some_and(|short| short == "true"),
    )
}

/// The words that the server knows, or `#rrggbb`.
fn color(color: &str) -> Option<String> {
    let color = color.trim().to_ascii_lowercase();
    let is_word = matches!(color.as_str(), "good" | "warning" | "danger");
    let is_number = color.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    (is_word || is_number).then_some(color)
}

/// The words of Slack's blocks: headers, sections with fields, contexts.
fn blocks(body: Fields<'_>) -> String {
    let mut lines = Vec::new();
    for block in body.objects("blocks").into_iter().take(MOST_BLOCKS) {
        let elements = block.objects("elements");
        let fields = block.objects("fields");
        let own = block.object("text").and_then(|text| text.text("text"));
        lines.extend(own);
        let parts = fields.into_iter().chain(elements).take(MOST_FIELDS);
        let parts: Vec<String> = parts
            .filter(|part| {
                part.text("type")
                    .is_some_and(|kind| kind.contains("text") || kind == "mrkdwn")
            })
            .filter_map(|part| part.text("text"))
            .collect();
        lines.extend(parts);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::inbound::fields::Unread;
    use serde_json::{Value, json};

    fn message(body: Value) -> Option<Message> {
        let unread = Unread::default();
        let fields = Fields::new(body.as_object().unwrap(), &unread);
        assert!(is_one(fields));
        read(fields)
    }

    #[test]
    fn mattermost_send() {
        let sent = json!({
            "text": "", "channel": "builds", "username": "engineering", "icon_url": "https://x/i.png",
            "attachments": [{
                "fallback": "app - #5 Success", "color": "good", "mrkdwn_in": ["pretext", "text", "fields"],
                "fields": [{"short": false, "value": "app - #5 :white_check_mark: Success after 3 sec (<https://ci/job/app/5/|Open>)"}],
                "image_url": "https://evil/i.png", "actions": [{"name": "x"}]
            }]
        });
        let message = message(sent).unwrap();
        insta::assert_json_snapshot!(message);
    }

    #[test]
    fn slack_send() {
        let sent = json!({
            "channel": "#builds,@bob", "link_names": "1", "as_user": "true",
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Release"}},
                {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Branch* main"}]},
                {"type": "context", "elements": [{"type": "image", "image_url": "https://x"}, {"type": "mrkdwn", "text": "<!channel>"}]}
            ]
        });
        let message = message(sent).unwrap();
        assert_eq!(message.text, "Release\n**Branch** main\n@\u{200B}channel");
        assert_eq!(
            (message.channels.as_str(), message.team),
            ("#builds,@bob", None)
        );
        assert_eq!((message.answers, message.replaces), (None, None));
    }

    #[test]
    fn a_message_that_answers_or_replaces_another_one() {
        let named = |body: Value| message(body).map(|message| (message.answers, message.replaces));
        let name = |name: &str| Some(name.to_owned());
        let sent = json!({"text": "x", "thread_ts": "1503435956.000247", "ts": 7});
        assert_eq!(named(sent), Some((name("1503435956.000247"), name("7"))));
        let sent = json!({"text": "x", "thread_ts": ["a"], "ts": " "});
        assert_eq!(named(sent), Some((None, None)));
        let long = json!({"text": "x", "ts": "a".repeat(10_000)});
        assert!(named(long).unwrap().1.unwrap().len() < 1000);
    }

    #[test]
    fn nothing_to_say_is_no_message() {
        for body in [
            json!({"text": " "}),
            json!({"attachments": [{"color": "good", "fields": [{"value": ""}]}]}),
            json!({"text": [], "attachments": "x", "blocks": 7}),
        ] {
            assert_eq!(message(body.clone()), None, "{body}");
        }
        let only_fallback = message(json!({"attachments": [{"fallback": "x"}]})).unwrap();
        assert_eq!(only_fallback.attachments[0].text, "x");
    }
}
