//! Teams and their members.

use mattermost_plugin::Error;
use mattermost_plugin::model::{Team, TeamMember, TeamStats};

use super::PluginApi;
use crate::errors::{app_error, team_missing};
use crate::state::members::parse_scheme_roles;
use crate::state::users::page_of;

impl PluginApi {
    pub(super) async fn create_team(&self, team: Team) -> Result<Team, Error> {
        Ok(self.server.create_team(&self.caller(), team)?)
    }

    pub(super) async fn delete_team(&self, team_id: String) -> Result<(), Error> {
        let now = self.server.now();
        if self.server.write(|data| data.teams.archive(&team_id, now)) {
            Ok(())
        } else {
            Err(team_missing("SoftDeleteTeam").into())
        }
    }

    pub(super) async fn get_teams(&self) -> Result<Vec<Team>, Error> {
        Ok(self
            .server
            .read(|data| data.teams.all().into_iter().cloned().collect()))
    }

    pub(super) async fn get_team(&self, team_id: String) -> Result<Team, Error> {
        self.server
            .read(|data| data.teams.get(&team_id).cloned())
            .ok_or_else(|| team_missing("GetTeam").into())
    }

    pub(super) async fn get_team_by_name(&self, name: String) -> Result<Team, Error> {
        let missing = || {
            app_error(
                "GetTeamByName",
                "app.team.get_by_name.missing.app_error",
                "Unable to find the existing team.",
                404,
            )
        };
        self.server
            .read(|data| data.teams.by_name(&name).cloned())
            .ok_or_else(|| missing().into())
    }

    pub(super) async fn update_team(&self, team: Team) -> Result<Team, Error> {
        let now = self.server.now();
        Ok(self.server.write(|data| data.teams.update(team, now))?)
    }

    pub(super) async fn search_teams(&self, term: String) -> Result<Vec<Team>, Error> {
        let term = term.to_lowercase();
        let mut teams = self.get_teams().await?;
        teams.retain(|team| {
            team.name.contains(&term) || team.display_name.to_lowercase().contains(&term)
        });
        Ok(teams)
    }

    pub(super) async fn get_teams_for_user(&self, user_id: String) -> Result<Vec<Team>, Error> {
        Ok(self.server.read(|data| {
            data.teams
                .all()
                .into_iter()
                .filter(|team| team.delete_at == 0 && data.teams.is_member(&team.id, &user_id))
                .cloned()
                .collect()
        }))
    }

    pub(super) async fn get_team_stats(&self, team_id: String) -> Result<TeamStats, Error> {
        self.get_team(team_id.clone()).await?;
        Ok(self.server.read(|data| {
            let members = data.teams.members_of(&team_id);
            let active = members
                .iter()
                .filter(|member| {
                    data.users
                        .get(&member.user_id)
                        .is_some_and(|user| user.delete_at == 0)
                })
                .count();
            TeamStats {
                team_id: team_id.clone(),
                total_member_count: count(members.len()),
                active_member_count: count(active),
            }
        }))
    }

    pub(super) async fn create_team_member(
        &self,
        team_id: String,
        user_id: String,
    ) -> Result<TeamMember, Error> {
        Ok(self
            .server
            .add_to_team(&self.caller(), &team_id, &user_id)
            .await?)
    }

    pub(super) async fn delete_team_member(
        &self,
        team_id: String,
        user_id: String,
        requestor_id: String,
    ) -> Result<(), Error> {
        Ok(self
            .server
            .remove_from_team(&self.caller(), &team_id, &user_id, &requestor_id)?)
    }

    pub(super) async fn get_team_members(
        &self,
        team_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<TeamMember>, Error> {
        let members = self.server.read(|data| {
            data.teams
                .members_of(&team_id)
                .into_iter()
                .cloned()
                .collect()
        });
        Ok(page_of(members, page, per_page))
    }

    pub(super) async fn get_team_member(
        &self,
        team_id: String,
        user_id: String,
    ) -> Result<TeamMember, Error> {
        self.server
            .read(|data| data.teams.member(&team_id, &user_id).cloned())
            .ok_or_else(|| missing("GetTeamMember").into())
    }

    pub(super) async fn get_team_members_for_user(
        &self,
        user_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<TeamMember>, Error> {
        let members = self.server.read(|data| {
            data.teams
                .memberships_of(&user_id)
                .into_iter()
                .cloned()
                .collect()
        });
        Ok(page_of(members, page, per_page))
    }

    pub(super) async fn update_team_member_roles(
        &self,
        team_id: String,
        user_id: String,
        new_roles: String,
    ) -> Result<TeamMember, Error> {
        let (guest, user, admin) = parse_scheme_roles("team", &new_roles)?;
        let member = self.get_team_member(team_id, user_id).await?;
        let member = TeamMember {
            roles: new_roles,
            scheme_guest: guest,
            scheme_user: user,
            scheme_admin: admin,
            ..member
        };
        self.server
            .write(|data| data.teams.put_member(member.clone()));
        Ok(member)
    }
}

fn missing(place: &str) -> mattermost_plugin::model::AppError {
    app_error(
        place,
        "app.team.get_member.missing.app_error",
        "No team member found for that user ID and team ID.",
        404,
    )
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
