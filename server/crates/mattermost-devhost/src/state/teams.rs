//! Teams and their members (`app/team.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, Team, TeamMember};

use crate::errors::{app_error, team_missing};
use crate::ids::new_id;

/// The teams of a server.
#[derive(Debug, Clone, Default)]
pub struct Teams {
    by_id: BTreeMap<String, Team>,
    members: BTreeMap<(String, String), TeamMember>,
}

impl Teams {
    /// Adds a team, filling what is missing.
    ///
    /// # Errors
    /// When the name is not valid or taken.
    pub fn create(&mut self, mut team: Team, now: i64) -> Result<Team, AppError> {
        if team.id.is_empty() {
            team.id = new_id();
        }
        if team.r#type.is_empty() {
            "O".clone_into(&mut team.r#type);
        }
        team.create_at = now;
        team.update_at = now;
        check(&team)?;
        if self.by_name(&team.name).is_some() {
            return Err(app_error(
                "CreateTeam",
                "app.team.save.existing.app_error",
                "Must call update for existing team.",
                400,
            ));
        }
        self.by_id.insert(team.id.clone(), team.clone());
        Ok(team)
    }

    /// Changes the names and texts of a team.
    ///
    /// # Errors
    /// When there is no such team or the new values are not valid.
    pub fn update(&mut self, team: Team, now: i64) -> Result<Team, AppError> {
        let Some(old) = self.by_id.get(&team.id) else {
            return Err(team_missing("UpdateTeam"));
        };
        let updated = Team {
            display_name: team.display_name,
            description: team.description,
            allow_open_invite: team.allow_open_invite,
            company_name: team.company_name,
            allowed_domains: team.allowed_domains,
            update_at: now,
            ..old.clone()
        };
        check(&updated)?;
        self.by_id.insert(updated.id.clone(), updated.clone());
        Ok(updated)
    }

    /// Archives a team; answers whether there was one.
    pub fn archive(&mut self, id: &str, now: i64) -> bool {
        let Some(team) = self.by_id.get_mut(id) else {
            return false;
        };
        team.delete_at = now;
        team.update_at = now;
        true
    }

    /// The team with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Team> {
        self.by_id.get(id)
    }

    /// The team with this name (the part of its address).
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Team> {
        self.by_id.values().find(|team| team.name == name)
    }

    /// All teams, ordered by display name.
    #[must_use]
    pub fn all(&self) -> Vec<&Team> {
        let mut teams: Vec<&Team> = self.by_id.values().collect();
        teams.sort_by(|one, other| one.display_name.cmp(&other.display_name));
        teams
    }

    /// The membership of a user, also one that ended.
    #[must_use]
    pub fn member(&self, team_id: &str, user_id: &str) -> Option<&TeamMember> {
        self.members.get(&(team_id.to_owned(), user_id.to_owned()))
    }

    /// Whether a user is in a team now.
    #[must_use]
    pub fn is_member(&self, team_id: &str, user_id: &str) -> bool {
        self.member(team_id, user_id)
            .is_some_and(|member| member.delete_at == 0)
    }

    /// Stores a membership.
    pub fn put_member(&mut self, member: TeamMember) {
        self.members
            .insert((member.team_id.clone(), member.user_id.clone()), member);
    }

    /// Present members of a team, ordered by user id.
    #[must_use]
    pub fn members_of(&self, team_id: &str) -> Vec<&TeamMember> {
        self.members
            .values()
            .filter(|member| member.team_id == team_id && member.delete_at == 0)
            .collect()
    }

    /// Present memberships of a user.
    #[must_use]
    pub fn memberships_of(&self, user_id: &str) -> Vec<&TeamMember> {
        self.members
            .values()
            .filter(|member| member.user_id == user_id && member.delete_at == 0)
            .collect()
    }
}

fn check(team: &Team) -> Result<(), AppError> {
    let name_is_valid = (2..=64).contains(&team.name.len())
        && team
            .name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !team.name.starts_with('-')
        && !team.name.ends_with('-');
    if !name_is_valid {
        return Err(app_error(
            "Team.IsValid",
            "model.team.is_valid.characters.app_error",
            "Name must be 2 or more lowercase alphanumeric characters.",
            400,
        ));
    }
    let runes = team.display_name.chars().count();
    if runes == 0 || runes > 64 {
        return Err(app_error(
            "Team.IsValid",
            "model.team.is_valid.name.app_error",
            "Invalid name.",
            400,
        ));
    }
    Ok(())
}
