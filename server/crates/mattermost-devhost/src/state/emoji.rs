//! The emoji that every server knows (`model/emoji_data.go`).

/// One emoji per line: its name, a space, its code points in hexadecimal joined by `-`.
const SYSTEM_EMOJI: &str = include_str!("emoji.txt");

/// The characters of a system emoji, or `None` when no emoji has that name. A skin tone in the
/// name is taken for granted and not shown.
#[must_use]
pub fn system_emoji(name: &str) -> Option<String> {
    let tones = [
        "_medium_light",
        "_medium_dark",
        "_light",
        "_medium",
        "_dark",
    ];
    let name = match name.strip_suffix("_skin_tone") {
        Some(toned) => tones
            .iter()
            .find_map(|tone| toned.strip_suffix(tone))
            .unwrap_or(name),
        None => name,
    };
    all()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| text)
}

/// Names and characters of all system emoji.
pub fn all() -> impl Iterator<Item = (&'static str, String)> {
    SYSTEM_EMOJI
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, codes)| {
            let text = codes
                .split('-')
                .filter_map(|code| u32::from_str_radix(code, 16).ok())
                .filter_map(char::from_u32);
            (name, text.collect())
        })
}

#[cfg(test)]
mod tests {
    use super::system_emoji;

    #[test]
    fn emoji_are_known_by_name() {
        assert_eq!(system_emoji("white_check_mark").as_deref(), Some("✅"));
        assert_eq!(
            system_emoji("thumbsup_medium_dark_skin_tone").as_deref(),
            Some("👍")
        );
        assert_eq!(system_emoji("no_such_emoji"), None);
    }
}
