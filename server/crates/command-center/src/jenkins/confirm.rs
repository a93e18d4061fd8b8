//! Changes that are made only after a second look.
//!
//! Pure: what waits for a yes, and the post with the two buttons. Who may answer, until when, and that
//! one answer counts, is held by [`pending`](crate::pending).

use std::time::Duration;

use mattermost_plugin::model::Attachment;
use serde::{Deserialize, Serialize};

use super::JobPath;
use super::action::{Action, BuildKey, Style};
use super::client::StopKind;
use super::policy::{Subject, Verb};
use crate::config::ServerAlias;

/// How long a question waits for its answer.
pub const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Orange: think first.
const COLOR: &str = "#E0A100";

/// A change that waits for a yes. Stored; holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// Delete a job, or a folder with all that it holds.
    Delete {
        /// At which server.
        server: ServerAlias,
        /// What.
        job: JobPath,
        /// Whether it is a folder.
        is_folder: bool,
    },
    /// Change the configuration of a job.
    Configure {
        /// At which server.
        server: ServerAlias,
        /// Of which.
        job: JobPath,
        /// The file that holds the new one.
        file_id: String,
        /// [`key_hash`](crate::key_hash::key_hash) of what it was when the question was asked.
        before: String,
        /// The same of what it is to be.
        after: String,
    },
    /// Restart Jenkins once no build runs.
    SafeRestart {
        /// Which.
        server: ServerAlias,
        /// What Jenkins tells its users.
        message: Option<String>,
    },
    /// Let no build start.
    QuietDown {
        /// At which server.
        server: ServerAlias,
        /// What Jenkins tells its users.
        message: Option<String>,
    },
    /// Stop a build harder than it was.
    Stop {
        /// Which.
        build: BuildKey,
        /// How hard.
        kind: StopKind,
    },
}

impl Operation {
    /// What it does.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Delete { .. } => Verb::Delete,
            Self::Configure { .. } => Verb::ConfigChange,
            Self::SafeRestart { .. } => Verb::SafeRestart,
            Self::QuietDown { .. } => Verb::QuietDown,
            Self::Stop {
                kind: StopKind::Kill,
                ..
            } => Verb::Kill,
            Self::Stop { .. } => Verb::Abort,
        }
    }

    /// With what, and at which server.
    #[must_use]
    pub fn subject(&self) -> (&ServerAlias, Subject<'_>) {
        match self {
            Self::Delete {
                server,
                job,
                is_folder: true,
            } => (server, Subject::Folder(job)),
            Self::Delete { server, job, .. } | Self::Configure { server, job, .. } => {
                (server, Subject::Job(job))
            }
            Self::SafeRestart { server, .. } | Self::QuietDown { server, .. } => {
                (server, Subject::Server)
            }
            Self::Stop { build, .. } => (&build.server, Subject::Job(&build.job)),
        }
    }
}

/// What somebody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording<'a> {
    /// The question: Markdown.
    pub text: &'a str,
    /// The button that does it.
    pub yes: &'a str,
    /// The button that does not.
    pub no: &'a str,
}

impl Wording<'_> {
    /// The question with its buttons; `id` is that of the stored question.
    #[must_use]
    pub fn attachment(&self, id: &str) -> Attachment {
        let answer = |accept| Action::Answer {
            question: id.to_owned(),
            accept,
        };
        Attachment {
            actions: vec![
                answer(true).button(self.yes, Style::Danger),
                answer(false).button(self.no, Style::Plain),
            ],
            ..said(self.text)
        }
    }
}

/// What stands in the question's place once it is answered: Markdown.
#[must_use]
pub fn said(text: &str) -> Attachment {
    Attachment {
        fallback: text.to_owned(),
        color: COLOR.to_owned(),
        text: text.to_owned(),
        ..Attachment::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_two_buttons_that_hold_nothing_but_its_id() {
        let wording = Wording {
            text: "Delete it?",
            yes: "Delete",
            no: "Keep it",
        };
        let attachment = wording.attachment("id1");
        insta::assert_json_snapshot!(attachment.actions);
        for (button, accept) in attachment.actions.iter().zip([true, false]) {
            let context = &button.integration.as_ref().unwrap().context;
            assert_eq!(Action::as_answer(context), Some(("id1".to_owned(), accept)));
        }
    }

    #[test]
    fn operations_survive_the_store() {
        let build = BuildKey {
            server: ServerAlias::default(),
            job: JobPath::new(vec!["a".to_owned()]).unwrap(),
            number: 3,
        };
        let kind = StopKind::Kill;
        let operation = Operation::Stop { build, kind };
        let json = serde_json::to_string(&operation).unwrap();
        assert_eq!(serde_json::from_str::<Operation>(&json).unwrap(), operation);
    }
}
