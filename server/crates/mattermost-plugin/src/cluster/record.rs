//! What is stored for a lease.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The record of a lease: who has it until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// A random id of the holder; empty when the lease was given back.
    pub(super) owner: String,
    /// The fencing token of the last grant.
    pub(super) token: u64,
    /// When the lease ends by the holder's clock, in milliseconds since 1970.
    pub(super) until: i64,
    /// The time to live, in milliseconds.
    pub(super) ttl: u64,
    /// Counts renewals, so that no two writes of a holder are equal.
    pub(super) renewal: u64,
}

impl Record {
    pub(super) fn to_bytes(&self) -> Bytes {
        // A struct of texts and numbers always has a JSON form.
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    /// `None` for what is no record. Whoever wrote it does not hold this lease.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub(super) fn is_given_back(&self) -> bool {
        self.owner.is_empty()
    }

    pub(super) fn ttl(&self) -> Duration {
        Duration::from_millis(self.ttl)
    }
}
