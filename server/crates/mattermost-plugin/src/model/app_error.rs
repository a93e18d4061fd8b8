//! The error of almost every API call.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// An error that carries what the user, the log and the HTTP client are told.
///
/// Go: `AppError` in `server/public/model/utils.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct AppError {
    /// Translation id, such as `app.user.missing_account.const`.
    pub id: String,
    /// What the user is shown.
    pub message: String,
    /// What only the log shows.
    pub detailed_error: String,
    #[serde(skip_serializing_if = "json::is_default")]
    pub request_id: String,
    /// HTTP status.
    #[serde(skip_serializing_if = "json::is_default")]
    pub status_code: i64,
    /// The function where it happened.
    #[serde(skip)]
    pub r#where: String,
    /// Keep `message`. Without it a server replaces `message` by the translation of `id` in REST answers.
    #[serde(skip)]
    pub skip_translation: bool,
}

/// HTTP status that a server takes for an error without one.
const INTERNAL_SERVER_ERROR: i64 = 500;

impl AppError {
    /// An error whose text reaches the user as it is. `place` is the function it happened in and
    /// `status` the HTTP status; the server turns a status outside 100 to 999 into 500.
    pub fn new(place: impl Into<String>, message: impl Into<String>, status: u16) -> Self {
        Self {
            message: message.into(),
            status_code: i64::from(status),
            r#where: place.into(),
            skip_translation: true,
            ..Self::default()
        }
    }

    /// The same with text for the log.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detailed_error = detail.into();
        self
    }

    /// The same with a translation id, which clients can compare.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Whether the thing asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status_code == 404
    }
}

/// `where: message, detail`, as Go prints it.
impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let message = match (self.message.as_str(), self.detailed_error.as_str()) {
            ("", "") if self.id.is_empty() => "unknown error",
            ("", "") => &self.id,
            (message, _) => message,
        };
        if !self.r#where.is_empty() {
            write!(f, "{}: ", self.r#where)?;
        }
        f.write_str(message)?;
        if !message.is_empty() && !self.detailed_error.is_empty() {
            f.write_str(", ")?;
        }
        f.write_str(&self.detailed_error)
    }
}

impl std::error::Error for AppError {}

/// What an API call answered, for a hook that answers an `AppError`: the server's own error as it
/// is, any other with status 500.
impl From<crate::Error> for AppError {
    fn from(error: crate::Error) -> Self {
        match error {
            crate::Error::App(error) => error,
            other => crate::HookError::from(other).into(),
        }
    }
}

/// A hook's or helper's failure as an error for the user, with status 500.
impl From<crate::HookError> for AppError {
    fn from(error: crate::HookError) -> Self {
        Self {
            status_code: INTERNAL_SERVER_ERROR,
            ..Self::new("", error.message(), 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AppError;

    #[test]
    fn text_is_that_of_go() {
        let error = AppError::new("CreatePost", "no such channel", 404);
        assert_eq!(error.to_string(), "CreatePost: no such channel");
        assert_eq!(
            error.clone().with_detail("id=x").to_string(),
            "CreatePost: no such channel, id=x"
        );
        assert_eq!(
            AppError {
                detailed_error: "id=x".into(),
                ..AppError::default()
            }
            .to_string(),
            "id=x"
        );
        assert_eq!(
            AppError::default().with_id("app.some.id").to_string(),
            "app.some.id"
        );
        assert_eq!(AppError::default().to_string(), "unknown error");
        assert!(error.skip_translation && error.is_not_found());
    }
}
