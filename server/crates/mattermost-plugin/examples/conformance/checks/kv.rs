//! The key-value store.

use std::time::Duration;

use mattermost_plugin::api::KvSet;

use super::World;
use crate::table::{Checked, Failure, Table, ensure};

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let (kv, host) = (world.api.kv(), world.api.host());
    table
        .check("KVSet", async {
            kv.set("conformance_a", "one").await?;
            // Bytes that are no text.
            Ok(kv.set("conformance_b", vec![0u8, 255, 1]).await?)
        })
        .await;
    table
        .check("KVGet", async {
            expect(world, "conformance_a", Some(b"one")).await?;
            expect(world, "conformance_b", Some(&[0, 255, 1])).await?;
            expect(world, "conformance_missing", None).await
        })
        .await;
    table
        .check("KVSetWithOptions", async {
            let lost = kv
                .set_with("conformance_a", "two", KvSet::new().if_absent())
                .await?;
            ensure(!lost, "if_absent replaced a value")?;
            let lost = kv
                .set_with("conformance_a", "two", KvSet::new().if_equals("other"))
                .await?;
            ensure(!lost, "if_equals replaced another value")?;
            let won = kv
                .set_with("conformance_a", "two", KvSet::new().if_equals("one"))
                .await?;
            ensure(won, "if_equals did not replace the value")?;
            let short = KvSet::new().if_absent().ttl(Duration::from_secs(1));
            ensure(
                kv.set_with("conformance_short", "x", short).await?,
                "if_absent did not insert",
            )?;
            ends(world, "conformance_short").await
        })
        .await;
    table
        .check("KVSetWithExpiry", async {
            host.kv_set_with_expiry("conformance_short".to_owned(), "x".into(), 1)
                .await?;
            expect(world, "conformance_short", Some(b"x")).await?;
            ends(world, "conformance_short").await
        })
        .await;
    table
        .check("KVCompareAndSet", async {
            let set = |old: &'static str, new: &'static str| {
                host.kv_compare_and_set("conformance_c".to_owned(), old.into(), new.into())
            };
            ensure(set("", "one").await?, "it did not insert")?;
            ensure(!set("", "two").await?, "it inserted over a value")?;
            ensure(set("one", "two").await?, "it did not replace")?;
            expect(world, "conformance_c", Some(b"two")).await
        })
        .await;
    table
        .check("KVCompareAndDelete", async {
            ensure(
                !kv.delete_if_equals("conformance_c", "one").await?,
                "it deleted another value",
            )?;
            ensure(
                kv.delete_if_equals("conformance_c", "two").await?,
                "it did not delete",
            )?;
            expect(world, "conformance_c", None).await
        })
        .await;
    table
        .check("KVList", async {
            let keys = kv.keys("conformance_").await?;
            ensure(
                keys == ["conformance_a", "conformance_b"],
                format!("it has {keys:?}"),
            )?;
            let first = kv.keys_page(0, 1).await?;
            ensure(
                first.len() == 1,
                format!("a page of one has {}", first.len()),
            )
        })
        .await;
    table
        .check("KVDelete", async {
            kv.delete("conformance_a").await?;
            kv.delete("conformance_missing").await?;
            expect(world, "conformance_a", None).await
        })
        .await;
    table
        .check("KVDeleteAll", async {
            kv.delete_all().await?;
            let keys = kv.keys("").await?;
            ensure(keys.is_empty(), format!("{keys:?} are left"))
        })
        .await;
}

async fn expect(world: &World<'_>, key: &str, value: Option<&[u8]>) -> Checked {
    let stored = world.api.kv().get(key).await?;
    ensure(stored.as_deref() == value, format!("{key} is {stored:?}"))
}

/// Waits until a value that lives for a second is gone.
async fn ends(world: &World<'_>, key: &str) -> Checked {
    for _ in 0..50 {
        if world.api.kv().get(key).await?.is_none() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Failure::new(
        "a value that lives for a second is still there after five",
    ))
}
