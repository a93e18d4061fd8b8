//! Channels, teams and who is in them (`app/channel.go`, `app/team.go`).

use std::sync::Arc;

use mattermost_plugin::model::{AppError, Channel, User};
use serde_json::{Map, Value};

use super::{Caller, Server};
use crate::errors::{app_error, channel_missing, user_missing};
use crate::state::channels::{DIRECT, GROUP, direct_name};
use crate::state::members;

impl Server {
    /// Creates a channel without members.
    ///
    /// # Errors
    /// When a value is not valid or the name is taken.
    pub fn create_channel(
        self: &Arc<Self>,
        caller: &Caller,
        channel: Channel,
    ) -> Result<Channel, AppError> {
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
    pub async fn archive_channel(
        self: &Arc<Self>,
        caller: &Caller,
        channel_id: &str,
    ) -> Result<(), AppError> {
        let channel = self
            .read(|data| data.channels.get(channel_id).cloned())
            .ok_or_else(|| channel_missing("GetChannel", channel_id))?;
        let refuse = |id: &str, message: &str| Err(app_error("deleteChannel", id, message, 400));
        if channel.delete_at != 0 {
            return refuse(
                "api.channel.delete_channel.deleted.app_error",
                "The channel has been archived or deleted.",
            );
        }
        if channel.name == "town-square" {
            return refuse(
                "api.channel.delete_channel.cannot.app_error",
                "Cannot delete the default channel town-square.",
            );
        }
        for (_, hooks) in self.implementing("ChannelWillBeArchived", caller.node) {
            if let Ok(reason) = hooks
                .channel_will_be_archived(caller.context.clone(), channel.clone())
                .await
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
    pub fn direct_channel(
        self: &Arc<Self>,
        caller: &Caller,
        one: &str,
        other: &str,
    ) -> Result<Channel, AppError> {
        let name = direct_name(one, other);
        self.conversation(caller, DIRECT, &name, &[one.to_owned(), other.to_owned()])
    }

    /// The group channel of three to eight users, made if there is none.
    ///
    /// # Errors
    /// When a user does not exist or their number is another.
    pub fn group_channel(
        self: &Arc<Self>,
        caller: &Caller,
        user_ids: &[String],
    ) -> Result<Channel, AppError> {
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
        let name: String = digest
            .iter()
            .take(20)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.conversation(caller, GROUP, &name, &ids)
    }

    fn conversation(
        self: &Arc<Self>,
        caller: &Caller,
        kind: &str,
        name: &str,
        user_ids: &[String],
    ) -> Result<Channel, AppError> {
        let now = self.now();
        let (channel, is_new) = self.write(|data| {
            if let Some(known) = data.channels.by_name("", name, true) {
                return Ok((known.clone(), false));
            }
            let mut users: Vec<User> = Vec::new();
            for id in user_ids {
                let user = data
                    .users
                    .get(id)
                    .ok_or_else(|| user_missing("GetOrCreateDirectChannel"))?;
                users.push(user.clone());
            }
            let names: Vec<&str> = users.iter().map(|user| user.username.as_str()).collect();
            let channel = data
                .channels
                .create_conversation(kind, name, &names.join(", "), now);
            for user in &users {
                data.channels
                    .put_member(members::channel_member(&channel.id, user, false, now));
            }
            Ok::<_, AppError>((channel, true))
        })?;
        if is_new {
            self.tell_channel_created(caller, &channel);
            let mut event = Map::new();
            event.insert(
                "teammate_id".to_owned(),
                Value::from(user_ids.last().cloned().unwrap_or_default()),
            );
            self.publish_to_channel("direct_added", &channel.id, event);
        }
        Ok(channel)
    }
}
