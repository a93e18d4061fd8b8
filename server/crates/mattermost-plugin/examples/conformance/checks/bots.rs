//! Bot accounts.

use mattermost_plugin::api::new_id;
use mattermost_plugin::model::{Bot, BotGetOptions, BotPatch};

use super::World;
use crate::PLUGIN_ID;
use crate::table::{Table, ensure, refused};

pub(super) async fn check(world: &mut World<'_>, table: &mut Table) {
    let bots = world.api.bots();
    table
        .check("EnsureBotUser", async {
            let bot = Bot {
                username: "conformance-bot".to_owned(),
                display_name: "Conformance".to_owned(),
                ..Bot::default()
            };
            let id = bots.ensure(&bot).await?;
            ensure(id.len() == 26, format!("the id is {id:?}"))?;
            ensure(
                bots.ensure(&bot).await? == id,
                "a second call gave another id",
            )
        })
        .await;
    world.bot = table
        .check("CreateBot", async {
            let bot = Bot {
                username: format!("{}-bot", world.name),
                ..Bot::default()
            };
            let created = bots.create(&bot).await?;
            ensure(
                created.owner_id == PLUGIN_ID,
                format!("the owner is {:?}", created.owner_id),
            )?;
            Ok(created)
        })
        .await;
    let world = &*world;
    table
        .check("PatchBot", async {
            let id = &world.bot()?.user_id;
            let named = BotPatch {
                display_name: Some("Named".to_owned()),
                ..BotPatch::default()
            };
            ensure(
                bots.patch(id, &named).await?.display_name == "Named",
                "the name did not change",
            )?;
            let unnamed = BotPatch {
                display_name: Some(String::new()),
                ..BotPatch::default()
            };
            ensure(
                bots.patch(id, &unnamed).await?.display_name.is_empty(),
                "the name could not be taken away",
            )
        })
        .await;
    table
        .check("GetBot", async {
            ensure(
                bots.get(&world.bot()?.user_id).await?.username == world.bot()?.username,
                "it is another",
            )?;
            refused(bots.get(&new_id()).await, &[404])
        })
        .await;
    table
        .check("GetBots", async {
            let options = BotGetOptions {
                owner_id: PLUGIN_ID.to_owned(),
                per_page: 100,
                ..BotGetOptions::default()
            };
            let found = bots.list(&options).await?;
            let id = &world.bot()?.user_id;
            ensure(
                found.iter().any(|bot| bot.user_id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("UpdateBotActive", async {
            let id = &world.bot()?.user_id;
            let inactive = bots.set_active(id, false).await?;
            let seen = bots.get_even_inactive(id).await?.delete_at;
            bots.set_active(id, true).await?;
            ensure(inactive.delete_at > 0 && seen > 0, "it did not change")
        })
        .await;
}

pub(super) async fn clean_up(world: &World<'_>, table: &mut Table) {
    let bots = world.api.bots();
    table
        .check("PermanentDeleteBot", async {
            let id = &world.bot()?.user_id;
            bots.delete_permanently(id).await?;
            refused(bots.get_even_inactive(id).await, &[404])
        })
        .await;
}
