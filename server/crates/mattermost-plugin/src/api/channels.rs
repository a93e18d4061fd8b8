//! Channels and their members.

use std::collections::BTreeMap;

use super::optional;
use crate::error::Error;
use crate::model::{Channel, ChannelMember, ChannelStats};

service! {
    /// Channels, direct and group messages, and their members.
    Channels
}

impl Channels<'_> {
    /// Creates a channel. `type` is `O` (public) or `P` (private); nobody is made a member.
    ///
    /// # Errors
    /// Status 400 when a field is invalid or the name is taken in the team.
    pub async fn create(&self, channel: &Channel) -> Result<Channel, Error> {
        self.host.create_channel(channel.clone()).await
    }

    /// Archives a channel.
    ///
    /// # Errors
    /// Status 404 when it does not exist, 400 when it must not be archived.
    pub async fn archive(&self, channel_id: &str) -> Result<(), Error> {
        self.host.delete_channel(channel_id.to_owned()).await
    }

    /// The public channels of a team, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list_public(
        &self,
        team_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<Channel>, Error> {
        self.host
            .get_public_channels_for_team(team_id.to_owned(), page, per_page)
            .await
    }

    /// The channels of a user in a team; direct and group messages belong to every team.
    ///
    /// # Errors
    /// Status 404 when there are none.
    pub async fn list_for_user(&self, team_id: &str, user_id: &str) -> Result<Vec<Channel>, Error> {
        self.host
            .get_channels_for_team_for_user(team_id.to_owned(), user_id.to_owned(), false)
            .await
    }

    /// One channel.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn get(&self, channel_id: &str) -> Result<Channel, Error> {
        self.host.get_channel(channel_id.to_owned()).await
    }

    /// One channel, `None` when it does not exist.
    ///
    /// # Errors
    /// Any error of the server except 404.
    pub async fn get_optional(&self, channel_id: &str) -> Result<Option<Channel>, Error> {
        optional(self.get(channel_id).await)
    }

    /// One channel by the name in its address. Archived channels are not found.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn by_name(&self, team_id: &str, name: &str) -> Result<Channel, Error> {
        self.host
            .get_channel_by_name(team_id.to_owned(), name.to_owned(), false)
            .await
    }

    /// One channel by the names in its address. Archived channels are not found.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn by_team_and_name(&self, team_name: &str, name: &str) -> Result<Channel, Error> {
        self.host
            .get_channel_by_name_for_team_name(team_name.to_owned(), name.to_owned(), false)
            .await
    }

    /// The direct messages between two users, which are made on the first call.
    ///
    /// # Errors
    /// When one of the users does not exist.
    pub async fn direct(&self, user_id: &str, other_user_id: &str) -> Result<Channel, Error> {
        self.host
            .get_direct_channel(user_id.to_owned(), other_user_id.to_owned())
            .await
    }

    /// The messages between three to eight users, which are made on the first call.
    ///
    /// # Errors
    /// Status 400 for another number of users or an unknown one.
    pub async fn group(&self, user_ids: &[String]) -> Result<Channel, Error> {
        self.host.get_group_channel(user_ids.to_vec()).await
    }

    /// Saves a channel as it is given: read it first and change what should change.
    ///
    /// # Errors
    /// Status 400 when a field is invalid, 404 when it does not exist.
    pub async fn update(&self, channel: &Channel) -> Result<Channel, Error> {
        self.host.update_channel(channel.clone()).await
    }

    /// Public channels of a team whose name contains `term`.
    ///
    /// # Errors
    /// When the server cannot search.
    pub async fn search(&self, team_id: &str, term: &str) -> Result<Vec<Channel>, Error> {
        self.host
            .search_channels(team_id.to_owned(), term.to_owned())
            .await
    }

    /// How many members and pinned posts a channel has.
    ///
    /// # Errors
    /// When the server cannot count them.
    pub async fn stats(&self, channel_id: &str) -> Result<ChannelStats, Error> {
        self.host.get_channel_stats(channel_id.to_owned()).await
    }

    /// Adds a member of the team to a channel.
    ///
    /// # Errors
    /// Status 404 when the channel or user does not exist or is not in the team.
    pub async fn add_member(
        &self,
        channel_id: &str,
        user_id: &str,
    ) -> Result<ChannelMember, Error> {
        self.host
            .add_channel_member(channel_id.to_owned(), user_id.to_owned())
            .await
    }

    /// Adds a member of the team to a channel in the name of another user: the channel reads who
    /// did it.
    ///
    /// # Errors
    /// As [`add_member`](Self::add_member).
    pub async fn add_member_as(
        &self,
        channel_id: &str,
        user_id: &str,
        as_user_id: &str,
    ) -> Result<ChannelMember, Error> {
        self.host
            .add_user_to_channel(
                channel_id.to_owned(),
                user_id.to_owned(),
                as_user_id.to_owned(),
            )
            .await
    }

    /// Removes a member from a channel.
    ///
    /// # Errors
    /// Status 404 when the channel does not exist, 400 for the default channel.
    pub async fn remove_member(&self, channel_id: &str, user_id: &str) -> Result<(), Error> {
        self.host
            .delete_channel_member(channel_id.to_owned(), user_id.to_owned())
            .await
    }

    /// One membership.
    ///
    /// # Errors
    /// Status 404 when the user is no member.
    pub async fn member(&self, channel_id: &str, user_id: &str) -> Result<ChannelMember, Error> {
        self.host
            .get_channel_member(channel_id.to_owned(), user_id.to_owned())
            .await
    }

    /// One membership, `None` when the user is no member.
    ///
    /// # Errors
    /// Any error of the server except 404.
    pub async fn member_optional(
        &self,
        channel_id: &str,
        user_id: &str,
    ) -> Result<Option<ChannelMember>, Error> {
        optional(self.member(channel_id, user_id).await)
    }

    /// The members of a channel, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn members(
        &self,
        channel_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<ChannelMember>, Error> {
        self.host
            .get_channel_members(channel_id.to_owned(), page, per_page)
            .await
    }

    /// The memberships of these users; users who are no members are left out.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn members_by_ids(
        &self,
        channel_id: &str,
        user_ids: &[String],
    ) -> Result<Vec<ChannelMember>, Error> {
        self.host
            .get_channel_members_by_ids(channel_id.to_owned(), user_ids.to_vec())
            .await
    }

    /// The channel memberships of a user in all teams, page by page from 0. (The server ignores
    /// the team of Go's `GetChannelMembersForUser`.)
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn members_for_user(
        &self,
        user_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<ChannelMember>, Error> {
        self.host
            .get_channel_members_for_user(String::new(), user_id.to_owned(), page, per_page)
            .await
    }

    /// Sets a member's roles in the channel, separated by spaces.
    ///
    /// # Errors
    /// Status 400 for an unknown role, 404 when the user is no member.
    pub async fn set_member_roles(
        &self,
        channel_id: &str,
        user_id: &str,
        roles: &str,
    ) -> Result<ChannelMember, Error> {
        self.host
            .update_channel_member_roles(
                channel_id.to_owned(),
                user_id.to_owned(),
                roles.to_owned(),
            )
            .await
    }

    /// Changes a member's notification settings of the channel (`desktop`, `push`, `mark_unread`…).
    ///
    /// # Errors
    /// Status 404 when the user is no member, 400 for an unknown value.
    pub async fn set_member_notifications(
        &self,
        channel_id: &str,
        user_id: &str,
        notifications: &BTreeMap<String, String>,
    ) -> Result<ChannelMember, Error> {
        self.host
            .update_channel_member_notifications(
                channel_id.to_owned(),
                user_id.to_owned(),
                notifications.clone(),
            )
            .await
    }
}
