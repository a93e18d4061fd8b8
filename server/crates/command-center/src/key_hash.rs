//! Parts of storage keys that are made of foreign names, which may be longer than keys.

use sha2::{Digest, Sha256};

/// SHA-256 of these parts, in hexadecimal: 64 characters. No part holds a zero character.
#[must_use]
pub(crate) fn key_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        // So that no two lists give the same text.
        hash.update([0]);
    }
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_apart() {
        assert_ne!(key_hash(["a", "b"]), key_hash(["ab"]));
        assert_ne!(key_hash(["a", "b"]), key_hash(["a", "", "b"]));
        assert_eq!(key_hash(["x".repeat(1000).as_str()]).len(), 64);
    }
}
