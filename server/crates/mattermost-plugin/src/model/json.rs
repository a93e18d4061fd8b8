//! Mattermost's habits in JSON.

use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, de::Error as _};

/// Go's nil slices and maps are `null`.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Go's `omitempty`.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// `true` or `"true"`: Mattermost's `SlackCompatibleBool`.
pub(super) fn lenient_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Bool(bool),
        Text(String),
    }
    match Option::<Either>::deserialize(deserializer)? {
        None => Ok(false),
        Some(Either::Bool(value)) => Ok(value),
        Some(Either::Text(text)) => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" | "" => Ok(false),
            _ => Err(D::Error::custom("expected true or false")),
        },
    }
}

/// Go's `[]byte`.
pub(super) mod base64_bytes {
    use base64::Engine as _;
    use bytes::Bytes;
    use serde::{Deserializer, Serializer};

    use super::optional_base64_bytes;

    pub(in crate::model) fn serialize<S: Serializer>(
        bytes: &Bytes,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::STANDARD.encode(bytes))
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        optional_base64_bytes::deserialize(deserializer).map(Option::unwrap_or_default)
    }
}

/// Go's `*[]byte`.
pub(super) mod optional_base64_bytes {
    use base64::Engine as _;
    use bytes::Bytes;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::model) fn serialize<S: Serializer>(
        bytes: &Option<Bytes>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => serializer.serialize_some(&super::STANDARD.encode(bytes)),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Bytes>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| {
            super::STANDARD
                .decode(text)
                .map(Bytes::from)
                .map_err(D::Error::custom)
        })
        .transpose()
    }
}

/// Go's `json.RawMessage`: bytes that are JSON.
pub(super) mod raw_json {
    use bytes::Bytes;
    use serde::{
        Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _, ser::Error as _,
    };
    use serde_json::Value;

    pub(in crate::model) fn serialize<S: Serializer>(
        bytes: &Bytes,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let value = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(bytes).map_err(S::Error::custom)?
        };
        value.serialize(serializer)
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        match Option::<Value>::deserialize(deserializer)? {
            None => Ok(Bytes::new()),
            Some(value) => serde_json::to_vec(&value)
                .map(Bytes::from)
                .map_err(D::Error::custom),
        }
    }
}
