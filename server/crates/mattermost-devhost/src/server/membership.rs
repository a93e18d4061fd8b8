//! Teams, and who is in teams and channels (`app/team.go`, `app/channel.go`).

use std::sync::Arc;

use mattermost_plugin::Verdict;
use mattermost_plugin::model::{AppError, Channel, ChannelMember, Team, TeamMember};
use serde_json::{Map, Value};

use super::{Caller, Server};
use crate::errors::{app_error, channel_missing, team_missing, user_missing};
use crate::state::channels::{DIRECT, GROUP};
use crate::state::members;

impl Server {
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
        let user = self
            .read(|data| data.users.get(user_id).cloned())
            .ok_or_else(|| user_missing("GetUser"))?;
        let refuse = |id: &str, message: &str, status: u16| {
            Err(app_error("AddUserToChannel", id, message, status))
        };
        if user.delete_at != 0 {
            return refuse(
                "app.channel.add_member.deleted_user.app_error",
                "Unable to add a deactivated user as a channel member.",
                403,
            );
        }
        let actor = if actor_id.is_empty() {
            None
        } else {
            Some(
                self.read(|data| data.users.get(actor_id).cloned())
                    .ok_or_else(|| user_missing("GetUser"))?,
            )
        };
        if !self.read(|data| data.teams.is_member(&channel.team_id, user_id)) {
            return refuse(
                "api.channel.add_user.to.channel.failed.deleted.app_error",
                "Failed to add user to channel because they have been removed from the team.",
                400,
            );
        }
        if channel.r#type == DIRECT || channel.r#type == GROUP {
            return refuse(
                "api.channel.add_user_to_channel.type.app_error",
                "Can not add user to this channel type.",
                400,
            );
        }
        let mut member = members::channel_member(channel_id, &user, false, self.now());
        for (_, hooks) in self.implementing("ChannelMemberWillBeAdded", caller.node) {
            match hooks
                .channel_member_will_be_added(caller.context.clone(), member.clone())
                .await
            {
                Ok(Verdict::Allow) | Err(_) => {}
                Ok(Verdict::Replace(replacement)) => member = replacement,
                Ok(Verdict::Reject(reason)) => {
                    return refuse(
                        "app.channel.add_user.to.channel.rejected_by_plugin",
                        &reason,
                        400,
                    );
                }
            }
        }
        self.write(|data| data.channels.put_member(member.clone()));
        for (_, hooks) in self.implementing("UserHasJoinedChannel", caller.node) {
            let (context, member, actor) = (caller.context.clone(), member.clone(), actor.clone());
            tokio::spawn(
                async move { hooks.user_has_joined_channel(context, member, actor).await },
            );
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
    pub fn remove_from_channel(
        self: &Arc<Self>,
        caller: &Caller,
        channel_id: &str,
        user_id: &str,
        actor_id: &str,
    ) -> Result<(), AppError> {
        let channel = self
            .read(|data| data.channels.get(channel_id).cloned())
            .ok_or_else(|| channel_missing("LeaveChannel", channel_id))?;
        let refuse = |id: &str, message: &str| Err(app_error("LeaveChannel", id, message, 400));
        if channel.r#type == DIRECT || channel.r#type == GROUP {
            return refuse(
                "api.channel.leave.direct.app_error",
                "Unable to leave a direct message channel.",
            );
        }
        if channel.name == "town-square" {
            return refuse(
                "api.channel.remove.default.app_error",
                "Unable to remove user from the default channel town-square.",
            );
        }
        let member = self
            .write(|data| data.channels.remove_member(channel_id, user_id))
            .ok_or_else(|| member_missing("GetChannelMember"))?;
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
    pub async fn add_to_team(
        self: &Arc<Self>,
        caller: &Caller,
        team_id: &str,
        user_id: &str,
    ) -> Result<TeamMember, AppError> {
        if self.read(|data| data.teams.get(team_id).is_none()) {
            return Err(team_missing("AddTeamMember"));
        }
        let user = self
            .read(|data| data.users.get(user_id).cloned())
            .ok_or_else(|| user_missing("GetUser"))?;
        if let Some(member) = self
            .read(|data| data.teams.member(team_id, user_id).cloned())
            .filter(|member| member.delete_at == 0)
        {
            return Ok(member);
        }
        let mut member = members::team_member(team_id, &user, false, self.now());
        for (_, hooks) in self.implementing("TeamMemberWillBeAdded", caller.node) {
            match hooks
                .team_member_will_be_added(caller.context.clone(), member.clone())
                .await
            {
                Ok(Verdict::Allow) | Err(_) => {}
                Ok(Verdict::Replace(replacement)) => member = replacement,
                Ok(Verdict::Reject(reason)) => {
                    return Err(app_error(
                        "JoinUserToTeam",
                        "app.team.join_user_to_team.rejected_by_plugin",
                        reason,
                        400,
                    ));
                }
            }
        }
        self.write(|data| data.teams.put_member(member.clone()));
        for (_, hooks) in self.implementing("UserHasJoinedTeam", caller.node) {
            let (context, member) = (caller.context.clone(), member.clone());
            tokio::spawn(async move { hooks.user_has_joined_team(context, member, None).await });
        }
        for name in DEFAULT_CHANNELS {
            let channel_id = self.read(|data| {
                data.channels
                    .by_name(team_id, name.0, false)
                    .map(|channel| channel.id.clone())
            });
            if let Some(channel_id) = channel_id {
                self.add_to_channel(caller, &channel_id, user_id, "")
                    .await?;
            }
        }
        Ok(member)
    }

    /// Takes a user out of a team and of its channels.
    ///
    /// # Errors
    /// When the user is not in the team.
    pub fn remove_from_team(
        self: &Arc<Self>,
        caller: &Caller,
        team_id: &str,
        user_id: &str,
        actor_id: &str,
    ) -> Result<(), AppError> {
        let now = self.now();
        let member = self.write(|data| {
            let member = data
                .teams
                .member(team_id, user_id)
                .filter(|member| member.delete_at == 0)
                .cloned()
                .ok_or_else(|| {
                    app_error(
                        "RemoveUserFromTeam",
                        "app.team.get_member.missing.app_error",
                        "No team member found for that user ID and team ID.",
                        404,
                    )
                })?;
            data.teams.put_member(TeamMember {
                delete_at: now,
                ..member.clone()
            });
            let channels: Vec<String> = data
                .channels
                .all()
                .into_iter()
                .filter(|channel| channel.team_id == team_id)
                .map(|channel| channel.id.clone())
                .collect();
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

/// Names and display names of the channels that everybody in a team is in.
const DEFAULT_CHANNELS: &[(&str, &str)] =
    &[("town-square", "Town Square"), ("off-topic", "Off-Topic")];

/// The user is not in the channel.
pub(crate) fn member_missing(place: &str) -> AppError {
    app_error(
        place,
        "app.channel.get_member.missing.app_error",
        "No channel member found for that user ID and channel ID.",
        404,
    )
}
