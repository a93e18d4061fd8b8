//! What the plugin answers under `/plugins/command-center`.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use mattermost_plugin::model::{SubmitDialogRequest, SubmitDialogResponse};

use crate::jenkins::dialog::CONNECT_PATH;
use crate::jenkins::service::JenkinsService;

/// The server's word for who is logged in. It removes what a client sends under this name.
const USER_HEADER: &str = "Mattermost-User-Id";
/// Largest body of a dialog, in bytes.
const DIALOG_LIMIT: usize = 64 << 10;

/// The routes.
pub fn router(jenkins: Arc<JenkinsService>) -> Router {
    Router::new()
        .route(CONNECT_PATH, post(submit_connect))
        .layer(DefaultBodyLimit::max(DIALOG_LIMIT))
        .with_state(jenkins)
}

/// The user in whose session the request came; never what the body says. Asked for first, so that
/// nobody else's body is read.
struct SessionUser(String);

impl<S: Sync> FromRequestParts<S> for SessionUser {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let value = parts
            .headers
            .get(USER_HEADER)
            .and_then(|value| value.to_str().ok());
        let user = value.filter(|value| !value.is_empty());
        user.map(|user| Self(user.to_owned()))
            .ok_or((StatusCode::UNAUTHORIZED, "Log in to Mattermost first."))
    }
}

async fn submit_connect(
    SessionUser(user_id): SessionUser,
    State(jenkins): State<Arc<JenkinsService>>,
    body: Bytes,
) -> Result<Json<SubmitDialogResponse>, (StatusCode, &'static str)> {
    // Not `Json`: the server sends what goes to a plugin without a content type
    // (`app/integration_action.go`, `doPluginRequest`).
    let request: SubmitDialogRequest = serde_json::from_slice(&body).map_err(|_| {
        (
            StatusCode::BAD_REQUEST,
            "This is not the answer of a dialog.",
        )
    })?;
    Ok(Json(
        jenkins.submit_connect_dialog(&user_id, &request).await,
    ))
}
