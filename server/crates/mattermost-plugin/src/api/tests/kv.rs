use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::invalid;
use crate::api::test_host::TestHost;
use crate::api::{Api, KEY_MAX_RUNES, KvSet};
use crate::error::Error;

#[tokio::test]
async fn values_come_back_and_empty_ones_are_none() {
    let (_, api) = TestHost::with_store();
    let kv = api.kv();
    assert_eq!(kv.get("key").await.unwrap(), None);
    kv.set("key", "value").await.unwrap();
    assert_eq!(kv.get("key").await.unwrap().unwrap(), "value");
    kv.set("key", Bytes::new()).await.unwrap();
    assert_eq!(kv.get("key").await.unwrap(), None);
    kv.set_json("json", &json!({"a": 1})).await.unwrap();
    assert_eq!(
        kv.get_json::<serde_json::Value>("json")
            .await
            .unwrap()
            .unwrap()["a"],
        1
    );
    let reason = invalid(kv.get_json::<Vec<String>>("json").await);
    assert!(
        reason.contains("\"json\"") && !reason.contains("{\"a\""),
        "{reason}"
    );
}

#[tokio::test(start_paused = true)]
async fn conditions_and_ends_are_kept() {
    let (_, api) = TestHost::with_store();
    let kv = api.kv();
    assert!(
        kv.set_with(
            "key",
            "1",
            KvSet::new().if_absent().ttl(Duration::from_secs(5))
        )
        .await
        .unwrap()
    );
    assert!(
        !kv.set_with("key", "2", KvSet::new().if_absent())
            .await
            .unwrap()
    );
    assert!(
        !kv.set_with("key", "2", KvSet::new().if_equals("0"))
            .await
            .unwrap()
    );
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(kv.get("key").await.unwrap(), None);
    assert!(
        kv.set_with("key", "3", KvSet::new().if_absent())
            .await
            .unwrap()
    );
    assert!(!kv.delete_if_equals("key", "2").await.unwrap());
    assert!(kv.delete_if_equals("key", "3").await.unwrap());
}

#[tokio::test]
async fn impossible_keys_are_refused_before_anything_is_sent() {
    let api = Api::new(Arc::new(TestHost::default()));
    let longest = "é".repeat(KEY_MAX_RUNES);
    for key in ["", &format!("{longest}x"), "mmi_botid"] {
        invalid(api.kv().set(key, "value").await);
        invalid(api.kv().set_with(key, "value", KvSet::new()).await);
        invalid(api.kv().delete(key).await);
    }
    // 150 runes are allowed although they are 300 bytes: the call reaches the host.
    assert!(matches!(
        api.kv().set(&longest, "v").await,
        Err(Error::Unsupported { .. })
    ));
    assert!(matches!(
        api.kv().get("mmi_botid").await,
        Err(Error::Unsupported { .. })
    ));
}

#[tokio::test]
async fn all_keys_are_listed_over_pages() {
    let (_, api) = TestHost::with_store();
    for number in 0..2500 {
        api.kv()
            .set(&format!("build_{number:04}"), "x")
            .await
            .unwrap();
    }
    api.kv().set("other", "x").await.unwrap();
    let keys = api.kv().keys("build_").await.unwrap();
    assert_eq!(keys.len(), 2500);
    assert!(keys.is_sorted());
    assert_eq!(api.kv().keys("").await.unwrap().len(), 2501);
}
