//! Settings about news of Jenkins: who asks for it, how often, and who may subscribe channels to it.

use secrecy::{ExposeSecret, SecretString};

use super::decode::Decoder;
use super::problem::Problem;
use super::{ServerAlias, Settings};

/// How often the service account asks, in seconds, unless set otherwise.
pub const DEFAULT_POLL_INTERVAL_SECONDS: u64 = 10;

/// What `JenkinsPollInterval` may be, in seconds.
pub const POLL_INTERVAL_SECONDS: std::ops::RangeInclusive<u64> = 5..=3600;

/// Who may change what a channel hears of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubscriptionManagers {
    /// Whoever may post there.
    Member,
    /// Administrators of the channel.
    #[default]
    ChannelAdmin,
    /// System administrators.
    SystemAdmin,
}

impl SubscriptionManagers {
    const ALL: [Self; 3] = [Self::Member, Self::ChannelAdmin, Self::SystemAdmin];

    /// The value of the setting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::ChannelAdmin => "channel_admin",
            Self::SystemAdmin => "system_admin",
        }
    }
}

pub(super) fn managers(decoder: &mut Decoder<'_>) -> SubscriptionManagers {
    const SETTING: &str = "JenkinsSubscriptionManagers";
    let text = decoder.text(SETTING).to_ascii_lowercase();
    if text.is_empty() {
        return SubscriptionManagers::default();
    }
    let mut all = SubscriptionManagers::ALL.into_iter();
    all.find(|managers| managers.as_str() == text)
        .unwrap_or_else(|| {
            decoder.refuse(
                SETTING,
                "another word",
                "member, channel_admin or system_admin",
            );
            SubscriptionManagers::default()
        })
}

impl Settings {
    /// The account that asks a server for news: user id and API token. Both settings hold the one for
    /// the main server, or `alias:value`, several separated by spaces.
    #[must_use]
    pub fn service_account(&self, alias: &ServerAlias) -> Option<(String, SecretString)> {
        let user = entry(&self.jenkins_service_user, alias)?;
        let token = entry(self.jenkins_service_token.expose_secret(), alias)?;
        Some((user.to_owned(), SecretString::from(token)))
    }

    pub(super) fn problems_of_service_accounts(&self) -> Vec<Problem> {
        let (users, tokens) = (
            aliases(&self.jenkins_service_user),
            aliases(self.jenkins_service_token.expose_secret()),
        );
        let known = self.servers();
        let mut problems = Vec::new();
        for (setting, these, others) in [
            ("JenkinsServiceToken", &users, &tokens),
            ("JenkinsServiceUser", &tokens, &users),
        ] {
            for alias in these.iter().filter(|alias| !others.contains(alias)) {
                problems.push(Problem::error(
                    setting,
                    format!("The service account for the server {alias} has no value here, so it does not ask for news."),
                    "Set both JenkinsServiceUser and JenkinsServiceToken, or neither.",
                ));
            }
        }
        for alias in users
            .iter()
            .filter(|alias| !known.iter().any(|server| server.alias == **alias))
        {
            if !known.is_empty() {
                problems.push(Problem::error(
                    "JenkinsServiceUser",
                    format!("There is no server {alias}."),
                    "Write an alias of JenkinsServers before the colon.",
                ));
            }
        }
        problems
    }
}

/// The alias and the value of each entry.
fn entries(text: &str) -> impl Iterator<Item = (ServerAlias, &str)> {
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    words.filter(|word| !word.is_empty()).map(|word| {
        let named = word
            .split_once(':')
            .and_then(|(alias, value)| Some((ServerAlias::parse(alias).ok()?, value)));
        named.unwrap_or((ServerAlias::default(), word))
    })
}

fn entry<'a>(text: &'a str, alias: &ServerAlias) -> Option<&'a str> {
    let found = entries(text).find(|(other, _)| other == alias);
    found
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

fn aliases(text: &str) -> Vec<ServerAlias> {
    entries(text).map(|(alias, _)| alias).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(user: &str, token: &str) -> Settings {
        let settings = json!({
            "jenkinsurl": "https://ci", "jenkinsservers": "legacy https://old",
            "encryptionkey": "0123456789abcdef", "jenkinsserviceuser": user, "jenkinsservicetoken": token
        });
        Settings::decode(settings.as_object().unwrap())
    }

    fn account(settings: &Settings, alias: &str) -> Option<(String, String)> {
        let alias = ServerAlias::parse(alias).unwrap();
        let (user, token) = settings.service_account(&alias)?;
        Some((user, token.expose_secret().to_owned()))
    }

    #[test]
    fn each_server_has_an_account_of_its_own() {
        let settings = settings("reader legacy:old-reader", "11aa, legacy:22bb");
        let pair = |user: &str, token: &str| Some((user.to_owned(), token.to_owned()));
        assert_eq!(account(&settings, "main"), pair("reader", "11aa"));
        assert_eq!(account(&settings, "legacy"), pair("old-reader", "22bb"));
        assert_eq!(account(&settings, "other"), None);
        assert_eq!(settings.problems(), []);
        assert!(!format!("{settings:?}").contains("11aa"));
    }

    #[test]
    fn half_an_account_is_a_problem() {
        for (user, token, setting) in [
            ("reader", "", "JenkinsServiceToken"),
            ("", "11aa", "JenkinsServiceUser"),
            ("reader lgacy:x", "11aa lgacy:y", "JenkinsServiceUser"),
        ] {
            let settings = settings(user, token);
            let problems = settings.problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!(problems[0].setting, setting);
            assert!(!format!("{problems:?}").contains("11aa"), "{problems:?}");
        }
    }

    #[test]
    fn managers_are_one_of_three() {
        let read = |value: &str| {
            let settings = json!({"jenkinssubscriptionmanagers": value});
            let settings = Settings::decode(settings.as_object().unwrap());
            (
                settings.jenkins_subscription_managers,
                settings.unreadable.len(),
            )
        };
        assert_eq!(read(""), (SubscriptionManagers::ChannelAdmin, 0));
        assert_eq!(read("Member"), (SubscriptionManagers::Member, 0));
        assert_eq!(read("everybody"), (SubscriptionManagers::ChannelAdmin, 1));
    }
}
