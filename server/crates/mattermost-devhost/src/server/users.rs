//! Users and what they may do (`app/user.go`, `app/authorization.go`).

use std::sync::Arc;

use mattermost_plugin::model::{AppError, Context, Preference, Session, User};
use serde_json::{Map, Value};

use super::{Caller, Server};
use crate::errors::{app_error, user_missing};
use crate::ids::new_id;
use crate::state::roles::grant;
use crate::state::users::sanitized;

impl Server {
    /// Whether the roles of an account permit something on the whole server.
    #[must_use]
    pub fn has_permission(&self, user_id: &str, permission: &str) -> bool {
        self.read(|data| {
            data.users
                .get(user_id)
                .is_some_and(|user| grant(user.roles.split_whitespace(), permission))
        })
    }

    /// Whether a user may do something in a team.
    #[must_use]
    pub fn has_team_permission(&self, user_id: &str, team_id: &str, permission: &str) -> bool {
        if team_id.is_empty() || user_id.is_empty() {
            return false;
        }
        let by_team = self.read(|data| {
            data.teams.member(team_id, user_id).is_some_and(|member| {
                member.delete_at == 0 && grant(member.roles.split_whitespace(), permission)
            })
        });
        by_team || self.has_permission(user_id, permission)
    }

    /// Whether a user may do something in a channel.
    #[must_use]
    pub fn has_channel_permission(
        &self,
        user_id: &str,
        channel_id: &str,
        permission: &str,
    ) -> bool {
        if channel_id.is_empty() || user_id.is_empty() {
            return false;
        }
        let (by_channel, team_id) = self.read(|data| {
            let member = data.channels.member(channel_id, user_id);
            let team_id = data
                .channels
                .get(channel_id)
                .map(|channel| channel.team_id.clone())
                .unwrap_or_default();
            (
                member.is_some_and(|member| grant(member.roles.split_whitespace(), permission)),
                team_id,
            )
        });
        by_channel
            || if team_id.is_empty() {
                self.has_permission(user_id, permission)
            } else {
                self.has_team_permission(user_id, &team_id, permission)
            }
    }

    /// Creates an account.
    ///
    /// # Errors
    /// When the name or address is not valid or taken.
    pub fn create_user(self: &Arc<Self>, caller: &Caller, user: User) -> Result<User, AppError> {
        let now = self.now();
        let user = self.write(|data| data.users.create(user, now))?;
        for (_, hooks) in self.implementing("UserHasBeenCreated", caller.node) {
            let (context, user) = (caller.context.clone(), sanitized(&user));
            tokio::spawn(async move { hooks.user_has_been_created(context, user).await });
        }
        Ok(user)
    }

    /// Switches an account on or off; switching it off ends its sessions.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn set_user_active(
        self: &Arc<Self>,
        caller: &Caller,
        user_id: &str,
        active: bool,
    ) -> Result<User, AppError> {
        let now = self.now();
        let user = self.write(|data| {
            let user = data
                .users
                .get_mut(user_id)
                .ok_or_else(|| user_missing("GetUser"))?;
            user.update_at = now;
            user.delete_at = if active { 0 } else { now };
            let user = user.clone();
            if !active {
                data.sessions.revoke_all(user_id);
            }
            Ok::<User, AppError>(user)
        })?;
        if !active {
            for (_, hooks) in self.implementing("UserHasBeenDeactivated", caller.node) {
                let (context, user) = (caller.context.clone(), sanitized(&user));
                tokio::spawn(async move { hooks.user_has_been_deactivated(context, user).await });
            }
        }
        Ok(user)
    }

    /// Logs a user in: plugins may refuse it.
    ///
    /// # Errors
    /// When there is no such active account or a plugin refuses.
    pub async fn log_in(self: &Arc<Self>, node: usize, username: &str) -> Result<Caller, AppError> {
        let user = self
            .read(|data| data.users.by_username(username).cloned())
            .ok_or_else(|| user_missing("GetUserByUsername"))?;
        let caller = Caller::system(node);
        for (_, hooks) in self.implementing("UserWillLogIn", node) {
            if let Ok(reason) = hooks
                .user_will_log_in(caller.context.clone(), sanitized(&user))
                .await
                && !reason.is_empty()
            {
                return Err(app_error(
                    "DoLogin",
                    &format!("Login rejected by plugin: {reason}"),
                    reason,
                    400,
                ));
            }
        }
        let now = self.now();
        let session = Session {
            user_id: user.id.clone(),
            roles: user.roles.clone(),
            props: [("csrf".to_owned(), new_id())].into(),
            ..Session::default()
        };
        let session = self.write(|data| data.sessions.create(session, now))?;
        for (_, hooks) in self.implementing("UserHasLoggedIn", node) {
            let (context, user) = (caller.context.clone(), sanitized(&user));
            tokio::spawn(async move { hooks.user_has_logged_in(context, user).await });
        }
        let context = Context {
            session_id: session.id.clone(),
            ip_address: "127.0.0.1".to_owned(),
            user_agent: "devhost".to_owned(),
            ..caller.context
        };
        Ok(Caller {
            node,
            context,
            session: Some(session),
        })
    }

    /// Sets preferences and tells clients and plugins.
    ///
    /// # Errors
    /// When one is another user's or breaks a limit.
    pub fn set_preferences(
        self: &Arc<Self>,
        caller: &Caller,
        user_id: &str,
        preferences: Vec<Preference>,
    ) -> Result<(), AppError> {
        self.write(|data| data.set_preferences(user_id, &preferences))?;
        self.publish_preferences("preferences_changed", user_id, &preferences);
        for (_, hooks) in self.implementing("PreferencesHaveChanged", caller.node) {
            let (context, preferences) = (caller.context.clone(), preferences.clone());
            tokio::spawn(async move { hooks.preferences_have_changed(context, preferences).await });
        }
        Ok(())
    }

    /// Removes preferences and tells clients.
    ///
    /// # Errors
    /// When one is another user's.
    pub fn delete_preferences(
        &self,
        user_id: &str,
        preferences: &[Preference],
    ) -> Result<(), AppError> {
        self.write(|data| data.delete_preferences(user_id, preferences))?;
        self.publish_preferences("preferences_deleted", user_id, preferences);
        Ok(())
    }

    fn publish_preferences(&self, name: &str, user_id: &str, preferences: &[Preference]) {
        let mut event = Map::new();
        event.insert(
            "preferences".to_owned(),
            Value::from(serde_json::to_string(preferences).unwrap_or_default()),
        );
        self.publish_to_user(name, user_id, event);
    }
}
