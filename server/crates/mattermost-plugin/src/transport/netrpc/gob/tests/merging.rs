//! Decoding into a value that is not empty, as Go's decoder does.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::{Decoder, Encoder, Letters, Progress};
use super::{Sample, messages};

fn merged<T: gobwire::Encode, U: gobwire::Decode>(sent: &T, mut into: U) -> U {
    let mut decoder = Decoder::new();
    for message in messages(&Encoder::new().encode(sent).expect("encodable")) {
        if decoder.push_message(&message).expect("a message") == Progress::Ready {
            decoder.decode_into(&mut into).expect("decodable");
        }
    }
    into
}

#[test]
fn what_is_not_sent_stays() {
    let before = Sample {
        id: "old".into(),
        signed: 5,
        names: vec!["a".into()],
        pointer: Some("p".into()),
        ..Sample::default()
    };
    let sent = Sample {
        id: "new".into(),
        ..Sample::default()
    };
    assert_eq!(
        merged(&sent, before.clone()),
        Sample {
            id: "new".into(),
            ..before
        }
    );
}

#[test]
fn pointers_merge_and_interfaces_do_not() {
    let inner = Sample {
        id: "old".into(),
        signed: 5,
        ..Sample::default()
    };
    let before = Sample {
        next: Some(Box::new(inner)),
        any: json!({"a": 1}),
        ..Sample::default()
    };
    let sent = Sample {
        next: Some(Box::new(Sample {
            id: "new".into(),
            ..Sample::default()
        })),
        any: json!({"b": 2}),
        ..Sample::default()
    };
    let after = merged(&sent, before);
    assert_eq!(
        after.next.as_deref(),
        Some(&Sample {
            id: "new".into(),
            signed: 5,
            ..Sample::default()
        })
    );
    assert_eq!(after.any, json!({"b": 2}));
}

#[test]
fn maps_gain_entries() {
    let map = |entries: &[(&str, i64)]| {
        Letters((entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), *value))
            .collect::<BTreeMap<_, _>>(),))
    };
    assert_eq!(
        merged(&map(&[("b", 20), ("c", 30)]), map(&[("a", 1), ("b", 2)])),
        map(&[("a", 1), ("b", 20), ("c", 30)])
    );
}

#[test]
fn lists_take_the_length_that_was_sent() {
    let list = |items: &[i64]| Letters((items.to_vec(),));
    assert_eq!(merged(&list(&[7]), list(&[1, 2, 3])), list(&[7]));
    assert_eq!(merged(&list(&[7, 8]), list(&[1])), list(&[7, 8]));
}

#[test]
fn a_field_of_another_type_is_refused_even_when_it_is_absent() {
    let mut decoder = Decoder::new();
    let stream = Encoder::new()
        .encode(&Letters((String::new(), 1_i64)))
        .expect("encodable");
    let error =
        super::receive::<Letters<(i64, i64)>>(&mut decoder, &stream).expect_err("A is a string");
    assert!(error.to_string().contains("wrong type"), "{error}");
}

#[test]
fn nothing_in_common_is_refused_unless_a_side_is_empty() {
    let sample = Encoder::new()
        .encode(&Sample {
            id: "x".into(),
            ..Sample::default()
        })
        .expect("encodable");
    assert!(super::receive::<Letters<(String,)>>(&mut Decoder::new(), &sample).is_err());
    assert!(super::receive::<Letters<()>>(&mut Decoder::new(), &sample).is_ok());
    let empty = Encoder::new().encode(&Letters(())).expect("encodable");
    assert!(super::receive::<Letters<(String,)>>(&mut Decoder::new(), &empty).is_ok());
}
