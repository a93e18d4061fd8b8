use mattermost_plugin::model::Manifest;
use serde_json::{Value, json};

use super::{FAKE_SETTING, ServerConfig, delivered, restore_secrets, sanitize};

fn manifest() -> Manifest {
    serde_json::from_value(json!({
        "id": "com.example.a",
        "name": "A",
        "settings_schema": {
            "settings": [
                {"key": "JenkinsURL", "type": "text", "default": "http://jenkins"},
                {"key": "EncryptionKey", "type": "generated", "secret": true},
            ],
            "sections": [{"key": "more", "settings": [
                {"key": "Timeout", "type": "number", "default": 5},
                {"key": "Token", "type": "text", "secret": true},
            ]}],
        },
    }))
    .expect("the manifest is one")
}

fn config() -> ServerConfig {
    let mut config = ServerConfig::default();
    let settings = json!({"EncryptionKey": "k", "Nested": {"KeepCase": 1}, "token": "t"});
    config.set_plugin(
        "com.example.a",
        settings.as_object().cloned().unwrap_or_default(),
    );
    config
}

#[test]
fn settings_are_delivered_with_lower_case_keys_and_defaults_outside_of_sections() {
    let settings = delivered(&config(), &manifest());
    assert_eq!(
        Value::Object(settings),
        json!({
            "jenkinsurl": "http://jenkins",
            "encryptionkey": "k",
            "nested": {"KeepCase": 1},
            "token": "t",
        })
    );
    let untouched = delivered(&ServerConfig::default(), &manifest());
    assert_eq!(
        untouched.get("encryptionkey"),
        Some(&Value::Null),
        "no default is null, not absent"
    );
    assert_eq!(
        untouched.get("timeout"),
        None,
        "defaults of sections are not filled"
    );
}

#[test]
fn secrets_are_hidden_in_sections_too_and_in_any_case() {
    let mut config = config();
    config.set_plugin(
        "com.example.gone",
        json!({"a": 1}).as_object().cloned().unwrap_or_default(),
    );
    let shown = sanitize(&config, &[manifest()]);
    let plugin = shown.plugin("com.example.a");
    assert_eq!(plugin.get("EncryptionKey"), Some(&json!(FAKE_SETTING)));
    assert_eq!(plugin.get("token"), Some(&json!(FAKE_SETTING)));
    assert_eq!(plugin.get("Nested"), Some(&json!({"KeepCase": 1})));
    assert!(shown.plugin("com.example.gone").is_empty());
    assert_eq!(shown.text("SqlSettings.DataSource"), FAKE_SETTING);
    assert_eq!(
        shown.text("EmailSettings.SMTPPassword"),
        "",
        "an unset password is not hidden"
    );
    assert_eq!(
        restore_secrets(shown, &config).plugin("com.example.a"),
        config.plugin("com.example.a")
    );
}

#[test]
fn saving_fills_what_is_absent_with_defaults() {
    let mut tree = ServerConfig::default().value().clone();
    tree["FileSettings"]["MaxFileSize"] = json!(5);
    tree["PluginSettings"]["EnableUploads"] = Value::Null;
    let saved = ServerConfig::from_saved(tree);
    assert_eq!(saved.number("FileSettings.MaxFileSize"), 5);
    assert!(saved.is_on("PluginSettings.EnableUploads"));
    let empty = ServerConfig::from_saved(json!({"ServiceSettings": {"EnableCommands": false}}));
    assert!(!empty.is_on("ServiceSettings.EnableCommands"));
    assert_eq!(empty.number("FileSettings.MaxFileSize"), 104_857_600);
}

#[test]
fn plugins_are_switched_by_id_with_dots() {
    let mut config = ServerConfig::default();
    assert!(!config.is_enabled("com.example.a"));
    config.set_enabled("com.example.a", true);
    assert!(config.is_enabled("com.example.a"));
    config.set("PluginSettings.Enable", json!(false));
    assert!(!config.is_enabled("com.example.a"));
}
