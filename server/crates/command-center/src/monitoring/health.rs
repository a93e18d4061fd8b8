//! The address that says whether this instance works.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, StatusCode};
use mattermost_plugin::api::permission::MANAGE_SYSTEM;
use serde::Serialize;

use super::Monitor;
use crate::http::user_of;

/// Where it is, below `/plugins/<id>`.
pub const HEALTH_PATH: &str = "/api/v1/health";

/// What everybody is told.
#[derive(Debug, Serialize)]
struct Report {
    status: Status,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// Whether commands can work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// They can, as far as this instance knows. How Jenkins is, is another question.
    Ok,
    /// The administrator has something to set first.
    NotConfigured,
    /// The Mattermost server does not answer this instance, which therefore waits.
    Cut,
}

/// What system administrators are told besides. No secret, no address, no name of a job.
#[derive(Debug, Serialize)]
struct Details {
    version: &'static str,
    /// The id under which this instance announces itself to the others.
    instance: String,
    settings_complete: bool,
    servers: Vec<ServerHealth>,
    /// Builds that this instance follows.
    watches: usize,
    /// `null` if the store does not answer.
    subscriptions: Option<usize>,
    webhooks: Option<usize>,
}

#[derive(Debug, Serialize)]
struct ServerHealth {
    alias: String,
    /// Whether the last request was answered; `null` while there was none.
    reachable: Option<bool>,
    seconds_since_contact: Option<u64>,
}

impl Monitor {
    /// The route.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route(HEALTH_PATH, get(health))
            .with_state(self)
    }

    fn status(&self) -> Status {
        if !self.presence.is_certain() {
            Status::Cut
        } else if self.is_configured() {
            Status::Ok
        } else {
            Status::NotConfigured
        }
    }

    async fn details(&self) -> Details {
        let servers = self.access.tallies().into_iter().map(|(alias, tally)| {
            let last = tally.last();
            ServerHealth {
                alias: alias.to_string(),
                reachable: last.map(|last| last.succeeded),
                seconds_since_contact: last.map(|last| last.at.elapsed().as_secs()),
            }
        });
        Details {
            version: env!("CARGO_PKG_VERSION"),
            instance: self.presence.id().to_owned(),
            settings_complete: self.is_configured(),
            servers: servers.collect(),
            watches: self.supervisor.count(),
            subscriptions: self.feeds.rules.all().await.ok().map(|rules| rules.len()),
            webhooks: self.feeds.hooks.all().await.ok().map(|hooks| hooks.len()),
        }
    }

    /// Whether whoever asks is a system administrator, as far as the server says.
    async fn is_administrator(&self, headers: &HeaderMap) -> bool {
        let Some(user_id) = user_of(headers) else {
            return false;
        };
        let asked = self.api.permissions().has(user_id, MANAGE_SYSTEM).await;
        asked.unwrap_or_else(|error| {
            tracing::debug!(%error, "it is not known who asks for the plugin's health");
            false
        })
    }
}

async fn health(State(monitor): State<Arc<Monitor>>, headers: HeaderMap) -> Response {
    let status = monitor.status();
    let details = match monitor.is_administrator(&headers).await {
        true => Some(monitor.details().await),
        false => None,
    };
    let code = match status {
        Status::Ok => StatusCode::OK,
        Status::NotConfigured | Status::Cut => StatusCode::SERVICE_UNAVAILABLE,
    };
    let report = Json(Report { status, details });
    (code, [(CACHE_CONTROL, "no-store")], report).into_response()
}
