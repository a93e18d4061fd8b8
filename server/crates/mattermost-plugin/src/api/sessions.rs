//! Login sessions.

use crate::error::Error;
use crate::model::Session;

service! {
    /// Login sessions. A session's token is a secret.
    Sessions
}

impl Sessions<'_> {
    /// One session by its id ([`Context::session_id`](crate::model::Context)).
    ///
    /// # Errors
    /// When there is none (status 400, not 404: `app/session.go`).
    pub async fn get(&self, session_id: &str) -> Result<Session, Error> {
        self.host.get_session(session_id.to_owned()).await
    }

    /// Opens a session for `session.user_id`.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn create(&self, session: &Session) -> Result<Session, Error> {
        self.host.create_session(session.clone()).await
    }

    /// Moves the end of a session to `expires_at`, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the session does not exist.
    pub async fn extend(&self, session_id: &str, expires_at: i64) -> Result<(), Error> {
        self.host
            .extend_session_expiry(session_id.to_owned(), expires_at)
            .await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the session does not exist.
    pub async fn revoke(&self, session_id: &str) -> Result<(), Error> {
        self.host.revoke_session(session_id.to_owned()).await
    }
}
