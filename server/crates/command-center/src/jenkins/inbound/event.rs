//! What was sent, in our own types, whoever sent it.

use mattermost_plugin::model::Attachment;
use serde::{Deserialize, Serialize};

use crate::jenkins::JobPath;
use crate::jenkins::watch::state::Verdict;
use crate::text;

/// Longest text that is kept of a report, in runes.
const TEXT_RUNES: usize = 200;
/// Most entries of a list that are kept.
const LIST_ENTRIES: usize = 20;

/// One thing that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum InboundEvent {
    /// Words for people.
    Message(Message),
    /// News of a build.
    Build(Box<BuildReport>),
    /// Understood, and of no use here.
    Nothing,
}

/// Words for people, already safe to post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Boxes under the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Where the sender wants it, as it wrote that.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channels: String,
    /// The team that the sender may mean: see
    /// [`ChannelTarget::in_team`](crate::notifications::ChannelTarget::in_team).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The name of the post that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// The name of the post that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

/// How far a build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It waits, or waited until just now.
    Queued,
    /// It runs.
    Started,
    /// It has its result; publishers may still run.
    Completed,
    /// Nothing more comes.
    Finalized,
}

impl Phase {
    /// Whether the result stands.
    #[must_use]
    pub fn is_over(self) -> bool {
        self >= Self::Completed
    }
}

/// News of one build. Everything but the first three fields may be missing, and all of it may be
/// wrong: the sender is known, its truthfulness is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildReport {
    /// The job.
    pub job: JobPath,
    /// The build's number.
    pub number: u64,
    /// How far it is.
    pub phase: Phase,
    /// Its result, once it has one that is known by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Verdict>,
    /// The entry of Jenkins' queue that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_id: Option<u64>,
    /// When it began, in milliseconds since 1970 by Jenkins' clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<i64>,
    /// How long it ran, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// How long Jenkins expects it to run, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// The stage of the pipeline that it is in, cut, not escaped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// It waits for somebody's input.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits_for_input: bool,
    /// More about it, for people.
    #[serde(default)]
    pub details: Details,
}

/// What people want to know of a build besides its result. All texts are foreign and not escaped;
/// lists and texts are cut to a bounded size.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Why it runs, in Jenkins' words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The branch that was built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The commit that was built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What changed: messages of commits, or paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// Who changed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub culprits: Vec<String>,
    /// Parameters, those left out that may be secrets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<(String, String)>,
    /// Paths of artifacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<String>,
    /// Results of tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<Tests>,
}

/// Results of tests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tests {
    /// All.
    pub total: u64,
    /// Failed.
    pub failed: u64,
    /// Skipped.
    pub skipped: u64,
    /// Names of some that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_names: Vec<String>,
}

impl BuildReport {
    /// A report that says nothing but how far the build is.
    #[must_use]
    pub fn new(job: JobPath, number: u64, phase: Phase) -> Self {
        Self {
            job,
            number,
            phase,
            result: None,
            queue_id: None,
            started_at: None,
            duration: None,
            expected: None,
            stage: None,
            waits_for_input: false,
            details: Details::default(),
        }
    }

    /// The result, when the build is over.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.result.filter(|_| self.phase.is_over())
    }
}

/// A text as it is kept.
#[must_use]
pub fn kept(text: &str) -> String {
    text::truncate(&text::one_line(text), TEXT_RUNES)
}

/// A list of texts as it is kept: without empty ones.
pub fn kept_list(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    texts
        .into_iter()
        .map(|text| kept(text.as_ref()))
        .filter(|text| !text.is_empty())
        .take(LIST_ENTRIES)
        .collect()
}

/// Parameters as they are kept. Those whose name says that they may be a secret are left out: which
/// ones are passwords, the senders do not say.
pub fn kept_parameters(
    parameters: impl IntoIterator<Item = (String, String)>,
) -> Vec<(String, String)> {
    parameters
        .into_iter()
        .filter(|(name, _)| !may_be_secret(name))
        .map(|(name, value)| (kept(&name), kept(&value)))
        .take(LIST_ENTRIES)
        .collect()
}

fn may_be_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "pass", "pwd", "secret", "token", "key", "cred", "auth", "cookie", "private",
    ]
    .iter()
    .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_may_be_secrets_are_left_out() {
        let given = [
            ("BRANCH", "main"),
            ("DB_PASSWORD", "x"),
            ("apiKey", "x"),
            ("GITHUB_TOKEN", "x"),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            kept_parameters(given),
            [("BRANCH".to_owned(), "main".to_owned())]
        );
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let long = "x".repeat(10_000);
        assert_eq!(text::rune_count(&kept(&long)), TEXT_RUNES);
        assert_eq!(kept_list(vec!["x"; 1000]).len(), LIST_ENTRIES);
        assert_eq!(kept_list(["", " \n ", "a"]), ["a"]);
    }
}
