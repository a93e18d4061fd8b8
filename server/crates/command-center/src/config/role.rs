//! Roles that settings speak of.

use super::decode::Decoder;

/// What somebody is in a channel; the higher one includes the lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Anybody.
    #[default]
    Everyone,
    /// Administers the channel.
    ChannelAdmin,
    /// Administers Mattermost.
    SystemAdmin,
}

impl Role {
    const ALL: [Self; 3] = [Self::Everyone, Self::ChannelAdmin, Self::SystemAdmin];

    /// The word in a setting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::ChannelAdmin => "channel_admin",
            Self::SystemAdmin => "system_admin",
        }
    }

    /// The role of that word; case does not matter.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.as_str().eq_ignore_ascii_case(word.trim()))
    }

    /// Who has it, in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Everyone => "everybody",
            Self::ChannelAdmin => "administrators of the channel",
            Self::SystemAdmin => "system administrators",
        }
    }
}

/// The role in a setting. A word that is none counts as the highest one: a mistake opens nothing.
pub(super) fn read(decoder: &mut Decoder<'_>, setting: &'static str) -> Role {
    let text = decoder.text(setting);
    if text.is_empty() {
        return Role::default();
    }
    Role::parse(&text).unwrap_or_else(|| {
        decoder.refuse_as(
            setting,
            "another word",
            "everyone, channel_admin or system_admin",
            "Until it is corrected, only system administrators may.",
        );
        Role::SystemAdmin
    })
}
