//! Which sender it was, and what it says.

use super::body::{self, Unreadable};
use super::event::InboundEvent;
use super::fields::{Fields, Unread};
use super::{chat_message, generic_event, notification_plugin, other_senders};
use crate::jenkins::JenkinsAddress;

/// What can send here, as people know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// `mattermostSend`, `slackSend` and their post-build steps.
    ChatMessage,
    /// The Notification plugin.
    NotificationPlugin,
    /// The Outbound WebHook plugin.
    OutboundWebhook,
    /// The Generic Event plugin.
    GenericEvent,
    /// The Global Build Notification plugin.
    GlobalBuildNotification,
    /// The Statistics Gatherer plugin.
    Statistics,
}

/// What was understood of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// Who sent it.
    pub sender: Sender,
    /// What it says.
    pub event: InboundEvent,
    /// Fields that could not be read; the rest counts all the same.
    pub unread: Vec<String>,
}

/// Why a body says nothing. The texts go to the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotUnderstood {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is of no sender that is known.
    #[error(
        "This JSON is none that is known here. Known are mattermostSend, slackSend, and the Jenkins plugins Notification, Outbound WebHook, Generic Event, Global Build Notification and Statistics Gatherer."
    )]
    UnknownSender,
    /// It says nothing to go by.
    #[error("This is {sender}, but {missing}.")]
    Incomplete {
        /// Who sent it.
        sender: Sender,
        /// What it lacks.
        missing: &'static str,
    },
}

impl std::fmt::Display for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ChatMessage => "a message",
            Self::NotificationPlugin => "the Notification plugin",
            Self::OutboundWebhook => "the Outbound WebHook plugin",
            Self::GenericEvent => "the Generic Event plugin",
            Self::GlobalBuildNotification => "the Global Build Notification plugin",
            Self::Statistics => "the Statistics Gatherer plugin",
        })
    }
}

/// Reads a body. `address` is where the source's Jenkins is, if that is configured.
///
/// # Errors
/// [`NotUnderstood`].
pub fn understand(
    body: &[u8],
    address: Option<&JenkinsAddress>,
) -> Result<Understood, NotUnderstood> {
    let object = body::read(body)?;
    let unread = Unread::default();
    let fields = Fields::new(&object, &unread);
    let sender = sender(fields).ok_or(NotUnderstood::UnknownSender)?;
    let event = match sender {
        Sender::ChatMessage => chat_message::read(fields).map(InboundEvent::Message),
        Sender::NotificationPlugin => notification_plugin::read(fields, address),
        Sender::OutboundWebhook => other_senders::read_outbound_webhook(fields, address),
        Sender::GenericEvent => generic_event::read(fields, address),
        Sender::GlobalBuildNotification => {
            other_senders::read_global_build_notification(fields, address)
        }
        Sender::Statistics => other_senders::read_statistics(fields, address),
    };
    let missing = match sender {
        Sender::ChatMessage => "it has neither a text nor an attachment",
        _ => "it does not say which build it is about",
    };
    Ok(Understood {
        sender,
        event: event.ok_or(NotUnderstood::Incomplete { sender, missing })?,
        unread: unread.names(),
    })
}

type IsOne = fn(Fields<'_>) -> bool;

/// Those with the most telling fields first.
fn sender(body: Fields<'_>) -> Option<Sender> {
    let senders: [(IsOne, Sender); 6] = [
        (notification_plugin::is_one, Sender::NotificationPlugin),
        (generic_event::is_one, Sender::GenericEvent),
        (
            other_senders::is_global_build_notification,
            Sender::GlobalBuildNotification,
        ),
        (other_senders::is_statistics, Sender::Statistics),
        (other_senders::is_outbound_webhook, Sender::OutboundWebhook),
        (chat_message::is_one, Sender::ChatMessage),
    ];
    let found = senders.into_iter().find(|(is_one, _)| is_one(body));
    found.map(|(_, sender)| sender)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn senders_are_told_apart() {
        let build = json!({"phase": "STARTED", "number": 1, "url": "job/a/1/"});
        for (body, sender) in [
            (json!({"text": "x"}), Sender::ChatMessage),
            (
                json!({"name": "a", "build": build}),
                Sender::NotificationPlugin,
            ),
            (
                json!({"buildName": "#1", "buildUrl": "job/a/1/", "event": "start"}),
                Sender::OutboundWebhook,
            ),
            (
                json!({"type": "run.started", "source": "job/a/", "data": {"number": 1}}),
                Sender::GenericEvent,
            ),
            (
                json!({"jobName": "a", "eventType": "started", "url": "job/a/1/"}),
                Sender::GlobalBuildNotification,
            ),
            (
                json!({"fullJobName": "a", "number": 1, "result": "SUCCESS"}),
                Sender::Statistics,
            ),
        ] {
            let understood = understand(body.to_string().as_bytes(), None).unwrap();
            assert_eq!(understood.sender, sender, "{body}");
        }
    }

    #[test]
    fn a_refusal_says_what_is_missing() {
        let refused = |body: Value| {
            understand(body.to_string().as_bytes(), None)
                .unwrap_err()
                .to_string()
        };
        assert!(refused(json!({"a": 1})).contains("Known are mattermostSend"));
        assert_eq!(
            refused(json!({"name": "a", "build": {"phase": "STARTED"}})),
            "This is the Notification plugin, but it does not say which build it is about."
        );
        assert_eq!(
            refused(json!({"text": ""})),
            "This is a message, but it has neither a text nor an attachment."
        );
    }

    /// JSON made of the words that the senders use, in places where they do not.
    fn strange() -> impl Strategy<Value = Value> {
        let names = "text|attachments|blocks|name|build|phase|url|full_url|number|scm|parameters|test_summary|failed_tests\
            |artifacts|type|source|data|dataType|actions|causes|jobName|eventType|ciUrl|fullJobName|result|buildUrl|buildName|event|fields|elements|channel";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "run\\.started|STARTED|FINALIZED|completed|success|job/a/5/|https://x/job/\\PC{0,5}|\\PC{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(names, inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_panics(body in strange()) {
            let _ = understand(body.to_string().as_bytes(), None);
        }

        #[test]
        fn no_bytes_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = understand(&body, None);
        }

        #[test]
        fn no_change_of_a_good_body_panics(at in 0_usize..300, byte in any::<u8>()) {
            let mut body = json!({
                "name": "a", "build": {"phase": "COMPLETED", "number": 1, "url": "job/a/1/", "scm": {"changes": ["x"]},
                "test_summary": {"total": 1, "failed_tests": ["x"]}}, "text": "<https://x|y>", "attachments": [{"fields": [{"value": "z"}]}]
            }).to_string().into_bytes();
            let at = at % body.len();
            body[at] = byte;
            let _ = understand(&body, None);
        }
    }
}
