//! What is left out, and what is there for it.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::super::{Bare, ByteString, Encoder, Field, GoError, GoUrl};
use super::Sample;
use crate::model::{AppError, Config};

#[test]
fn what_was_left_out_is_zero_or_nil() {
    assert_eq!(bool::absent(), Some(false));
    assert_eq!(i64::absent(), Some(0));
    assert_eq!(String::absent(), Some(String::new()));
    assert_eq!(Bytes::absent(), Some(Bytes::new()));
    assert_eq!(Vec::<Sample>::absent(), Some(Vec::new()));
    assert_eq!(BTreeMap::<String, String>::absent(), Some(BTreeMap::new()));
    assert_eq!(Map::<String, Value>::absent(), Some(Map::new()));
    assert_eq!(Option::<Sample>::absent(), Some(None));
    assert_eq!(GoError::absent(), Some(GoError::None));
    // A struct that was left out was a nil pointer.
    assert_eq!(Sample::absent(), None);
    assert_eq!(Box::<Sample>::absent(), None);
    assert_eq!(AppError::absent(), None);
    assert_eq!(Config::absent(), None);
}

#[test]
fn zeros_are_left_out_and_structs_are_not() {
    assert!(Vec::<i64>::new().is_zero());
    assert!(
        String::new().is_zero() && ByteString::default().is_zero() && GoUrl::default().is_zero()
    );
    assert!(Option::<bool>::None.is_zero());
    assert!(!Some(false).is_zero());
    assert!(!Sample::default().is_zero());
    assert!(!Box::new(Sample::default()).is_zero());
}

#[test]
fn a_nil_in_a_list_is_refused() {
    let error = Encoder::new()
        .encode(&Bare(vec![Some(1_i64), None]))
        .expect_err("nil");
    assert!(error.to_string().contains("nil"), "{error}");
}

#[test]
fn bytes_are_shown_escaped() {
    assert_eq!(
        format!("{:?}", ByteString::from(&b"a\xff\""[..])),
        r#""a\xff\"""#
    );
}
