use bytes::Bytes;
use mattermost_plugin::model::KvSetOptions;

use super::kv::{KEY_MAX_RUNES, KeyValueStore};

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn plain() -> KvSetOptions {
    KvSetOptions::default()
}

fn atomic(old: &str) -> KvSetOptions {
    KvSetOptions {
        atomic: true,
        old_value: bytes(old),
        ..KvSetOptions::default()
    }
}

fn expiring(seconds: i64) -> KvSetOptions {
    KvSetOptions {
        expire_in_seconds: seconds,
        ..KvSetOptions::default()
    }
}

#[test]
fn a_value_is_gone_when_its_time_is_over() {
    let mut store = KeyValueStore::default();
    assert_eq!(store.set("a", bytes("1"), &expiring(2), 10_000), Ok(true));
    assert_eq!(store.get("a", 11_999), bytes("1"));
    assert_eq!(store.get("a", 12_000), Bytes::new());
    assert!(store.list(0, 10, 12_000).is_empty());
}

#[test]
fn an_expired_value_can_be_inserted_again_but_not_compared_with() {
    let mut store = KeyValueStore::default();
    store.set("a", bytes("1"), &expiring(1), 0).unwrap();
    assert_eq!(store.set("a", bytes("2"), &atomic("1"), 1_500), Ok(false));
    assert_eq!(store.compare_and_delete("a", &bytes("1"), 1_500), Ok(false));
    assert_eq!(store.set("a", bytes("2"), &atomic(""), 1_500), Ok(true));
    assert_eq!(store.get("a", 1_500), bytes("2"));
}

#[test]
fn atomic_without_an_old_value_inserts_only() {
    let mut store = KeyValueStore::default();
    assert_eq!(store.set("a", bytes("1"), &atomic(""), 0), Ok(true));
    assert_eq!(store.set("a", bytes("2"), &atomic(""), 0), Ok(false));
    assert_eq!(store.get("a", 0), bytes("1"));
}

#[test]
fn compare_and_set_needs_the_present_value() {
    let mut store = KeyValueStore::default();
    store.set("a", bytes("1"), &plain(), 0).unwrap();
    assert_eq!(store.set("a", bytes("2"), &atomic("x"), 0), Ok(false));
    assert_eq!(store.set("a", bytes("2"), &atomic("1"), 0), Ok(true));
    assert_eq!(store.set("b", bytes("2"), &atomic("1"), 0), Ok(false));
}

#[test]
fn nothing_as_value_deletes() {
    let mut store = KeyValueStore::default();
    store.set("a", bytes("1"), &plain(), 0).unwrap();
    assert_eq!(store.set("a", Bytes::new(), &plain(), 0), Ok(true));
    assert!(store.get("a", 0).is_empty());
    store.set("a", bytes("1"), &plain(), 0).unwrap();
    assert_eq!(store.set("a", Bytes::new(), &atomic("x"), 0), Ok(false));
    assert_eq!(store.set("a", Bytes::new(), &atomic("1"), 0), Ok(true));
    assert_eq!(store.len(0), 0);
}

#[test]
fn an_old_value_without_atomic_is_an_error() {
    let mut store = KeyValueStore::default();
    let options = KvSetOptions {
        old_value: bytes("1"),
        ..KvSetOptions::default()
    };
    let error = store.set("a", bytes("2"), &options, 0).unwrap_err();
    assert_eq!(
        error.id,
        "model.plugin_kvset_options.is_valid.old_value.app_error"
    );
}

#[test]
fn keys_are_counted_in_runes() {
    let mut store = KeyValueStore::default();
    let longest = "ü".repeat(KEY_MAX_RUNES);
    assert_eq!(store.set(&longest, bytes("1"), &plain(), 0), Ok(true));
    let error = store
        .set(&format!("{longest}x"), bytes("1"), &plain(), 0)
        .unwrap_err();
    assert_eq!(
        (error.id.as_str(), error.status_code),
        ("model.plugin_key_value.is_valid.key.app_error", 400)
    );
    assert!(store.set("", bytes("1"), &plain(), 0).is_err());
}

#[test]
fn listing_is_ordered_and_paged() {
    let mut store = KeyValueStore::default();
    for key in ["c", "a", "b", "d"] {
        store.set(key, bytes("1"), &plain(), 0).unwrap();
    }
    assert_eq!(store.list(0, 3, 0), ["a", "b", "c"]);
    assert_eq!(store.list(1, 3, 0), ["d"]);
    assert_eq!(store.list(0, 0, 0).len(), 4, "no page size means ten");
    for number in 0..20 {
        store
            .set(&format!("k{number:02}"), bytes("1"), &plain(), 0)
            .unwrap();
    }
    assert_eq!(store.list(0, -1, 0).len(), 10);
}
