use std::sync::Arc;
use std::time::Duration;

use tokio::time::{advance, sleep};
use tokio_util::sync::CancellationToken;

use super::Cluster;
use crate::cluster::Presence;

const ALIVE: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn an_instance_is_alive_while_it_announces_and_gone_when_it_withdraws() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let first = Arc::new(Presence::new(one.api.clone(), "alive_", ALIVE));
    let second = Presence::new(two.api.clone(), "alive_", ALIVE);
    assert_ne!(first.id(), second.id());
    assert!(!second.is_alive(first.id()).await.unwrap());
    let stop = CancellationToken::new();
    let running = {
        let (first, stop) = (Arc::clone(&first), stop.clone());
        tokio::spawn(async move { first.run(stop).await })
    };
    for _ in 0..10 {
        sleep(ALIVE).await;
        assert!(second.is_alive(first.id()).await.unwrap());
        assert!(first.is_certain());
    }
    stop.cancel();
    running.await.unwrap();
    assert!(!second.is_alive(first.id()).await.unwrap());
    assert!(!first.is_certain());
}

#[tokio::test(start_paused = true)]
async fn a_crashed_instance_is_gone_after_its_time_to_live() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let first = Presence::new(one.api.clone(), "alive_", ALIVE);
    let second = Presence::new(two.api.clone(), "alive_", ALIVE);
    first.announce().await.unwrap();
    advance(ALIVE - Duration::from_millis(1)).await;
    assert!(second.is_alive(first.id()).await.unwrap());
    assert!(first.is_certain());
    advance(Duration::from_millis(1)).await;
    assert!(!second.is_alive(first.id()).await.unwrap());
    assert!(
        !first.is_certain(),
        "it knows by itself that the others may take over"
    );
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_cannot_announce_stops_being_certain() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let first = Presence::new(one.api.clone(), "alive_", ALIVE);
    first.announce().await.unwrap();
    one.lose_writes(&cluster.store, false);
    advance(ALIVE / 2).await;
    assert!(first.announce().await.is_err());
    assert!(first.is_certain());
    advance(ALIVE / 2).await;
    assert!(!first.is_certain());
    one.heal(&cluster.store);
    first.announce().await.unwrap();
    assert!(first.is_certain());
}
