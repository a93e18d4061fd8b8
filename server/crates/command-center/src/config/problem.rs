//! What is wrong with a setting, in words for the administrator.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::jenkins::policy::Unreadable;

use super::{MINIMUM_ENCRYPTION_KEY_LENGTH, PLUGIN_ID};

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Commands cannot work until it is fixed, or work with a default in place of the value.
    Error,
    /// Everything works, at a risk.
    Warning,
}

/// Something that the administrator should change. Shows no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key in `plugin.json`, e.g. `JenkinsURL`.
    pub setting: &'static str,
    /// Whether work is possible.
    pub severity: Severity,
    /// What is wrong: a full sentence.
    pub what: String,
    /// The next step: full sentences, plain text.
    pub how_to_fix: String,
    /// A value of the right form, if a command can set it; see [`Problem::command`].
    pub example: Option<&'static str>,
}

impl Problem {
    pub(super) fn error(
        setting: &'static str,
        what: impl Into<String>,
        how_to_fix: impl Into<String>,
    ) -> Self {
        Self {
            setting,
            severity: Severity::Error,
            what: what.into(),
            how_to_fix: how_to_fix.into(),
            example: None,
        }
    }

    /// A value that is missing or wrong, with one of the right form.
    pub(super) fn unset(
        setting: &'static str,
        what: impl Into<String>,
        example: &'static str,
    ) -> Self {
        let how_to_fix = "Set it in System Console > Plugins > DevOps Command Center.";
        Self {
            example: Some(example),
            ..Self::error(setting, what, how_to_fix)
        }
    }

    /// The command for a shell that sets a value of the right form. `mmctl config set` would refuse a
    /// setting that was never saved.
    #[must_use]
    pub fn command(&self) -> Option<String> {
        let key = self.setting.to_ascii_lowercase();
        let example = self.example?;
        let patch = json!({"PluginSettings": {"Plugins": {PLUGIN_ID: {key: example}}}});
        // The shell replaces what stands outside of its quotes.
        let patch = patch.to_string().replace(NEW_KEY, &format!("'{NEW_KEY}'"));
        Some(format!("echo '{patch}' | mmctl config patch /dev/stdin"))
    }
}

/// In a shell, a key that nobody can guess.
const NEW_KEY: &str = "$(openssl rand -hex 32)";

pub(super) fn of_encryption_key(key: &SecretString) -> Option<Problem> {
    let fix = "Press Regenerate in System Console > Plugins > DevOps Command Center. \
               Users whose token was sealed with another key are asked to connect again.";
    let what = match key.expose_secret().chars().count() {
        0 => "There is no encryption key, so no user can connect.".to_owned(),
        length if length < MINIMUM_ENCRYPTION_KEY_LENGTH => format!(
            "The encryption key has {length} characters; at least {MINIMUM_ENCRYPTION_KEY_LENGTH} are needed."
        ),
        _ => return None,
    };
    Some(Problem {
        example: Some(NEW_KEY),
        ..Problem::error("EncryptionKey", what, fix)
    })
}

pub(super) fn of_policy(unreadable: &Unreadable) -> Problem {
    Problem::error(
        "JenkinsPolicy",
        format!("Line {}: {}", unreadable.line, unreadable.what),
        "Correct it in System Console > Plugins > DevOps Command Center.",
    )
}

pub(super) fn certificates_are_not_checked() -> Problem {
    Problem {
        setting: "JenkinsSkipTLSVerify",
        severity: Severity::Warning,
        what: "The certificate of Jenkins is not checked: whoever can redirect the connection can read API tokens."
            .to_owned(),
        how_to_fix: "Paste the certificate of your CA into JenkinsCABundle and switch JenkinsSkipTLSVerify off."
            .to_owned(),
        example: None,
    }
}
