//! Teams and their members.

use super::optional;
use crate::error::Error;
use crate::model::{Team, TeamMember, TeamStats};

service! {
    /// Teams and their members.
    Teams
}

impl Teams<'_> {
    /// Creates a team. `type` is `O` (open) or `I` (by invitation).
    ///
    /// # Errors
    /// Status 400 when a field is invalid or the name is taken.
    pub async fn create(&self, team: &Team) -> Result<Team, Error> {
        self.host.create_team(team.clone()).await
    }

    /// Archives a team.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn delete(&self, team_id: &str) -> Result<(), Error> {
        self.host.delete_team(team_id.to_owned()).await
    }

    /// All teams of the server.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list(&self) -> Result<Vec<Team>, Error> {
        self.host.get_teams().await
    }

    /// One team.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn get(&self, team_id: &str) -> Result<Team, Error> {
        self.host.get_team(team_id.to_owned()).await
    }

    /// One team by the name in its address.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn get_by_name(&self, name: &str) -> Result<Team, Error> {
        self.host.get_team_by_name(name.to_owned()).await
    }

    /// Saves a team as it is given: read it first and change what should change.
    ///
    /// # Errors
    /// Status 400 when a field is invalid, 404 when it does not exist.
    pub async fn update(&self, team: &Team) -> Result<Team, Error> {
        self.host.update_team(team.clone()).await
    }

    /// Teams whose name contains `term`.
    ///
    /// # Errors
    /// When the server cannot search.
    pub async fn search(&self, term: &str) -> Result<Vec<Team>, Error> {
        self.host.search_teams(term.to_owned()).await
    }

    /// The teams of a user.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list_for_user(&self, user_id: &str) -> Result<Vec<Team>, Error> {
        self.host.get_teams_for_user(user_id.to_owned()).await
    }

    /// How many members a team has.
    ///
    /// # Errors
    /// When the server cannot count them.
    pub async fn stats(&self, team_id: &str) -> Result<TeamStats, Error> {
        self.host.get_team_stats(team_id.to_owned()).await
    }

    /// Adds a user to a team.
    ///
    /// # Errors
    /// Status 404 when team or user does not exist, 400 when the team is full.
    pub async fn add_member(&self, team_id: &str, user_id: &str) -> Result<TeamMember, Error> {
        self.host
            .create_team_member(team_id.to_owned(), user_id.to_owned())
            .await
    }

    /// Removes a user from a team, in the name of `requestor_id` (empty: nobody).
    ///
    /// # Errors
    /// When the user is no member.
    pub async fn remove_member(
        &self,
        team_id: &str,
        user_id: &str,
        requestor_id: &str,
    ) -> Result<(), Error> {
        self.host
            .delete_team_member(
                team_id.to_owned(),
                user_id.to_owned(),
                requestor_id.to_owned(),
            )
            .await
    }

    /// The members of a team, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn members(
        &self,
        team_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<TeamMember>, Error> {
        self.host
            .get_team_members(team_id.to_owned(), page, per_page)
            .await
    }

    /// One membership.
    ///
    /// # Errors
    /// Status 404 when the user never was a member. Somebody who left has `delete_at` set.
    pub async fn member(&self, team_id: &str, user_id: &str) -> Result<TeamMember, Error> {
        self.host
            .get_team_member(team_id.to_owned(), user_id.to_owned())
            .await
    }

    /// One membership, `None` when the user never was a member.
    ///
    /// # Errors
    /// Any error of the server except 404.
    pub async fn member_optional(
        &self,
        team_id: &str,
        user_id: &str,
    ) -> Result<Option<TeamMember>, Error> {
        optional(self.member(team_id, user_id).await)
    }

    /// The memberships of a user, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn members_for_user(
        &self,
        user_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<TeamMember>, Error> {
        self.host
            .get_team_members_for_user(user_id.to_owned(), page, per_page)
            .await
    }

    /// Sets a member's roles in the team, separated by spaces.
    ///
    /// # Errors
    /// Status 400 for an unknown role, 404 when the user is no member.
    pub async fn set_member_roles(
        &self,
        team_id: &str,
        user_id: &str,
        roles: &str,
    ) -> Result<TeamMember, Error> {
        self.host
            .update_team_member_roles(team_id.to_owned(), user_id.to_owned(), roles.to_owned())
            .await
    }
}
