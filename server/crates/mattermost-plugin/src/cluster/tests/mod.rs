//! Several instances on one store, on tokio's paused clock.

mod lease;
mod mutex;
mod presence;
mod schedule;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::{Clock, Lease, Mutex};
use crate::Api;
use crate::api::test_host::{Store, TestHost};
use crate::error::Error;
use crate::model::KvSetOptions;

const TTL: Duration = Duration::from_secs(15);

/// The time of day that goes with tokio's clock, wrong by a number of milliseconds.
struct TestClock {
    began: Instant,
    wrong_by: AtomicI64,
}

impl Clock for TestClock {
    fn now(&self) -> i64 {
        let since = i64::try_from(self.began.elapsed().as_millis()).unwrap();
        1_700_000_000_000 + since + self.wrong_by.load(Ordering::Relaxed)
    }
}

/// One instance of the plugin: a host of its own on the common store, and a clock of its own.
struct Instance {
    host: Arc<TestHost>,
    api: Api,
    clock: Arc<TestClock>,
}

struct Cluster {
    store: Store,
    began: Instant,
}

impl Cluster {
    fn new() -> Self {
        Self {
            store: Store::default(),
            began: Instant::now(),
        }
    }

    fn instance(&self, wrong_by: Duration) -> Instance {
        let (host, api) = TestHost::on_store(&self.store);
        let wrong_by = AtomicI64::new(i64::try_from(wrong_by.as_millis()).unwrap());
        let clock = Arc::new(TestClock {
            began: self.began,
            wrong_by,
        });
        Instance { host, api, clock }
    }
}

impl Instance {
    fn lease(&self, name: &str) -> Lease {
        Lease::new(&self.api, name, TTL)
            .unwrap()
            .with_clock(self.clock.clone())
    }

    fn mutex(&self, name: &str) -> Mutex {
        Mutex::with_clock(&self.api, name, TTL, self.clock.clone()).unwrap()
    }

    /// Every write is lost on its way, or only its answer is.
    fn lose_writes(&self, store: &Store, reaches_the_store: bool) {
        let store = store.clone();
        self.host.on(
            "KVSetWithOptions",
            move |(key, value, options): (String, Bytes, KvSetOptions)| -> Result<bool, Error> {
                if reaches_the_store {
                    store.set(&key, &value, &options);
                }
                Err(Error::TimedOut {
                    method: "KVSetWithOptions",
                    seconds: 30,
                })
            },
        );
    }

    fn heal(&self, store: &Store) {
        let store = store.clone();
        self.host.on(
            "KVSetWithOptions",
            move |(key, value, options): (String, Bytes, KvSetOptions)| {
                Ok(store.set(&key, &value, &options))
            },
        );
    }
}
