//! The settings of the plugin, as the administrator typed them.
//!
//! The server delivers them as a JSON object whose keys are lower-cased (`LoadPluginConfiguration`,
//! `server/channels/app/plugin_api.go`), and `mmctl config set` stores strings where the System
//! Console stores numbers. So keys are compared without case, and `"true"` or `"30"` count. A value
//! that cannot be read becomes a [`Problem`] and the default stands in for it: bad settings never
//! stop the plugin.

mod addable;
mod address;
mod certificates;
mod client_certificate;
mod decode;
mod feeds;
mod predecessor;
mod problem;
mod role;
mod servers;

#[cfg(test)]
mod manifest;

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

pub use client_certificate::UnusableIdentity;
pub use feeds::{DEFAULT_POLL_INTERVAL_SECONDS, POLL_INTERVAL_SECONDS, SubscriptionManagers};
pub use predecessor::{Adoption, JENKINS_PREDECESSOR_ID};
pub use problem::{Problem, Severity};
pub use role::Role;
pub use servers::{NotAnAlias, ServerAddress, ServerAlias};

use decode::Decoder;

use crate::jenkins::policy::Policy;

/// The id of this plugin, under which the server keeps its settings.
pub const PLUGIN_ID: &str = "command-center";

/// The fewest characters that an encryption key may have.
pub const MINIMUM_ENCRYPTION_KEY_LENGTH: usize = 16;

/// How long one question to Jenkins may take, in seconds, unless set otherwise.
pub const DEFAULT_REQUEST_TIMEOUT_SECONDS: u64 = 30;

/// What `JenkinsRequestTimeout` may be, in seconds.
pub const REQUEST_TIMEOUT_SECONDS: std::ops::RangeInclusive<u64> = 1..=300;

/// Which proxy leads to Jenkins.
#[derive(Clone, Debug, Default)]
pub enum ProxyChoice {
    /// What `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say in the server's environment.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    Direct,
    /// This one. The address may hold a password.
    Address(SecretString),
}

/// All settings, usable as they are: what was unreadable has its default.
#[derive(Clone)]
pub struct Settings {
    /// `JenkinsURL`, trimmed: where this server reaches Jenkins. Empty while not configured.
    pub jenkins_url: String,
    /// `JenkinsPublicURL`, trimmed: where people reach Jenkins. Empty if it is the same.
    pub jenkins_public_url: String,
    /// `JenkinsServers`: further servers, one on each line.
    pub jenkins_servers: String,
    /// `JenkinsAddableServers`: where servers may be that users add; see [`Settings::may_be_added`].
    pub jenkins_addable_servers: String,
    /// `EncryptionKey`: seals the tokens of users. Empty while not configured.
    pub encryption_key: SecretString,
    /// `JenkinsCABundle`: certificates in PEM trusted besides those of the operating system.
    pub jenkins_ca_bundle: String,
    /// `JenkinsClientCertificate`: the certificate that requests to Jenkins show, with its chain, in PEM;
    /// see [`Settings::client_identity`].
    pub jenkins_client_certificate: String,
    /// `JenkinsClientKey`: its private key, in PEM.
    pub jenkins_client_key: SecretString,
    /// `JenkinsSkipTLSVerify`: accept any certificate of Jenkins.
    pub jenkins_skip_tls_verify: bool,
    /// `JenkinsProxyURL`.
    pub jenkins_proxy: ProxyChoice,
    /// `JenkinsRequestTimeout`: how long one question to Jenkins may take.
    pub jenkins_request_timeout: Duration,
    /// `JenkinsServiceUser`: the accounts that ask Jenkins for news; see [`Settings::service_account`].
    pub jenkins_service_user: String,
    /// `JenkinsServiceToken`: their API tokens.
    pub jenkins_service_token: SecretString,
    /// `JenkinsPollInterval`: how often they ask.
    pub jenkins_poll_interval: Duration,
    /// `JenkinsSubscriptionManagers`: who may change what a channel hears of.
    pub jenkins_subscription_managers: SubscriptionManagers,
    /// `JenkinsPolicy`: who may do what where, one rule on each line; see [`Settings::policy`].
    pub jenkins_policy: String,
    /// `JenkinsDestructiveRole`: who may do what is hard to undo.
    pub jenkins_destructive_role: Role,
    /// `JenkinsLinkPreviews`: show what stands behind pasted addresses of Jenkins.
    pub jenkins_link_previews: bool,
    unreadable: Vec<Problem>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jenkins_url: String::new(),
            jenkins_public_url: String::new(),
            jenkins_servers: String::new(),
            jenkins_addable_servers: String::new(),
            encryption_key: SecretString::default(),
            jenkins_ca_bundle: String::new(),
            jenkins_client_certificate: String::new(),
            jenkins_client_key: SecretString::default(),
            jenkins_skip_tls_verify: false,
            jenkins_proxy: ProxyChoice::Environment,
            jenkins_request_timeout: Duration::from_secs(DEFAULT_REQUEST_TIMEOUT_SECONDS),
            jenkins_service_user: String::new(),
            jenkins_service_token: SecretString::default(),
            jenkins_poll_interval: Duration::from_secs(DEFAULT_POLL_INTERVAL_SECONDS),
            jenkins_subscription_managers: SubscriptionManagers::default(),
            jenkins_policy: String::new(),
            jenkins_destructive_role: Role::default(),
            jenkins_link_previews: true,
            unreadable: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads what `LoadPluginConfiguration` answered.
    #[must_use]
    pub fn decode(settings: &Map<String, Value>) -> Self {
        let mut decoder = Decoder::new(settings);
        let defaults = Self::default();
        Self {
            jenkins_url: decoder.text("JenkinsURL"),
            jenkins_public_url: decoder.text("JenkinsPublicURL"),
            jenkins_servers: decoder.text("JenkinsServers"),
            jenkins_addable_servers: decoder.text("JenkinsAddableServers"),
            encryption_key: decoder.secret("EncryptionKey"),
            jenkins_ca_bundle: decoder.text("JenkinsCABundle"),
            jenkins_client_certificate: decoder.text("JenkinsClientCertificate"),
            jenkins_client_key: decoder.secret("JenkinsClientKey"),
            jenkins_skip_tls_verify: decoder
                .boolean("JenkinsSkipTLSVerify")
                .unwrap_or(defaults.jenkins_skip_tls_verify),
            jenkins_proxy: proxy_choice(&decoder.secret("JenkinsProxyURL")),
            jenkins_request_timeout: decoder
                .number("JenkinsRequestTimeout", REQUEST_TIMEOUT_SECONDS)
                .map_or(defaults.jenkins_request_timeout, Duration::from_secs),
            jenkins_service_user: decoder.text("JenkinsServiceUser"),
            jenkins_service_token: decoder.secret("JenkinsServiceToken"),
            jenkins_poll_interval: decoder
                .number("JenkinsPollInterval", POLL_INTERVAL_SECONDS)
                .map_or(defaults.jenkins_poll_interval, Duration::from_secs),
            jenkins_subscription_managers: feeds::managers(&mut decoder),
            jenkins_policy: decoder.text("JenkinsPolicy"),
            jenkins_destructive_role: role::read(&mut decoder, "JenkinsDestructiveRole"),
            jenkins_link_previews: decoder
                .boolean("JenkinsLinkPreviews")
                .unwrap_or(defaults.jenkins_link_previews),
            unreadable: decoder.into_problems(),
        }
    }

    /// Everything that is wrong, unreadable values first. Empty means ready to work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.unreadable.clone();
        problems.extend(address::problems_of_jenkins_url(&self.jenkins_url));
        if !self.jenkins_public_url.is_empty() {
            problems.extend(address::problems_of_address(
                "JenkinsPublicURL",
                &self.jenkins_public_url,
            ));
        }
        problems.extend(servers::parse(&self.jenkins_servers).1);
        problems.extend(self.problems_of_addable_servers());
        problems.extend(problem::of_encryption_key(&self.encryption_key));
        problems.extend(certificates::problems(&self.jenkins_ca_bundle));
        problems.extend(self.problem_of_client_certificate());
        if let ProxyChoice::Address(address) = &self.jenkins_proxy {
            problems.extend(address::problems_of_proxy(address.expose_secret()));
        }
        problems.extend(self.problems_of_service_accounts());
        problems.extend(self.policy().unreadable().iter().map(problem::of_policy));
        if self.jenkins_skip_tls_verify {
            problems.push(problem::certificates_are_not_checked());
        }
        problems
    }

    /// The address for requests, without query and fragment, its path ending in `/`; `None` while
    /// [`Settings::problems`] has an error about `JenkinsURL`.
    #[must_use]
    pub fn jenkins_root(&self) -> Option<Url> {
        address::root(&self.jenkins_url).ok()
    }

    /// The address for links, in the same form: `JenkinsPublicURL`, else `JenkinsURL`.
    #[must_use]
    pub fn jenkins_public_root(&self) -> Option<Url> {
        address::root(&self.jenkins_public_url)
            .ok()
            .or_else(|| self.jenkins_root())
    }

    /// Who may do what where.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy::new(&self.jenkins_policy, self.jenkins_destructive_role)
    }

    /// Every Jenkins that the settings name: the one in `JenkinsURL` first, then those in
    /// `JenkinsServers`.
    #[must_use]
    pub fn servers(&self) -> Vec<ServerAddress> {
        let main =
            self.jenkins_root()
                .zip(self.jenkins_public_root())
                .map(|(root, public_root)| ServerAddress {
                    alias: ServerAlias::default(),
                    root,
                    public_root,
                });
        main.into_iter()
            .chain(servers::parse(&self.jenkins_servers).0)
            .collect()
    }
}

/// Leaves out what may hold a secret: an address that was typed with a password, too.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("jenkins_root", &self.jenkins_root().map(String::from))
            .field(
                "jenkins_public_root",
                &self.jenkins_public_root().map(String::from),
            )
            .field("jenkins_skip_tls_verify", &self.jenkins_skip_tls_verify)
            .field("jenkins_request_timeout", &self.jenkins_request_timeout)
            .finish_non_exhaustive()
    }
}

/// `direct` and `none` switch a proxy of the environment off.
fn proxy_choice(text: &SecretString) -> ProxyChoice {
    match text.expose_secret() {
        "" => ProxyChoice::Environment,
        word if word.eq_ignore_ascii_case("direct") || word.eq_ignore_ascii_case("none") => {
            ProxyChoice::Direct
        }
        address => ProxyChoice::Address(SecretString::from(address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn decode(settings: Value) -> Settings {
        Settings::decode(settings.as_object().unwrap())
    }

    fn good() -> Value {
        json!({"jenkinsurl": "https://ci.example.com/jenkins", "encryptionkey": "0123456789abcdef"})
    }

    #[test]
    fn keys_of_any_case_and_values_of_any_type_are_read() {
        let settings = decode(json!({
            "JENKINSURL": " https://ci.example.com/jenkins ",
            "encryptionkey": "0123456789abcdef",
            "jenkinsskiptlsverify": "true",
            "JenkinsRequestTimeout": "45",
            "jenkinsproxyurl": "None",
            "somethingelse": {"a": [1]},
            "jenkinspublicurl": null,
        }));
        assert_eq!(settings.jenkins_url, "https://ci.example.com/jenkins");
        assert_eq!(settings.jenkins_public_url, "");
        assert!(settings.jenkins_skip_tls_verify);
        assert_eq!(settings.jenkins_request_timeout, Duration::from_secs(45));
        assert!(matches!(settings.jenkins_proxy, ProxyChoice::Direct));
        let settings = decode(json!({"jenkinsrequesttimeout": 45.0, "jenkinsskiptlsverify": true}));
        assert_eq!(settings.jenkins_request_timeout, Duration::from_secs(45));
    }

    #[test]
    fn an_unreadable_value_is_named_and_defaulted() {
        for (settings, setting) in [
            (json!({"jenkinsrequesttimeout": 0}), "JenkinsRequestTimeout"),
            (
                json!({"jenkinsrequesttimeout": "301"}),
                "JenkinsRequestTimeout",
            ),
            (
                json!({"jenkinsrequesttimeout": 1.5}),
                "JenkinsRequestTimeout",
            ),
            (
                json!({"jenkinsrequesttimeout": "soon"}),
                "JenkinsRequestTimeout",
            ),
            (
                json!({"jenkinsskiptlsverify": "perhaps"}),
                "JenkinsSkipTLSVerify",
            ),
            (json!({"jenkinscabundle": ["x"]}), "JenkinsCABundle"),
        ] {
            let mut all = good().as_object().unwrap().clone();
            all.extend(settings.as_object().unwrap().clone());
            let settings = Settings::decode(&all);
            let problems = settings.problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!(problems[0].setting, setting);
            assert_eq!(settings.jenkins_request_timeout, Duration::from_secs(30));
            assert!(!settings.jenkins_skip_tls_verify);
        }
    }

    #[test]
    fn an_empty_configuration_says_what_to_set() {
        let problems = Settings::default().problems();
        let settings: Vec<_> = problems.iter().map(|problem| problem.setting).collect();
        assert_eq!(settings, ["JenkinsURL", "EncryptionKey"]);
        assert!(
            problems
                .iter()
                .all(|problem| problem.severity == Severity::Error)
        );
        assert_eq!(
            problems[0].command().unwrap(),
            r#"echo '{"PluginSettings":{"Plugins":{"command-center":{"jenkinsurl":"https://jenkins.example.com"}}}}' | mmctl config patch /dev/stdin"#
        );
        assert_eq!(
            problems[1].command().unwrap(),
            r#"echo '{"PluginSettings":{"Plugins":{"command-center":{"encryptionkey":"'$(openssl rand -hex 32)'"}}}}' | mmctl config patch /dev/stdin"#
        );
    }

    #[test]
    fn good_settings_have_no_problems() {
        let settings = decode(good());
        assert_eq!(settings.problems(), []);
        assert_eq!(
            settings.jenkins_root().unwrap().as_str(),
            "https://ci.example.com/jenkins/"
        );
        assert_eq!(settings.jenkins_public_root(), settings.jenkins_root());
    }

    #[test]
    fn unchecked_certificates_are_a_warning() {
        let mut all = good();
        all["jenkinsskiptlsverify"] = json!(true);
        let problems = decode(all).problems();
        assert_eq!(problems[0].severity, Severity::Warning);
    }

    #[test]
    fn no_secret_is_shown() {
        let settings = decode(json!({
            "encryptionkey": "short-secret", "jenkinsproxyurl": "http://user:hunter2@proxy:1:2", "jenkinsurl": "https://u:hunter2@ci"
        }));
        let problems = settings.problems();
        assert_eq!(problems.len(), 3, "{problems:?}");
        let shown = format!("{settings:?} {:?} {problems:?}", settings.jenkins_proxy);
        assert!(
            !shown.contains("short-secret") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
