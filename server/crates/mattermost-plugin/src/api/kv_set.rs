//! How a value is stored.

use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;
use crate::model::KvSetOptions;

/// How [`set_with`](super::KeyValueStore::set_with) stores a value: for how long, and on which
/// condition. Without any option a value is stored for ever, whatever was there.
///
/// ```
/// use std::time::Duration;
/// use mattermost_plugin::api::KvSet;
///
/// let first_one_wins = KvSet::new().if_absent().ttl(Duration::from_secs(600));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KvSet {
    ttl: Option<Duration>,
    condition: Condition,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Condition {
    #[default]
    Always,
    Absent,
    Equals(Bytes),
}

impl KvSet {
    /// No condition, no end.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value disappears after `ttl`, by the clock of the server's node that stores it. The
    /// server counts whole seconds; a fraction is rounded up. Less than one second is refused
    /// when the value is set, as the server would take 0 for "never".
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Stores only if there is no value, or an expired one.
    #[must_use]
    pub fn if_absent(mut self) -> Self {
        self.condition = Condition::Absent;
        self
    }

    /// Stores only if the current value is exactly `old`. An empty `old` means that there must be
    /// no value, as the server cannot store an empty one.
    #[must_use]
    pub fn if_equals(mut self, old: impl Into<Bytes>) -> Self {
        let old = old.into();
        self.condition = if old.is_empty() {
            Condition::Absent
        } else {
            Condition::Equals(old)
        };
        self
    }

    pub(super) fn into_model(self) -> Result<KvSetOptions, Error> {
        let (atomic, old_value) = match self.condition {
            Condition::Always => (false, Bytes::new()),
            Condition::Absent => (true, Bytes::new()),
            Condition::Equals(old) => (true, old),
        };
        Ok(KvSetOptions {
            atomic,
            old_value,
            expire_in_seconds: self.ttl.map_or(Ok(0), whole_seconds)?,
        })
    }
}

/// The server's unit, rounded up so that a value never ends too early.
fn whole_seconds(ttl: Duration) -> Result<i64, Error> {
    if ttl < Duration::from_secs(1) {
        return Err(Error::Invalid(format!(
            "a value must live for one second at least, not {ttl:?}: the server would keep it for ever"
        )));
    }
    let seconds = ttl
        .as_secs()
        .saturating_add(u64::from(ttl.subsec_nanos() > 0));
    // The server multiplies by 1000 and adds the time of day, in 64 bits.
    i64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds <= i64::MAX / 4000)
        .ok_or_else(|| Error::Invalid(format!("a value cannot live for {ttl:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ttls_are_whole_seconds_rounded_up() {
        let seconds = |ttl| {
            KvSet::new()
                .ttl(ttl)
                .into_model()
                .map(|options| options.expire_in_seconds)
        };
        assert_eq!(seconds(Duration::from_secs(1)).unwrap(), 1);
        assert_eq!(seconds(Duration::from_millis(1001)).unwrap(), 2);
        assert_eq!(seconds(Duration::from_secs(600)).unwrap(), 600);
    }

    #[test]
    fn ttls_that_the_server_would_take_for_never_are_refused() {
        for ttl in [
            Duration::ZERO,
            Duration::from_nanos(600),
            Duration::from_millis(999),
            Duration::MAX,
        ] {
            let refused = KvSet::new().ttl(ttl).into_model();
            assert!(matches!(refused, Err(Error::Invalid(_))), "{ttl:?}");
        }
    }

    #[test]
    fn conditions_become_the_servers_options() {
        let always = KvSet::new().into_model().unwrap();
        assert_eq!(
            (always.atomic, always.old_value.as_ref()),
            (false, &b""[..])
        );
        let absent = KvSet::new().if_absent().into_model().unwrap();
        assert_eq!((absent.atomic, absent.old_value.as_ref()), (true, &b""[..]));
        let equals = KvSet::new().if_equals("old").into_model().unwrap();
        assert_eq!(
            (equals.atomic, equals.old_value.as_ref()),
            (true, &b"old"[..])
        );
        assert_eq!(KvSet::new().if_equals(""), KvSet::new().if_absent());
    }
}
