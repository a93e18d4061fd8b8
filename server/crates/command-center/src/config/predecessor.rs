//! Taking over the settings of the plugin that this one replaces.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::{MINIMUM_ENCRYPTION_KEY_LENGTH, Settings, decode::Decoder};

/// The id of the unmaintained Jenkins plugin; its settings are `PluginSettings.Plugins.jenkins`.
pub const JENKINS_PREDECESSOR_ID: &str = "jenkins";

/// One value that was taken over: something to tell the administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Our setting that was empty.
    pub setting: &'static str,
    /// Where the value came from, e.g. `PluginSettings.Plugins.jenkins.jenkinsurl`.
    pub source: String,
}

impl std::fmt::Display for Adoption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} is empty; the value of {} is used.",
            self.setting, self.source
        )
    }
}

impl Settings {
    /// Whether a setting is empty that the former plugin may have.
    #[must_use]
    pub fn may_adopt(&self) -> bool {
        self.jenkins_url.is_empty() || self.encryption_key.expose_secret().is_empty()
    }

    /// Fills `JenkinsURL` and `EncryptionKey`, where they are empty, from the settings of the
    /// plugin `jenkins` in either case of their keys, and says what was taken.
    ///
    /// Its key is only taken if it is long enough here; 16, 24 or 32 bytes were the only lengths
    /// with which that plugin worked.
    #[must_use]
    pub fn adopting(mut self, predecessor: &Map<String, Value>) -> (Self, Vec<Adoption>) {
        let mut decoder = Decoder::new(predecessor);
        let mut adoptions = Vec::new();
        let mut adopt = |setting: &'static str| {
            let source = format!(
                "PluginSettings.Plugins.{JENKINS_PREDECESSOR_ID}.{}",
                setting.to_ascii_lowercase()
            );
            adoptions.push(Adoption { setting, source });
        };
        let url = decoder.text("JenkinsURL");
        if self.jenkins_url.is_empty() && !url.is_empty() {
            self.jenkins_url = url;
            adopt("JenkinsURL");
        }
        let key = decoder.text("EncryptionKey");
        // A sanitized configuration holds asterisks in place of a secret (`model.FakeSetting`).
        let is_real = !key.chars().all(|character| character == '*');
        if self.encryption_key.expose_secret().is_empty()
            && key.chars().count() >= MINIMUM_ENCRYPTION_KEY_LENGTH
            && is_real
        {
            self.encryption_key = SecretString::from(key);
            adopt("EncryptionKey");
        }
        (self, adoptions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn adopt(ours: Value, theirs: Value) -> (Settings, Vec<String>) {
        let (settings, adoptions) =
            Settings::decode(ours.as_object().unwrap()).adopting(theirs.as_object().unwrap());
        (
            settings,
            adoptions.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn empty_settings_are_filled() {
        let theirs = json!({"jenkinsurl": "https://old", "encryptionkey": "0123456789abcdef0123456789abcdef"});
        let (settings, adoptions) = adopt(json!({}), theirs);
        assert_eq!(settings.jenkins_url, "https://old");
        assert_eq!(settings.problems(), []);
        assert_eq!(
            adoptions,
            [
                "JenkinsURL is empty; the value of PluginSettings.Plugins.jenkins.jenkinsurl is used.",
                "EncryptionKey is empty; the value of PluginSettings.Plugins.jenkins.encryptionkey is used.",
            ]
        );
    }

    #[test]
    fn own_settings_win() {
        let ours = json!({"jenkinsurl": "https://new", "encryptionkey": "fedcba9876543210"});
        let theirs = json!({"JenkinsURL": "https://old", "EncryptionKey": "0123456789abcdef"});
        let (settings, adoptions) = adopt(ours, theirs);
        assert_eq!(settings.jenkins_url, "https://new");
        assert_eq!(settings.encryption_key.expose_secret(), "fedcba9876543210");
        assert!(adoptions.is_empty());
    }

    #[test]
    fn a_masked_key_is_left_alone() {
        let (_, adoptions) = adopt(json!({}), json!({"encryptionkey": "*".repeat(32)}));
        assert!(adoptions.is_empty());
    }

    #[test]
    fn a_short_key_or_a_wrong_type_is_left_alone() {
        let (settings, adoptions) = adopt(
            json!({}),
            json!({"encryptionkey": "short", "jenkinsurl": ["x"]}),
        );
        assert_eq!(settings.jenkins_url, "");
        assert!(settings.encryption_key.expose_secret().is_empty());
        assert!(adoptions.is_empty());
    }
}
