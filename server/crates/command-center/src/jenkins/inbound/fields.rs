//! Reading JSON of which only roughly is known what is in it.

use std::cell::RefCell;

use serde_json::{Map, Value};

/// A JSON object, read field by field. A field of an unexpected type reads as if it were not there,
/// and is remembered.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    unread: &'a Unread,
}

/// Names of fields that could not be read.
#[derive(Debug, Default)]
pub struct Unread(RefCell<Vec<String>>);

/// Most fields that are remembered.
const MOST_UNREAD: usize = 10;

impl Unread {
    /// The names.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    fn add(&self, name: &str) {
        let mut names = self.0.borrow_mut();
        if names.len() < MOST_UNREAD && !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    }
}

impl<'a> Fields<'a> {
    /// The fields of this object.
    #[must_use]
    pub fn new(object: &'a Map<String, Value>, unread: &'a Unread) -> Self {
        Self { object, unread }
    }

    /// Whether the field is there, whatever it holds.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn read<T>(&self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let found = read(value);
        if found.is_none() {
            self.unread.add(name);
        }
        found
    }

    /// A text; numbers and booleans count as their text. Empty as if it were not there.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.read(name, as_text)
            .filter(|text| !text.trim().is_empty())
    }

    /// A number that is not negative; a text of digits counts.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        self.read(name, as_count)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn time(&self, name: &str) -> Option<i64> {
        let time = self.read(name, |value| match value {
            Value::String(text) => text.trim().parse().ok().or_else(|| {
                Some(
                    text.trim()
                        .parse::<jiff::Timestamp>()
                        .ok()?
                        .as_millisecond(),
                )
            }),
            other => as_count(other).and_then(|count| i64::try_from(count).ok()),
        });
        time.filter(|time| *time > 0)
    }

    /// An object.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Fields<'a>> {
        let object = self.read(name, Value::as_object)?;
        Some(Fields { object, ..*self })
    }

    /// The objects in a list; other entries do not count.
    #[must_use]
    pub fn objects(&self, name: &str) -> Vec<Fields<'a>> {
        let list = self.read(name, Value::as_array);
        let objects = list.into_iter().flatten().filter_map(Value::as_object);
        objects.map(|object| Fields { object, ..*self }).collect()
    }

    /// The texts in a list; a single text counts as a list.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.read(name, |value| match value {
            Value::Array(list) => Some(list.iter().filter_map(as_text).collect()),
            other => as_text(other).map(|text| vec![text]),
        });
        texts.unwrap_or_default()
    }

    /// The fields of an object that are texts.
    #[must_use]
    pub fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let object = self.object(name).map(|fields| fields.object);
        let pairs = object.into_iter().flatten();
        pairs
            .filter_map(|(name, value)| Some((name.clone(), as_text(value)?)))
            .collect()
    }

    /// The names of an object's fields.
    #[must_use]
    pub fn names(&self, name: &str) -> Vec<String> {
        let object = self.object(name).map(|fields| fields.object);
        object.into_iter().flat_map(Map::keys).cloned().collect()
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn as_count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let number = number.as_f64()?;
            // A whole number that was written as 5.0.
            format!("{number:.0}")
                .parse()
                .ok()
                .filter(|_| number.fract() == 0.0)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_are_taken_as_they_come() {
        let value = json!({
            "number": "5", "float": 5.0, "text": 7, "bad": [], "when": "2026-01-02T03:04:05Z",
            "list": "one", "pairs": {"a": 1, "b": {}}, "null": null, "minus": -1
        });
        let unread = Unread::default();
        let fields = Fields::new(value.as_object().unwrap(), &unread);
        assert_eq!(
            (fields.count("number"), fields.count("float")),
            (Some(5), Some(5))
        );
        assert_eq!(fields.text("text").as_deref(), Some("7"));
        assert_eq!(fields.time("when"), Some(1_767_323_045_000));
        assert_eq!(fields.texts("list"), ["one"]);
        assert_eq!(fields.pairs("pairs"), [("a".to_owned(), "1".to_owned())]);
        assert_eq!(fields.text("null"), None);
        assert_eq!(unread.names(), Vec::<String>::new());
        assert_eq!((fields.text("bad"), fields.count("minus")), (None, None));
        assert_eq!(unread.names(), ["bad", "minus"]);
    }
}
