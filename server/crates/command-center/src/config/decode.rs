//! Reading one value of a JSON object whose keys and types are only roughly known.

use std::ops::RangeInclusive;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::problem::Problem;

/// Reads settings by their name and keeps what it could not read.
pub(super) struct Decoder<'a> {
    settings: &'a Map<String, Value>,
    problems: Vec<Problem>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(settings: &'a Map<String, Value>) -> Self {
        Self {
            settings,
            problems: Vec::new(),
        }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// An exact key wins over one that differs in case: `mmctl` can leave both behind.
    fn value(&self, setting: &str) -> Option<&'a Value> {
        let found = self.settings.get(setting).or_else(|| {
            let mut same = self
                .settings
                .iter()
                .filter(|(key, _)| key.eq_ignore_ascii_case(setting));
            same.next().map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// Trimmed text; empty if absent.
    pub(super) fn text(&mut self, setting: &'static str) -> String {
        match self.value(setting) {
            None => String::new(),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => {
                self.refuse(setting, kind(other), "text");
                String::new()
            }
        }
    }

    /// Like [`Decoder::text`]; the value is never shown.
    pub(super) fn secret(&mut self, setting: &'static str) -> SecretString {
        SecretString::from(self.text(setting))
    }

    /// What Go's `strconv.ParseBool` accepts, in any case, and JSON's own values.
    pub(super) fn boolean(&mut self, setting: &'static str) -> Option<bool> {
        let value = self.value(setting)?;
        let text = match value {
            Value::Bool(boolean) => return Some(*boolean),
            Value::String(text) => text.trim().to_ascii_lowercase(),
            other => other.to_string(),
        };
        match text.as_str() {
            "" => None,
            "1" | "t" | "true" => Some(true),
            "0" | "f" | "false" => Some(false),
            _ => {
                self.refuse(setting, kind(value), "true or false");
                None
            }
        }
    }

    /// A whole number within the range. JSON from Go may hold it as `45.0` or as text.
    pub(super) fn number(
        &mut self,
        setting: &'static str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        let value = self.value(setting)?;
        let number = match value {
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
            _ => None,
        };
        let accepted = number.filter(|number| range.contains(number));
        if accepted.is_none() {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            self.refuse(setting, &short(value), &expected);
        }
        accepted
    }

    pub(super) fn refuse(&mut self, setting: &'static str, found: &str, expected: &str) {
        self.refuse_as(setting, found, expected, "The default is used.");
    }

    /// Refuses a value, where another one than the default takes its place.
    pub(super) fn refuse_as(
        &mut self,
        setting: &'static str,
        found: &str,
        expected: &str,
        instead: &str,
    ) {
        self.problems.push(Problem::error(
            setting,
            format!("The value is {found}, where {expected} is expected. {instead}"),
            "Correct it in System Console > Plugins > DevOps Command Center.",
        ));
    }
}

fn whole(number: f64) -> Option<u64> {
    format!("{number:.0}")
        .parse()
        .ok()
        .filter(|_| number.fract() == 0.0)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "another text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Only for settings that hold no secret.
fn short(value: &Value) -> String {
    crate::text::truncate(&value.to_string(), 40)
}
