//! Ids like the server's own.

/// The letters of an id (`public/model/utils.go`).
const ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";

/// A new random id of 26 letters and digits, as the server makes them: 128 random bits.
///
/// # Panics
/// When the operating system has no randomness to give.
#[must_use]
pub fn new_id() -> String {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    let bits = u128::from_be_bytes(random);
    // 26 letters of 5 bits hold 130: the last letter carries the remaining 3.
    (0..26)
        .map(|position| {
            let shift = 123 - position * 5;
            let letter = if shift >= 0 {
                bits >> shift
            } else {
                bits << -shift
            };
            char::from(ALPHABET[(letter & 31) as usize])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_valid_and_differ() {
        let ids: HashSet<String> = (0..1000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            assert_eq!(id.len(), 26);
            assert!(id.bytes().all(|byte| ALPHABET.contains(&byte)), "{id}");
        }
    }
}
