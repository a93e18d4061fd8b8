//! What is counted since the start.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// All counters of an instance.
#[derive(Debug, Default)]
pub struct Counters {
    /// Commands, by name; `help` also for what was not understood.
    pub commands: Family,
    /// Posts that tell of builds: `card`, `announcement`, `news`.
    pub posts: Family,
    /// What came to the addresses for Jenkins: `taken`, `refused`, `unproved`.
    pub webhooks: Family,
}

/// Counters that differ in one label. Its values are names in this program, so they are few.
#[derive(Debug, Default)]
pub struct Family(Mutex<BTreeMap<&'static str, u64>>);

impl Family {
    /// Counts one more.
    pub fn add(&self, label: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(label).or_default() += 1;
    }

    /// Each label that was counted, in order.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .map(|(label, count)| (*label, *count))
            .collect()
    }
}
