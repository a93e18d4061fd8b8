use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::Cluster;
use crate::api::test_host::lock;
use crate::cluster::schedule_with;

#[tokio::test(start_paused = true)]
async fn a_job_runs_once_per_interval_in_the_cluster() {
    let cluster = Cluster::new();
    let interval = Duration::from_secs(600);
    let began = Instant::now();
    let runs = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut jobs = Vec::new();
    for wrong_by in [0, 1, 3] {
        let instance = cluster.instance(Duration::from_secs(wrong_by));
        let runs = Arc::clone(&runs);
        let job = schedule_with(
            &instance.api,
            "digest",
            interval,
            instance.clock.clone(),
            move |run| {
                lock(&runs).push((began.elapsed(), run.token()));
                async { sleep(Duration::from_secs(20)).await }
            },
        );
        jobs.push(job.unwrap());
    }
    sleep(interval * 10 + Duration::from_secs(60)).await;
    for job in jobs {
        job.stop().await;
    }
    let runs = lock(&runs).clone();
    assert_eq!(runs.len(), 11, "{runs:?}");
    assert!(runs.is_sorted_by_key(|(_, token)| *token), "{runs:?}");
    for pair in runs.windows(2) {
        let apart = pair[1].0 - pair[0].0;
        assert!(apart + Duration::from_secs(4) >= interval, "{runs:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_cut_off_is_begun_anew_elsewhere() {
    let cluster = Cluster::new();
    let interval = Duration::from_secs(3600);
    let (one, two) = (
        cluster.instance(Duration::ZERO),
        cluster.instance(Duration::ZERO),
    );
    let first_began = Arc::new(tokio::sync::Notify::new());
    let says = Arc::clone(&first_began);
    let first = schedule_with(&one.api, "watch", interval, one.clock.clone(), move |_| {
        says.notify_one();
        std::future::pending::<()>()
    })
    .unwrap();
    first_began.notified().await;
    let (done, is_done) = tokio::sync::mpsc::unbounded_channel();
    let second = schedule_with(&two.api, "watch", interval, two.clock.clone(), move |run| {
        done.send(run.token()).unwrap();
        async {}
    })
    .unwrap();
    // It crashes: nothing is written any more.
    one.lose_writes(&cluster.store, false);
    let mut is_done = is_done;
    timeout(Duration::from_secs(60), is_done.recv())
        .await
        .unwrap()
        .unwrap();
    assert!(
        timeout(interval / 2, is_done.recv()).await.is_err(),
        "it ran a second time"
    );
    first.stop().await;
    second.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_panics_counts_and_the_next_one_comes() {
    let cluster = Cluster::new();
    let one = cluster.instance(Duration::ZERO);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let job = schedule_with(
        &one.api,
        "x",
        Duration::from_secs(60),
        one.clock.clone(),
        move |_| {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            async move { assert!(number > 0, "the first run fails") }
        },
    )
    .unwrap();
    sleep(Duration::from_secs(59)).await;
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    drop(job);
    sleep(Duration::from_secs(600)).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
