//! What an argument of a command may be.

use gobwire::{Describer, Result, TypeTable, ValueDecoder, ValueEncoder, ids};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    AutocompleteArg, AutocompleteData, AutocompleteDynamicListArg, AutocompleteListItem,
    AutocompleteStaticListArg, AutocompleteTextArg,
};
use crate::transport::netrpc::gob::{Field, any, interface};

const TEXT: &str = "*model.AutocompleteTextArg";
const STATIC_LIST: &str = "*model.AutocompleteStaticListArg";
const DYNAMIC_LIST: &str = "*model.AutocompleteDynamicListArg";

/// The content of an [`AutocompleteArg`], of the kind that its type names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged, from = "Value")]
pub enum AutocompleteArgData {
    /// Nothing; a server refuses it.
    #[default]
    None,
    /// One of a list.
    StaticList(AutocompleteStaticListArg),
    /// One of a list that the plugin serves.
    DynamicList(AutocompleteDynamicListArg),
    /// Any text.
    Text(AutocompleteTextArg),
    /// Something that this version does not know.
    Other(Value),
}

/// JSON does not name the kind; it follows from the field that only that kind has.
impl From<Value> for AutocompleteArgData {
    fn from(value: Value) -> Self {
        let known = if value.is_null() {
            Some(Self::None)
        } else if value.get("PossibleArguments").is_some() {
            serde_json::from_value(value.clone())
                .ok()
                .map(Self::StaticList)
        } else if value.get("FetchURL").is_some() {
            serde_json::from_value(value.clone())
                .ok()
                .map(Self::DynamicList)
        } else if value.get("Hint").is_some() && value.get("Pattern").is_some() {
            serde_json::from_value(value.clone()).ok().map(Self::Text)
        } else {
            None
        };
        known.unwrap_or(Self::Other(value))
    }
}

impl Field for AutocompleteArgData {
    fn describe(_: &mut Describer<'_>) -> Result<i64> {
        Ok(ids::INTERFACE)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::INTERFACE
    }

    fn is_zero(&self) -> bool {
        matches!(self, Self::None | Self::Other(Value::Null))
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        match self {
            Self::None => encoder.interface(None),
            Self::Text(text) => interface::write_as(encoder, TEXT, text),
            Self::StaticList(list) => interface::write_as(encoder, STATIC_LIST, list),
            Self::DynamicList(list) => interface::write_as(encoder, DYNAMIC_LIST, list),
            Self::Other(value) => any::write_held(encoder, value),
        }
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if wire != ids::INTERFACE {
            return Err(decoder.mismatch::<Self>(wire));
        }
        *self = match interface::read_header(decoder)? {
            None => Self::None,
            Some((name, wire)) => match name.as_str() {
                TEXT => Self::Text(interface::read_as(decoder, wire)?),
                STATIC_LIST => Self::StaticList(interface::read_as(decoder, wire)?),
                DYNAMIC_LIST => Self::DynamicList(interface::read_as(decoder, wire)?),
                _ => Self::Other(any::read_held(decoder, &name, wire)?),
            },
        };
        Ok(())
    }
}

impl AutocompleteData {
    /// A command or subcommand that everybody is offered.
    pub fn new(
        trigger: impl Into<String>,
        hint: impl Into<String>,
        help_text: impl Into<String>,
    ) -> Self {
        Self {
            trigger: trigger.into(),
            hint: hint.into(),
            help_text: help_text.into(),
            role_id: "system_user".to_owned(),
            ..Self::default()
        }
    }
}

impl AutocompleteArg {
    /// An argument that may be any text. `name` is empty for a positional one.
    pub fn text(
        name: impl Into<String>,
        help_text: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let text = AutocompleteTextArg {
            hint: hint.into(),
            pattern: String::new(),
        };
        Self::of(
            "TextInput",
            name.into(),
            help_text.into(),
            AutocompleteArgData::Text(text),
        )
    }

    /// An argument that is one of `items`.
    pub fn static_list(
        name: impl Into<String>,
        help_text: impl Into<String>,
        items: Vec<AutocompleteListItem>,
    ) -> Self {
        let list = AutocompleteStaticListArg {
            possible_arguments: items,
        };
        Self::of(
            "StaticList",
            name.into(),
            help_text.into(),
            AutocompleteArgData::StaticList(list),
        )
    }

    /// An argument that is one of a list which `url` serves (`plugins/<id>/…`).
    pub fn dynamic_list(
        name: impl Into<String>,
        help_text: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        let list = AutocompleteDynamicListArg {
            fetch_url: url.into(),
        };
        Self::of(
            "DynamicList",
            name.into(),
            help_text.into(),
            AutocompleteArgData::DynamicList(list),
        )
    }

    /// The same, but the command cannot be sent without it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn of(kind: &str, name: String, help_text: String, data: AutocompleteArgData) -> Self {
        Self {
            name,
            help_text,
            r#type: kind.to_owned(),
            required: false,
            data,
        }
    }
}
