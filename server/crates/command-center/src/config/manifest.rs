//! Proof that `plugin.json` and [`Settings`] say the same.

use std::collections::BTreeSet;

use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use super::{PLUGIN_ID, ProxyChoice, Settings};

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../../../../plugin.json")).expect("plugin.json is JSON")
}

fn schema() -> Vec<Value> {
    manifest()["settings_schema"]["settings"]
        .as_array()
        .expect("a list of settings")
        .clone()
}

/// Settings with every value unlike the default, read back through their keys in the manifest.
fn changed(key: &str) -> Value {
    match key {
        "JenkinsSkipTLSVerify" => Value::from(true),
        "JenkinsLinkPreviews" => Value::from(false),
        "JenkinsRequestTimeout" | "JenkinsPollInterval" => Value::from(77),
        "JenkinsSubscriptionManagers" => Value::from("system_admin"),
        "JenkinsDestructiveRole" => Value::from("system_admin"),
        other => Value::from(format!("changed {other}")),
    }
}

fn shown(settings: &Settings) -> [String; 18] {
    let proxy = match &settings.jenkins_proxy {
        ProxyChoice::Environment => String::new(),
        ProxyChoice::Direct => "direct".to_owned(),
        ProxyChoice::Address(address) => address.expose_secret().to_owned(),
    };
    [
        settings.jenkins_url.clone(),
        settings.jenkins_public_url.clone(),
        settings.jenkins_servers.clone(),
        settings.jenkins_addable_servers.clone(),
        settings.encryption_key.expose_secret().to_owned(),
        settings.jenkins_ca_bundle.clone(),
        settings.jenkins_client_certificate.clone(),
        settings.jenkins_client_key.expose_secret().to_owned(),
        settings.jenkins_skip_tls_verify.to_string(),
        proxy,
        settings.jenkins_request_timeout.as_secs().to_string(),
        settings.jenkins_service_user.clone(),
        settings.jenkins_service_token.expose_secret().to_owned(),
        settings.jenkins_poll_interval.as_secs().to_string(),
        settings.jenkins_subscription_managers.as_str().to_owned(),
        settings.jenkins_policy.clone(),
        settings.jenkins_destructive_role.as_str().to_owned(),
        settings.jenkins_link_previews.to_string(),
    ]
}

#[test]
fn the_defaults_are_the_same() {
    let defaults: Map<String, Value> = schema()
        .iter()
        .map(|setting| {
            (
                setting["key"].as_str().unwrap().to_lowercase(),
                setting["default"].clone(),
            )
        })
        .collect();
    assert_eq!(
        shown(&Settings::decode(&defaults)),
        shown(&Settings::default())
    );
}

#[test]
fn every_key_of_the_manifest_is_read_and_no_other() {
    let keys: BTreeSet<String> = schema()
        .iter()
        .map(|s| s["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        keys.len(),
        shown(&Settings::default()).len(),
        "one key for each field"
    );
    for key in &keys {
        let settings = Map::from_iter([(key.to_lowercase(), changed(key))]);
        let decoded = Settings::decode(&settings);
        let differing = shown(&decoded)
            .iter()
            .zip(shown(&Settings::default()))
            .filter(|(a, b)| *a != b)
            .count();
        assert_eq!(differing, 1, "{key} is not read");
    }
}

#[test]
fn every_setting_is_one_that_the_server_accepts() {
    for setting in schema() {
        let kind = setting["type"].as_str().unwrap();
        assert!(
            [
                "text",
                "longtext",
                "bool",
                "number",
                "generated",
                "dropdown"
            ]
            .contains(&kind),
            "{setting}"
        );
        assert!(
            !setting["help_text"].as_str().unwrap().is_empty(),
            "{setting}"
        );
        // PluginSetting.isValid, server/public/model/manifest.go.
        assert!(
            kind == "generated" || setting.get("regenerate_help_text").is_none(),
            "{setting}"
        );
        assert!(
            kind != "bool" || setting.get("placeholder").is_none(),
            "{setting}"
        );
        assert!(
            kind == "dropdown" || setting.get("options").is_none(),
            "{setting}"
        );
        if kind == "dropdown" {
            let options = setting["options"].as_array().unwrap();
            let is_offered = |value: &Value| options.iter().any(|o| o["value"] == *value);
            assert!(is_offered(&setting["default"]), "{setting}");
        }
    }
}

#[test]
fn secrets_are_marked() {
    let secret: BTreeSet<String> = schema()
        .iter()
        .filter(|setting| setting["secret"] == Value::Bool(true))
        .map(|setting| setting["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        secret,
        BTreeSet::from(
            [
                "EncryptionKey",
                "JenkinsClientKey",
                "JenkinsProxyURL",
                "JenkinsServiceToken"
            ]
            .map(str::to_owned)
        )
    );
}

#[test]
fn the_manifest_names_this_plugin() {
    let manifest = manifest();
    assert_eq!(manifest["id"], PLUGIN_ID);
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    for platform in ["linux-amd64", "linux-arm64"] {
        assert_eq!(
            manifest["server"]["executables"][platform],
            format!("server/dist/plugin-{platform}")
        );
    }
}
