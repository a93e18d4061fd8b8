//! What the plugin answers under `/plugins/command-center`.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRequestParts, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use mattermost_plugin::model::{
    PostActionIntegrationRequest, PostActionIntegrationResponse, SubmitDialogRequest,
    SubmitDialogResponse,
};
use serde::de::DeserializeOwned;

use crate::jenkins::action::ACTION_PATH;
use crate::jenkins::command::arguments::{ALIASES_PATH, BUILDS_PATH, JOBS_PATH, SERVERS_PATH};
use crate::jenkins::dialog::{CONNECT_PATH, CREATE_JOB_PATH, INPUT_PATH, PARAMETERS_PATH};
use crate::jenkins::service::{JenkinsService, SuggestQuery, Suggested};

/// The server's word for who is logged in. It removes what a client sends under this name.
const USER_HEADER: &str = "Mattermost-User-Id";
/// Largest body of a dialog or a click, in bytes.
const BODY_LIMIT: usize = 64 << 10;

/// Largest body of a dialog with texts of several lines, in bytes.
const LONG_BODY_LIMIT: usize = 512 << 10;

/// The routes.
pub fn router(jenkins: Arc<JenkinsService>) -> Router {
    Router::new()
        .route(CONNECT_PATH, post(submit_connect))
        .route(ACTION_PATH, post(act))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .route(
            PARAMETERS_PATH,
            post(submit_parameters).layer(DefaultBodyLimit::max(LONG_BODY_LIMIT)),
        )
        .route(
            INPUT_PATH,
            post(submit_input).layer(DefaultBodyLimit::max(LONG_BODY_LIMIT)),
        )
        .route(
            CREATE_JOB_PATH,
            post(submit_create_job).layer(DefaultBodyLimit::max(LONG_BODY_LIMIT)),
        )
        .merge(suggestions())
        .with_state(jenkins)
}

fn suggestions() -> Router<Arc<JenkinsService>> {
    let paths = [
        (JOBS_PATH, Suggested::Jobs),
        (BUILDS_PATH, Suggested::Builds),
        (SERVERS_PATH, Suggested::Servers),
        (ALIASES_PATH, Suggested::Aliases),
    ];
    paths
        .into_iter()
        .fold(Router::new(), |router, (path, what)| {
            let answer = move |SessionUser(user_id): SessionUser,
                               State(jenkins): State<Arc<JenkinsService>>,
                               Query(query): Query<SuggestQuery>| async move {
                Json(jenkins.suggest(&user_id, what, &query).await)
            };
            router.route(path, get(answer))
        })
}

/// The user in whose session the request came; never what the body says. Asked for first, so that
/// nobody else's body is read.
struct SessionUser(String);

/// Who is logged in; `None` if nobody is.
pub(crate) fn user_of(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(USER_HEADER)?.to_str().ok()?;
    (!value.is_empty()).then_some(value)
}

impl<S: Sync> FromRequestParts<S> for SessionUser {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        user_of(&parts.headers)
            .map(|user| Self(user.to_owned()))
            .ok_or((StatusCode::UNAUTHORIZED, "Log in to Mattermost first."))
    }
}

/// What the server sends on behalf of a client. Not `Json`: to a plugin it comes without a content type
/// (`app/integration_action.go`, `doPluginRequest`).
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, (StatusCode, &'static str)> {
    serde_json::from_slice(body).map_err(|_| {
        (
            StatusCode::BAD_REQUEST,
            "This is neither a click nor the answer of a dialog.",
        )
    })
}

async fn submit_connect(
    SessionUser(user_id): SessionUser,
    State(jenkins): State<Arc<JenkinsService>>,
    body: Bytes,
) -> Result<Json<SubmitDialogResponse>, (StatusCode, &'static str)> {
    let request: SubmitDialogRequest = read(&body)?;
    Ok(Json(
        jenkins.submit_connect_dialog(&user_id, &request).await,
    ))
}

async fn submit_parameters(
    SessionUser(user_id): SessionUser,
    State(jenkins): State<Arc<JenkinsService>>,
    body: Bytes,
) -> Result<Json<SubmitDialogResponse>, (StatusCode, &'static str)> {
    let request: SubmitDialogRequest = read(&body)?;
    Ok(Json(
        jenkins.submit_parameters_dialog(&user_id, &request).await,
    ))
}

async fn submit_input(
    SessionUser(user_id): SessionUser,
    State(jenkins): State<Arc<JenkinsService>>,
    body: Bytes,
) -> Result<Json<SubmitDialogResponse>, (StatusCode, &'static str)> {
    let request: SubmitDialogRequest = read(&body)?;
    Ok(Json(jenkins.submit_input_dialog(&user_id, &request).await))
}

async fn submit_create_job(
    SessionUser(user_id): SessionUser,
    State(jenkins): State<Arc<JenkinsService>>,
    body: Bytes,
) -> Result<Json<SubmitDialogResponse>, (StatusCode, &'static str)> {
    let request: SubmitDialogRequest = read(&body)?;
    Ok(Json(jenkins.submit_create_dialog(&user_id, &request).await))
}

async fn act(
    SessionUser(user_id): SessionUser,
    State(jenkins): State<Arc<JenkinsService>>,
    body: Bytes,
) -> Result<Json<PostActionIntegrationResponse>, (StatusCode, &'static str)> {
    let request: PostActionIntegrationRequest = read(&body)?;
    Ok(Json(jenkins.act(&user_id, &request).await))
}
