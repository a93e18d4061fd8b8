//! Channels and their members.

use std::collections::BTreeMap;

use mattermost_plugin::Error;
use mattermost_plugin::model::{Channel, ChannelMember, ChannelStats};

use super::PluginApi;
use super::teams::count;
use crate::errors::{app_error, channel_missing};
use crate::server::member_missing;
use crate::state::members::parse_scheme_roles;
use crate::state::users::page_of;

impl PluginApi {
    pub(super) async fn create_channel(&self, channel: Channel) -> Result<Channel, Error> {
        Ok(self.server.create_channel(&self.caller(), channel)?)
    }

    pub(super) async fn delete_channel(&self, channel_id: String) -> Result<(), Error> {
        Ok(self
            .server
            .archive_channel(&self.caller(), &channel_id)
            .await?)
    }

    pub(super) async fn get_public_channels_for_team(
        &self,
        team_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<Channel>, Error> {
        let channels = self.channels_where(|channel| {
            channel.team_id == team_id && channel.r#type == "O" && channel.delete_at == 0
        });
        Ok(page_of(channels, page, per_page))
    }

    fn channels_where(&self, wanted: impl Fn(&Channel) -> bool) -> Vec<Channel> {
        self.server.read(|data| {
            data.channels
                .all()
                .into_iter()
                .filter(|channel| wanted(channel))
                .cloned()
                .collect()
        })
    }

    pub(super) async fn get_channel(&self, channel_id: String) -> Result<Channel, Error> {
        let channel = self
            .server
            .read(|data| data.channels.get(&channel_id).cloned());
        channel.ok_or_else(|| channel_missing("GetChannel", &channel_id).into())
    }

    pub(super) async fn get_channel_by_name(
        &self,
        team_id: String,
        name: String,
        include_deleted: bool,
    ) -> Result<Channel, Error> {
        let missing = || {
            app_error(
                "GetChannelByName",
                "app.channel.get_by_name.missing.app_error",
                "Channel does not exist.",
                404,
            )
        };
        self.server
            .read(|data| {
                data.channels
                    .by_name(&team_id, &name, include_deleted)
                    .cloned()
            })
            .ok_or_else(|| missing().into())
    }

    pub(super) async fn get_channel_by_name_for_team_name(
        &self,
        team_name: String,
        channel_name: String,
        include_deleted: bool,
    ) -> Result<Channel, Error> {
        let team = self.get_team_by_name(team_name).await?;
        self.get_channel_by_name(team.id, channel_name, include_deleted)
            .await
    }

    pub(super) async fn get_channels_for_team_for_user(
        &self,
        team_id: String,
        user_id: String,
        include_deleted: bool,
    ) -> Result<Vec<Channel>, Error> {
        let channels: Vec<Channel> = self.server.read(|data| {
            data.channels
                .all()
                .into_iter()
                .filter(|channel| channel.team_id == team_id || channel.team_id.is_empty())
                .filter(|channel| include_deleted || channel.delete_at == 0)
                .filter(|channel| data.channels.member(&channel.id, &user_id).is_some())
                .cloned()
                .collect()
        });
        if channels.is_empty() {
            return Err(app_error(
                "GetChannelsForUser",
                "app.channel.get_channels.not_found.app_error",
                "No channels were found.",
                404,
            )
            .into());
        }
        Ok(channels)
    }

    /// The server answers the number of members as the number of guests too.
    pub(super) async fn get_channel_stats(
        &self,
        channel_id: String,
    ) -> Result<ChannelStats, Error> {
        let members = count(
            self.server
                .read(|data| data.channels.members_of(&channel_id).len()),
        );
        Ok(ChannelStats {
            channel_id,
            member_count: members,
            guest_count: members,
            ..ChannelStats::default()
        })
    }

    pub(super) async fn get_direct_channel(
        &self,
        user_id_1: String,
        user_id_2: String,
    ) -> Result<Channel, Error> {
        Ok(self
            .server
            .direct_channel(&self.caller(), &user_id_1, &user_id_2)?)
    }

    pub(super) async fn get_group_channel(&self, user_ids: Vec<String>) -> Result<Channel, Error> {
        Ok(self.server.group_channel(&self.caller(), &user_ids)?)
    }

    pub(super) async fn update_channel(&self, channel: Channel) -> Result<Channel, Error> {
        let now = self.server.now();
        Ok(self
            .server
            .write(|data| data.channels.update(channel, now))?)
    }

    pub(super) async fn search_channels(
        &self,
        team_id: String,
        term: String,
    ) -> Result<Vec<Channel>, Error> {
        let term = term.to_lowercase();
        Ok(self.channels_where(|channel| {
            channel.team_id == team_id
                && channel.r#type == "O"
                && channel.delete_at == 0
                && (channel.name.contains(&term)
                    || channel.display_name.to_lowercase().contains(&term))
        }))
    }

    pub(super) async fn add_channel_member(
        &self,
        channel_id: String,
        user_id: String,
    ) -> Result<ChannelMember, Error> {
        Ok(self
            .server
            .add_to_channel(&self.caller(), &channel_id, &user_id, "")
            .await?)
    }

    pub(super) async fn add_user_to_channel(
        &self,
        channel_id: String,
        user_id: String,
        as_user_id: String,
    ) -> Result<ChannelMember, Error> {
        Ok(self
            .server
            .add_to_channel(&self.caller(), &channel_id, &user_id, &as_user_id)
            .await?)
    }

    pub(super) async fn get_channel_member(
        &self,
        channel_id: String,
        user_id: String,
    ) -> Result<ChannelMember, Error> {
        let member = self
            .server
            .read(|data| data.channels.member(&channel_id, &user_id).cloned());
        member.ok_or_else(|| member_missing("GetChannelMember").into())
    }

    pub(super) async fn get_channel_members(
        &self,
        channel_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<ChannelMember>, Error> {
        let members = self.server.read(|data| {
            data.channels
                .members_of(&channel_id)
                .into_iter()
                .cloned()
                .collect()
        });
        Ok(page_of(members, page, per_page))
    }

    pub(super) async fn get_channel_members_by_ids(
        &self,
        channel_id: String,
        user_ids: Vec<String>,
    ) -> Result<Vec<ChannelMember>, Error> {
        Ok(self.server.read(|data| {
            user_ids
                .iter()
                .filter_map(|id| data.channels.member(&channel_id, id))
                .cloned()
                .collect()
        }))
    }

    /// The server looks at all teams, whichever is asked for.
    pub(super) async fn get_channel_members_for_user(
        &self,
        _team_id: String,
        user_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<ChannelMember>, Error> {
        let members = self.server.read(|data| {
            data.channels
                .memberships_of(&user_id)
                .into_iter()
                .cloned()
                .collect()
        });
        Ok(page_of(members, page, per_page))
    }

    pub(super) async fn update_channel_member_roles(
        &self,
        channel_id: String,
        user_id: String,
        new_roles: String,
    ) -> Result<ChannelMember, Error> {
        let (guest, user, admin) = parse_scheme_roles("channel", &new_roles)?;
        let member = self.get_channel_member(channel_id, user_id).await?;
        let member = ChannelMember {
            roles: new_roles,
            scheme_guest: guest,
            scheme_user: user,
            scheme_admin: admin,
            ..member
        };
        self.server
            .write(|data| data.channels.put_member(member.clone()));
        Ok(member)
    }

    pub(super) async fn update_channel_member_notifications(
        &self,
        channel_id: String,
        user_id: String,
        notifications: BTreeMap<String, String>,
    ) -> Result<ChannelMember, Error> {
        let mut member = self.get_channel_member(channel_id, user_id).await?;
        member.notify_props.extend(notifications);
        member.last_update_at = self.server.now();
        self.server
            .write(|data| data.channels.put_member(member.clone()));
        Ok(member)
    }

    pub(super) async fn delete_channel_member(
        &self,
        channel_id: String,
        user_id: String,
    ) -> Result<(), Error> {
        Ok(self
            .server
            .remove_from_channel(&self.caller(), &channel_id, &user_id, &user_id)?)
    }
}
