//! Errors of the page's API: the server's own, as JSON.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mattermost_plugin::model::AppError;

use crate::client::ClickError;

/// An error as the API answers it: `id`, `message`, `detailed_error`, `status_code`.
pub(super) struct Failure(AppError);

impl Failure {
    pub(super) fn new(message: impl Into<String>, status: u16) -> Self {
        Self(AppError::new("devhost", message, status))
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<ClickError> for Failure {
    fn from(error: ClickError) -> Self {
        match error {
            ClickError::App(error) => Self(error),
            error => Self::new(error.to_string(), 404),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = u16::try_from(self.0.status_code)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok());
        (
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            Json(self.0),
        )
            .into_response()
    }
}
