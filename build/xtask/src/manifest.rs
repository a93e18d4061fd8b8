//! `plugin.json`: the fields that bundling needs, and the checks that a server would make.
//!
//! Source of the rules: `server/public/model/manifest.go` and `bundle_info.go`.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

/// A decoded manifest, with the whole JSON kept for the bundle.
pub(crate) struct Manifest {
    /// The plugin's id.
    pub(crate) id: String,
    /// Its version, strict semantic versioning.
    pub(crate) version: semver::Version,
    json: Map<String, Value>,
}

impl Manifest {
    /// Reads and checks a `plugin.json`.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let json: Map<String, Value> = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a JSON object", path.display()))?;
        Self::check(json)
            .with_context(|| format!("{} would be refused by a server", path.display()))
    }

    fn check(json: Map<String, Value>) -> Result<Self> {
        let field = |name: &str| -> Result<String> {
            json.get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .with_context(|| format!("`{name}` is missing"))
        };
        let id = field("id")?;
        ensure!(
            (3..=190).contains(&id.len())
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
            "`id` must be 3 to 190 letters, digits, dots, hyphens or underscores"
        );
        ensure!(!field("name")?.trim().is_empty(), "`name` is empty");
        let version = semver::Version::parse(&field("version")?).context("`version`")?;
        semver::Version::parse(&field("min_server_version")?).context("`min_server_version`")?;
        check_settings(&json)?;
        Ok(Self { id, version, json })
    }

    /// `linux-amd64` → path of the executable inside the bundle.
    pub(crate) fn executables(&self) -> Result<Vec<(String, String)>> {
        let executables = self
            .json
            .get("server")
            .and_then(|server| server.get("executables"))
            .and_then(Value::as_object)
            .context("`server.executables` is missing")?;
        executables
            .iter()
            .map(|(platform, path)| {
                let path = path
                    .as_str()
                    .context("an executable's path is not a string")?;
                ensure!(
                    !path.starts_with('/') && !path.contains(".."),
                    "{path} leaves the bundle"
                );
                Ok((platform.clone(), path.to_owned()))
            })
            .collect()
    }

    /// The manifest as it goes into a bundle that holds only `platforms`: a platform whose
    /// executable is not there is not promised.
    pub(crate) fn for_bundle(&self, platforms: &[String]) -> Result<Vec<u8>> {
        let mut json = self.json.clone();
        if let Some(executables) = json
            .get_mut("server")
            .and_then(|server| server.get_mut("executables"))
            .and_then(Value::as_object_mut)
        {
            executables.retain(|platform, _| platforms.contains(platform));
        }
        let mut text = serde_json::to_vec_pretty(&json)?;
        text.push(b'\n');
        Ok(text)
    }
}

/// Setting types a server's System Console knows (`PluginSettingType`).
const SETTING_TYPES: &[&str] = &[
    "bool",
    "dropdown",
    "generated",
    "radio",
    "text",
    "longtext",
    "number",
    "username",
    "custom",
];

fn check_settings(json: &Map<String, Value>) -> Result<()> {
    let Some(schema) = json.get("settings_schema") else {
        return Ok(());
    };
    let settings = schema
        .get("settings")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let sections = schema
        .get("sections")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let in_sections = sections.iter().flat_map(|section| {
        section
            .get("settings")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    });
    let mut keys = Vec::new();
    for setting in settings.iter().chain(in_sections) {
        let key = setting
            .get("key")
            .and_then(Value::as_str)
            .context("a setting has no `key`")?;
        let kind = setting
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !SETTING_TYPES.contains(&kind) {
            bail!("setting {key} has the unknown type {kind:?}");
        }
        let lower = key.to_lowercase();
        ensure!(
            !keys.contains(&lower),
            "setting {key} exists twice (keys are lower-cased by the server)"
        );
        keys.push(lower);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(change: impl FnOnce(&mut Map<String, Value>)) -> Result<Manifest> {
        let mut json = serde_json::json!({
            "id": "hello", "name": "Hello", "version": "1.2.3", "min_server_version": "10.5.0",
            "server": {"executables": {"linux-amd64": "server/dist/a", "linux-arm64": "server/dist/b"}},
            "settings_schema": {"settings": [{"key": "URL", "type": "text"}]},
        });
        change(json.as_object_mut().unwrap());
        Manifest::check(json.as_object().unwrap().clone())
    }

    #[test]
    fn refuses_what_a_server_would_refuse() {
        assert!(manifest(|_| {}).is_ok());
        assert!(manifest(|m| drop(m.insert("id".into(), "a b".into()))).is_err());
        assert!(manifest(|m| drop(m.insert("version".into(), "1.2".into()))).is_err());
        let twice = serde_json::json!({"settings": [{"key": "URL", "type": "text"}, {"key": "url", "type": "text"}]});
        assert!(manifest(|m| drop(m.insert("settings_schema".into(), twice))).is_err());
        let unknown = serde_json::json!({"settings": [{"key": "URL", "type": "password"}]});
        assert!(manifest(|m| drop(m.insert("settings_schema".into(), unknown))).is_err());
    }

    #[test]
    fn promises_only_the_platforms_inside() {
        let text = manifest(|_| {})
            .unwrap()
            .for_bundle(&["linux-amd64".into()])
            .unwrap();
        let json: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(
            json["server"]["executables"],
            serde_json::json!({"linux-amd64": "server/dist/a"})
        );
    }
}
