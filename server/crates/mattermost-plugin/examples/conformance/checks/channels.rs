//! Channels.

use std::collections::BTreeMap;

use mattermost_plugin::api::{new_id, permission};
use mattermost_plugin::model::{Bot, Channel};

use super::World;
use crate::table::{Table, ensure};

pub(super) async fn check(world: &mut World<'_>, table: &mut Table) {
    let channels = world.api.channels();
    world.channel = table
        .check("CreateChannel", async {
            let channel = Channel {
                team_id: world.team()?.id.clone(),
                name: world.name.clone(),
                display_name: "Conformance".to_owned(),
                r#type: Channel::OPEN.to_owned(),
                ..Channel::default()
            };
            Ok(channels.create(&channel).await?)
        })
        .await;
    let world = &*world;
    table
        .check("GetChannel", async {
            ensure(
                channels.get(&world.channel()?.id).await?.name == world.name,
                "it is another",
            )?;
            ensure(
                channels.get_optional(&new_id()).await?.is_none(),
                "an unknown id is found",
            )
        })
        .await;
    table
        .check("GetChannelByName", async {
            let found = channels.by_name(&world.team()?.id, &world.name).await?;
            ensure(found.id == world.channel()?.id, "it is another")
        })
        .await;
    table
        .check("GetChannelByNameForTeamName", async {
            let found = channels
                .by_team_and_name(&world.team()?.name, &world.name)
                .await?;
            ensure(found.id == world.channel()?.id, "it is another")
        })
        .await;
    table
        .check("GetPublicChannelsForTeam", async {
            let found = channels.list_public(&world.team()?.id, 0, 100).await?;
            let id = &world.channel()?.id;
            ensure(
                found.iter().any(|channel| channel.id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("UpdateChannel", async {
            let changed = Channel {
                header: "changed".to_owned(),
                ..channels.get(&world.channel()?.id).await?
            };
            ensure(
                channels.update(&changed).await?.header == "changed",
                "it did not change",
            )
        })
        .await;
    table
        .check("SearchChannels", async {
            let found = channels.search(&world.team()?.id, &world.name).await?;
            let id = &world.channel()?.id;
            ensure(
                found.iter().any(|channel| channel.id == *id),
                "it is not found",
            )
        })
        .await;
    members(world, table).await;
    messages(world, table).await;
}

async fn members(world: &World<'_>, table: &mut Table) {
    let channels = world.api.channels();
    table
        .check("AddChannelMember", async {
            let member = channels
                .add_member(&world.channel()?.id, &world.user()?.id)
                .await?;
            ensure(member.user_id == world.user()?.id, "it is somebody else")
        })
        .await;
    table
        .check("AddUserToChannel", async {
            let (channel, bot) = (&world.channel()?.id, &world.bot()?.user_id);
            let member = channels
                .add_member_as(channel, bot, &world.user()?.id)
                .await?;
            ensure(member.user_id == *bot, "it is somebody else")
        })
        .await;
    table
        .check("GetChannelMember", async {
            let channel = &world.channel()?.id;
            channels.member(channel, &world.user()?.id).await?;
            let nobody = channels.member_optional(channel, &new_id()).await?;
            ensure(nobody.is_none(), "an unknown user is a member")
        })
        .await;
    table
        .check("GetChannelMembers", async {
            let count = channels.members(&world.channel()?.id, 0, 10).await?.len();
            ensure(count >= 2, format!("{count} are found"))
        })
        .await;
    table
        .check("GetChannelMembersByIds", async {
            let ids = [world.user()?.id.clone(), new_id()];
            let count = channels
                .members_by_ids(&world.channel()?.id, &ids)
                .await?
                .len();
            ensure(count == 1, format!("{count} are found"))
        })
        .await;
    table
        .check("GetChannelMembersForUser", async {
            let members = channels.members_for_user(&world.user()?.id, 0, 100).await?;
            let id = &world.channel()?.id;
            ensure(
                members.iter().any(|member| member.channel_id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("GetChannelsForTeamForUser", async {
            let found = channels
                .list_for_user(&world.team()?.id, &world.user()?.id)
                .await?;
            let id = &world.channel()?.id;
            ensure(
                found.iter().any(|channel| channel.id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("GetChannelStats", async {
            let count = channels.stats(&world.channel()?.id).await?.member_count;
            ensure(count >= 2, format!("it has {count} members"))
        })
        .await;
    table
        .check("GetUsersInChannel", async {
            let users = world
                .api
                .users()
                .list_in_channel(&world.channel()?.id, "username", 0, 10)
                .await?;
            let id = &world.user()?.id;
            ensure(
                users.iter().any(|user| user.id == *id),
                "the user is not among them",
            )
        })
        .await;
    table
        .check("UpdateChannelMemberRoles", async {
            let member = channels
                .set_member_roles(
                    &world.channel()?.id,
                    &world.user()?.id,
                    "channel_user channel_admin",
                )
                .await?;
            ensure(
                member.roles.contains("channel_admin"),
                format!("the roles are {:?}", member.roles),
            )
        })
        .await;
    table
        .check("UpdateChannelMemberNotifications", async {
            let wanted = BTreeMap::from([("desktop".to_owned(), "all".to_owned())]);
            let member = channels
                .set_member_notifications(&world.channel()?.id, &world.user()?.id, &wanted)
                .await?;
            let desktop = member.notify_props.get("desktop");
            ensure(
                desktop.is_some_and(|value| value == "all"),
                format!("desktop is {desktop:?}"),
            )
        })
        .await;
    table
        .check("HasPermissionToChannel", async {
            let has = |user: &str, channel: &str| {
                let (user, channel) = (user.to_owned(), channel.to_owned());
                let permissions = world.api.permissions();
                async move {
                    permissions
                        .has_in_channel(&user, &channel, permission::CREATE_POST)
                        .await
                }
            };
            let channel = &world.channel()?.id;
            ensure(
                has(&world.user()?.id, channel).await?,
                "a member may not post",
            )?;
            ensure(!has(&new_id(), channel).await?, "an unknown user may post")
        })
        .await;
}

async fn messages(world: &World<'_>, table: &mut Table) {
    let channels = world.api.channels();
    table
        .check("GetDirectChannel", async {
            let (user, bot) = (&world.user()?.id, &world.bot()?.user_id);
            let channel = channels.direct(user, bot).await?;
            ensure(
                channel.r#type == Channel::DIRECT,
                format!("its type is {:?}", channel.r#type),
            )?;
            ensure(
                channels.direct(bot, user).await?.id == channel.id,
                "the other way round it is another",
            )
        })
        .await;
    table
        .check("GetGroupChannel", async {
            let third = Bot {
                username: format!("{}-third", world.name),
                ..Bot::default()
            };
            let third = world.api.bots().create(&third).await?;
            let ids = [
                world.user()?.id.clone(),
                world.bot()?.user_id.clone(),
                third.user_id.clone(),
            ];
            let channel = channels.group(&ids).await;
            world.api.bots().delete_permanently(&third.user_id).await?;
            let kind = channel?.r#type;
            ensure(kind == Channel::GROUP, format!("its type is {kind:?}"))
        })
        .await;
}

/// The channel cannot be deleted, only archived.
pub(super) async fn clean_up(world: &World<'_>, table: &mut Table) {
    let channels = world.api.channels();
    table
        .check("DeleteChannelMember", async {
            let (channel, user) = (&world.channel()?.id, &world.user()?.id);
            channels.remove_member(channel, user).await?;
            let left = channels.member_optional(channel, user).await?;
            ensure(left.is_none(), "the user is still a member")
        })
        .await;
    table
        .check("DeleteChannel", async {
            let id = &world.channel()?.id;
            channels.archive(id).await?;
            ensure(
                channels.get(id).await?.is_archived(),
                "the channel is not archived",
            )
        })
        .await;
}
