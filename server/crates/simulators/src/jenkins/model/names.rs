//! How names become parts of paths.

use std::fmt::Write;

/// A branch's name as the name of its job: `NameEncoder.encode` of branch-api-plugin, which percent-encodes the characters
/// Jenkins forbids in a name.
pub fn encode_name(branch: &str) -> String {
    let mut name = String::with_capacity(branch.len());
    for character in branch.chars() {
        match character {
            '#' | '%' | '/' | '?' | '[' | '\\' | ']' => {
                let _ = write!(name, "%{:02X}", u32::from(character));
            }
            other => name.push(other),
        }
    }
    name
}

/// The reverse of [`encode_name`].
pub fn decode_name(name: &str) -> String {
    decode_percent(name)
}

/// One path segment, percent-encoded as `hudson.Util.rawEncode` does: UTF-8, with only the characters below kept.
pub(crate) fn encode_segment(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"!$&'()*+,-.=@_~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes percent escapes once, as UTF-8. A stray `%` stays.
pub(crate) fn decode_percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = bytes.get(at + 1..at + 3).and_then(|hex| {
            let hex = std::str::from_utf8(hex).ok()?;
            u8::from_str_radix(hex, 16).ok()
        });
        match escape {
            Some(value) if byte == b'%' => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// `Jenkins.checkGoodName`: why `name` cannot be an item's name.
pub(crate) fn check_good_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("No name is specified".to_owned());
    }
    if name == "." || name == ".." {
        return Err(format!("“{name}” is not an allowed name"));
    }
    if name.ends_with('.') {
        return Err("A name cannot end with ‘.’".to_owned());
    }
    if name.chars().any(char::is_control) {
        return Err("No control code is allowed".to_owned());
    }
    match name
        .chars()
        .find(|character| r"?*/\%!@#$^&|<>[]:;".contains(*character))
    {
        Some(character) => Err(format!("‘{character}’ is an unsafe character")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_name_is_encoded_once_for_jenkins_and_once_for_the_path() {
        let name = encode_name("feature/foo");
        assert_eq!(name, "feature%2Ffoo");
        assert_eq!(encode_segment(&name), "feature%252Ffoo");
        assert_eq!(decode_percent("feature%252Ffoo"), name);
        assert_eq!(decode_name(&name), "feature/foo");
    }

    #[test]
    fn a_stray_percent_survives_decoding() {
        assert_eq!(decode_percent("100% done %zz %"), "100% done %zz %");
        assert_eq!(decode_percent("%D1%81"), "с");
    }

    #[test]
    fn unsafe_names_are_refused() {
        assert!(check_good_name("nightly build").is_ok());
        assert!(check_good_name("сборка").is_ok());
        for name in ["", ".", "..", "a.", "a/b", "a%b", "a\tb", "a:b"] {
            assert!(check_good_name(name).is_err(), "{name:?}");
        }
    }
}
