//! What is known of a failure, told with the result: where it failed, the lines that say why, the tests,
//! the commits, and whom it concerns.
//!
//! Pure here and in [`lines`]; [`gather`] asks Jenkins, and [`people`] finds who is here.

pub mod gather;
pub mod lines;
pub mod people;

use crate::text;

/// So many failed tests are named.
const TESTS: usize = 5;
/// So many commits are named.
const COMMITS: usize = 5;
/// Runes of one name, title or message.
const RUNES: usize = 150;

/// What is known. Whatever could not be learned in time is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digest {
    /// The stage that failed.
    pub stage: Option<FailedStage>,
    /// Lines of the log that tell most.
    pub lines: Vec<String>,
    /// The tests that failed.
    pub tests: Option<FailedTests>,
    /// What is new since the last success, newest first.
    pub commits: Vec<Commit>,
    /// Whether there are more commits.
    pub more_commits: bool,
    /// Who wrote them.
    pub culprits: Vec<Culprit>,
}

/// A stage that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStage {
    /// Its name.
    pub name: String,
    /// Why, in Jenkins' words.
    pub error: Option<String>,
}

/// The tests that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTests {
    /// How many.
    pub count: u64,
    /// The first of them, those that passed before at the front.
    pub first: Vec<FailedTest>,
}

/// A test that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTest {
    /// Its name with its class.
    pub name: String,
    /// For how many builds; 1 is only this one.
    pub age: u64,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id, in full.
    pub id: Option<String>,
    /// The first line of its message.
    pub title: String,
    /// Its author's name.
    pub author: String,
}

/// Somebody whose commits are among the new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Culprit {
    /// The name at Jenkins.
    pub name: String,
    /// The Mattermost user name, if they are a member of the channel.
    pub username: Option<String>,
}

impl Digest {
    /// Markdown for below the announcement; empty if nothing is known. `mentioned` is who the
    /// announcement mentions already.
    #[must_use]
    pub fn markdown(&self, mentioned: &str) -> String {
        let parts = [
            self.stage.as_ref().map(FailedStage::markdown),
            self.log(),
            self.tests.as_ref().map(FailedTests::markdown),
            self.changes(),
            self.people(mentioned),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        // A line right below a list would belong to its last entry.
        parts.join("\n\n")
    }

    fn log(&self) -> Option<String> {
        if self.lines.is_empty() {
            return None;
        }
        let block = text::code_block_within("text", &self.lines.join("\n"), 2_500).0;
        Some(block.trim_end().to_owned())
    }

    fn changes(&self) -> Option<String> {
        if self.commits.is_empty() {
            return None;
        }
        let mut lines = vec!["**Commits since the last success:**".to_owned()];
        lines.extend(self.commits.iter().take(COMMITS).map(Commit::markdown));
        match self.commits.len().saturating_sub(COMMITS) {
            0 if self.more_commits => lines.push("- and more".to_owned()),
            0 => {}
            more if self.more_commits => lines.push(format!("- and more than {more} others")),
            more => lines.push(format!("- and {more} more")),
        }
        Some(lines.join("\n"))
    }

    fn people(&self, mentioned: &str) -> Option<String> {
        if self.culprits.is_empty() {
            return None;
        }
        let names: Vec<String> = self
            .culprits
            .iter()
            .map(|culprit| match &culprit.username {
                Some(username) if username != mentioned => format!("@{username}"),
                _ => short(&culprit.name),
            })
            .collect();
        Some(format!("**Who changed something:** {}", names.join(", ")))
    }
}

impl FailedStage {
    fn markdown(&self) -> String {
        let name = text::code_span(&text::truncate(&self.name, RUNES));
        match &self.error {
            Some(error) => format!("**Failed in stage** {name}: {}", short(error)),
            None => format!("**Failed in stage** {name}"),
        }
    }
}

impl FailedTests {
    fn markdown(&self) -> String {
        let mut lines = vec![format!("**Failed tests:** {}", self.count)];
        for test in self.first.iter().take(TESTS) {
            let name = text::code_span(&text::truncate_middle(&test.name, RUNES));
            let age = match test.age {
                0 | 1 => "new".to_owned(),
                age => format!("for {age} builds"),
            };
            lines.push(format!("- {name} ({age})"));
        }
        let shown = self.first.len().min(TESTS) as u64;
        if shown > 0 && self.count > shown {
            lines.push(format!("- and {} more", self.count - shown));
        }
        lines.join("\n")
    }
}

impl Commit {
    fn markdown(&self) -> String {
        let short_id = |id: &String| id.chars().take(8).collect::<String>();
        let id = self.id.as_ref().map(short_id);
        let id = id.map(|id| format!("{} ", text::code_span(&id)));
        format!(
            "- {}{} ({})",
            id.unwrap_or_default(),
            short(&self.title),
            short(&self.author)
        )
    }
}

fn short(words: &str) -> String {
    text::plain(&text::truncate(&text::one_line(words), RUNES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Digest {
        Digest {
            stage: Some(FailedStage {
                name: "Test `x`".to_owned(),
                error: Some("script returned exit code 1 @all".to_owned()),
            }),
            lines: vec!["ERROR: no such file ```".to_owned()],
            tests: Some(FailedTests {
                count: 9,
                first: (1..=6)
                    .map(|age| FailedTest {
                        name: format!("org.example.T.case_{age}"),
                        age,
                    })
                    .collect(),
            }),
            commits: vec![Commit {
                id: Some("0123456789abcdef".to_owned()),
                title: "Fix ![x](http://evil/) @channel".to_owned(),
                author: "*Bob*".to_owned(),
            }],
            more_commits: true,
            culprits: vec![
                Culprit {
                    name: "Alice".to_owned(),
                    username: Some("alice".to_owned()),
                },
                Culprit {
                    name: "Bob".to_owned(),
                    username: Some("bob".to_owned()),
                },
                Culprit {
                    name: "@here".to_owned(),
                    username: None,
                },
            ],
        }
    }

    #[test]
    fn all_that_is_known_is_told_as_text() {
        insta::assert_snapshot!(full().markdown("alice"));
        assert_eq!(Digest::default().markdown("alice"), "");
    }

    #[test]
    fn a_digest_fits_into_a_post_whatever_it_holds() {
        let long = "*".repeat(5_000);
        let digest = Digest {
            stage: Some(FailedStage {
                name: long.clone(),
                error: Some(long.clone()),
            }),
            lines: vec![long.clone(); 8],
            tests: Some(FailedTests {
                count: 900,
                first: vec![
                    FailedTest {
                        name: long.clone(),
                        age: 2
                    };
                    500
                ],
            }),
            commits: vec![
                Commit {
                    id: Some(long.clone()),
                    title: long.clone(),
                    author: long.clone(),
                };
                100
            ],
            more_commits: true,
            culprits: vec![
                Culprit {
                    name: long,
                    username: None
                };
                5
            ],
        };
        assert!(text::rune_count(&digest.markdown("alice")) < 12_000);
    }
}
