//! Settings and the server's configuration.

use serde::Deserialize;
use serde_json::Value;

use super::World;
use crate::table::{Table, ensure};

#[derive(Deserialize)]
struct Settings {
    greeting: String,
}

/// Settings that a server makes up when it saves them for the first time (`model/config.go`).
const GENERATED: [&str; 2] = [
    "/FileSettings/PublicLinkSalt",
    "/SqlSettings/AtRestEncryptKey",
];

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let config = world.api.config();
    table
        .check("LoadPluginConfiguration", async {
            let settings: Settings = config.load().await?;
            ensure(
                !settings.greeting.is_empty(),
                "the setting Greeting is empty, its default is not",
            )
        })
        .await;
    table
        .check("GetPluginConfig", async { Ok(config.saved().await?) })
        .await;
    table
        .check("SavePluginConfig", async {
            let before = config.saved().await?;
            let mut changed = before.clone();
            // The server would deliver two spellings of one setting in any order.
            let saved = before
                .keys()
                .find(|key| key.eq_ignore_ascii_case("Greeting"));
            let key = saved.map_or("Greeting", String::as_str);
            changed.insert(key.to_owned(), Value::from("good evening"));
            config.save(changed).await?;
            let greeting = config.load::<Settings>().await?.greeting;
            config.save(before).await?;
            ensure(
                greeting == "good evening",
                format!("saved, but read {greeting:?}"),
            )
        })
        .await;
    table
        .check("GetConfig", async {
            let server = config.server().await?;
            ensure(
                server.get("/ServiceSettings").is_some(),
                "ServiceSettings are missing",
            )
        })
        .await;
    let before = table
        .check("GetUnsanitizedConfig", async {
            let server = config.server_unsanitized().await?;
            ensure(
                server.get("/ServiceSettings").is_some(),
                "ServiceSettings are missing",
            )?;
            Ok(server)
        })
        .await;
    table
        .check("SaveConfig", async {
            let before = crate::table::needed(&before, "configuration")?;
            config.save_server(before).await?;
            let after = config.server_unsanitized().await?;
            let mut changed = Vec::new();
            differences("", before.value(), after.value(), &mut changed);
            changed.retain(|place| !GENERATED.contains(&place.as_str()));
            ensure(
                changed.is_empty(),
                format!("saving it unchanged changed {}", changed.join(", ")),
            )
        })
        .await;
}

/// The places where two trees differ. Their values may be secrets and stay out.
fn differences(place: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added) {
                let of = |map: &serde_json::Map<String, Value>| {
                    map.get(key).cloned().unwrap_or_default()
                };
                differences(&format!("{place}/{key}"), &of(before), &of(after), found);
            }
        }
        (before, after) if before != after => found.push(place.to_owned()),
        _ => {}
    }
}
