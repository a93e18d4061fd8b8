//! Preferences, sessions and permissions of users.

use mattermost_plugin::Error;
use mattermost_plugin::model::{Permission, Preference, Session};

use super::PluginApi;
use crate::state::roles::grant;

impl PluginApi {
    pub(super) async fn get_preference_for_user(
        &self,
        user_id: String,
        category: String,
        name: String,
    ) -> Result<Preference, Error> {
        Ok(self
            .server
            .read(|data| data.preference(&user_id, &category, &name))?)
    }

    pub(super) async fn get_preferences_for_user(
        &self,
        user_id: String,
    ) -> Result<Vec<Preference>, Error> {
        Ok(self.server.read(|data| data.preferences_of(&user_id)))
    }

    pub(super) async fn update_preferences_for_user(
        &self,
        user_id: String,
        preferences: Vec<Preference>,
    ) -> Result<(), Error> {
        Ok(self
            .server
            .set_preferences(&self.caller(), &user_id, preferences)?)
    }

    pub(super) async fn delete_preferences_for_user(
        &self,
        user_id: String,
        preferences: Vec<Preference>,
    ) -> Result<(), Error> {
        Ok(self.server.delete_preferences(&user_id, &preferences)?)
    }

    pub(super) async fn get_session(&self, session_id: String) -> Result<Session, Error> {
        Ok(self
            .server
            .read(|data| data.sessions.get(&session_id).cloned())?)
    }

    pub(super) async fn create_session(&self, session: Session) -> Result<Session, Error> {
        let now = self.server.now();
        Ok(self
            .server
            .write(|data| data.sessions.create(session, now))?)
    }

    pub(super) async fn extend_session_expiry(
        &self,
        session_id: String,
        new_expiry: i64,
    ) -> Result<(), Error> {
        Ok(self
            .server
            .write(|data| data.sessions.extend(&session_id, new_expiry))?)
    }

    pub(super) async fn revoke_session(&self, session_id: String) -> Result<(), Error> {
        Ok(self
            .server
            .write(|data| data.sessions.revoke(&session_id))?)
    }

    pub(super) async fn has_permission_to(
        &self,
        user_id: String,
        permission: Permission,
    ) -> Result<bool, Error> {
        Ok(self.server.has_permission(&user_id, &permission.id))
    }

    pub(super) async fn has_permission_to_team(
        &self,
        user_id: String,
        team_id: String,
        permission: Permission,
    ) -> Result<bool, Error> {
        Ok(self
            .server
            .has_team_permission(&user_id, &team_id, &permission.id))
    }

    pub(super) async fn has_permission_to_channel(
        &self,
        user_id: String,
        channel_id: String,
        permission: Permission,
    ) -> Result<bool, Error> {
        Ok(self
            .server
            .has_channel_permission(&user_id, &channel_id, &permission.id))
    }

    pub(super) async fn roles_grant_permission(
        &self,
        role_names: Vec<String>,
        permission_id: String,
    ) -> Result<bool, Error> {
        Ok(grant(role_names.iter().map(String::as_str), &permission_id))
    }
}
