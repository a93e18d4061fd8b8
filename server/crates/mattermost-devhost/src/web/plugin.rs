//! The plugin as an administrator sees it.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Page;
use super::error::Failure;

/// `GET /api/settings`: the first plugin's saved settings, with keys as saved.
pub(super) async fn settings(State(page): State<Page>) -> Json<Value> {
    Json(Value::Object(
        page.host.config().plugin(&page.host.plugin_id()),
    ))
}

/// `PUT /api/settings {…}`: replaces them, and tells the plugin.
pub(super) async fn save_settings(
    State(page): State<Page>,
    Json(settings): Json<Map<String, Value>>,
) -> Result<Json<Value>, Failure> {
    page.host
        .server()
        .save_plugin_settings(&page.host.plugin_id(), settings, 0)
        .await?;
    Ok(Json(json!({"status": "OK"})))
}

#[derive(Deserialize)]
pub(super) struct Control {
    /// `activate`, `deactivate`, `restart`, `kill` or `check`.
    action: String,
    #[serde(default)]
    node: usize,
}

/// `POST /api/plugin {action, node?}`: what happens to the first plugin on a node. `check` is the
/// health check, which restarts a plugin that does not answer.
pub(super) async fn control(
    State(page): State<Page>,
    Json(control): Json<Control>,
) -> Result<Json<Value>, Failure> {
    let host = &page.host;
    let result = match control.action.as_str() {
        "activate" => host.activate(control.node).await,
        "restart" => host.restart(control.node).await,
        "deactivate" => {
            host.deactivate(control.node).await;
            Ok(())
        }
        "kill" => {
            host.kill(control.node).await;
            Ok(())
        }
        "check" => {
            host.check_health().await;
            Ok(())
        }
        other => return Err(Failure::new(format!("no such action: {other}"), 400)),
    };
    result.map_err(|problem| Failure::new(problem, 500))?;
    Ok(Json(json!(host.plugin_status(control.node))))
}

#[derive(Deserialize)]
pub(super) struct Advance {
    seconds: u64,
}

/// `POST /api/clock {seconds}`: moves the server's clock forward.
pub(super) async fn advance_clock(
    State(page): State<Page>,
    Json(advance): Json<Advance>,
) -> Json<Value> {
    page.host
        .clock()
        .advance(Duration::from_secs(advance.seconds));
    Json(json!({"time": page.host.clock().now()}))
}
