//! JSON values: as `google.protobuf.Struct` where Go has `map[string]any`, and as text where the
//! protocol carries a whole document.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::Wire;
use super::macros::optional;
use crate::model::{Config, License};
use crate::transport::grpc::messages::api::ConfigJson;
use crate::transport::grpc::messages::protobuf::{
    ListValue, NullValue, Struct, Value as Held, value::Kind,
};

/// The integers that survive being a float64.
const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

impl Wire<Struct> for Map<String, Value> {
    fn to_wire(self) -> Struct {
        Struct {
            fields: self
                .into_iter()
                .map(|(key, value)| (key, value.to_wire()))
                .collect(),
        }
    }

    fn from_wire(wire: Struct) -> Self {
        wire.fields
            .into_iter()
            .map(|(key, value)| (key, Value::from_wire(value)))
            .collect()
    }
}

impl Wire<Option<Struct>> for Map<String, Value> {
    fn to_wire(self) -> Option<Struct> {
        Some(self.to_wire())
    }

    fn from_wire(wire: Option<Struct>) -> Self {
        wire.map(Self::from_wire).unwrap_or_default()
    }
}

impl Wire<Held> for Value {
    fn to_wire(self) -> Held {
        let kind = match self {
            Self::Null => Kind::NullValue(NullValue::NullValue.into()),
            Self::Bool(value) => Kind::BoolValue(value),
            Self::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
            Self::String(text) => Kind::StringValue(text),
            Self::Array(values) => Kind::ListValue(ListValue {
                values: values.to_wire(),
            }),
            Self::Object(fields) => Kind::StructValue(fields.to_wire()),
        };
        Held { kind: Some(kind) }
    }

    fn from_wire(wire: Held) -> Self {
        match wire.kind {
            None | Some(Kind::NullValue(_)) => Self::Null,
            Some(Kind::BoolValue(value)) => Self::Bool(value),
            Some(Kind::NumberValue(number)) => self::number(number),
            Some(Kind::StringValue(text)) => Self::String(text),
            Some(Kind::ListValue(list)) => Self::Array(Wire::from_wire(list.values)),
            Some(Kind::StructValue(fields)) => Self::Object(Wire::from_wire(fields)),
        }
    }
}

/// A whole number where it was one: numbers travel as float64, and `1` is not written `1.0` in JSON.
fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        Value::from(number as i64)
    } else {
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }
}

impl Wire<ConfigJson> for Config {
    fn to_wire(self) -> ConfigJson {
        ConfigJson {
            config_json: text(&self),
        }
    }

    fn from_wire(wire: ConfigJson) -> Self {
        parse("Config", &wire.config_json).unwrap_or_default()
    }
}
optional!(Config = ConfigJson);

impl Wire<Bytes> for Option<License> {
    fn to_wire(self) -> Bytes {
        self.map(|license| text(&license)).unwrap_or_default()
    }

    fn from_wire(wire: Bytes) -> Self {
        parse("License", &wire)
    }
}

/// A document of the models, none of which can fail to be one.
fn text(document: &impl Serialize) -> Bytes {
    serde_json::to_vec(document).unwrap_or_default().into()
}

/// A document, if there is one that makes sense.
fn parse<T: DeserializeOwned>(model: &'static str, json: &Bytes) -> Option<T> {
    if json.is_empty() {
        return None;
    }
    match serde_json::from_slice(json) {
        Ok(document) => document,
        Err(error) => {
            tracing::error!(model, %error, "the server sent JSON that makes no sense");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Bytes, Held, Struct, Wire};
    use crate::model::License;

    #[test]
    fn json_survives_as_far_as_float64_reaches() {
        let Value::Object(props) = json!({
            "text": "x", "yes": true, "null": null, "one": 1, "half": 0.5, "negative": -3,
            "list": [1, "two", {"three": []}], "empty": {}, "large": 9_007_199_254_740_992_i64,
        }) else {
            panic!("an object")
        };
        let wire: Struct = props.clone().to_wire();
        assert_eq!(Map::from_wire(wire), props);
    }

    #[test]
    fn a_value_without_a_kind_is_null() {
        assert_eq!(Value::from_wire(Held { kind: None }), Value::Null);
    }

    #[test]
    fn a_server_without_a_license_has_none() {
        assert_eq!(Option::<License>::from_wire(Bytes::new()), None);
        assert_eq!(
            Option::<License>::from_wire(Bytes::from_static(b"null")),
            None
        );
        let license = Option::<License>::from_wire(Bytes::from_static(br#"{"id":"abc"}"#));
        assert_eq!(license.expect("a license").id, "abc");
    }
}
