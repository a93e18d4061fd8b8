//! Decoding of a plugin's settings.
//!
//! The server delivers the keys of settings **in lower case** and their values as whoever set them
//! wrote them: the System Console sends booleans and numbers, `mmctl config set` and environment
//! variables often send texts. [`decode`] takes care of the keys; the functions here, used by
//! `#[serde(deserialize_with = "…")]`, of the values.
//!
//! ```
//! use mattermost_plugin::api::settings;
//! use serde::Deserialize;
//!
//! #[derive(Debug, Deserialize)]
//! #[serde(default)]
//! struct Settings {
//!     jenkins_url: String,
//!     #[serde(deserialize_with = "settings::boolean")]
//!     skip_verify: bool,
//!     #[serde(deserialize_with = "settings::number")]
//!     timeout_seconds: u64,
//! }
//! # impl Default for Settings {
//! #     fn default() -> Self { Self { jenkins_url: String::new(), skip_verify: false, timeout_seconds: 30 } }
//! # }
//!
//! let delivered = serde_json::json!({
//!     "jenkinsurl": "https://ci.example.com",
//!     "skipverify": "true",
//!     "timeoutseconds": "12",
//! });
//! let decoded: Settings = settings::decode(delivered).unwrap();
//! assert!(decoded.skip_verify && decoded.timeout_seconds == 12);
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{DeserializeOwned, Deserializer, Error as _, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::error::Error;

/// Decodes settings into a struct whose fields (or their aliases) match the keys without regard to
/// case, `_` and `-`: `jenkins_url` takes `JenkinsURL` and `jenkinsurl`. Only top-level keys are
/// matched like that, as only they are delivered in lower case. Keys that match nothing are left
/// to the struct (`deny_unknown_fields`, or ignored).
///
/// A struct with `#[serde(flatten)]` gets the keys as they are.
///
/// # Errors
/// [`Error::Invalid`] naming the setting and what was expected. Values are not repeated, as they
/// may be secrets.
pub fn decode<T: DeserializeOwned>(settings: Value) -> Result<T, Error> {
    let map = match settings {
        Value::Object(map) => map,
        Value::Null => Map::new(),
        _ => return Err(Error::Invalid("the settings are no JSON object".to_owned())),
    };
    serde_path_to_error::deserialize(Settings(map)).map_err(|error| {
        let reason = without_value(&error.inner().to_string());
        let path = error.path().to_string();
        Error::Invalid(if path == "." {
            format!("the settings are invalid: {reason}")
        } else {
            format!("the setting {path} is invalid: {reason}")
        })
    })
}

/// Cuts the value out of serde's `invalid type: string "…", expected …`.
fn without_value(message: &str) -> String {
    let kept = (message.starts_with("invalid type: ") || message.starts_with("invalid value: "))
        .then(|| {
            let expected = message.rfind(", expected ")?;
            let quoted = message[..expected].find(['"', '`'])?;
            Some(format!(
                "{}{}",
                message[..quoted].trim_end(),
                &message[expected..]
            ))
        })
        .flatten();
    kept.unwrap_or_else(|| message.to_owned())
}

/// A JSON object that renames its keys to the fields of the struct it is decoded into.
struct Settings(Map<String, Value>);

impl<'de> Deserializer<'de> for Settings {
    type Error = serde_json::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let mut renamed = Map::new();
        for (key, value) in self.0 {
            let field = fields
                .iter()
                .find(|field| **field == key)
                .or_else(|| fields.iter().find(|field| same_setting(field, &key)));
            renamed.insert(field.map_or(key, |field| (*field).to_owned()), value);
        }
        Value::Object(renamed).deserialize_struct(name, fields, visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        Value::Object(self.0).deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn same_setting(field: &str, key: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        text.chars()
            .filter(|character| !matches!(character, '_' | '-'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    plain(field) == plain(key)
}

/// A boolean, also written as text: `true`/`false`, `on`/`off`, `yes`/`no`, `1`/`0`, or empty for
/// false.
///
/// # Errors
/// For any other value.
pub fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Boolean;
    impl Visitor<'_> for Boolean {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true or false")
        }

        fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
            match text.trim().to_ascii_lowercase().as_str() {
                "true" | "on" | "yes" | "1" => Ok(true),
                "false" | "off" | "no" | "0" | "" => Ok(false),
                _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
            }
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<bool, E> {
            match number {
                0 => Ok(false),
                1 => Ok(true),
                _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
            }
        }
    }
    deserializer.deserialize_any(Boolean)
}

/// A number, also written as text.
///
/// # Errors
/// When it is no number or out of the range of `T`.
pub fn number<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr,
    D: Deserializer<'de>,
{
    struct Number<T>(PhantomData<T>);
    impl<T: FromStr> Visitor<'_> for Number<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number in range")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.trim()
                .parse()
                .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<T, E> {
            // `12.0` is how some clients write 12; its text is `12`.
            self.visit_str(&number.to_string())
        }
    }
    deserializer.deserialize_any(Number(PhantomData))
}

/// A list, also written as text with commas or line breaks between the items. Items are trimmed,
/// empty ones left out.
///
/// # Errors
/// When it is neither a text nor a list of texts.
pub fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct List;
    impl<'de> Visitor<'de> for List {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("texts with commas between them")
        }

        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(cleaned(text.split([',', '\n'])))
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut items: A,
        ) -> Result<Self::Value, A::Error> {
            let mut texts: Vec<String> = Vec::new();
            while let Some(text) = items.next_element()? {
                texts.push(text);
            }
            Ok(cleaned(texts.iter().map(String::as_str)))
        }
    }
    deserializer.deserialize_any(List)
}

fn cleaned<'a>(items: impl Iterator<Item = &'a str>) -> Vec<String> {
    items
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A value with `FromStr` (a URL, an enumeration, …) written as text, or `None` when it is empty.
///
/// # Errors
/// When the text cannot be parsed; the parser's reason is given, so it must not repeat secrets.
pub fn parsed<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: FromStr,
    T::Err: fmt::Display,
    D: Deserializer<'de>,
{
    struct Text;
    impl Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_unit<E: serde::de::Error>(self) -> Result<String, E> {
            Ok(String::new())
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.trim().to_owned())
        }
    }
    let text = deserializer.deserialize_any(Text)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
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
        let same: Example = decode(json!({"skipverify": true, "timeout": 12.0, "teams": ["a", "b ", "c"], "address": "::1"})).unwrap();
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
            refusal(json!({"skipverify": "maybe"}))
                .starts_with("the setting skip_verify is invalid")
        );
        assert_eq!(refusal(json!([1])), "the settings are no JSON object");
    }

    #[test]
    fn nothing_saved_is_all_defaults() {
        assert_eq!(decode::<Example>(Value::Null).unwrap(), Example::default());
    }
}
