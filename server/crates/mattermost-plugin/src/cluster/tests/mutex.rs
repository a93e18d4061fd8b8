use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{Cluster, TTL};

#[tokio::test(start_paused = true)]
async fn contenders_work_one_at_a_time() {
    let cluster = Cluster::new();
    let instances = [
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    ];
    let inside = Arc::new(AtomicBool::new(false));
    let done = Arc::new(AtomicUsize::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for instance in &instances {
        let mutex = instance.mutex("x");
        for _ in 0..5 {
            let (mutex, inside, done) = (mutex.clone(), inside.clone(), done.clone());
            tasks.spawn(async move {
                let guard = mutex.lock().await.unwrap();
                assert!(
                    !inside.swap(true, Ordering::SeqCst),
                    "somebody else is inside"
                );
                // Longer than the time to live, so that renewals carry it.
                sleep(TTL * 3).await;
                assert!(!guard.is_lost());
                inside.store(false, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
                assert!(guard.unlock().await.unwrap());
            });
        }
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    assert_eq!(done.load(Ordering::SeqCst), 10);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_guard_gives_the_lock_back() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let guard = one.mutex("x").try_lock().await.unwrap().unwrap();
    assert!(two.mutex("x").try_lock().await.unwrap().is_none());
    let began = Instant::now();
    drop(guard);
    let guard = timeout(TTL * 4, two.mutex("x").lock())
        .await
        .unwrap()
        .unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "nobody waited for the time to live"
    );
    assert!(two.mutex("x").try_lock().await.unwrap().is_none());
    drop(guard);
}

#[tokio::test(start_paused = true)]
async fn a_cut_off_holder_knows_before_the_next_one_begins() {
    let cluster = Cluster::new();
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let guard = one.mutex("x").lock().await.unwrap();
    one.lose_writes(&cluster.store, false);
    let began = Instant::now();
    let lost = guard.lost();
    let holder = tokio::spawn(async move {
        let work = guard.unless_lost(std::future::pending::<()>()).await;
        assert!(work.is_none());
        let noticed = Instant::now();
        assert!(!guard.unlock().await.unwrap());
        noticed
    });
    let next = timeout(Duration::from_secs(60), two.mutex("x").lock())
        .await
        .unwrap()
        .unwrap();
    let taken = Instant::now();
    assert!(lost.is_cancelled());
    let noticed = timeout(TTL * 4, holder).await.unwrap().unwrap();
    assert!(
        noticed <= began + TTL + Duration::from_millis(10),
        "{:?}",
        noticed - began
    );
    assert!(noticed < taken, "{:?} {:?}", noticed - began, taken - began);
    assert!(next.token() > 0);
}

#[tokio::test(start_paused = true)]
async fn a_hiccup_of_the_server_loses_nothing() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let guard = one.mutex("x").lock().await.unwrap();
    one.lose_writes(&cluster.store, false);
    sleep(TTL * 2 / 3).await;
    one.heal(&cluster.store);
    sleep(TTL * 3).await;
    assert!(!guard.is_lost());
    assert!(guard.unlock().await.unwrap());
}
