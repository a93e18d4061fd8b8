//! Who acts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::Page;
use super::error::Failure;
use crate::client::User;
use crate::host::DevHost;
use crate::server::http::SESSION_COOKIE;

/// Clients by user name: each user logs in once.
#[derive(Clone, Default)]
pub(crate) struct Users(Arc<Mutex<BTreeMap<String, Arc<User>>>>);

impl Users {
    pub(super) fn get(&self, host: &DevHost, username: &str) -> Arc<User> {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        users
            .entry(username.to_owned())
            .or_insert_with(|| Arc::new(host.user(username)))
            .clone()
    }
}

#[derive(Deserialize)]
pub(super) struct LogIn {
    user: String,
}

/// `POST /api/login {user}`: the browser's requests to `/plugins/…` are this user's from now on.
pub(super) async fn log_in(
    State(page): State<Page>,
    Json(request): Json<LogIn>,
) -> Result<Response, Failure> {
    let user = page.user(&request.user);
    let session = user.caller().await?.session.clone().unwrap_or_default();
    let csrf = session.props.get("csrf").cloned().unwrap_or_default();
    let cookie = format!(
        "{SESSION_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax",
        session.token
    );
    let body = Json(json!({"user_id": session.user_id, "token": session.token, "csrf": csrf}));
    Ok(([(SET_COOKIE, cookie)], body).into_response())
}
