//! Names that fit: globs for jobs, regular expressions for branches. Both take linear time.

use std::collections::BTreeSet;
use std::fmt;

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// Longest pattern, in bytes.
const LONGEST: usize = 500;
/// Largest compiled pattern, in bytes.
const COMPILED: usize = 64 << 10;

/// A glob over the full name of a job: `*` and `?` stay within one name, `**` passes any number of
/// folders. `release/*`, `**/nightly`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Glob {
    text: String,
    regex: Regex,
}

/// A regular expression that a whole branch name must fit: `main|release/.*`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BranchPattern {
    text: String,
    regex: Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPattern {
    /// It is too long or too large.
    #[error("the pattern is too long")]
    TooLong,
    /// It is no regular expression.
    #[error("the pattern is no regular expression: {0}")]
    Malformed(String),
}

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    /// [`NotAPattern::TooLong`].
    pub fn parse(text: &str) -> Result<Self, NotAPattern> {
        let text = text.trim().trim_matches('/').to_owned();
        if text.len() > LONGEST {
            return Err(NotAPattern::TooLong);
        }
        let regex = compile(&expression_of(&text))?;
        Ok(Self { text, regex })
    }

    /// Whether a text holds what only globs have.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.contains(['*', '?'])
    }

    /// Whether this name fits.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }

    /// Whether a name below this folder can fit.
    #[must_use]
    pub fn may_fit_below(&self, folder: &str) -> bool {
        let parts: Vec<&str> = self.text.split('/').collect();
        // Where in the glob the name can stand: before which of its parts.
        let mut places = BTreeSet::from([0]);
        for name in folder.split('/') {
            let before = std::mem::take(&mut places);
            for place in past_folders(&parts, before) {
                match parts.get(place) {
                    // `a**b` passes folders, too; how many, nobody has to know.
                    Some(part) if *part != "**" && part.contains("**") => return true,
                    Some(&"**") => places.extend([place]),
                    Some(part) if Self::parse(part).is_ok_and(|part| part.fits(name)) => {
                        places.extend([place + 1]);
                    }
                    _ => {}
                }
            }
        }
        places.iter().any(|place| *place < parts.len())
    }
}

/// `**` may stand for no folder at all.
fn past_folders(parts: &[&str], places: BTreeSet<usize>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    for mut place in places {
        reached.insert(place);
        while parts.get(place) == Some(&"**") {
            place += 1;
            reached.insert(place);
        }
    }
    reached
}

fn expression_of(glob: &str) -> String {
    let mut expression = String::new();
    let mut rest = glob;
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("**/") {
            expression.push_str("(?:.*/)?");
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("**") {
            expression.push_str(".*");
            rest = behind;
        } else {
            match first {
                '*' => expression.push_str("[^/]*"),
                '?' => expression.push_str("[^/]"),
                other => expression.push_str(&regex_lite::escape(other.encode_utf8(&mut [0; 4]))),
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    expression
}

impl BranchPattern {
    /// Reads a regular expression.
    ///
    /// # Errors
    /// [`NotAPattern`].
    pub fn parse(text: &str) -> Result<Self, NotAPattern> {
        if text.len() > LONGEST {
            return Err(NotAPattern::TooLong);
        }
        // Alone first: `a)(b` is an expression only inside of the group.
        build(text)?;
        Ok(Self {
            text: text.to_owned(),
            regex: compile(text)?,
        })
    }

    /// Whether this branch fits.
    #[must_use]
    pub fn fits(&self, branch: &str) -> bool {
        self.regex.is_match(branch)
    }
}

/// The expression for a whole text.
fn compile(expression: &str) -> Result<Regex, NotAPattern> {
    build(&format!("^(?s:{expression})$"))
}

fn build(expression: &str) -> Result<Regex, NotAPattern> {
    RegexBuilder::new(expression)
        .size_limit(COMPILED)
        .build()
        .map_err(|error| NotAPattern::Malformed(error.to_string()))
}

macro_rules! text_form {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl Eq for $name {}

        impl TryFrom<String> for $name {
            type Error = NotAPattern;

            fn try_from(text: String) -> Result<Self, NotAPattern> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(pattern: $name) -> Self {
                pattern.text
            }
        }
    };
}

text_form!(Glob);
text_form!(BranchPattern);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn globs() {
        for (glob, fitting, others) in [
            (
                "team/*",
                vec!["team/a", "team/"],
                vec!["team/a/b", "a/team/b", "team"],
            ),
            ("team/**", vec!["team/a", "team/a/b"], vec!["teams/a"]),
            (
                "**/nightly",
                vec!["nightly", "a/b/nightly"],
                vec!["xnightly", "a/nightly/b"],
            ),
            ("a?c.d", vec!["abc.d", "aéc.d"], vec!["a/c.d", "abcxd"]),
            ("*", vec!["a"], vec!["a/b"]),
        ] {
            let glob = Glob::parse(glob).unwrap();
            for name in fitting {
                assert!(glob.fits(name) || name.ends_with('/'), "{glob} {name}");
            }
            for name in others {
                assert!(!glob.fits(name), "{glob} {name}");
            }
        }
    }

    #[test]
    fn folders_above_what_fits() {
        for (glob, above, beside) in [
            ("a/b/*", vec!["a", "a/b"], vec!["b", "a/c", "a/b/c", "ab"]),
            ("a/**", vec!["a", "a/x", "a/x/y"], vec!["b", "aa"]),
            ("**/nightly", vec!["x", "x/y"], vec![]),
            ("a/**/b/c", vec!["a", "a/x", "a/b", "a/x/b"], vec!["b"]),
            ("a/rel*", vec!["a"], vec!["a/rel1", "x"]),
            ("a**z", vec!["a/b", "q"], vec![]),
            ("job", vec![], vec!["job", "x"]),
        ] {
            let glob = Glob::parse(glob).unwrap();
            for folder in above {
                assert!(glob.may_fit_below(folder), "{glob} {folder}");
            }
            for folder in beside {
                assert!(!glob.may_fit_below(folder), "{glob} {folder}");
            }
        }
    }

    #[test]
    fn branches_fit_as_a_whole() {
        let pattern = BranchPattern::parse("main|release/.*").unwrap();
        assert!(pattern.fits("main") && pattern.fits("release/1"));
        assert!(!pattern.fits("main2") && !pattern.fits("x/release/1"));
        for text in ["(", "a)(b", "((a{100}){100}){100}", "[z-a]"] {
            let refused = BranchPattern::parse(text);
            assert!(matches!(refused, Err(NotAPattern::Malformed(_))), "{text}");
        }
        assert_eq!(
            BranchPattern::parse(&"x".repeat(501)),
            Err(NotAPattern::TooLong)
        );
    }

    #[test]
    fn matching_takes_linear_time() {
        let pattern = BranchPattern::parse("(a*)*b").unwrap();
        assert!(!pattern.fits(&"a".repeat(5000)));
    }

    proptest! {
        #[test]
        fn a_name_fits_itself(name in "[a-zé.+()\\[\\]{}^$|\\\\ -]{0,30}") {
            let name = name.trim().to_owned();
            prop_assert!(Glob::parse(&name).unwrap().fits(&name));
        }

        #[test]
        fn what_fits_lies_below_its_folders(glob in "[ab*/]{1,8}", name in "[ab]{1,2}(/[ab]{1,2}){1,3}") {
            let glob = Glob::parse(&glob).unwrap();
            let mut folder = name.as_str();
            while let Some((above, _)) = folder.rsplit_once('/') {
                prop_assert!(!glob.fits(&name) || glob.may_fit_below(above), "{} {}", glob, above);
                folder = above;
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}|[a*?()\\[\\]{},0-9^$|\\\\/+-]{0,20}") {
            let _ = (Glob::parse(&text), BranchPattern::parse(&text));
        }
    }
}
