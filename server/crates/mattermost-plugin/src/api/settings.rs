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

mod values;

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::error::Error;

pub use values::{boolean, list, number, parsed};

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

#[cfg(test)]
mod tests;
