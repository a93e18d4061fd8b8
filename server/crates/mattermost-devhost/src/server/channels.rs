//! Channels, teams and who is in them (`app/channel.go`, `app/team.go`).

use std::sync::Arc;

use mattermost_plugin::Verdict;
use mattermost_plugin::model::{AppError, Channel, ChannelMember, Team, TeamMember, User};
use serde_json::{Map, Value};

use super::{Caller, Server};
use crate::errors::{app_error, channel_missing, team_missing, user_missing};
use crate::state::channels::{DIRECT, GROUP, direct_name};
use crate::state::members;

/// Names and display names of the channels that everybody in a team is in.
const DEFAULT_CHANNELS: &[(&str, &str)] = &[("town-square", "Town Square"), ("off-topic", "Off-Topic")];

impl Server {
    /// Creates a channel without members.
    ///
    /// # Errors
    /// When a value is not valid or the name is taken.
    pub fn create_channel(self: &Arc<Self>, caller: &Caller, channel: Channel) -> Result<Channel, AppError> {
        let now = self.now();
        let channel = self.write(|data| data.channels.create(channel, now))?;
        self.tell_channel_created(caller, &channel);
        Ok(channel)
    }

    fn tell_channel_created(self: &Arc<Self>, caller: &Caller, channel: &Channel) {
        for (_, hooks) in self.implementing("ChannelHasBeenCreated", caller.node) {
            let (context, channel) = (caller.context.clone(), channel.clone());
            tokio::spawn(async move { hooks.channel_has_been_created(context, channel).await });
        }
    }

    /// Archives a channel, unless a plugin refuses.
    ///
    /// # Errors
    /// When there is no such channel, it is archived, the default one, or a plugin refuses.
    pub async fn archive_channel(self: &Arc<Self>, caller: &Caller, channel_id: &str) -> Result<(), AppError> {
        let channel = self
            .read(|data| data.channels.get(channel_id).cloned())
            .ok_or_else(|| channel_missing("GetChannel", channel_id))?;
        let refuse = |id: &str, message: &str| Err(app_error("deleteChannel", id, message, 400));
        if channel.delete_at != 0 {
            return refuse("api.channel.delete_channel.deleted.app_error", "The channel has been archived or deleted.");
        }
        if channel.name == "town-square" {
            return refuse("api.channel.delete_channel.cannot.app_error", "Cannot delete the default channel town-square.");
        }
        for (_, hooks) in self.implementing("ChannelWillBeArchived", caller.node) {
            if let Ok(reason) = hooks.channel_will_be_archived(caller.context.clone(), channel.clone()).await
                && !reason.is_empty()
            {
                return refuse("app.channel.delete_channel.rejected_by_plugin", &reason);
            }
        }
        let now = self.now();
        self.write(|data| {
            if let Some(channel) = data.channels.get_mut(channel_id) {
                channel.delete_at = now;
                channel.update_at = now;
            }
        });
        Ok(())
    }

    /// The direct channel of two users, made if there is none.
    ///
    /// # Errors
    /// When a user does not exist.
    pub fn direct_channel(self: &Arc<Self>, caller: &Caller, one: &str, other: &str) -> Result<Channel, AppError> {
        let name = direct_name(one, other);
        self.conversation(caller, DIRECT, &name, &[one.to_owned(), other.to_owned()])
    }

    /// The group channel of three to eight users, made if there is none.
    ///
    /// # Errors
    /// When a user does not exist or their number is another.
    pub fn group_channel(self: &Arc<Self>, caller: &Caller, user_ids: &[String]) -> Result<Channel, AppError> {
        let mut ids = user_ids.to_vec();
        ids.sort();
        ids.dedup();
        if !(3..=8).contains(&ids.len()) {
            return Err(app_error(
                "CreateGroupChannel",
                "api.channel.create_group.bad_size.app_error",
                "Group message channels must contain at least 3 and no more than 8 users.",
                400,
            ));
        }
        // The server hashes the joined ids; any other name that follows from them does as well.
        let digest = <sha2::Sha256 as sha2::Digest>::digest(ids.join(""));
        let name: String = digest.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
        self.conversation(caller, GROUP, &name, &ids)
    }

    fn conversation(self: &Arc<Self>, caller: &Caller, kind: &str, name: &str, user_ids: &[String]) -> Result<Channel, AppError> {
        let now = self.now();
        let (channel, is_new) = self.write(|data| {
            if let Some(known) = data.channels.by_name("", name, true) {
                return Ok((known.clone(), false));
            }
            let mut users: Vec<User> = Vec::new();
            for id in user_ids {
                let user = data.users.get(id).ok_or_else(|| user_missing("GetOrCreateDirectChannel"))?;
                users.push(user.clone());
            }
            let names: Vec<&str> = users.iter().map(|user| user.username.as_str()).collect();
            let channel = data.channels.create_conversation(kind, name, &names.join(", "), now);
            for user in &users {
                data.channels.put_member(members::channel_member(&channel.id, user, false, now));
            }
            Ok::<_, AppError>((channel, true))
        })?;
        if is_new {
            self.tell_channel_created(caller, &channel);
            let mut event = Map::new();
            event.insert("teammate_id".to_owned(), Value::from(user_ids.last().cloned().unwrap_or_default()));
            self.publish_to_channel("direct_added", &channel.id, event);
        }
        Ok(channel)
    }

    /// Adds a user to a channel of a team they are in. `actor_id` is who adds them, empty for nobody.
    ///
    /// # Errors
    /// When something does not exist, the user is not in the team or deactivated, or a plugin refuses.
    pub async fn add_to_channel(
        self: &Arc<Self>,
        caller: &Caller,
        channel_id: &str,
        user_id: &str,
        actor_id: &str,
    ) -> Result<ChannelMember, AppError> {
        let channel = self
            .read(|data| data.channels.get(channel_id).cloned())
            .ok_or_else(|| channel_missing("GetChannel", channel_id))?;
        if let Some(member) = self.read(|data| data.channels.member(channel_id, user_id).cloned()) {
            return Ok(member);
        }
        let user = self.read(|data| data.users.get(user_id).cloned()).ok_or_else(|| user_missing("GetUser"))?;
        let refuse = |id: &str, message: &str, status: u16| Err(app_error("AddUserToChannel", id, message, status));
        if user.delete_at != 0 {
            return refuse("app.channel.add_member.deleted_user.app_error", "Unable to add a deactivated user as a channel member.", 403);
        }
        let actor = if actor_id.is_empty() {
            None
        } else {
            Some(self.read(|data| data.users.get(actor_id).cloned()).ok_or_else(|| user_missing("GetUser"))?)
        };
        if !self.read(|data| data.teams.is_member(&channel.team_id, user_id)) {
            return refuse("api.channel.add_user.to.channel.failed.deleted.app_error", "Failed to add user to channel because they have been removed from the team.", 400);
        }
        if channel.r#type == DIRECT || channel.r#type == GROUP {
            return refuse("api.channel.add_user_to_channel.type.app_error", "Can not add user to this channel type.", 400);
        }
        let mut member = members::channel_member(channel_id, &user, false, self.now());
        for (_, hooks) in self.implementing("ChannelMemberWillBeAdded", caller.node) {
            match hooks.channel_member_will_be_added(caller.context.clone(), member.clone()).await {
                Ok(Verdict::Allow) | Err(_) => {}
                Ok(Verdict::Replace(replacement)) => member = replacement,
                Ok(Verdict::Reject(reason)) => {
                    return refuse("app.channel.add_user.to.channel.rejected_by_plugin", &reason, 400);
                }
            }
        }
        self.write(|data| data.channels.put_member(member.clone()));
        for (_, hooks) in self.implementing("UserHasJoinedChannel", caller.node) {
            let (context, member, actor) = (caller.context.clone(), member.clone(), actor.clone());
            tokio::spawn(async move { hooks.user_has_joined_channel(context, member, actor).await });
        }
        let mut event = Map::new();
        event.insert("user_id".to_owned(), Value::from(user_id));
        event.insert("team_id".to_owned(), Value::from(channel.team_id));
        self.publish_to_channel("user_added", channel_id, event);
        Ok(member)
    }

    /// Takes a user out of a channel. `actor_id` is who does it.
    ///
    /// # Errors
    /// When something does not exist or the channel cannot be left.
    pub fn remove_from_channel(self: &Arc<Self>, caller: &Caller, channel_id: &str, user_id: &str, actor_id: &str) -> Result<(), AppError> {
        let channel = self
            .read(|data| data.channels.get(channel_id).cloned())
            .ok_or_else(|| channel_missing("LeaveChannel", channel_id))?;
        let refuse = |id: &str, message: &str| Err(app_error("LeaveChannel", id, message, 400));
        if channel.r#type == DIRECT || channel.r#type == GROUP {
            return refuse("api.channel.leave.direct.app_error", "Unable to leave a direct message channel.");
        }
        if channel.name == "town-square" {
            return refuse("api.channel.remove.default.app_error", "Unable to remove user from the default channel town-square.");
        }
        let member = self.write(|data| data.channels.remove_member(channel_id, user_id)).ok_or_else(|| member_missing("GetChannelMember"))?;
        let actor = self.read(|data| data.users.get(actor_id).cloned());
        for (_, hooks) in self.implementing("UserHasLeftChannel", caller.node) {
            let (context, member, actor) = (caller.context.clone(), member.clone(), actor.clone());
            tokio::spawn(async move { hooks.user_has_left_channel(context, member, actor).await });
        }
        let mut event = Map::new();
        event.insert("user_id".to_owned(), Value::from(user_id));
        event.insert("remover_id".to_owned(), Value::from(actor_id));
        self.publish_to_channel("user_removed", channel_id, event);
        Ok(())
    }

    /// Creates a team with its default channels.
    ///
    /// # Errors
    /// When the name is not valid or taken.
    pub fn create_team(self: &Arc<Self>, caller: &Caller, team: Team) -> Result<Team, AppError> {
        let now = self.now();
        let team = self.write(|data| data.teams.create(team, now))?;
        for (name, display_name) in DEFAULT_CHANNELS {
            let channel = Channel {
                team_id: team.id.clone(),
                name: (*name).to_owned(),
                display_name: (*display_name).to_owned(),
                r#type: Channel::OPEN.to_owned(),
                ..Channel::default()
            };
            self.create_channel(caller, channel)?;
        }
        Ok(team)
    }

    /// Adds a user to a team and to its default channels.
    ///
    /// # Errors
    /// When something does not exist or a plugin refuses.
    pub async fn add_to_team(self: &Arc<Self>, caller: &Caller, team_id: &str, user_id: &str) -> Result<TeamMember, AppError> {
        if self.read(|data| data.teams.get(team_id).is_none()) {
            return Err(team_missing("AddTeamMember"));
        }
        let user = self.read(|data| data.users.get(user_id).cloned()).ok_or_else(|| user_missing("GetUser"))?;
        if let Some(member) = self.read(|data| data.teams.member(team_id, user_id).cloned()).filter(|member| member.delete_at == 0) {
            return Ok(member);
        }
        let mut member = members::team_member(team_id, &user, false, self.now());
        for (_, hooks) in self.implementing("TeamMemberWillBeAdded", caller.node) {
            match hooks.team_member_will_be_added(caller.context.clone(), member.clone()).await {
                Ok(Verdict::Allow) | Err(_) => {}
                Ok(Verdict::Replace(replacement)) => member = replacement,
                Ok(Verdict::Reject(reason)) => {
                    return Err(app_error("JoinUserToTeam", "app.team.join_user_to_team.rejected_by_plugin", reason, 400));
                }
            }
        }
        self.write(|data| data.teams.put_member(member.clone()));
        for (_, hooks) in self.implementing("UserHasJoinedTeam", caller.node) {
            let (context, member) = (caller.context.clone(), member.clone());
            tokio::spawn(async move { hooks.user_has_joined_team(context, member, None).await });
        }
        for name in DEFAULT_CHANNELS {
            let channel_id = self.read(|data| data.channels.by_name(team_id, name.0, false).map(|channel| channel.id.clone()));
            if let Some(channel_id) = channel_id {
                self.add_to_channel(caller, &channel_id, user_id, "").await?;
            }
        }
        Ok(member)
    }

    /// Takes a user out of a team and of its channels.
    ///
    /// # Errors
    /// When the user is not in the team.
    pub fn remove_from_team(self: &Arc<Self>, caller: &Caller, team_id: &str, user_id: &str, actor_id: &str) -> Result<(), AppError> {
        let now = self.now();
        let member = self.write(|data| {
            let member = data.teams.member(team_id, user_id).filter(|member| member.delete_at == 0).cloned().ok_or_else(|| {
                app_error("RemoveUserFromTeam", "app.team.get_member.missing.app_error", "No team member found for that user ID and team ID.", 404)
            })?;
            data.teams.put_member(TeamMember { delete_at: now, ..member.clone() });
            let channels: Vec<String> =
                data.channels.all().into_iter().filter(|channel| channel.team_id == team_id).map(|channel| channel.id.clone()).collect();
            for channel_id in channels {
                data.channels.remove_member(&channel_id, user_id);
            }
            Ok::<_, AppError>(member)
        })?;
        let actor = self.read(|data| data.users.get(actor_id).cloned());
        for (_, hooks) in self.implementing("UserHasLeftTeam", caller.node) {
            let (context, member, actor) = (caller.context.clone(), member.clone(), actor.clone());
            tokio::spawn(async move { hooks.user_has_left_team(context, member, actor).await });
        }
        Ok(())
    }
}

/// The user is not in the channel.
pub(crate) fn member_missing(place: &str) -> AppError {
    app_error(
        place,
        "app.channel.get_member.missing.app_error",
        "No channel member found for that user ID and channel ID.",
        404,
    )
}
