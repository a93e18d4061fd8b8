//! Reading `tests/fixtures/gob`.

use std::path::PathBuf;

use gobwire::parse_length_prefix;
use mattermost_plugin::transport::netrpc::gob::{Decoder, Progress};
use serde::Deserialize;
use serde_json::Value;

/// The description of one stream.
#[derive(Deserialize)]
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) rust_only: bool,
    pub(crate) values: Vec<FixtureValue>,
}

/// One value of a stream.
#[derive(Deserialize)]
pub(crate) struct FixtureValue {
    #[serde(rename = "type")]
    pub(crate) type_name: String,
    value: Value,
    decoded: Option<Value>,
}

impl FixtureValue {
    /// What a decoder must see.
    pub(crate) fn expected(&self) -> &Value {
        self.decoded.as_ref().unwrap_or(&self.value)
    }
}

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/gob")
}

impl Fixture {
    pub(crate) fn all() -> Vec<Self> {
        let mut fixtures = Vec::new();
        for entry in std::fs::read_dir(directory()).expect("tests/fixtures/gob") {
            let path = entry.expect("an entry").path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let text = std::fs::read(&path).expect("readable");
                fixtures.push(
                    serde_json::from_slice(&text)
                        .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
                );
            }
        }
        fixtures.sort_by(|a: &Self, b: &Self| a.name.cmp(&b.name));
        fixtures
    }

    pub(crate) fn named(name: &str) -> Self {
        Self::all()
            .into_iter()
            .find(|fixture| fixture.name == name)
            .expect(name)
    }

    pub(crate) fn stream(&self) -> Vec<u8> {
        let path = directory().join(format!("{}.gob", self.name));
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn messages(&self) -> Vec<Vec<u8>> {
        messages(&self.stream())
    }
}

/// The bodies of the messages of a stream.
pub(crate) fn messages(mut stream: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while !stream.is_empty() {
        let (width, length) = parse_length_prefix(stream)
            .expect("a length")
            .expect("all of it");
        messages.push(stream[width..width + length].to_vec());
        stream = &stream[width + length..];
    }
    messages
}

/// Feeds messages until a value is complete.
pub(crate) fn fill(
    decoder: &mut Decoder,
    messages: &mut impl Iterator<Item = Vec<u8>>,
) -> Result<(), String> {
    for message in messages {
        match decoder.push_message(&message) {
            Ok(Progress::Ready) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("the stream ends too early".to_owned())
}
