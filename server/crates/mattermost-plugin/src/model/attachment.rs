//! Message attachments: the boxes with a coloured bar under a post.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{PostAction, json};

/// A message attachment.
///
/// Go: `MessageAttachment` in `server/public/model/message_attachment.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
#[go(name = "MessageAttachment")]
pub struct Attachment {
    /// Identifier, 26 characters.
    pub id: i64,
    /// Plain text for clients that cannot show the attachment.
    pub fallback: String,
    /// `#rrggbb`, or `good`, `warning`, `danger`.
    pub color: String,
    /// Text above the box.
    pub pretext: String,
    pub author_name: String,
    pub author_link: String,
    pub author_icon: String,
    pub title: String,
    pub title_link: String,
    pub text: String,
    #[serde(deserialize_with = "json::null_as_default")]
    pub fields: Vec<AttachmentField>,
    #[go(name = "ImageURL")]
    pub image_url: String,
    #[go(name = "ThumbURL")]
    pub thumb_url: String,
    pub footer: String,
    pub footer_icon: String,
    /// Text, or seconds since 1970.
    #[serde(rename = "ts")]
    pub timestamp: Value,
    /// Buttons and menus.
    #[serde(
        deserialize_with = "json::null_as_default",
        skip_serializing_if = "json::is_default"
    )]
    pub actions: Vec<PostAction>,
}

/// A cell of the table in an attachment.
///
/// Go: `MessageAttachmentField` in `server/public/model/message_attachment.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
#[go(name = "MessageAttachmentField")]
pub struct AttachmentField {
    pub title: String,
    /// Text. A server prints other things with Go's `%v`.
    pub value: Value,
    /// Half as wide: two such fields share a row.
    #[serde(deserialize_with = "json::lenient_bool")]
    pub short: bool,
}

impl Attachment {
    /// The attachment as it stands in the `attachments` prop of a post.
    pub(crate) fn to_props(&self) -> Value {
        let mut attachment = self.clone();
        for field in &mut attachment.fields {
            // Props carry numbers as float64, which Go prints as 1e+06.
            if let Value::Number(number) = &field.value {
                field.value = Value::String(number.to_string());
            }
        }
        serde_json::to_value(attachment).unwrap_or_default()
    }
}

impl AttachmentField {
    /// A field with text.
    pub fn new(title: impl Into<String>, value: impl Into<String>, short: bool) -> Self {
        Self {
            title: title.into(),
            value: Value::String(value.into()),
            short,
        }
    }
}
