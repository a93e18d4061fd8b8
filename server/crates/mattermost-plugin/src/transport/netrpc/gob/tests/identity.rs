//! What is encoded is what is decoded.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;

use super::super::{Bare, Decoder, Encoder, GoError, GoUrl, Letters};
use super::{ByteString, Sample, carried, carried_field, receive};
use crate::error::HookError;
use crate::model::AppError;

fn byte_string() -> impl Strategy<Value = ByteString> {
    vec(any::<u8>(), 0..40).prop_map(ByteString::from)
}

fn sample() -> impl Strategy<Value = Sample> {
    let leaf = (
        (
            any::<bool>(),
            any::<String>(),
            byte_string(),
            any::<i64>(),
            any::<i32>(),
            any::<u64>(),
        ),
        (
            any::<u16>(),
            -1e300..1e300,
            any::<Option<String>>(),
            vec(any::<String>(), 0..4),
            super::any::json(),
        ),
    )
        .prop_map(
            |((flag, id, raw, signed, narrow, unsigned), (port, float, pointer, names, any))| {
                Sample {
                    flag,
                    id,
                    raw,
                    signed,
                    narrow,
                    unsigned,
                    port,
                    float,
                    pointer,
                    names,
                    props: any.as_object().cloned().unwrap_or_default(),
                    any,
                    ..Sample::default()
                }
            },
        );
    leaf.prop_recursive(4, 24, 4, |inner| {
        (
            inner.clone(),
            vec(inner.clone(), 0..4),
            proptest::option::of(inner),
        )
            .prop_map(|(sample, children, next)| Sample {
                children,
                next: next.map(Box::new),
                ..sample
            })
    })
}

proptest! {
    #[test]
    fn scalars(flag: bool, signed: i64, narrow: i32, wide: u64, unsigned: u32, port: u16, float in -1e308..1e308_f64) {
        prop_assert_eq!(carried_field(flag), flag);
        prop_assert_eq!(carried_field(signed), signed);
        prop_assert_eq!(carried_field(narrow), narrow);
        prop_assert_eq!(carried_field(wide), wide);
        prop_assert_eq!(carried_field(unsigned), unsigned);
        prop_assert_eq!(carried_field(port), port);
        prop_assert_eq!(carried_field(float), float);
    }

    #[test]
    fn text(text: String, raw in byte_string(), bytes in vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(&carried_field(text.clone()), &text);
        prop_assert_eq!(&carried_field(raw.clone()), &raw);
        prop_assert_eq!(carried_field(GoUrl(raw.clone())), GoUrl(raw));
        prop_assert_eq!(carried_field(Bytes::from(bytes.clone())), Bytes::from(bytes));
    }

    /// Bytes that are not UTF-8 are replaced in a `String`, and nothing else fails for it.
    #[test]
    fn text_that_is_not_unicode(raw in byte_string()) {
        let stream = Encoder::new().encode(&Bare(raw.clone())).expect("encodable");
        let text: Bare<String> = receive(&mut Decoder::new(), &stream).expect("decodable");
        prop_assert_eq!(text.0, raw.to_string_lossy());
    }

    #[test]
    fn collections(
        items in vec(any::<Option<String>>().prop_filter("a nil cannot be an element", Option::is_some), 0..6),
        nested in vec(vec(any::<i64>(), 0..4), 0..4),
        tree in btree_map(byte_string(), vec(any::<bool>(), 0..3), 0..5),
        hash in hash_map(any::<String>(), any::<u32>(), 0..5),
    ) {
        prop_assert_eq!(&carried_field(items.clone()), &items);
        prop_assert_eq!(&carried_field(nested.clone()), &nested);
        prop_assert_eq!(carried_field::<BTreeMap<_, _>>(tree.clone()), tree);
        prop_assert_eq!(carried_field::<HashMap<_, _>>(hash.clone()), hash);
    }

    #[test]
    fn structs(sample in sample()) {
        prop_assert_eq!(&carried(&sample), &sample);
        prop_assert_eq!(carried(&Letters((sample.clone(), Some(sample.clone())))), Letters((sample.clone(), Some(sample))));
    }

    /// Types are described once on a stream, whatever is sent in which order.
    #[test]
    fn streams(samples in vec(sample(), 1..4), tail: String) {
        let (mut encoder, mut decoder) = (Encoder::new(), Decoder::new());
        for sample in samples {
            let stream = encoder.encode(&sample).expect("encodable");
            prop_assert_eq!(receive::<Sample>(&mut decoder, &stream).expect("decodable"), sample);
        }
        let stream = encoder.encode(&Bare(tail.clone())).expect("encodable");
        prop_assert_eq!(receive::<Bare<String>>(&mut decoder, &stream).expect("decodable").0, tail);
    }

    #[test]
    fn errors(code: i64, text: String, status: u16) {
        let app = AppError::new("Place", text.clone(), status).with_detail("detail").with_id("some.id");
        for error in [GoError::None, GoError::Text { code, text }, GoError::App(app)] {
            prop_assert_eq!(&carried_field(error.clone()), &error);
        }
    }
}

#[test]
fn a_pointer_to_zero_is_not_nil() {
    let cleared = Letters((
        Some(false),
        Some(String::new()),
        Some(0_i64),
        Option::<i64>::None,
    ));
    assert_eq!(carried(&cleared), cleared);
}

#[test]
fn skipped_fields_stay_here() {
    let sample = Sample {
        local: 7,
        flag: true,
        ..Sample::default()
    };
    assert_eq!(
        carried(&sample),
        Sample {
            flag: true,
            ..Sample::default()
        }
    );
}

#[test]
fn letters_of_every_number() {
    assert_eq!(carried(&Letters(())), Letters(()));
    assert_eq!(carried(&Letters((1_i64,))), Letters((1_i64,)));
    let eight = Letters((
        1_i64,
        true,
        "c".to_owned(),
        4_u32,
        5.0,
        Bytes::from_static(b"f"),
        vec![7_i64],
        Some(8_u64),
    ));
    assert_eq!(carried(&eight), eight);
    let zero = Letters((
        0_i64,
        false,
        String::new(),
        0_u32,
        0.0,
        Bytes::new(),
        Vec::<i64>::new(),
        None::<u64>,
    ));
    assert_eq!(carried(&zero), zero);
}

#[test]
fn errors_convert() {
    assert_eq!(GoError::from(Ok::<(), HookError>(())), GoError::None);
    let failed: Result<(), HookError> = Err(HookError::new("it broke"));
    assert_eq!(GoError::from(failed), GoError::text("it broke"));
    assert_eq!(
        GoError::text("it broke").into_hook_result(),
        Err(HookError::new("it broke"))
    );
    let missing = GoError::Text {
        code: 2,
        text: "sql: no rows in result set".into(),
    };
    assert!(missing.into_result().expect_err("an error").is_not_found());
    let app = AppError::new("Place", "no", 400);
    assert_eq!(GoError::from(app.clone()).into_app_error(), Some(app));
    assert!(GoError::None.into_result().is_ok());
}
