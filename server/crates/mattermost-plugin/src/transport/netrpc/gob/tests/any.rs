//! JSON as Go's `any`.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::{Bare, Encoder, MAX_NESTING};
use super::{bytes_of, carried_field};

/// JSON as it comes from `encoding/json`: whole numbers are integers however they were written.
pub(super) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9_f64)
            .prop_filter("no whole numbers", |number| number.fract() != 0.0)
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_carried(value in json()) {
        prop_assert_eq!(&carried_field(value.clone()), &value);
        let props: Map<String, Value> = [("key".to_owned(), value)].into_iter().collect();
        prop_assert_eq!(&carried_field(props.clone()), &props);
    }
}

/// The name of a registered type on the wire, after its length.
fn names(value: Value, name: &str) -> bool {
    let mut marked = vec![u8::try_from(name.len()).expect("a short name")];
    marked.extend_from_slice(name.as_bytes());
    bytes_of(&Bare(value))
        .windows(marked.len())
        .any(|window| window == marked)
}

#[test]
fn only_registered_types_are_sent() {
    for (value, name) in [
        (json!("text"), "string"),
        (json!(true), "bool"),
        (json!(7), "int64"),
        (json!(u64::MAX), "uint64"),
        (json!(1.5), "float64"),
        (json!([1]), "[]interface {}"),
        (json!({"a": 1}), "map[string]interface {}"),
    ] {
        assert!(names(value.clone(), name), "{value}");
    }
    // Inside JSON, numbers are those of encoding/json unless that would change them.
    assert!(names(json!({"a": 7}), "float64"));
    assert!(!names(json!({"a": 7}), "int64"));
    assert!(names(json!({"a": (1_i64 << 53) + 1}), "int64"));
}

#[test]
fn whole_floats_become_integers() {
    assert_eq!(
        carried_field(json!({"a": 5.0, "b": [-2.0, 1e300, 0.5]})),
        json!({"a": 5, "b": [-2, 1e300, 0.5]})
    );
}

#[test]
fn null_inside_collections_is_nil() {
    let value = json!({"a": null, "b": [null, {"c": null}], "d": {}, "e": []});
    assert_eq!(carried_field(value.clone()), value);
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("core"), |inner, level| {
        if level % 2 == 0 {
            json!([inner])
        } else {
            json!({"k": inner})
        }
    })
}

#[test]
fn nesting_is_limited() {
    let deep = nested(MAX_NESTING - 1);
    assert_eq!(carried_field(deep.clone()), deep);
    let error = Encoder::new()
        .encode(&Bare(nested(MAX_NESTING + 2)))
        .expect_err("too deep");
    assert!(error.to_string().contains("nested deeper"), "{error}");
}
