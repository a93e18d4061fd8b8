//! Where a sender wants its message: `#builds`, `engineering@builds`, `@alice`, and lists of these.

/// One place, as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChannelTarget {
    /// A conversation of the bot with one user.
    User {
        /// Name of the user.
        name: String,
    },
    /// A channel.
    Channel {
        /// Name of its team, if one was written.
        team: Option<String>,
        /// Its name.
        name: String,
    },
}

impl ChannelTarget {
    /// Reads a list. The separators are those of the Jenkins plugin: `,` and `;`. What is written
    /// twice counts once, what names nothing not at all.
    #[must_use]
    pub fn parse_list(text: &str) -> Vec<Self> {
        let mut targets = Vec::new();
        for target in text.split([',', ';']).filter_map(Self::parse) {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }

    /// Reads one place. Names are lower-case in Mattermost, and channels have hyphens where people
    /// write spaces.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix('@') {
            let name = user_name(name);
            return (!name.is_empty()).then_some(Self::User { name });
        }
        let (team, name) = match text.rsplit_once('@') {
            Some((team, name)) => (Some(channel_name(team)), channel_name(name)),
            None => (None, channel_name(text)),
        };
        let team = team.filter(|team| !team.is_empty());
        (!name.is_empty()).then_some(Self::Channel { team, name })
    }

    /// The same channel in a team, if none was written: the Jenkins plugin `mattermost` sends what
    /// was meant as `team@channel` as the user name `team` and the channel `channel`.
    #[must_use]
    pub fn in_team(self, team: &str) -> Self {
        match self {
            Self::Channel { team: None, name } => Self::Channel {
                team: Some(channel_name(team)).filter(|team| !team.is_empty()),
                name,
            },
            other => other,
        }
    }
}

/// As it was written, for people.
impl std::fmt::Display for ChannelTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User { name } => write!(f, "@{name}"),
            Self::Channel {
                team: Some(team),
                name,
            } => write!(f, "{team}@{name}"),
            Self::Channel { team: None, name } => f.write_str(name),
        }
    }
}

fn user_name(text: &str) -> String {
    text.trim().to_lowercase()
}

fn channel_name(text: &str) -> String {
    let name = text.trim_start_matches(|c: char| matches!(c, '#' | '~' | '@') || c.is_whitespace());
    name.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn channel(team: Option<&str>, name: &str) -> ChannelTarget {
        ChannelTarget::Channel {
            team: team.map(str::to_owned),
            name: name.to_owned(),
        }
    }

    #[test]
    fn places_are_read_as_they_were_meant() {
        let user = ChannelTarget::User {
            name: "alice.l".to_owned(),
        };
        assert_eq!(
            ChannelTarget::parse_list(
                " #Builds; builds,~town square ,engineering@#alerts,@Alice.L,@,,;"
            ),
            [
                channel(None, "builds"),
                channel(None, "town-square"),
                channel(Some("engineering"), "alerts"),
                user,
            ]
        );
        assert_eq!(ChannelTarget::parse_list(""), []);
        assert_eq!(ChannelTarget::parse("#@x"), Some(channel(None, "x")));
        assert_eq!(channel(None, "x").in_team("Ops"), channel(Some("ops"), "x"));
        assert_eq!(
            channel(Some("a"), "x").in_team("b"),
            channel(Some("a"), "x")
        );
    }

    proptest! {
        #[test]
        fn shown_and_read_again(text in "[#~@a-zA-Z0-9,; ._-]{0,30}") {
            for target in ChannelTarget::parse_list(&text) {
                prop_assert_eq!(ChannelTarget::parse(&target.to_string()), Some(target));
            }
        }
    }
}
