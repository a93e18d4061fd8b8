//! What this instance is at work on: nothing twice at a time.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// The keys of all that is worked on here.
#[derive(Debug)]
pub struct Places<K: Eq + Hash>(Arc<Mutex<HashSet<K>>>);

/// One of them, until this is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    key: K,
    all: Arc<Mutex<HashSet<K>>>,
}

impl<K: Eq + Hash> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Clone + Eq + Hash> Places<K> {
    /// The place of this key; `None` while somebody here has it.
    #[must_use]
    pub fn take(&self, key: &K) -> Option<Place<K>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(key.clone()).then(|| Place {
            key: key.clone(),
            all: Arc::clone(&self.0),
        })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_taken_until_it_is_dropped() {
        let places = Places::default();
        let one = places.take(&"a").expect("free");
        assert!(places.take(&"a").is_none());
        assert!(places.take(&"b").is_some(), "another");
        drop(one);
        assert!(places.take(&"a").is_some(), "free again");
    }
}
