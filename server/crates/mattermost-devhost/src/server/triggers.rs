//! Trigger ids: the permission to open a dialog for a user, given with each command and click
//! (`GenerateTriggerId` in `model/integration_action.go`).

use mattermost_plugin::model::AppError;
use sha2::{Digest, Sha256};

use crate::errors::app_error;
use crate::ids::new_id;

/// Signs and checks trigger ids.
#[derive(Debug, Clone)]
pub(crate) struct Triggers {
    secret: String,
}

/// A trigger id and the part of it that the client knows.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) client_id: String,
    pub(crate) id: String,
}

impl Triggers {
    pub(crate) fn new() -> Self {
        Self { secret: new_id() }
    }

    pub(crate) fn issue(&self, user_id: &str, now: i64) -> Trigger {
        let client_id = new_id();
        let data = format!("{client_id}:{user_id}:{now}:");
        let id = format!("{data}{}", self.sign(&data));
        Trigger {
            client_id,
            id: to_hex(id.as_bytes()),
        }
    }

    /// The client's part of a trigger id and the user it was given to.
    ///
    /// # Errors
    /// When it was not issued here or is older than `lifetime` milliseconds.
    pub(crate) fn verify(
        &self,
        id: &str,
        now: i64,
        lifetime: i64,
    ) -> Result<(String, String), AppError> {
        let refuse = |problem: &str, message: String| {
            Err(app_error(
                "DecodeAndVerifyTriggerId",
                &format!("interactive_message.decode_trigger_id.{problem}"),
                message,
                400,
            ))
        };
        let Some(text) = from_hex(id) else {
            return refuse(
                "base64_decode_failed",
                "Failed to decode base64 for trigger ID for interactive dialog.".to_owned(),
            );
        };
        let parts: Vec<&str> = text.split(':').collect();
        let [client_id, user_id, time, signature] = parts.as_slice() else {
            return refuse(
                "missing_data",
                "Trigger ID missing required data for interactive dialog.".to_owned(),
            );
        };
        let issued: i64 = time.parse().unwrap_or(0);
        if now - issued > lifetime {
            return refuse(
                "expired",
                format!(
                    "Trigger ID for interactive dialog is expired. Trigger IDs live for a maximum of {}s.",
                    lifetime / 1_000
                ),
            );
        }
        if self.sign(&format!("{client_id}:{user_id}:{time}:")) != *signature {
            return refuse(
                "verify_signature_failed",
                "Signature verification failed of trigger ID for interactive dialog.".to_owned(),
            );
        }
        Ok(((*client_id).to_owned(), (*user_id).to_owned()))
    }

    fn sign(&self, data: &str) -> String {
        to_hex(&Sha256::digest(format!("{}{data}", self.secret)))
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<String> {
    if text.is_empty() || !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|index| u8::from_str_radix(&text[index..index + 2], 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::Triggers;

    #[test]
    fn a_trigger_lives_for_its_time_and_cannot_be_made_up() {
        let triggers = Triggers::new();
        let trigger = triggers.issue("u", 1_000);
        assert_eq!(
            triggers.verify(&trigger.id, 31_000, 30_000).unwrap(),
            (trigger.client_id.clone(), "u".to_owned())
        );
        let late = triggers.verify(&trigger.id, 31_001, 30_000).unwrap_err();
        assert_eq!(late.id, "interactive_message.decode_trigger_id.expired");
        assert!(Triggers::new().verify(&trigger.id, 1_000, 30_000).is_err());
        assert!(triggers.verify("", 0, 30_000).is_err());
        assert!(triggers.verify("zz", 0, 30_000).is_err());
    }
}
