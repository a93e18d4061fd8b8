//! Ids as Mattermost makes them.

/// Alphabet of z-base-32, which Mattermost's ids are written in (`model/utils.go`).
const ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";

/// Length of every id, in characters.
pub const ID_LENGTH: usize = 26;

/// A new random id: 26 characters that carry 128 random bits.
///
/// # Panics
/// When the operating system gives no random numbers.
#[must_use]
pub fn new_id() -> String {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    // 26 digits of five bits hold two bits more than the bytes have; those are zero.
    let bits = u128::from_be_bytes(bytes);
    (0..ID_LENGTH)
        .map(|digit| {
            let shift = 123_i32 - 5 * i32::try_from(digit).unwrap_or(0);
            let value = if shift >= 0 {
                bits >> shift
            } else {
                bits << -shift
            };
            char::from(ALPHABET[usize::try_from(value & 31).unwrap_or(0)])
        })
        .collect()
}

/// Whether `id` could be an id: 26 letters or digits.
#[must_use]
pub fn is_valid_id(id: &str) -> bool {
    id.len() == ID_LENGTH && id.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::{is_valid_id, new_id};

    #[test]
    fn a_new_id_is_valid_and_unlike_the_one_before() {
        let first = new_id();
        assert!(is_valid_id(&first), "{first}");
        assert_ne!(first, new_id());
    }

    #[test]
    fn other_lengths_and_signs_are_refused() {
        assert!(!is_valid_id(""));
        assert!(!is_valid_id("abc"));
        assert!(!is_valid_id("aaaaaaaaaaaaaaaaaaaaaaaaa-"));
        assert!(!is_valid_id("aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    }
}
