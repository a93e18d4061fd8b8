//! From bytes to JSON.

use serde_json::{Map, Value};

/// Longest body that is read, in bytes.
pub const BODY_LIMIT: usize = 1 << 20;

/// Why a body cannot be read. The texts go to the sender, whose log its administrator reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing was sent.
    #[error("The body is empty. Expected is JSON.")]
    Empty,
    /// It is XML.
    #[error("The body is XML. Choose JSON as the format in Jenkins.")]
    Xml,
    /// It is no JSON.
    #[error("The body is not JSON: {reason}.")]
    NotJson {
        /// Where it ceases to be.
        reason: String,
    },
    /// It is JSON, but no object.
    #[error("The body is JSON, but not an object.")]
    NotAnObject,
}

/// Reads JSON, or a form with JSON in its field `payload` as Slack accepts it. The content type is not
/// believed: some senders give none.
///
/// # Errors
/// [`Unreadable`].
pub fn read(body: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    let start = body.trim_ascii_start();
    match start.first() {
        None => return Err(Unreadable::Empty),
        Some(b'<') => return Err(Unreadable::Xml),
        _ => {}
    }
    if start.starts_with(b"payload=") || (start[0] != b'{' && contains(start, b"payload=")) {
        let payload = url::form_urlencoded::parse(start)
            .find(|(name, _)| name == "payload")
            .map(|(_, value)| value.into_owned());
        return of_json(payload.unwrap_or_default().as_bytes());
    }
    of_json(start)
}

fn of_json(bytes: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    // serde_json refuses more than 128 levels.
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Unreadable::NotAnObject),
        Err(error) => Err(Unreadable::NotJson {
            reason: format!("line {}, column {}", error.line(), error.column()),
        }),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_forms_are_read() {
        for body in [
            " {\"text\":\"a b\"}",
            "payload=%7B%22text%22%3A%22a+b%22%7D",
            "token=x&payload={\"text\":\"a+b\"}",
        ] {
            assert_eq!(read(body.as_bytes()).unwrap()["text"], "a b", "{body}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(read(b" \n"), Err(Unreadable::Empty));
        assert_eq!(read(b"<?xml version='1.0'?>"), Err(Unreadable::Xml));
        assert_eq!(read(b"[1]"), Err(Unreadable::NotAnObject));
        assert!(matches!(read(b"{\"a\":"), Err(Unreadable::NotJson { .. })));
        assert!(matches!(read(b"payload="), Err(Unreadable::NotJson { .. })));
        assert!(matches!(
            read("{\"a\":\u{fffd}".as_bytes()),
            Err(Unreadable::NotJson { .. })
        ));
        let deep = "[".repeat(100_000);
        assert!(matches!(
            read(deep.as_bytes()),
            Err(Unreadable::NotJson { .. })
        ));
    }
}
