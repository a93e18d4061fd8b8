//! One answer of Jenkins for many watches.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::jenkins::JenkinsError;

/// Entries that nobody asked for in this time are dropped.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);

/// Keeps, for each key, the last answer to one question, and lets whoever asks while it is fresh have
/// it. Of several who ask at once, one asks Jenkins and the others wait for its answer.
#[derive(Debug)]
pub(super) struct Board<K, T> {
    entries: Mutex<HashMap<K, Arc<Entry<T>>>>,
}

/// What was answered.
type Answer<T> = Result<Arc<T>, JenkinsError>;

#[derive(Debug)]
struct Entry<T> {
    /// The last answer, and when it came.
    answer: tokio::sync::Mutex<Option<(Instant, Answer<T>)>>,
    asked_at: Mutex<Instant>,
}

impl<K, T> Default for Board<K, T> {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
        }
    }
}

impl<K: Clone + Eq + Hash, T> Board<K, T> {
    /// The answer for `key`, not older than `fresh`. A failure is an answer, too: those who wait do
    /// not all try in turn.
    pub(super) async fn read<F>(
        &self,
        key: &K,
        fresh: Duration,
        ask: impl FnOnce() -> F,
    ) -> Answer<T>
    where
        F: Future<Output = Result<T, JenkinsError>>,
    {
        let entry = self.entry(key);
        let mut answer = entry.answer.lock().await;
        if let Some((at, known)) = &*answer
            && at.elapsed() < fresh
        {
            return known.clone();
        }
        let new = ask().await.map(Arc::new);
        *answer = Some((Instant::now(), new.clone()));
        new
    }

    fn entry(&self, key: &K) -> Arc<Entry<T>> {
        let now = Instant::now();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.contains_key(key) {
            entries.retain(|_, entry| now.duration_since(*lock(&entry.asked_at)) < FORGOTTEN_AFTER);
        }
        let entry = entries.entry(key.clone()).or_insert_with(|| {
            Arc::new(Entry {
                answer: tokio::sync::Mutex::new(None),
                asked_at: Mutex::new(now),
            })
        });
        *lock(&entry.asked_at) = now;
        Arc::clone(entry)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_at_once_cost_one_question() {
        let board: Arc<Board<&str, u32>> = Arc::default();
        let asked = Arc::new(AtomicU32::new(0));
        let read = |key: &'static str| {
            let (board, asked) = (Arc::clone(&board), Arc::clone(&asked));
            tokio::spawn(async move {
                let ask = || async {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    Ok(asked.fetch_add(1, Ordering::SeqCst))
                };
                board.read(&key, Duration::from_secs(1), ask).await
            })
        };
        let readers: Vec<_> = (0..50)
            .map(|_| read("alice"))
            .chain([read("bob")])
            .collect();
        for reader in readers {
            assert!(reader.await.unwrap().is_ok());
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2, "once for each account");
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(*read("alice").await.unwrap().unwrap(), 2);
        tokio::time::advance(FORGOTTEN_AFTER * 2).await;
        let _ = read("carol").await.unwrap();
        assert_eq!(lock(&board.entries).len(), 1, "the others are forgotten");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_as_well() {
        let board: Board<u8, u32> = Board::default();
        let fresh = Duration::from_secs(1);
        let failed = board
            .read(&1, fresh, || async { Err(JenkinsError::Starting) })
            .await;
        assert_eq!(failed, Err(JenkinsError::Starting));
        let again = board.read(&1, fresh, || async { Ok(7) }).await;
        assert_eq!(again, Err(JenkinsError::Starting));
        tokio::time::advance(fresh).await;
        assert_eq!(
            board.read(&1, fresh, || async { Ok(7) }).await,
            Ok(Arc::new(7))
        );
    }
}
