//! What the plugin answers under `/plugins/command-center`.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use mattermost_plugin::model::SubmitDialogRequest;

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

/// The user in whose session the request came; never what the body says.
fn user(headers: &HeaderMap) -> Result<String, StatusCode> {
    let value = headers.get(USER_HEADER).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty());
    value.map(str::to_owned).ok_or(StatusCode::UNAUTHORIZED)
}

async fn submit_connect(
    State(jenkins): State<Arc<JenkinsService>>,
    headers: HeaderMap,
    Json(request): Json<SubmitDialogRequest>,
) -> Response {
    match user(&headers) {
        Ok(user_id) => Json(jenkins.submit_connect_dialog(&user_id, &request).await).into_response(),
        Err(status) => (status, "Log in to Mattermost first.").into_response(),
    }
}
