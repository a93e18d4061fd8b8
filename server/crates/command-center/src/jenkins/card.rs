//! The card: the one post of a build, from the queue to its result.
//!
//! Pure: from what is known to what is shown. Texts keep the wording of the former Jenkins plugin
//! where it had any, because people and their searches know it.

use std::time::Duration;

use mattermost_plugin::model::{Attachment, AttachmentField, PostAction};

use super::action::{Action, BuildKey, QueueKey, Style};
use super::digest::Digest;
use super::notice::initiated_by;
use super::watch::machine::{Trouble, TroubleNote};
use super::watch::state::{BuildState, Outcome, Running, Verdict};
use crate::text;

/// Blue of the former plugin: something is going on.
pub(super) const COLOR_ACTIVE: &str = "#7FC1EE";
pub(super) const COLOR_GOOD: &str = "#2E9E5B";
pub(super) const COLOR_WARNING: &str = "#E0A100";
pub(super) const COLOR_BAD: &str = "#D24B4E";
pub(super) const COLOR_NEUTRAL: &str = "#8B8FA3";

/// Longest text of a button, in runes.
const BUTTON_RUNES: usize = 40;

/// Runes of Jenkins' explanations that are shown.
const EXPLANATION_RUNES: usize = 300;

/// Everything a card shows.
#[derive(Debug, Clone)]
pub struct Card<'a> {
    /// The job as people know it.
    pub job: &'a str,
    /// The job's page for people, if it has one.
    pub job_url: Option<&'a str>,
    /// The build's page for people, once there is a build.
    pub build_url: Option<&'a str>,
    /// The build, once there is one: what the buttons are about.
    pub build: Option<&'a BuildKey>,
    /// Its entry in the queue, while it waits there.
    pub queued: Option<&'a QueueKey>,
    /// Mattermost name of who asked.
    pub username: &'a str,
    /// Jenkins name of who asked.
    pub jenkins_user: &'a str,
    /// Where the build is.
    pub state: &'a BuildState,
    /// What stands in the way of news.
    pub trouble: Option<&'a TroubleNote>,
    /// Now, in milliseconds since 1970 by Jenkins' clock as far as known.
    pub now: i64,
}

impl Card<'_> {
    /// The card as a message attachment; the post's own message stays empty.
    #[must_use]
    pub fn attachment(&self) -> Attachment {
        let (color, headline, fields) = match self.state {
            BuildState::Queued { why, stuck } => (
                COLOR_ACTIVE,
                self.queued(why.as_deref(), *stuck),
                Vec::new(),
            ),
            BuildState::Running(running) => (
                COLOR_ACTIVE,
                self.started(running.number) + &Self::questions(running),
                self.progress(running),
            ),
            BuildState::Finished(outcome) => (
                color(outcome.verdict),
                self.finished(outcome),
                Self::result_fields(outcome),
            ),
        };
        let mut body = headline;
        if let Some(sentence) = self.trouble.and_then(trouble_sentence) {
            body.push_str("\n\n");
            body.push_str(sentence);
        }
        Attachment {
            fallback: self.summary(),
            color: color.to_owned(),
            pretext: initiated_by(self.username, self.jenkins_user),
            text: body,
            fields,
            actions: self.buttons(),
            ..Attachment::default()
        }
    }

    /// What can be done now, most wanted first; few enough for a phone.
    fn buttons(&self) -> Vec<PostAction> {
        let log = |build: &BuildKey| {
            let build = build.clone();
            Action::Log { build }.button("Log", Style::Plain)
        };
        match (self.state, self.build) {
            (BuildState::Queued { .. }, _) => {
                let queued = self.queued.cloned();
                let cancel = queued.map(|queued| Action::Cancel { queued });
                let cancel = cancel.map(|cancel| cancel.button("Abort", Style::Danger));
                cancel.into_iter().collect()
            }
            (BuildState::Running(running), Some(build)) => {
                let mut buttons = Self::answers(running, build);
                let abort = Action::Abort {
                    build: build.clone(),
                };
                buttons.push(abort.button("Abort", Style::Danger));
                buttons.push(log(build));
                buttons
            }
            (BuildState::Finished(_), Some(build)) => {
                let rebuild = Action::Rebuild {
                    build: build.clone(),
                };
                let tests = Action::Tests {
                    build: build.clone(),
                };
                let artifacts = Action::Artifacts {
                    build: build.clone(),
                };
                vec![
                    rebuild.button("Rebuild", Style::Plain),
                    log(build),
                    tests.button("Tests", Style::Plain),
                    artifacts.button("Artifacts", Style::Plain),
                ]
            }
            (_, None) => Vec::new(),
        }
    }

    /// Buttons for the first question: others are answered by command.
    fn answers(running: &Running, build: &BuildKey) -> Vec<PostAction> {
        let Some(asked) = running.inputs.first() else {
            return Vec::new();
        };
        let (build, input) = (build.clone(), asked.id.clone());
        let approve = Action::Approve {
            build: build.clone(),
            input: input.clone(),
        };
        let word = text::truncate(&text::one_line(&asked.proceed), BUTTON_RUNES);
        let word = if word.is_empty() { "Approve" } else { &word };
        vec![
            approve.button(word, Style::Primary),
            Action::Reject { build, input }.button("Reject", Style::Danger),
        ]
    }

    /// One plain line, for notifications and clients without attachments.
    #[must_use]
    pub fn summary(&self) -> String {
        let job = text::plain(&text::truncate_middle(self.job, 120));
        match self.state {
            BuildState::Queued { .. } => format!("Job '{job}' is in queue"),
            BuildState::Running(running) => format!("Job '{job}' - #{} is running", running.number),
            BuildState::Finished(outcome) => match outcome.number {
                Some(number) => format!("Job '{job}' - #{number}: {}", word(outcome.verdict)),
                None => format!("Job '{job}': {}", word(outcome.verdict)),
            },
        }
    }

    fn job_name(&self) -> String {
        match self.job_url {
            Some(url) => text::link(self.job, url),
            None => text::plain(self.job),
        }
    }

    fn queued(&self, why: Option<&str>, stuck: bool) -> String {
        let mut sentence = format!(
            "Job '{}' has been triggered and is in queue.",
            self.job_name()
        );
        if let Some(why) = why {
            sentence.push_str("\n:hourglass: ");
            sentence.push_str(&text::plain(&text::truncate(why, EXPLANATION_RUNES)));
        }
        if stuck {
            sentence.push_str("\n:warning: Jenkins says that this build is stuck in the queue.");
        }
        sentence
    }

    fn started(&self, number: u64) -> String {
        let mut sentence = format!("Job '{}' - #{number} has been started", self.job_name());
        if let Some(url) = self.build_url.and_then(text::web_link) {
            sentence.push_str("\nBuild URL : ");
            sentence.push_str(&url);
        }
        sentence
    }

    /// What a running build asks.
    fn questions(running: &Running) -> String {
        let mut questions = String::new();
        for (index, asked) in running.inputs.iter().enumerate() {
            let message = text::plain(&text::truncate(&asked.message, EXPLANATION_RUNES));
            questions.push_str("\n:raised_hand: ");
            questions.push_str(&message);
            // Only the first one has buttons.
            if index > 0 {
                let id = text::code_span(&asked.id);
                questions.push_str(&format!(" (`/jenkins approve` with `--input` {id})"));
            }
        }
        questions
    }

    fn progress(&self, running: &Running) -> Vec<AttachmentField> {
        let mut fields = Vec::new();
        if running.waits_for_input {
            fields.push(field("Waiting", "for input"));
        }
        if let Some(stage) = &running.stage {
            fields.push(field("Stage", &text::plain(&text::truncate(stage, 100))));
        }
        let ran = milliseconds(self.now.saturating_sub(running.started_at));
        if let Some(expected) = running.expected.map(Duration::from_millis) {
            if let Some(percent) = text::percent(ran, expected) {
                fields.push(field("Progress", &text::progress_bar(percent)));
            }
            fields.push(field("Time", &remaining(ran, expected)));
        }
        fields
    }

    fn finished(&self, outcome: &Outcome) -> String {
        let job = self.job_name();
        let build = match (outcome.number, self.build_url) {
            (Some(number), Some(url)) => format!(" - {}", text::link(&format!("#{number}"), url)),
            (Some(number), None) => format!(" - #{number}"),
            (None, _) => String::new(),
        };
        format!(
            "{} Job '{job}'{build} {}",
            emoji(outcome.verdict),
            sentence(outcome.verdict)
        )
    }

    fn result_fields(outcome: &Outcome) -> Vec<AttachmentField> {
        let mut fields = Vec::new();
        if outcome.verdict.is_result() {
            fields.push(field("Result", word(outcome.verdict)));
        }
        if let Some(duration) = outcome.duration {
            fields.push(field(
                "Duration",
                &text::duration(Duration::from_millis(duration)),
            ));
        }
        if let Some(stage) = &outcome.stage {
            fields.push(field("Stage", &text::plain(&text::truncate(stage, 100))));
        }
        fields
    }
}

/// What is said of the end of a build, besides its card.
#[derive(Debug, Clone, Copy)]
pub struct Announcement<'a> {
    /// Mattermost user name of the requester.
    pub username: &'a str,
    /// Full name of the job.
    pub job: &'a str,
    /// How it ended.
    pub outcome: &'a Outcome,
    /// The page of the build.
    pub build_url: Option<&'a str>,
    /// What is known of a failure.
    pub digest: &'a Digest,
}

impl Announcement<'_> {
    /// The one message that pings the requester, for the card's thread; what is known of a failure is
    /// told with it.
    #[must_use]
    pub fn pinging(&self) -> String {
        format!("@{} {}", self.username, self.silent())
    }

    /// The same without a ping.
    #[must_use]
    pub fn silent(&self) -> String {
        let told = self.sentence();
        match self.digest.markdown(self.username) {
            nothing if nothing.is_empty() => told,
            known => format!("{told}\n{known}"),
        }
    }

    /// Whether there is more to say than the card shows.
    #[must_use]
    pub fn tells_more(&self) -> bool {
        !self.digest.markdown(self.username).is_empty()
    }

    fn sentence(&self) -> String {
        let outcome = self.outcome;
        let number = outcome
            .number
            .map(|number| format!(" - #{number}"))
            .unwrap_or_default();
        let took = outcome
            .duration
            .filter(|_| outcome.verdict.is_result())
            .map(|duration| format!(" after {}", text::duration(Duration::from_millis(duration))))
            .unwrap_or_default();
        let open = self
            .build_url
            .map(|url| format!(" {}", text::link("Open", url)))
            .unwrap_or_default();
        format!(
            "{} Job '{}'{number} {}{took}{open}",
            emoji(outcome.verdict),
            text::plain(self.job),
            sentence(outcome.verdict).trim_end_matches('.'),
        )
    }
}

fn field(title: &str, value: &str) -> AttachmentField {
    AttachmentField {
        title: title.to_owned(),
        value: value.into(),
        short: true,
    }
}

/// A duration of `count` milliseconds; clocks that disagree give none below zero.
fn milliseconds(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or(0))
}

/// Steps of ten seconds, so that a card does not change with every look.
fn remaining(ran: Duration, expected: Duration) -> String {
    match expected.checked_sub(ran) {
        Some(left) if left >= Duration::from_secs(10) => {
            let tens = left.as_secs().div_ceil(10) * 10;
            format!("about {} left", text::duration(Duration::from_secs(tens)))
        }
        Some(_) => "a few seconds left".to_owned(),
        None => format!(
            "usually done after {}",
            text::duration(Duration::from_secs(expected.as_secs()))
        ),
    }
}

fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => COLOR_GOOD,
        Verdict::Unstable => COLOR_WARNING,
        Verdict::Failure => COLOR_BAD,
        _ => COLOR_NEUTRAL,
    }
}

fn emoji(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => ":white_check_mark:",
        Verdict::Unstable => ":warning:",
        Verdict::Failure => ":x:",
        Verdict::Aborted | Verdict::NotBuilt | Verdict::Cancelled => ":no_entry_sign:",
        _ => ":grey_question:",
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => "Success",
        Verdict::Unstable => "Unstable",
        Verdict::Failure => "Failure",
        Verdict::Aborted => "Aborted",
        Verdict::NotBuilt => "Not built",
        Verdict::Cancelled => "Cancelled",
        _ => "Unknown",
    }
}

fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => "succeeded.",
        Verdict::Unstable => "is unstable.",
        Verdict::Failure => "failed.",
        Verdict::Aborted => "was aborted.",
        Verdict::NotBuilt => "was not built.",
        Verdict::Cancelled => "was cancelled while it was in the queue.",
        Verdict::QueueItemVanished => {
            "vanished from Jenkins' queue, and no build of it is known. It may have been cancelled; look at the job in Jenkins."
        }
        Verdict::BuildDeleted => "is not known to Jenkins any more. It was probably deleted.",
        Verdict::AccessLost => {
            "cannot be watched any more: Jenkins refuses the requester's API token. Its result is not known here; reconnect with `/jenkins connect`."
        }
        Verdict::Unreachable => {
            "cannot be watched any more: Jenkins did not answer for a day. Its result is not known here."
        }
        Verdict::NeverStarted => {
            "was probably not started: the plugin stopped while it sent the request, and Jenkins knows of no such build. Ask for it again if you still need it."
        }
        Verdict::TooLong => {
            "is not watched any more after seven days. Its result is not known here."
        }
        Verdict::Unwatched => {
            "is not watched any more: who watched it said so. Its result is not told here."
        }
    }
}

/// What to say of a trouble; nothing while it may pass by itself.
fn trouble_sentence(note: &TroubleNote) -> Option<&'static str> {
    match note.trouble {
        Trouble::Refused => Some(
            ":lock: Jenkins refuses the requester's API token. This card goes on after `/jenkins connect`, within an hour.",
        ),
        Trouble::Starting => {
            Some(":hourglass: Jenkins is restarting. This card goes on when it is back.")
        }
        Trouble::Unreachable if note.times >= 3 => Some(
            ":hourglass: Jenkins does not answer at the moment. This card goes on when it does.",
        ),
        Trouble::Unreachable => None,
    }
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
