//! Markdown for what Jenkins, or the way to it, has to say.

use super::error::explain::{self, Ink};
use super::{JenkinsError, model::Identity};
use crate::config::{Adoption, Problem, Severity};
use crate::text;

/// An error: what failed, why, and the next step.
#[must_use]
pub fn error(error: &JenkinsError) -> String {
    let explanation = error.explain(&Ink::MARKDOWN);
    let is_list = explanation.what.contains('\n');
    let separator = if is_list { "\n\n" } else { " " };
    format!("{}{separator}{}", explanation.what, explanation.next)
}

/// One thing to change in the settings.
#[must_use]
pub fn problem(problem: &Problem) -> String {
    explain::setting(problem, &Ink::MARKDOWN)
}

/// A setting that was taken over from the former plugin.
#[must_use]
pub fn adoption(adoption: &Adoption) -> String {
    format!(
        "{} is empty; the value of {} is used.",
        text::code_span(adoption.setting),
        text::code_span(&adoption.source)
    )
}

/// Who the user is at Jenkins.
#[must_use]
pub fn identity(identity: &Identity) -> String {
    format!(
        "{} (Jenkins {})",
        text::plain(&identity.user),
        text::plain(&identity.version)
    )
}

/// How a checked thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Good.
    Good,
    /// Worth knowing.
    Note,
    /// Works, at a risk or not quite right.
    Warning,
    /// Does not work.
    Bad,
}

impl From<Severity> for Health {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Bad,
        }
    }
}

/// One line of an examination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub health: Health,
    /// What was checked.
    pub title: &'static str,
    /// What was found: Markdown.
    pub words: String,
}

impl Finding {
    /// A finding; `words` are Markdown.
    #[must_use]
    pub fn new(health: Health, title: &'static str, words: impl Into<String>) -> Self {
        Self {
            health,
            title,
            words: words.into(),
        }
    }
}

/// An examination: the verdict first, then every finding on a line of its own. A list in place of a
/// table: phones show it whole.
#[must_use]
pub fn examination(findings: &[Finding]) -> String {
    let verdict = match (many(findings, Health::Bad), many(findings, Health::Warning)) {
        (0, 0) => "Everything works.".to_owned(),
        (0, warnings) => format!("Everything works; {}", look_at(warnings)),
        (bad, _) => format!("{} not work.", count(bad, "thing does", "things do")),
    };
    list("Jenkins doctor", &verdict, findings)
}

/// The same about something that runs anyway; `good` is the verdict if there is nothing to say.
#[must_use]
pub fn findings(title: &str, good: &str, findings: &[Finding]) -> String {
    let worth_a_look = many(findings, Health::Bad) + many(findings, Health::Warning);
    let verdict = match worth_a_look {
        0 => good.to_owned(),
        count => look_at(count),
    };
    list(title, &verdict, findings)
}

fn list(title: &str, verdict: &str, findings: &[Finding]) -> String {
    let mut lines = vec![format!("###### {title}: {verdict}")];
    lines.extend(findings.iter().map(|finding| {
        format!(
            "- {} **{}:** {}",
            emoji(finding.health),
            finding.title,
            finding.words
        )
    }));
    lines.join("\n")
}

fn many(findings: &[Finding], health: Health) -> usize {
    let such = findings.iter().filter(|finding| finding.health == health);
    such.count()
}

fn look_at(number: usize) -> String {
    format!("{} should be looked at.", count(number, "thing", "things"))
}

/// `1 build`, `3 builds`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

fn emoji(health: Health) -> &'static str {
    match health {
        Health::Good => ":white_check_mark:",
        Health::Note => ":information_source:",
        Health::Warning => ":warning:",
        Health::Bad => ":x:",
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
