//! Names of files that are made here.

use super::truncate::{CUT_MARK, truncate};

/// Longest stem, in runes.
const LONGEST: usize = 100;

/// The name of something as the first part of a file's name: letters, digits, `-`, `_` and `.`; all
/// else becomes `-`. Add an extension, so that clients know what to show.
#[must_use]
pub fn file_stem(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let stem: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .collect();
    truncate(&stem, LONGEST).replace(CUT_MARK, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems() {
        assert_eq!(file_stem("a b/ключ@x"), "a-b-ключ-x");
        assert_eq!(file_stem(&"x".repeat(200)).len(), LONGEST - 1);
    }
}
