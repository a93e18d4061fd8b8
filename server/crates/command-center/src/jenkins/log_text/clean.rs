//! Removal of what a terminal would not show.

/// Longer sequences are no sequences: what follows is text again.
const LONGEST_SEQUENCE: usize = 128;

const ESCAPE: u8 = 0x1b;

/// Takes Jenkins' hidden console notes (`ESC[8mha:…ESC[0m`, `hudson.console.ConsoleNote`) and ANSI
/// control sequences (ECMA-48) out of a log that arrives in pieces. Keeps a few bytes of state,
/// whatever the log holds.
#[derive(Clone, Debug, Default)]
pub struct LogCleaner {
    state: State,
}

#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Text,
    /// Behind an ESC.
    Escape,
    /// Inside `ESC[…`: what has been read of its parameters.
    Control { parameters: Vec<u8> },
    /// Inside `ESC]…`, which BEL or `ESC\` ends.
    Command { length: usize },
    /// Concealed text; true behind an ESC in it.
    Hidden { escape: bool },
}

impl LogCleaner {
    /// The visible part of the next piece.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut visible = Vec::with_capacity(piece.len());
        for &byte in piece {
            self.step(byte, &mut visible);
        }
        visible
    }

    fn step(&mut self, byte: u8, visible: &mut Vec<u8>) {
        let next = match &mut self.state {
            State::Text if byte == ESCAPE => State::Escape,
            State::Text => {
                visible.push(byte);
                return;
            }
            State::Escape => match byte {
                b'[' => State::Control {
                    parameters: Vec::new(),
                },
                b']' => State::Command { length: 0 },
                ESCAPE => State::Escape,
                b'\n' => {
                    visible.push(byte);
                    State::Text
                }
                _ => State::Text,
            },
            State::Control { parameters } => match byte {
                0x40..=0x7e => {
                    let conceals = byte == b'm' && parameters == b"8";
                    if conceals {
                        State::Hidden { escape: false }
                    } else {
                        State::Text
                    }
                }
                0x20..=0x3f if parameters.len() < LONGEST_SEQUENCE => {
                    parameters.push(byte);
                    return;
                }
                ESCAPE => State::Escape,
                _ => {
                    visible.push(byte);
                    State::Text
                }
            },
            State::Command { length } => match byte {
                0x07 => State::Text,
                ESCAPE => State::Escape,
                b'\n' => {
                    visible.push(byte);
                    State::Text
                }
                _ if *length < LONGEST_SEQUENCE => {
                    *length += 1;
                    return;
                }
                _ => State::Text,
            },
            // A note is one line of Base64; a line break means that its end is missing.
            State::Hidden { .. } if byte == b'\n' => {
                visible.push(byte);
                State::Text
            }
            State::Hidden { escape } if *escape && byte == b'[' => State::Control {
                parameters: Vec::new(),
            },
            State::Hidden { escape } => {
                *escape = byte == ESCAPE;
                return;
            }
        };
        self.state = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(text: &str) -> String {
        String::from_utf8(LogCleaner::default().push(text.as_bytes())).unwrap()
    }

    #[test]
    fn notes_and_colours_vanish() {
        let note = "\u{1b}[8mha:////4AAAAGMQAAAAQ==\u{1b}[0m";
        assert_eq!(
            clean(&format!("{note}Started by user {note}Alice\n")),
            "Started by user Alice\n"
        );
        assert_eq!(clean("\u{1b}[1;31mred\u{1b}[0m \u{1b}[Kplain"), "red plain");
        assert_eq!(
            clean("\u{1b}]0;title\u{7}a\u{1b}]8;;http://x\u{1b}\\b"),
            "ab"
        );
        assert_eq!(clean("\u{1b}(Bx"), "Bx");
    }

    #[test]
    fn what_is_never_closed_ends_with_its_line() {
        assert_eq!(clean("\u{1b}[8mha:AAAA\nvisible"), "\nvisible");
        assert_eq!(clean("\u{1b}]0;title\nvisible"), "\nvisible");
        assert_eq!(clean("\u{1b}[31\nvisible"), "\nvisible");
        let endless = format!("\u{1b}[{}x", "1".repeat(5000));
        assert!(clean(&endless).len() > 4000);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "(\\x1b\\[8mha:|\\x1b\\[0m|\\x1b\\[|\\x1b|[a8m0;\\]\n\\x07]){0,30}", at in 0_usize..60) {
            let bytes = text.as_bytes();
            let (head, tail) = bytes.split_at(at.min(bytes.len()));
            let mut cleaner = LogCleaner::default();
            let mut pieces = cleaner.push(head);
            pieces.extend(cleaner.push(tail));
            prop_assert_eq!(String::from_utf8(pieces).unwrap(), clean(&text));
        }

        #[test]
        fn lines_are_kept_and_escapes_are_not(text in "(\\x1b\\[8mha:|\\x1b\\[0m|\\x1b\\[|\\x1b|[a8m0;\\]\n\\x07]){0,30}") {
            let cleaned = clean(&text);
            prop_assert!(!cleaned.as_bytes().contains(&ESCAPE));
            prop_assert_eq!(cleaned.matches('\n').count(), text.matches('\n').count());
        }

        #[test]
        fn plain_text_is_untouched(text in "[^\\x1b]{0,60}") {
            prop_assert_eq!(clean(&text), text);
        }
    }
}
