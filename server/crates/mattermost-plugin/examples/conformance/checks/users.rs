//! User accounts and preferences.

use mattermost_plugin::api::new_id;
use mattermost_plugin::model::{Preference, User, UserGetOptions};

use super::World;
use crate::table::{Table, ensure};

/// A PNG of one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

pub(super) async fn check(world: &mut World<'_>, table: &mut Table) {
    let users = world.api.users();
    let email = format!("{}@example.com", world.name);
    world.user = table
        .check("CreateUser", async {
            let user = users
                .create(&User {
                    username: world.name.clone(),
                    email: email.clone(),
                    password: format!("Aa1!{}", new_id()),
                    ..User::default()
                })
                .await?;
            ensure(
                user.id.len() == 26 && user.username == world.name,
                "the answer is of somebody else",
            )?;
            Ok(user)
        })
        .await;
    let world = &*world;
    table
        .check("GetUser", async {
            ensure(
                users.get(&world.user()?.id).await?.username == world.name,
                "it is somebody else",
            )?;
            ensure(
                users.get_optional(&new_id()).await?.is_none(),
                "an unknown id is found",
            )
        })
        .await;
    table
        .check("GetUserByUsername", async {
            ensure(
                users.get_by_username(&world.name).await?.id == world.user()?.id,
                "it is somebody else",
            )
        })
        .await;
    table
        .check("GetUserByEmail", async {
            ensure(
                users.get_by_email(&email).await?.id == world.user()?.id,
                "it is somebody else",
            )
        })
        .await;
    table
        .check("GetUsers", async {
            let options = UserGetOptions {
                per_page: 5,
                ..UserGetOptions::default()
            };
            let found = users.list(&options).await?;
            ensure(
                (1..=5).contains(&found.len()),
                format!("a page of five has {}", found.len()),
            )
        })
        .await;
    table
        .check("GetUsersByIds", async {
            let found = users.list_by_ids(&[world.user()?.id.clone()]).await?;
            ensure(found.len() == 1, format!("{} are found", found.len()))
        })
        .await;
    table
        .check("GetUsersByUsernames", async {
            let found = users
                .list_by_usernames(std::slice::from_ref(&world.name))
                .await?;
            ensure(found.len() == 1, format!("{} are found", found.len()))
        })
        .await;
    table
        .check("UpdateUser", async {
            let changed = User {
                nickname: "Conny".to_owned(),
                ..users.get(&world.user()?.id).await?
            };
            ensure(
                users.update(&changed).await?.nickname == "Conny",
                "the nickname did not change",
            )
        })
        .await;
    table
        .check("UpdateUserActive", async {
            let id = &world.user()?.id;
            users.set_active(id, false).await?;
            let is_gone = users.get(id).await?.is_deactivated();
            users.set_active(id, true).await?;
            ensure(
                is_gone && !users.get(id).await?.is_deactivated(),
                "it did not change",
            )
        })
        .await;
    table
        .check("UpdateUserRoles", async {
            let user = users.set_roles(&world.user()?.id, "system_user").await?;
            ensure(
                user.is_in_role("system_user"),
                format!("the roles are {:?}", user.roles),
            )
        })
        .await;
    table
        .check("UpdateUserStatus", async {
            let status = users.set_status(&world.user()?.id, "dnd").await?;
            ensure(status.status == "dnd", format!("it is {:?}", status.status))
        })
        .await;
    table
        .check("GetUserStatus", async {
            let status = users.status(&world.user()?.id).await?;
            ensure(status.status == "dnd", format!("it is {:?}", status.status))
        })
        .await;
    table
        .check("GetUserStatusesByIds", async {
            let statuses = users.statuses(&[world.user()?.id.clone()]).await?;
            ensure(statuses.len() == 1, format!("{} are found", statuses.len()))
        })
        .await;
    table
        .check("SetProfileImage", async {
            Ok(users.set_profile_image(&world.user()?.id, PIXEL).await?)
        })
        .await;
    table
        .check("GetProfileImage", async {
            ensure(
                !users.profile_image(&world.user()?.id).await?.is_empty(),
                "it is empty",
            )
        })
        .await;
    preferences(world, table).await;
}

async fn preferences(world: &World<'_>, table: &mut Table) {
    let preferences = world.api.preferences();
    let of = |user: &User| Preference {
        user_id: user.id.clone(),
        category: "conformance".to_owned(),
        name: "colour".to_owned(),
        value: "blue".to_owned(),
    };
    table
        .check("UpdatePreferencesForUser", async {
            let user = world.user()?;
            Ok(preferences.update(&user.id, &[of(user)]).await?)
        })
        .await;
    table
        .check("GetPreferenceForUser", async {
            let preference = preferences
                .get(&world.user()?.id, "conformance", "colour")
                .await?;
            ensure(
                preference.value == "blue",
                format!("it is {:?}", preference.value),
            )
        })
        .await;
    table
        .check("GetPreferencesForUser", async {
            let user = world.user()?;
            let all = preferences.list(&user.id).await?;
            ensure(all.contains(&of(user)), "it is not among them")
        })
        .await;
    table
        .check("DeletePreferencesForUser", async {
            let user = world.user()?;
            preferences.delete(&user.id, &[of(user)]).await?;
            ensure(
                !preferences.list(&user.id).await?.contains(&of(user)),
                "it is still there",
            )
        })
        .await;
}

/// The account cannot be deleted, only deactivated.
pub(super) async fn clean_up(world: &World<'_>, table: &mut Table) {
    let users = world.api.users();
    table
        .check("DeleteUser", async {
            let id = &world.user()?.id;
            users.deactivate(id).await?;
            ensure(
                users.get(id).await?.is_deactivated(),
                "the account is still active",
            )
        })
        .await;
}
