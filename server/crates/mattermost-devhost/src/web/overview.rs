//! What there is: users, channels, plugins, the log.

use axum::Json;
use axum::extract::{Query, State};
use mattermost_plugin::model::PluginStatus;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Page;
use crate::state::channels::{DIRECT, direct_name};

#[derive(Deserialize)]
pub(super) struct Asker {
    #[serde(default)]
    user: String,
}

#[derive(Serialize)]
struct ShownChannel {
    id: String,
    name: String,
    display_name: String,
    r#type: String,
    header: String,
    last_post_at: i64,
}

/// `GET /api/state?user=`: everything the page needs to begin with.
pub(super) async fn state(State(page): State<Page>, Query(asker): Query<Asker>) -> Json<Value> {
    let server = page.host.server();
    let user_id = page.user(&asker.user).id();
    let (users, channels, team) = server.read(|data| {
        let users: Vec<Value> = data
            .users
            .all()
            .into_iter()
            .map(|user| {
                let direct = data
                    .channels
                    .by_name("", &direct_name(&user_id, &user.id), true);
                json!({
                    "id": user.id,
                    "username": user.username,
                    "name": format!("{} {}", user.first_name, user.last_name).trim(),
                    "is_bot": user.is_bot,
                    "is_admin": user.is_in_role("system_admin"),
                    "direct_channel": direct.map(|channel| channel.id.clone()),
                    "direct_last_post_at": direct.map_or(0, |channel| channel.last_post_at),
                })
            })
            .collect();
        let channels: Vec<ShownChannel> = data
            .channels
            .all()
            .into_iter()
            .filter(|channel| channel.r#type != DIRECT && channel.delete_at == 0)
            .filter(|channel| data.channels.member(&channel.id, &user_id).is_some())
            .map(|channel| ShownChannel {
                id: channel.id.clone(),
                name: channel.name.clone(),
                display_name: channel.display_name.clone(),
                r#type: channel.r#type.clone(),
                header: channel.header.clone(),
                last_post_at: channel.last_post_at,
            })
            .collect();
        let team = data
            .teams
            .all()
            .first()
            .map(|team| team.display_name.clone())
            .unwrap_or_default();
        (users, channels, team)
    });
    let plugins: Vec<PluginStatus> = server
        .manifests()
        .iter()
        .flat_map(|manifest| {
            let nodes = server.nodes_of(&manifest.id);
            nodes
                .into_iter()
                .filter_map(|node| server.plugin_status(&manifest.id, node).ok())
                .collect::<Vec<_>>()
        })
        .collect();
    Json(json!({
        "team": team,
        "user_id": user_id,
        "users": users,
        "channels": channels,
        "plugins": plugins,
        "violations": page.host.violations(),
        "time": server.clock().now(),
    }))
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: usize,
}

/// `GET /api/logs?after=`: log lines from that number on.
pub(super) async fn logs(State(page): State<Page>, Query(query): Query<After>) -> Json<Value> {
    let lines: Vec<Value> = page
        .host
        .logs()
        .into_iter()
        .enumerate()
        .skip(query.after)
        .map(|(number, line)| {
            json!({
                "number": number,
                "time": line.time,
                "level": format!("{:?}", line.level).to_lowercase(),
                "plugin_id": line.plugin_id,
                "node": line.node,
                "message": line.message,
                "fields": line.fields,
            })
        })
        .collect();
    Json(Value::Array(lines))
}
