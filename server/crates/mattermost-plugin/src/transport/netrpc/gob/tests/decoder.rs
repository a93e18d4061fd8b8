//! Type definitions inside values, as Go's encoder writes them.

use gobwire::{Dynamic, Error};
use serde_json::json;

use super::super::{Bare, Decoder, Encoder, Letters, Progress};
use super::{messages, receive};
use crate::model::AppError;

/// `Letters((any, string))` from Go: `any` holds a `map[string]interface {}` whose type the stream
/// meets there first. Go cuts the value behind the definition.
struct FromGo {
    outer: Vec<Vec<u8>>,
    map_definition: Vec<u8>,
    /// The value up to the definition, from it, and all of it.
    head: Vec<u8>,
    tail: Vec<u8>,
}

fn from_go() -> FromGo {
    let sent = Letters((json!({"k": "v"}), "after".to_owned()));
    let all = messages(&Encoder::new().encode(&sent).expect("encodable"));
    // Ours defines the map before the value: outer struct, map, value.
    let [outer, map_definition, value] = <[Vec<u8>; 3]>::try_from(all).expect("three messages");
    let name = b"map[string]interface {}";
    let at = value
        .windows(name.len())
        .position(|window| window == name)
        .expect("the name")
        + name.len();
    FromGo {
        outer: vec![outer],
        map_definition,
        head: value[..at].to_vec(),
        tail: value[at..].to_vec(),
    }
}

fn expected() -> Letters<(serde_json::Value, String)> {
    Letters((json!({"k": "v"}), "after".to_owned()))
}

#[test]
fn a_value_goes_on_in_the_next_message() {
    let go = from_go();
    let mut decoder = Decoder::new();
    for message in &go.outer {
        decoder.push_message(message).expect("a definition");
    }
    let first = [go.head, go.map_definition].concat();
    assert_eq!(
        decoder.push_message(&first).expect("the start"),
        Progress::NeedMore
    );
    assert_eq!(
        decoder.push_message(&go.tail).expect("the end"),
        Progress::Ready
    );
    assert_eq!(
        decoder
            .decode::<Letters<(serde_json::Value, String)>>()
            .expect("decodable"),
        expected()
    );
}

/// Inside a nested interface the definition is followed by the count of the bytes that follow.
#[test]
fn a_definition_and_the_rest_in_one_message() {
    let go = from_go();
    let mut decoder = Decoder::new();
    for message in &go.outer {
        decoder.push_message(message).expect("a definition");
    }
    let count = u8::try_from(go.tail.len()).expect("short");
    let message = [go.head, go.map_definition, vec![count], go.tail].concat();
    assert_eq!(
        decoder.push_message(&message).expect("the value"),
        Progress::Ready
    );
    assert_eq!(
        decoder
            .decode::<Letters<(serde_json::Value, String)>>()
            .expect("decodable"),
        expected()
    );
}

/// What a value defined is known afterwards, even when the value itself could not be decoded or
/// nobody wanted it.
#[test]
fn definitions_outlive_their_value() {
    for wanted in [true, false] {
        let go = from_go();
        let mut decoder = Decoder::new();
        for message in &go.outer {
            decoder.push_message(message).expect("a definition");
        }
        decoder
            .push_message(&[go.head.clone(), go.map_definition].concat())
            .expect("the start");
        decoder.push_message(&go.tail).expect("the end");
        if wanted {
            decoder
                .decode::<Letters<(i64,)>>()
                .expect_err("another type");
        } else {
            decoder.discard().expect("a value");
        }
        let again = [go.head, go.tail].concat();
        assert_eq!(
            decoder.push_message(&again).expect("the value"),
            Progress::Ready
        );
        assert_eq!(
            decoder
                .decode::<Letters<(serde_json::Value, String)>>()
                .expect("decodable"),
            expected()
        );
    }
}

#[test]
fn a_definition_must_be_new() {
    let go = from_go();
    let mut decoder = Decoder::new();
    for message in go.outer.iter().chain([&go.map_definition]) {
        decoder.push_message(message).expect("a definition");
    }
    let error = decoder
        .push_message(&[go.head, go.map_definition].concat())
        .expect_err("known");
    assert!(matches!(error, Error::DuplicateType(_)), "{error}");
}

#[test]
fn a_value_has_a_limited_number_of_messages() {
    let go = from_go();
    let mut decoder = Decoder::new();
    for message in &go.outer {
        decoder.push_message(message).expect("a definition");
    }
    decoder.push_message(&go.head).expect("the start");
    let refused = (0..2000).find_map(|_| decoder.push_message(&[]).err());
    assert!(refused.expect("a limit").to_string().contains("messages"));
    // The stream goes on.
    assert!(decoder.push_message(&go.map_definition).is_ok());
}

#[test]
fn other_types_than_json_become_json() {
    let error = AppError::new("There", "it failed", 404);
    let mut encoder = Encoder::new();
    let held = super::super::GoError::App(error);
    let stream = encoder.encode(&Bare(held)).expect("encodable");
    let value: Bare<serde_json::Value> = receive(&mut Decoder::new(), &stream).expect("decodable");
    assert_eq!(
        value.0,
        json!({"id": "", "message": "it failed", "detailed_error": "", "status_code": 404})
    );
}

/// `gobwire` itself reads what is sent.
#[test]
fn another_decoder_reads_it() {
    let stream = Encoder::new().encode(&expected()).expect("encodable");
    let mut decoder = gobwire::Decoder::new();
    for message in messages(&stream) {
        if decoder.push_message(&message).expect("a message") == Progress::Ready {
            let value: Dynamic = decoder.decode().expect("decodable");
            assert!(value.ty.is_struct());
        }
    }
}
