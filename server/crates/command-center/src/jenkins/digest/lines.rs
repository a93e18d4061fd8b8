//! Which lines of a log say why it failed.

use crate::text;

/// So many lines are shown.
const SHOWN: usize = 8;
/// Runes of a line that are shown.
const RUNES: usize = 300;

/// What lines that matter have in them, in lower case.
const TELLING: [&str; 10] = [
    "error",
    "exception",
    "fatal",
    "failed",
    "failure",
    "panicked",
    "cannot ",
    "not found",
    "undefined ",
    "denied",
];
/// What looks the same and means nothing.
const IDLE: [&str; 8] = [
    "0 error",
    "0 failed",
    "0 failure",
    "errors: 0",
    "failures: 0",
    "failed: 0",
    "no error",
    "finished: ",
];

/// The first lines that look like errors, else the last lines.
#[must_use]
pub fn telling(log: &str) -> Vec<String> {
    let lines = || {
        log.lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty())
    };
    let mut found: Vec<String> = Vec::new();
    for line in lines().filter(|line| is_telling(line)) {
        let line = text::truncate(line, RUNES);
        if !found.contains(&line) {
            found.push(line);
        }
        if found.len() == SHOWN {
            break;
        }
    }
    if !found.is_empty() {
        return found;
    }
    let mut last: Vec<String> = lines()
        .rev()
        .filter(|line| !line.starts_with("Finished: "))
        .take(SHOWN)
        .map(|line| text::truncate(line, RUNES))
        .collect();
    last.reverse();
    last
}

fn is_telling(line: &str) -> bool {
    let lower = line.to_lowercase();
    TELLING.iter().any(|word| lower.contains(word)) && !IDLE.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn errors_come_before_the_end() {
        let log = "+ make\nerror[E0308]: mismatched types\n0 errors in docs\n\nERROR: script returned exit code 1\nFinished: FAILURE\n";
        assert_eq!(
            telling(log),
            [
                "error[E0308]: mismatched types",
                "ERROR: script returned exit code 1"
            ]
        );
    }

    #[test]
    fn without_errors_the_end_is_shown() {
        let log: String = (1..=20).map(|line| format!("line {line}\n")).collect();
        let lines = telling(&format!("{log}Finished: FAILURE\n"));
        assert_eq!(lines.len(), SHOWN);
        assert_eq!(lines.last().unwrap(), "line 20");
        assert_eq!(telling(""), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn never_much(log in "(?s).{0,400}") {
            let lines = telling(&log);
            prop_assert!(lines.len() <= SHOWN);
            prop_assert!(lines.iter().all(|line| text::rune_count(line) <= RUNES));
        }
    }
}
