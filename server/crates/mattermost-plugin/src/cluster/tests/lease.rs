use std::time::Duration;

use bytes::Bytes;
use tokio::time::advance;

use super::{Cluster, TTL};
use crate::api::test_host::TestHost;
use crate::cluster::{CLOCK_SKEW, Grant, Lease, Take};
use crate::error::Error;

async fn granted(lease: &mut Lease) -> Grant {
    match lease.take().await.unwrap() {
        Take::Granted(grant) => grant,
        Take::Held => panic!("held by somebody"),
    }
}

async fn is_held(lease: &mut Lease) -> bool {
    matches!(lease.take().await.unwrap(), Take::Held)
}

#[tokio::test(start_paused = true)]
async fn one_of_two_gets_it_and_tokens_grow() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let (mut first, mut second) = (one.lease("x"), two.lease("x"));
    let grant = granted(&mut first).await;
    assert!(is_held(&mut second).await);
    assert!(matches!(
        two.lease("another").take().await.unwrap(),
        Take::Granted(_)
    ));
    let token = grant.token();
    assert!(grant.release().await.unwrap());
    let next = granted(&mut second).await;
    assert!(next.token() > token);
    assert!(next.release().await.unwrap());
    assert!(granted(&mut first).await.token() > token + 1);
}

#[tokio::test(start_paused = true)]
async fn a_crashed_holder_is_followed_after_its_time_and_not_before() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let grant = granted(&mut one.lease("x")).await;
    let token = grant.token();
    drop(grant);
    let mut second = two.lease("x");
    advance(TTL + CLOCK_SKEW - Duration::from_millis(1)).await;
    assert!(is_held(&mut second).await);
    advance(Duration::from_millis(2)).await;
    assert!(granted(&mut second).await.token() > token);
}

#[tokio::test(start_paused = true)]
async fn a_renewed_lease_is_kept_whatever_the_others_clock_says_up_to_the_skew() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let ahead = cluster.instance(CLOCK_SKEW);
    let (mut first, mut second) = (one.lease("x"), ahead.lease("x"));
    let mut grant = granted(&mut first).await;
    for _ in 0..20 {
        advance(TTL - Duration::from_secs(1)).await;
        assert!(is_held(&mut second).await);
        assert!(grant.is_valid());
        assert!(grant.renew().await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_far_behind_delays_nobody_for_more_than_the_time_to_live() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::from_secs(3600));
    let two = cluster.instance(Duration::ZERO);
    // The record ends in an hour by the clock of the others.
    drop(granted(&mut one.lease("x")).await);
    let mut second = two.lease("x");
    assert!(is_held(&mut second).await);
    advance(TTL).await;
    assert!(is_held(&mut second).await);
    advance(Duration::from_millis(1)).await;
    granted(&mut second).await;
}

#[tokio::test(start_paused = true)]
async fn a_stolen_lease_is_noticed_and_the_tokens_decide() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let far_ahead = cluster.instance(Duration::from_secs(3600));
    let mut grant = granted(&mut one.lease("x")).await;
    let stolen = granted(&mut far_ahead.lease("x")).await;
    assert!(stolen.token() > grant.token());
    assert!(!grant.renew().await.unwrap());
    assert!(!grant.release().await.unwrap());
    assert!(is_held(&mut one.lease("x")).await);
}

#[tokio::test(start_paused = true)]
async fn lost_answers_are_found_out() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let mut lease = one.lease("x");
    one.lose_writes(&cluster.store, true);
    assert!(lease.take().await.unwrap_err().is_outcome_unknown());
    one.heal(&cluster.store);
    // The record names us, so nobody has to wait.
    let mut grant = granted(&mut lease).await;
    for reaches_the_store in [true, false, true] {
        one.lose_writes(&cluster.store, reaches_the_store);
        assert!(grant.renew().await.is_err());
        assert!(grant.renew().await.is_err());
        one.heal(&cluster.store);
        assert!(grant.renew().await.unwrap(), "{reaches_the_store}");
    }
    assert!(grant.release().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn late_reads_decide_nothing() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let mut grant = granted(&mut one.lease("x")).await;
    // A replica that has seen nothing yet.
    two.host.on("KVGet", |(_,): (String,)| Ok(Bytes::new()));
    assert!(is_held(&mut two.lease("x")).await);
    // A replica that stays at the first record while the holder renews.
    let old = cluster.store.get("lease_x").unwrap();
    two.host.on("KVGet", move |(_,): (String,)| Ok(old.clone()));
    let mut second = two.lease("x");
    for _ in 0..10 {
        assert!(is_held(&mut second).await);
        advance(TTL / 2).await;
        assert!(grant.renew().await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn records_end_after_a_day_and_tokens_still_grow() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let mut lease = one.lease("x");
    let grant = granted(&mut lease).await;
    let token = grant.token();
    grant.release().await.unwrap();
    advance(Duration::from_secs(25 * 3600)).await;
    assert_eq!(cluster.store.get("lease_x"), None);
    assert!(granted(&mut lease).await.token() > token);
}

#[test]
fn impossible_leases_are_refused() {
    let (_, api) = TestHost::with_store();
    for (name, ttl) in [
        ("", TTL),
        ("x", Duration::from_secs(1)),
        ("x", Duration::from_secs(100_000)),
        (&*"n".repeat(145), TTL),
    ] {
        assert!(
            matches!(Lease::new(&api, name, ttl), Err(Error::Invalid(_))),
            "{name:?} {ttl:?}"
        );
    }
}
