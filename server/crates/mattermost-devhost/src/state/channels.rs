//! Channels and their members (`app/channel.go`, `model/channel.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, Channel, ChannelMember};

use crate::errors::{app_error, channel_missing};
use crate::ids::{is_valid_id, new_id};

/// A channel of a team that anybody in the team may join.
pub const OPEN: &str = "O";
/// A channel of a team for invited members.
pub const PRIVATE: &str = "P";
/// A conversation of two users, or of one with themselves.
pub const DIRECT: &str = "D";
/// A conversation of three to eight users.
pub const GROUP: &str = "G";

/// Longest display name, in runes.
pub const DISPLAY_NAME_MAX_RUNES: usize = 64;
/// Longest header, in runes.
pub const HEADER_MAX_RUNES: usize = 1024;
/// Longest purpose, in runes.
pub const PURPOSE_MAX_RUNES: usize = 250;

/// The channels of a server.
#[derive(Debug, Clone, Default)]
pub struct Channels {
    by_id: BTreeMap<String, Channel>,
    members: BTreeMap<(String, String), ChannelMember>,
}

impl Channels {
    /// Adds an open or private channel, filling what is missing.
    ///
    /// # Errors
    /// When a value is not valid or the name is taken in the team.
    pub fn create(&mut self, mut channel: Channel, now: i64) -> Result<Channel, AppError> {
        channel.display_name = channel.display_name.trim().to_owned();
        if channel.r#type == DIRECT || channel.r#type == GROUP {
            return Err(app_error(
                "CreateChannel",
                "store.sql_channel.save.direct_channel.app_error",
                "Use CreateDirectChannel to create a direct channel.",
                400,
            ));
        }
        if !channel.id.is_empty() {
            return Err(app_error(
                "CreateChannel",
                "store.sql_channel.save_channel.existing.app_error",
                "Must call update for existing channel.",
                400,
            ));
        }
        if self
            .by_name(&channel.team_id, &channel.name, true)
            .is_some()
        {
            return Err(app_error(
                "CreateChannel",
                "store.sql_channel.save_channel.exists.app_error",
                "A channel with that name already exists on the same team.",
                400,
            ));
        }
        channel.id = new_id();
        channel.create_at = now;
        channel.update_at = now;
        check(&channel)?;
        self.by_id.insert(channel.id.clone(), channel.clone());
        Ok(channel)
    }

    /// Adds a conversation without a team. Its name is made of its members' ids.
    pub fn create_conversation(
        &mut self,
        kind: &str,
        name: &str,
        display_name: &str,
        now: i64,
    ) -> Channel {
        let channel = Channel {
            id: new_id(),
            create_at: now,
            update_at: now,
            r#type: kind.to_owned(),
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            ..Channel::default()
        };
        self.by_id.insert(channel.id.clone(), channel.clone());
        channel
    }

    /// Changes names and texts of a channel.
    ///
    /// # Errors
    /// When there is no such channel or a value is not valid.
    pub fn update(&mut self, channel: Channel, now: i64) -> Result<Channel, AppError> {
        let Some(old) = self.by_id.get(&channel.id) else {
            return Err(channel_missing("UpdateChannel", &channel.id));
        };
        let updated = Channel {
            create_at: old.create_at,
            update_at: now,
            team_id: old.team_id.clone(),
            creator_id: old.creator_id.clone(),
            last_post_at: old.last_post_at,
            total_msg_count: old.total_msg_count,
            ..channel
        };
        check(&updated)?;
        self.by_id.insert(updated.id.clone(), updated.clone());
        Ok(updated)
    }

    /// The channel with this id, archived ones too.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Channel> {
        self.by_id.get(id)
    }

    /// The channel with this id, for a change.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Channel> {
        self.by_id.get_mut(id)
    }

    /// The channel with this name in a team; an empty team means conversations.
    #[must_use]
    pub fn by_name(&self, team_id: &str, name: &str, include_archived: bool) -> Option<&Channel> {
        self.by_id.values().find(|channel| {
            channel.team_id == team_id
                && channel.name == name
                && (include_archived || channel.delete_at == 0)
        })
    }

    /// All channels, ordered by display name.
    #[must_use]
    pub fn all(&self) -> Vec<&Channel> {
        let mut channels: Vec<&Channel> = self.by_id.values().collect();
        channels.sort_by(|one, other| one.display_name.cmp(&other.display_name));
        channels
    }

    /// The membership of a user.
    #[must_use]
    pub fn member(&self, channel_id: &str, user_id: &str) -> Option<&ChannelMember> {
        self.members
            .get(&(channel_id.to_owned(), user_id.to_owned()))
    }

    /// Stores a membership.
    pub fn put_member(&mut self, member: ChannelMember) {
        self.members
            .insert((member.channel_id.clone(), member.user_id.clone()), member);
    }

    /// Ends a membership.
    pub fn remove_member(&mut self, channel_id: &str, user_id: &str) -> Option<ChannelMember> {
        self.members
            .remove(&(channel_id.to_owned(), user_id.to_owned()))
    }

    /// Members of a channel, ordered by user id.
    #[must_use]
    pub fn members_of(&self, channel_id: &str) -> Vec<&ChannelMember> {
        self.members
            .values()
            .filter(|member| member.channel_id == channel_id)
            .collect()
    }

    /// Memberships of a user, ordered by channel id.
    #[must_use]
    pub fn memberships_of(&self, user_id: &str) -> Vec<&ChannelMember> {
        self.members
            .values()
            .filter(|member| member.user_id == user_id)
            .collect()
    }
}

/// Name of the direct channel of two users: both ids in order (`GetDMNameFromIds`).
#[must_use]
pub fn direct_name(one: &str, other: &str) -> String {
    if one > other {
        format!("{other}__{one}")
    } else {
        format!("{one}__{other}")
    }
}

fn check(channel: &Channel) -> Result<(), AppError> {
    let refuse = |id: &str, message: &str| {
        Err(app_error(
            "Channel.IsValid",
            &format!("model.channel.is_valid.{id}.app_error"),
            message,
            400,
        ))
    };
    if channel.display_name.chars().count() > DISPLAY_NAME_MAX_RUNES {
        return refuse("display_name", "Invalid display name.");
    }
    if !is_valid_name(&channel.name) {
        return refuse(
            "1_or_more",
            "Name must be 1 or more lowercase alphanumeric characters.",
        );
    }
    if ![OPEN, PRIVATE, DIRECT, GROUP].contains(&channel.r#type.as_str()) {
        return refuse("type", "Invalid type.");
    }
    if channel.header.chars().count() > HEADER_MAX_RUNES {
        return refuse("header", "Invalid header.");
    }
    if channel.purpose.chars().count() > PURPOSE_MAX_RUNES {
        return refuse("purpose", "Invalid purpose.");
    }
    let looks_direct = channel
        .name
        .split_once("__")
        .is_some_and(|(one, other)| is_valid_id(one) && is_valid_id(other));
    if (channel.r#type == OPEN || channel.r#type == PRIVATE) && looks_direct {
        return refuse(
            "name",
            "Invalid channel name. User ids are not permitted in channel name for non-direct message channels.",
        );
    }
    Ok(())
}

/// Letters, digits, `-` and `_`, beginning and ending with a letter or digit
/// (`IsValidChannelIdentifier`).
fn is_valid_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=64).contains(&bytes.len())
        && bytes.iter().all(|byte| plain(byte) || b"-_".contains(byte))
        && bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
}
