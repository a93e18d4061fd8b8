//! The fields of events and spans, as the server takes them: names and texts.

use std::fmt;
use std::fmt::Write as _;

use tracing::field::{Field, Visit};

/// The longest text of one field, in bytes. What is longer is cut, so that the queue is bounded in
/// memory and not only in lines.
const LONGEST: usize = 8 * 1024;

/// Parts of names whose values are never logged.
const SECRET_NAMES: [&str; 10] = [
    "authorization",
    "cookie",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "token",
    "apikey",
    "privatekey",
];

/// Replaces the value of a field that is named like a secret.
pub(crate) fn redact(name: &str, value: String) -> (String, String) {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let secret = SECRET_NAMES.iter().any(|part| plain.contains(part));
    (
        name.to_owned(),
        if secret {
            "[redacted]".to_owned()
        } else {
            value
        },
    )
}

/// What an event or a span says.
#[derive(Debug, Default)]
pub(super) struct Fields {
    message: String,
    named: Vec<(String, String)>,
}

impl Fields {
    /// Adds the fields of a span around; what is nearer keeps its value.
    pub(super) fn extend_with(&mut self, outer: &Fields) {
        for (name, value) in &outer.named {
            if !self.named.iter().any(|(known, _)| known == name) {
                self.named.push((name.clone(), value.clone()));
            }
        }
    }

    pub(super) fn into_line(self) -> (String, Vec<(String, String)>) {
        (self.message, self.named)
    }

    pub(super) fn in_one_line(&self) -> String {
        let mut text = self.message.clone();
        for (name, value) in &self.named {
            let _ = write!(text, " {name}={value:?}");
        }
        text
    }

    fn add(&mut self, field: &Field, value: String) {
        let value = shortened(value);
        if field.name() == "message" {
            self.message = value;
            return;
        }
        let (name, value) = redact(field.name(), value);
        match self.named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.named.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(cause) = source {
            let _ = write!(text, ": {cause}");
            source = cause.source();
        }
        self.add(field, text);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognized_by_name() {
        for name in [
            "token",
            "access_token",
            "Authorization",
            "X-Api-Key",
            "private_key",
            "set-cookie",
            "clientSecret",
        ] {
            assert_eq!(redact(name, "v".to_owned()).1, "[redacted]", "{name}");
        }
        for name in ["name", "job", "key", "user_id"] {
            assert_eq!(redact(name, "v".to_owned()).1, "v", "{name}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let cut = shortened("é".repeat(LONGEST));
        assert_eq!(cut.len(), LONGEST + '…'.len_utf8());
        assert_eq!(shortened("short".to_owned()), "short");
    }
}
