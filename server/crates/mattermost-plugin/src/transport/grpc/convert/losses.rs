//! What was to be sent and cannot be.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static REPORTED: Mutex<BTreeSet<(&str, &str)>> = Mutex::new(BTreeSet::new());

/// Reports, once for each field, that a value other than the default does not travel.
pub(crate) fn lost<T: Default + PartialEq>(model: &'static str, field: &'static str, value: &T) {
    if *value != T::default() {
        report(model, field);
    }
}

fn report(model: &'static str, field: &'static str) {
    let first = REPORTED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert((model, field));
    if first {
        tracing::warn!(
            model,
            field,
            "the server's gRPC protocol does not carry this field"
        );
    }
}
