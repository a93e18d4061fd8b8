//! Sessions (`model/session.go`, `app/session.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, Session};

use crate::errors::app_error;
use crate::ids::{is_valid_id, new_id};

/// Logged-in clients by session id.
#[derive(Debug, Clone, Default)]
pub struct Sessions {
    by_id: BTreeMap<String, Session>,
}

impl Sessions {
    /// Opens a session: its id and token are made here.
    ///
    /// # Errors
    /// When the user's id cannot be one.
    pub fn create(&mut self, mut session: Session, now: i64) -> Result<Session, AppError> {
        if !is_valid_id(&session.user_id) {
            return Err(app_error(
                "Session.IsValid",
                "model.session.is_valid.user_id.app_error",
                "Invalid UserId field for session.",
                400,
            ));
        }
        session.id = new_id();
        session.token = new_id();
        session.create_at = now;
        session.last_activity_at = now;
        self.by_id.insert(session.id.clone(), session.clone());
        Ok(session)
    }

    /// The session with this id.
    ///
    /// # Errors
    /// When there is none (the server's status is 400, not 404).
    pub fn get(&self, id: &str) -> Result<&Session, AppError> {
        self.by_id.get(id).ok_or_else(|| missing("GetSessionById"))
    }

    /// The session of a token, unless it has expired.
    #[must_use]
    pub fn by_token(&self, token: &str, now: i64) -> Option<&Session> {
        self.by_id.values().find(|session| {
            session.token == token && (session.expires_at == 0 || session.expires_at > now)
        })
    }

    /// Moves the end of a session.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn extend(&mut self, id: &str, expires_at: i64) -> Result<(), AppError> {
        let Some(session) = self.by_id.get_mut(id) else {
            return Err(app_error(
                "extendSessionExpiry",
                "app.session.get_sessions.app_error",
                "We encountered an error while finding user sessions.",
                500,
            ));
        };
        session.expires_at = expires_at;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn revoke(&mut self, id: &str) -> Result<(), AppError> {
        self.by_id
            .remove(id)
            .map(|_| ())
            .ok_or_else(|| missing("RevokeSessionById"))
    }

    /// Ends all sessions of a user.
    pub fn revoke_all(&mut self, user_id: &str) {
        self.by_id.retain(|_, session| session.user_id != user_id);
    }
}

fn missing(place: &str) -> AppError {
    app_error(
        place,
        "app.session.get.app_error",
        "We encountered an error finding the session.",
        400,
    )
}
