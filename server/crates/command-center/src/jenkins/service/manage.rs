//! Who may change what a channel hears of.

use mattermost_plugin::api::permission::{CREATE_POST, MANAGE_CHANNEL_ROLES, MANAGE_SYSTEM};
use mattermost_plugin::model::Channel;

use super::{Caller, JenkinsService};
use crate::config::SubscriptionManagers;
use crate::jenkins::access::AccessError;
use crate::jenkins::inbound::hook::Creator;

impl JenkinsService {
    /// The channel, if the caller may change what it hears of.
    pub(super) async fn managed_channel(&self, caller: &Caller) -> Result<Channel, AccessError> {
        let channel = self.api.channels().get(&caller.channel_id).await?;
        let permissions = self.api.permissions();
        let user_id = &caller.user_id;
        if channel.is_archived() {
            let words = "This channel is archived: nothing can be told here.";
            return Err(AccessError::Refused(words.to_owned()));
        }
        if permissions.has(user_id, MANAGE_SYSTEM).await? {
            return Ok(channel);
        }
        let settings = self.access.configuration().current();
        let managers = settings.settings.jenkins_subscription_managers;
        let (may, who) = if channel.is_direct_or_group() {
            let channels = self.api.channels();
            let member = channels.member_optional(&channel.id, user_id).await?;
            (member.is_some(), "who is in this conversation")
        } else {
            match managers {
                SubscriptionManagers::Member => (
                    permissions
                        .has_in_channel(user_id, &channel.id, CREATE_POST)
                        .await?,
                    "who may post in this channel",
                ),
                SubscriptionManagers::ChannelAdmin => (
                    permissions
                        .has_in_channel(user_id, &channel.id, MANAGE_CHANNEL_ROLES)
                        .await?,
                    "who administers this channel",
                ),
                SubscriptionManagers::SystemAdmin => (false, "who administers the system"),
            }
        };
        if may {
            return Ok(channel);
        }
        Err(AccessError::Refused(format!(
            "Only somebody {who} may change what it hears of Jenkins, or what is meant in it. Ask one of them; the setting `JenkinsSubscriptionManagers` says who may."
        )))
    }

    /// The caller as the maker of something.
    pub(super) async fn creator(&self, caller: &Caller) -> Result<Creator, AccessError> {
        let user = self.api.users().get(&caller.user_id).await?;
        Ok(Creator {
            user_id: user.id,
            username: user.username,
        })
    }
}
