//! Errors of API calls and of hooks.

use crate::model::AppError;

/// Why an API call did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered with an error of its own.
    #[error(transparent)]
    App(#[from] AppError),
    /// The server answered nil where a value was expected.
    #[error("the server answered nothing to {method}")]
    Missing {
        /// Go name of the API method.
        method: &'static str,
    },
    /// The call did not reach the server, or its answer did not reach us. Whether it took effect
    /// is unknown.
    #[error("{method} failed on its way to the server: {reason}")]
    Transport {
        /// Go name of the API method.
        method: &'static str,
        /// What the transport says.
        reason: String,
    },
    /// The server did not answer in time. Whether the call took effect is unknown.
    #[error("the server did not answer {method} within {seconds} seconds")]
    TimedOut {
        /// Go name of the API method.
        method: &'static str,
        /// The limit, in seconds.
        seconds: u64,
    },
    /// The arguments were refused before anything was sent.
    #[error("{0}")]
    Invalid(String),
    /// The transport or the server cannot carry this.
    #[error("{what} is not available: {reason}")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
        /// Why it is not there and what to use instead.
        reason: String,
    },
}

impl Error {
    /// The thing asked for does not exist (HTTP status 404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status_code() == Some(404)
    }

    /// HTTP status of the server's error, when the server answered one.
    #[must_use]
    pub fn status_code(&self) -> Option<u16> {
        match self {
            Error::App(error) => u16::try_from(error.status_code).ok(),
            _ => None,
        }
    }

    /// Whether the server may or may not have done what it was asked.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Error::Transport { .. } | Error::TimedOut { .. })
    }
}

/// An error a hook answers with: text for the server's log or for the administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookError(String);

impl HookError {
    /// An error with this text.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The text.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for HookError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Any error can be answered by `?`. (`HookError` is no `std::error::Error` itself, as that would
/// forbid this conversion.)
impl<E: std::error::Error> From<E> for HookError {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text.push_str(": ");
                text.push_str(&cause_text);
            }
            source = cause.source();
        }
        Self(text)
    }
}
