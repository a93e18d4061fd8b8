//! Teams.

use mattermost_plugin::api::{new_id, permission};
use mattermost_plugin::model::Team;

use super::World;
use crate::table::{Table, ensure, refused};

pub(super) async fn check(world: &mut World<'_>, table: &mut Table) {
    let teams = world.api.teams();
    world.team = table
        .check("CreateTeam", async {
            let team = Team {
                name: world.name.clone(),
                display_name: "Conformance".to_owned(),
                email: format!("{}@example.com", world.name),
                r#type: "O".to_owned(),
                ..Team::default()
            };
            Ok(teams.create(&team).await?)
        })
        .await;
    let world = &*world;
    table
        .check("GetTeam", async {
            ensure(
                teams.get(&world.team()?.id).await?.name == world.name,
                "it is another",
            )?;
            refused(teams.get(&new_id()).await, &[404])
        })
        .await;
    table
        .check("GetTeamByName", async {
            ensure(
                teams.get_by_name(&world.name).await?.id == world.team()?.id,
                "it is another",
            )
        })
        .await;
    table
        .check("GetTeams", async {
            let id = &world.team()?.id;
            ensure(
                teams.list().await?.iter().any(|team| team.id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("UpdateTeam", async {
            let changed = Team {
                description: "changed".to_owned(),
                ..world.team()?.clone()
            };
            ensure(
                teams.update(&changed).await?.description == "changed",
                "it did not change",
            )
        })
        .await;
    table
        .check("SearchTeams", async {
            let id = &world.team()?.id;
            ensure(
                teams
                    .search(&world.name)
                    .await?
                    .iter()
                    .any(|team| team.id == *id),
                "it is not found",
            )
        })
        .await;
    table
        .check("CreateTeamMember", async {
            let team = &world.team()?.id;
            let member = teams.add_member(team, &world.user()?.id).await?;
            ensure(member.user_id == world.user()?.id, "it is somebody else")?;
            teams.add_member(team, &world.bot()?.user_id).await?;
            Ok(())
        })
        .await;
    members(world, table).await;
}

async fn members(world: &World<'_>, table: &mut Table) {
    let teams = world.api.teams();
    table
        .check("GetTeamMember", async {
            let member = teams.member(&world.team()?.id, &world.user()?.id).await?;
            ensure(member.delete_at == 0, "the member has left")?;
            let nobody = teams.member_optional(&world.team()?.id, &new_id()).await?;
            ensure(nobody.is_none(), "an unknown user is a member")
        })
        .await;
    table
        .check("GetTeamMembers", async {
            let members = teams.members(&world.team()?.id, 0, 10).await?;
            let id = &world.user()?.id;
            ensure(
                members.iter().any(|member| member.user_id == *id),
                "the user is not among them",
            )
        })
        .await;
    table
        .check("GetTeamsForUser", async {
            let found = teams.list_for_user(&world.user()?.id).await?;
            let id = &world.team()?.id;
            ensure(
                found.iter().any(|team| team.id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("GetTeamMembersForUser", async {
            let members = teams.members_for_user(&world.user()?.id, 0, 10).await?;
            let id = &world.team()?.id;
            ensure(
                members.iter().any(|member| member.team_id == *id),
                "it is not among them",
            )
        })
        .await;
    table
        .check("GetTeamStats", async {
            let count = teams.stats(&world.team()?.id).await?.total_member_count;
            ensure(count >= 1, format!("it has {count} members"))
        })
        .await;
    table
        .check("UpdateTeamMemberRoles", async {
            let member = teams
                .set_member_roles(&world.team()?.id, &world.user()?.id, "team_user team_admin")
                .await?;
            ensure(
                member.roles.contains("team_admin"),
                format!("the roles are {:?}", member.roles),
            )
        })
        .await;
    table
        .check("GetUsersInTeam", async {
            let users = world
                .api
                .users()
                .list_in_team(&world.team()?.id, 0, 10)
                .await?;
            let id = &world.user()?.id;
            ensure(
                users.iter().any(|user| user.id == *id),
                "the user is not among them",
            )
        })
        .await;
    table
        .check("HasPermissionToTeam", async {
            let has = world
                .api
                .permissions()
                .has_in_team(
                    &world.user()?.id,
                    &world.team()?.id,
                    permission::MANAGE_TEAM,
                )
                .await?;
            ensure(has, "a team administrator may not manage the team")
        })
        .await;
}

/// The team cannot be deleted, only archived.
pub(super) async fn clean_up(world: &World<'_>, table: &mut Table) {
    let teams = world.api.teams();
    table
        .check("DeleteTeamMember", async {
            let (team, user) = (&world.team()?.id, &world.user()?.id);
            teams.remove_member(team, user, "").await?;
            let left = teams.member_optional(team, user).await?;
            ensure(
                left.is_none_or(|member| member.delete_at > 0),
                "the user is still a member",
            )
        })
        .await;
    table
        .check("DeleteTeam", async {
            Ok(teams.delete(&world.team()?.id).await?)
        })
        .await;
}
