//! Names of files that are made here.

use super::truncate::{CUT_MARK, truncate};

/// Longest stem, in runes.
const LONGEST: usize = 100;

/// What is longer behind a dot is no extension, in runes.
const LONGEST_EXTENSION: usize = 12;

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

/// The name of a file from elsewhere, with its extension: one name without any folder, which no system
/// takes for another place or for a hidden file.
#[must_use]
pub fn file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.trim_start_matches('.');
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= LONGEST_EXTENSION => {
            (file_stem(stem), file_stem(extension))
        }
        _ => (file_stem(name), String::new()),
    };
    match (stem.as_str(), extension.as_str()) {
        ("", "") => "file".to_owned(),
        ("", extension) => format!("file.{extension}"),
        (stem, "") => stem.to_owned(),
        (stem, extension) => format!("{stem}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems() {
        assert_eq!(file_stem("a b/ключ@x"), "a-b-ключ-x");
        assert_eq!(file_stem(&"x".repeat(200)).len(), LONGEST - 1);
    }
    #[test]
    fn names_of_files_are_names_only() {
        for (name, expected) in [
            ("app.tar.gz", "app.tar.gz"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("my app (1).jar", "my-app--1-.jar"),
            (".htaccess", "htaccess"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("x.\u{202e}gpj", "x.-gpj"),
            (
                "no extension. At all, really",
                "no-extension.-At-all--really",
            ),
        ] {
            assert_eq!(file_name(name), expected, "{name:?}");
        }
        let long = file_name(&format!("{}.tar", "x".repeat(300)));
        assert!(long.ends_with("x.tar") && long.len() < 110, "{long}");
    }
}
