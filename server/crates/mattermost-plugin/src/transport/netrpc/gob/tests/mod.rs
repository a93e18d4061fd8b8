mod any;
mod config;
mod containers;
mod decoder;
mod hostile;
mod identity;
mod merging;
mod nesting;
mod unknown;

use gobwire::{Decode, Encode, Result, parse_length_prefix};
use mattermost_plugin_derive::GoModel;
use serde_json::{Map, Value};

use super::{Bare, ByteString, Decoder, Encoder, Field, Progress};

/// The bodies of the messages of a stream.
fn messages(mut stream: &[u8]) -> Vec<Vec<u8>> {
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

/// Decodes the next value from messages.
fn receive<T: Decode + Default>(decoder: &mut Decoder, stream: &[u8]) -> Result<T> {
    for message in messages(stream) {
        if decoder.push_message(&message)? == Progress::Ready {
            return decoder.decode();
        }
    }
    panic!("the stream ends inside a value");
}

fn bytes_of<T: Encode>(value: &T) -> Vec<u8> {
    Encoder::new().encode(value).expect("encodable")
}

/// What arrives of a whole message.
fn carried<T: Encode + Decode + Default>(value: &T) -> T {
    receive(&mut Decoder::new(), &bytes_of(value)).expect("decodable")
}

/// What arrives of a field.
fn carried_field<T: Field>(value: T) -> T {
    carried(&Bare(value)).0
}

/// A model of this test, with a field of each kind of impl.
#[derive(Debug, Clone, Default, PartialEq, GoModel)]
struct Sample {
    flag: bool,
    #[go(name = "ID")]
    id: String,
    raw: ByteString,
    signed: i64,
    narrow: i32,
    unsigned: u64,
    port: u16,
    float: f64,
    pointer: Option<String>,
    names: Vec<String>,
    props: Map<String, Value>,
    any: Value,
    children: Vec<Sample>,
    next: Option<Box<Sample>>,
    #[go(skip)]
    local: i64,
}
