//! A claim with an end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::clock::{Clock, SystemClock};
use super::record::Record;
use crate::Api;
use crate::api::{KvSet, new_id};
use crate::error::Error;

/// How far the clocks of two nodes may differ without any effect.
pub const CLOCK_SKEW: Duration = Duration::from_secs(5);

/// The shortest time to live: shorter ones would be lost to an ordinary pause of a server.
pub const MIN_TTL: Duration = Duration::from_secs(2);

/// How long a record is kept after its last change. The next grant continues its tokens.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

const PREFIX: &str = "lease_";

/// A named claim that one instance of the plugin at a time can hold.
///
/// Use [`Mutex`](super::Mutex) unless you want to decide yourself when to take and renew.
pub struct Lease {
    shared: Shared,
    /// The record of another holder, and since when it has not changed.
    watched: Option<(Bytes, Instant)>,
}

/// What a lease and its grants have in common.
#[derive(Clone)]
struct Shared {
    api: Api,
    key: String,
    owner: String,
    ttl: Duration,
    clock: Arc<dyn Clock>,
}

/// The answer to [`Lease::take`].
#[derive(Debug)]
pub enum Take {
    /// The lease is ours.
    Granted(Grant),
    /// Somebody else has it, or was quicker.
    Held,
}

/// A lease that is ours until it ends, is given back, or is lost.
///
/// Dropping a grant does not give it back; it ends by itself.
pub struct Grant {
    shared: Shared,
    token: u64,
    renewal: u64,
    /// What may be stored: the last write that is known to have taken place, and those of which it
    /// is not known.
    stored: Vec<Bytes>,
    valid_until: Instant,
}

impl Lease {
    /// A claim to `name`, which ends `ttl` after it was taken or renewed.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `ttl` is shorter than [`MIN_TTL`] or longer than a day, or the name
    /// is empty or too long for a key.
    pub fn new(api: &Api, name: &str, ttl: Duration) -> Result<Self, Error> {
        if ttl < MIN_TTL || ttl > KEPT {
            return Err(Error::Invalid(format!(
                "a lease lives for {MIN_TTL:?} to {KEPT:?}, not {ttl:?}"
            )));
        }
        Ok(Self {
            shared: Shared {
                api: api.clone(),
                key: key(PREFIX, name)?,
                owner: new_id(),
                ttl,
                clock: Arc::new(SystemClock),
            },
            watched: None,
        })
    }

    /// Reads the time of day from another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.shared.clock = clock;
        self
    }

    /// Tries once to take the lease: one read, and one write if it looks free. A grant that this
    /// same `Lease` gave before is superseded.
    ///
    /// # Errors
    /// When the store cannot be read or written. If the outcome is unknown, the lease may be ours:
    /// the next call finds out.
    pub async fn take(&mut self) -> Result<Take, Error> {
        let stored = self.shared.api.kv().get(&self.shared.key).await?;
        let record = stored.as_deref().and_then(Record::from_bytes);
        if let (Some(bytes), Some(record)) = (&stored, &record)
            && !self.is_free(bytes, record)
        {
            return Ok(Take::Held);
        }
        let now = u64::try_from(self.shared.clock.now()).unwrap_or(0);
        // From the clock when there is no record, so that tokens grow even when one was deleted.
        let token = record.map_or(now, |record| now.max(record.token + 1));
        let valid_until = Instant::now() + self.shared.ttl;
        let ours = self.shared.record(token, 0).to_bytes();
        let options = match stored {
            Some(old) => KvSet::new().if_equals(old),
            None => KvSet::new().if_absent(),
        };
        if !self.shared.write(&ours, options).await? {
            return Ok(Take::Held);
        }
        self.watched = None;
        Ok(Take::Granted(Grant {
            shared: self.shared.clone(),
            token,
            renewal: 0,
            stored: vec![ours],
            valid_until,
        }))
    }

    /// Whether a stored record leaves the lease to whoever comes.
    fn is_free(&mut self, bytes: &Bytes, record: &Record) -> bool {
        if record.is_given_back() || record.owner == self.shared.owner {
            return true;
        }
        let now = self.shared.clock.now();
        let skew = i64::try_from(CLOCK_SKEW.as_millis()).unwrap_or(i64::MAX);
        if now > record.until.saturating_add(skew) {
            return true;
        }
        match &self.watched {
            Some((watched, since)) if watched == bytes => since.elapsed() > record.ttl(),
            _ => {
                self.watched = Some((bytes.clone(), Instant::now()));
                false
            }
        }
    }
}

impl Shared {
    fn record(&self, token: u64, renewal: u64) -> Record {
        let ttl = self.ttl.as_millis();
        Record {
            owner: self.owner.clone(),
            token,
            until: self
                .clock
                .now()
                .saturating_add(i64::try_from(ttl).unwrap_or(i64::MAX)),
            ttl: u64::try_from(ttl).unwrap_or(u64::MAX),
            renewal,
        }
    }

    async fn write(&self, value: &Bytes, options: KvSet) -> Result<bool, Error> {
        self.api
            .kv()
            .set_with(&self.key, value.clone(), options.ttl(KEPT))
            .await
    }
}

impl Grant {
    /// The fencing token: larger than that of every grant of the same name before.
    #[must_use]
    pub fn token(&self) -> u64 {
        self.token
    }

    /// When the lease ends unless it is renewed, on this machine's monotonic clock.
    #[must_use]
    pub fn valid_until(&self) -> Instant {
        self.valid_until
    }

    /// Whether the lease is certainly still ours, as far as clocks run at the same speed.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        Instant::now() < self.valid_until
    }

    /// Moves the end of the lease, counted from now. `false`: it is lost, somebody else took it.
    ///
    /// # Errors
    /// When the store cannot be written. Try again while the lease [is valid](Self::is_valid).
    pub async fn renew(&mut self) -> Result<bool, Error> {
        self.renewal += 1;
        let valid_until = Instant::now() + self.shared.ttl;
        let renewed = self.shared.record(self.token, self.renewal).to_bytes();
        if !self.replace(renewed).await? {
            return Ok(false);
        }
        self.valid_until = valid_until;
        Ok(true)
    }

    /// Gives the lease back, so that nobody has to wait for its end. `false`: it was lost before.
    ///
    /// # Errors
    /// When the store cannot be written. The lease then ends by itself.
    pub async fn release(mut self) -> Result<bool, Error> {
        let given_back = Record {
            owner: String::new(),
            until: 0,
            ..self.shared.record(self.token, self.renewal)
        };
        self.replace(given_back.to_bytes()).await
    }

    /// Replaces whichever of our writes is stored. Dropping the future half way leaves the grant
    /// with both possibilities, as an unknown outcome does.
    async fn replace(&mut self, new: Bytes) -> Result<bool, Error> {
        let candidates = self.stored.clone();
        self.stored.push(new.clone());
        for old in candidates.into_iter().rev() {
            if self.shared.write(&new, KvSet::new().if_equals(old)).await? {
                self.stored = vec![new];
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lease")
            .field("key", &self.shared.key)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grant")
            .field("key", &self.shared.key)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// A key of the store from a prefix and a name.
pub(super) fn key(prefix: &str, name: &str) -> Result<String, Error> {
    let key = format!("{prefix}{name}");
    if name.is_empty() || key.chars().count() > crate::api::KEY_MAX_RUNES {
        return Err(Error::Invalid(format!(
            "a name has 1 to {} characters: {name:?}",
            crate::api::KEY_MAX_RUNES - prefix.len()
        )));
    }
    Ok(key)
}
