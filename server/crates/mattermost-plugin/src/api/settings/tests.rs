use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Example {
    jenkins_url: String,
    #[serde(rename = "EncryptionKey", alias = "Secret")]
    encryption_key: String,
    #[serde(deserialize_with = "boolean")]
    skip_verify: bool,
    #[serde(deserialize_with = "number")]
    timeout: u16,
    #[serde(deserialize_with = "list")]
    teams: Vec<String>,
    #[serde(deserialize_with = "parsed")]
    address: Option<std::net::IpAddr>,
    nested: Map<String, Value>,
    plain: u8,
}

fn refusal(settings: Value) -> String {
    decode::<Example>(settings).unwrap_err().to_string()
}

#[test]
fn keys_match_without_case_and_underscores_and_nested_keys_stay() {
    let example: Example = decode(json!({
        "jenkinsurl": "https://ci",
        "encryptionkey": "k",
        "nested": {"KeepMe": 1},
        "unknown": true,
    }))
    .unwrap();
    assert_eq!(example.jenkins_url, "https://ci");
    assert_eq!(example.encryption_key, "k");
    assert_eq!(example.nested["KeepMe"], 1);
    assert_eq!(
        decode::<Example>(json!({"secret": "old"}))
            .unwrap()
            .encryption_key,
        "old"
    );
}

#[test]
fn texts_are_taken_for_what_they_say() {
    let example: Example = decode(json!({
        "skipverify": " True ", "timeout": "12", "teams": "a, b\n,c", "address": " ::1 ",
    }))
    .unwrap();
    assert!(example.skip_verify);
    assert_eq!(example.timeout, 12);
    assert_eq!(example.teams, ["a", "b", "c"]);
    assert_eq!(example.address, Some("::1".parse().unwrap()));
    let same: Example = decode(
        json!({"skipverify": true, "timeout": 12.0, "teams": ["a", "b ", "c"], "address": "::1"}),
    )
    .unwrap();
    assert_eq!(same, example);
}

#[test]
fn errors_name_the_setting_and_never_show_the_value() {
    assert_eq!(
        refusal(json!({"timeout": "hunter2"})),
        "the setting timeout is invalid: invalid value: string, expected a number in range"
    );
    assert_eq!(
        refusal(json!({"plain": "a\", expected b"})),
        "the setting plain is invalid: invalid type: string, expected u8"
    );
    assert_eq!(
        refusal(json!({"timeout": 70000})),
        "the setting timeout is invalid: invalid value: string, expected a number in range"
    );
    assert!(
        refusal(json!({"skipverify": "maybe"})).starts_with("the setting skip_verify is invalid")
    );
    assert_eq!(refusal(json!([1])), "the settings are no JSON object");
}

#[test]
fn nothing_saved_is_all_defaults() {
    assert_eq!(decode::<Example>(Value::Null).unwrap(), Example::default());
}
