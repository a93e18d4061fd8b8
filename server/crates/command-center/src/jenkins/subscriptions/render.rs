//! How subscriptions show builds: cards, replies in their threads, and lines of a digest. Pure.

use std::time::Duration;

use mattermost_plugin::model::{Attachment, AttachmentField};

use super::build_store::BuildRecord;
use super::digest_store::Digest;
use super::kind::EventKind;
use super::plan::Telling;
use super::rule::{Mention, Rule};
use crate::jenkins::JenkinsAddress;
use crate::jenkins::card::Card;
use crate::jenkins::inbound::Phase;
use crate::jenkins::inbound::event::Details;
use crate::jenkins::watch::state::{BuildState, Outcome, Running, Verdict};
use crate::notifications::budget::{MESSAGE_RUNES, fit_lines};
use crate::text;

/// Longest name of a job that is shown, in runes.
const JOB_RUNES: usize = 150;
/// Longest reply, in runes.
const REPLY_RUNES: usize = 4000;
/// Most entries of a list in a reply.
const LIST_ENTRIES: usize = 10;

/// A build, as it is shown at one place.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The build.
    pub record: &'a BuildRecord,
    /// Where its Jenkins is, if that is configured.
    pub address: Option<&'a JenkinsAddress>,
    /// Now, in milliseconds since 1970.
    pub now: i64,
}

impl View<'_> {
    /// The card, in the look of those of builds that were started from chat.
    #[must_use]
    pub fn card(&self) -> Attachment {
        let report = &self.record.report;
        let state = state(self.record);
        let (job_url, build_url) = (self.job_url(), self.build_url());
        let key = self.record.key();
        let name = text::truncate_middle(&report.job.to_string(), JOB_RUNES);
        let card = Card {
            job: &name,
            job_url: job_url.as_deref(),
            build_url: build_url.as_deref(),
            build: (report.phase >= Phase::Started).then_some(&key),
            username: "",
            jenkins_user: "",
            state: &state,
            trouble: None,
            queued: None,
            now: self.now,
        };
        let mut attachment = card.attachment();
        attachment.pretext = match &report.details.cause {
            Some(cause) => text::plain(cause),
            None => String::new(),
        };
        attachment.fields.extend(self.fields());
        attachment
    }

    fn fields(&self) -> Vec<AttachmentField> {
        let report = &self.record.report;
        let mut fields = Vec::new();
        let mut add = |title: &str, value: String| {
            fields.push(AttachmentField::new(title, value, true));
        };
        if let Some(branch) = &report.details.branch {
            add("Branch", text::plain(branch));
        }
        if let Some(tests) = report
            .details
            .tests
            .as_ref()
            .filter(|_| report.phase.is_over())
        {
            add(
                "Tests",
                format!("{} of {} failed", tests.failed, tests.total),
            );
        }
        if let (Some(verdict), Some(previous)) = (report.verdict(), self.record.previous)
            && verdict != previous
        {
            add("Before", word(previous).to_owned());
        }
        fields
    }

    /// What is said in the thread of the card.
    #[must_use]
    pub fn reply(&self, telling: &Telling) -> String {
        let mention = telling.rule.mention.as_ref().filter(|_| telling.mentions());
        let mention = mention.map(Mention::word);
        let sentence = self.sentence(telling.kinds.most_telling().unwrap_or(EventKind::Start));
        let head = match mention {
            Some(word) => format!("{word} {sentence}"),
            None => sentence,
        };
        let lines = if telling.rule.thread {
            details(&self.record.report.details)
        } else {
            Vec::new()
        };
        fit_lines(&head, &lines, REPLY_RUNES)
    }

    /// One sentence about it.
    #[must_use]
    pub fn sentence(&self, kind: EventKind) -> String {
        let report = &self.record.report;
        let job = text::truncate_middle(&report.job.to_string(), JOB_RUNES);
        let number = format!("#{}", report.number);
        let (job, number) = match (self.job_url(), self.build_url()) {
            (Some(job_url), Some(build_url)) => {
                (text::link(&job, &job_url), text::link(&number, &build_url))
            }
            _ => (text::plain(&job), number),
        };
        let took = report
            .duration
            .filter(|_| report.phase.is_over())
            .map(|duration| format!(" after {}", text::duration(Duration::from_millis(duration))))
            .unwrap_or_default();
        let verdict = report.verdict();
        format!(
            "{} Job '{job}' - {number} {}{took}",
            emoji(kind, verdict),
            predicate(kind, verdict)
        )
    }

    fn job_url(&self) -> Option<String> {
        let page = self.address?.page(self.record.report.job.segments());
        Some(page.into())
    }

    fn build_url(&self) -> Option<String> {
        let report = &self.record.report;
        let number = report.number.to_string();
        let page = self.address?.page(report.job.build_segments(&number));
        Some(page.into())
    }
}

fn state(record: &BuildRecord) -> BuildState {
    let report = &record.report;
    match (report.phase, report.verdict()) {
        (Phase::Queued, _) => BuildState::Queued {
            why: None,
            stuck: false,
        },
        (_, Some(verdict)) => BuildState::Finished(Outcome {
            verdict,
            number: Some(report.number),
            duration: report.duration,
            stage: None,
        }),
        // Nobody said how it ended, if it did.
        (_, None) => BuildState::Running(Running {
            number: report.number,
            started_at: report.started_at.unwrap_or_default(),
            expected: report.expected.filter(|_| report.started_at.is_some()),
            stage: report.stage.clone(),
            waits_for_input: report.waits_for_input,
            ..Running::default()
        }),
    }
}

/// More about a build, on lines.
fn details(details: &Details) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(tests) = &details.tests {
        lines.push(format!(
            "**Tests:** {} of {} failed, {} skipped",
            tests.failed, tests.total, tests.skipped
        ));
        lines.extend(
            tests
                .failed_names
                .iter()
                .take(LIST_ENTRIES)
                .map(|name| format!("- {}", text::code_span(name))),
        );
    }
    if !details.changes.is_empty() {
        lines.push("**Changes:**".to_owned());
        let changes = details.changes.iter().take(LIST_ENTRIES);
        lines.extend(changes.map(|change| format!("- {}", text::plain(change))));
    }
    let mut list = |title: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            lines.push(format!("**{title}:** {}", entries.join(", ")));
        }
    };
    let plain = |texts: &[String]| texts.iter().map(|text| text::plain(text)).collect();
    list("By", plain(&details.culprits));
    list(
        "Parameters",
        details
            .parameters
            .iter()
            .map(|(name, value)| text::code_span(&format!("{name}={value}")))
            .collect(),
    );
    list(
        "Artifacts",
        details
            .artifacts
            .iter()
            .take(LIST_ENTRIES)
            .map(|path| text::code_span(path))
            .collect(),
    );
    list(
        "Commit",
        details
            .commit
            .iter()
            .map(|commit| text::code_span(&text::truncate(commit, 12)))
            .collect(),
    );
    lines
}

/// A post with what was collected.
#[must_use]
pub fn digest(rule: &Rule, digest: &Digest, now: i64) -> String {
    let total = digest.lines.len() as u64 + digest.more;
    let events = if total == 1 { "event" } else { "events" };
    let since = Duration::from_millis(u64::try_from(now - digest.began).unwrap_or(0));
    let mut head = format!(
        "**{total} {events}** of {} in the last {}",
        rule.target.words(),
        text::duration(Duration::from_secs(since.as_secs() / 60 * 60))
    );
    if let Some(mention) = &rule.mention {
        head = format!("{} {head}", mention.word());
    }
    let mut lines: Vec<String> = digest
        .lines
        .iter()
        .map(|line| format!("- {}", line.text))
        .collect();
    if digest.more > 0 {
        lines.push(format!("- … and {} more that were not kept.", digest.more));
    }
    fit_lines(&head, &lines, MESSAGE_RUNES)
}

fn predicate(kind: EventKind, verdict: Option<Verdict>) -> &'static str {
    let is_unstable = verdict == Some(Verdict::Unstable);
    match kind {
        EventKind::Start => "has been started",
        EventKind::Success => "succeeded",
        EventKind::Fixed => "is back to normal",
        EventKind::Aborted if verdict == Some(Verdict::NotBuilt) => "was not built",
        EventKind::Aborted => "was aborted",
        EventKind::Unstable => "is unstable",
        EventKind::Failure => "failed",
        EventKind::StillFailing if is_unstable => "is still unstable",
        EventKind::StillFailing => "is still failing",
        EventKind::Regression if is_unstable => "became unstable",
        EventKind::Regression => "began to fail",
        EventKind::Input => "waits for input",
        EventKind::QueueStuck => "is stuck in the queue",
        EventKind::NodeOffline => "is offline",
    }
}

fn emoji(kind: EventKind, verdict: Option<Verdict>) -> &'static str {
    match (kind, verdict) {
        (EventKind::Start, _) => ":arrow_forward:",
        (EventKind::Input, _) => ":raised_hand:",
        (EventKind::QueueStuck | EventKind::NodeOffline, _) => ":warning:",
        (_, Some(Verdict::Success)) => ":white_check_mark:",
        (_, Some(Verdict::Unstable)) => ":warning:",
        (_, Some(Verdict::Failure)) => ":x:",
        _ => ":no_entry_sign:",
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => "Success",
        Verdict::Unstable => "Unstable",
        _ => "Failure",
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
