//! After a change of `EncryptionKey`: which records to seal again.
//!
//! Pure: the caller lists the stored records, stores the new ones with compare-and-set, and may stop
//! anywhere. A second run finds what is left, so a restart half way loses nothing as long as the
//! former keys were stored with [`KeyRing::retire`] first.

use super::{ConnectionRecord, KeyId, KeyRing};

/// What a stored record needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealState {
    /// Sealed with the current key.
    Current,
    /// Sealed with a former key that is known.
    Former,
    /// Sealed with a key that nobody here has: its owner has to connect again.
    Lost,
}

/// All stored records, sorted by what they need. `K` is the caller's storage key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationPlan<K> {
    /// Seal these again.
    pub reseal: Vec<K>,
    /// Tell the owners of these to connect again.
    pub lost: Vec<K>,
    /// How many need nothing.
    pub current: usize,
    /// Former keys that no record needs any more: forget them when `reseal` is empty.
    pub unused_keys: Vec<KeyId>,
}

/// Which key a record is sealed with. Does not prove that it opens.
#[must_use]
pub fn state(ring: &KeyRing, record: &ConnectionRecord) -> SealState {
    match record.token.key_id() {
        id if id == ring.current_key_id() => SealState::Current,
        id if ring.key(id).is_some() => SealState::Former,
        _ => SealState::Lost,
    }
}

/// Sorts stored records.
pub fn plan<'a, K>(
    ring: &KeyRing,
    records: impl IntoIterator<Item = (K, &'a ConnectionRecord)>,
) -> RotationPlan<K> {
    let mut plan = RotationPlan {
        reseal: Vec::new(),
        lost: Vec::new(),
        current: 0,
        unused_keys: Vec::new(),
    };
    plan.unused_keys.extend(ring.former_key_ids());
    for (key, record) in records {
        plan.unused_keys.retain(|id| *id != record.token.key_id());
        match state(ring, record) {
            SealState::Current => plan.current += 1,
            SealState::Former => plan.reseal.push(key),
            SealState::Lost => plan.lost.push(key),
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServerAlias;
    use crate::connections::Account;
    use secrecy::SecretString;

    fn ring(key: &str) -> KeyRing {
        KeyRing::new(&SecretString::from(key)).unwrap()
    }

    fn record(ring: &KeyRing, user: &str) -> ConnectionRecord {
        ConnectionRecord::seal(
            ring,
            &Account::new(user, &ServerAlias::default()),
            user,
            &SecretString::from("t"),
            0,
        )
        .unwrap()
    }

    #[test]
    fn a_rotation_ends_even_if_it_is_cut_in_half() {
        let first = ring("first first first 1");
        let second = ring("second second second").succeeding(&first);
        let stranger = ring("stranger stranger 1");
        let mut records: Vec<_> = (0..5)
            .map(|user| record(&first, &format!("user-{user}")))
            .collect();
        records.push(record(&second, "user-5"));
        records.push(record(&stranger, "user-6"));

        let before = plan(&second, records.iter().enumerate());
        assert_eq!(
            before,
            RotationPlan {
                reseal: vec![0, 1, 2, 3, 4],
                lost: vec![6],
                current: 1,
                unused_keys: vec![]
            }
        );
        for index in &before.reseal[..2] {
            records[*index] = records[*index].resealed(&second).unwrap().unwrap();
        }
        let halfway = plan(&second, records.iter().enumerate());
        assert_eq!(halfway.reseal, [2, 3, 4]);
        for index in halfway.reseal {
            records[index] = records[index].resealed(&second).unwrap().unwrap();
        }
        let after = plan(&second, records.iter().enumerate());
        assert_eq!((after.reseal.len(), after.current), (0, 6));
        assert_eq!(after.unused_keys, [first.current_key_id()]);
    }
}
