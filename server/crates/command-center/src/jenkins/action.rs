//! Buttons on posts.
//!
//! A button's context says what it does. Clients never see it, but anybody who is logged in can send
//! one to the plugin directly; so a context counts only if the post in the channel, which only this
//! plugin writes, holds the same, or if it is the id of a [question](crate::pending) to that user.

use mattermost_plugin::model::{Post, PostAction, PostActionIntegration, PostActionOption};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::JobPath;
use super::policy::Verb;
use crate::config::{PLUGIN_ID, ServerAlias};

/// Where clicks arrive, below `/plugins/<id>`.
pub const ACTION_PATH: &str = "/api/v1/jenkins/action";

/// Where the server puts what was chosen in a menu (`app/integration_action.go`).
const CHOICE: &str = "selected_option";

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Show the end of a build's log.
    Log {
        /// Which.
        build: BuildKey,
    },
    /// Show which tests of a build failed.
    Tests {
        /// Which.
        build: BuildKey,
    },
    /// List what a build archived.
    Artifacts {
        /// Which.
        build: BuildKey,
    },
    /// Attach what a build archived. On lists, which are stored nowhere.
    Attach {
        /// The id of the [question](crate::pending) which.
        question: String,
        /// All of it; otherwise what is chosen in the menu.
        all: bool,
    },
    /// Follow a log no longer.
    StopLog {
        /// The id of what is [followed](super::log_follow).
        follow: String,
    },
    /// Build again, with the same parameters.
    Rebuild {
        /// Which.
        build: BuildKey,
    },
    /// Open the dialog of parameters that is due.
    FillIn {
        /// The id of the [question](crate::pending).
        question: String,
    },
    /// Stop a build.
    Abort {
        /// Which.
        build: BuildKey,
    },
    /// Take a build out of the queue before it begins.
    Cancel {
        /// Which.
        queued: QueueKey,
    },
    /// Let a pipeline go on that asks.
    Approve {
        /// Which build asks.
        build: BuildKey,
        /// The id of its question.
        input: String,
    },
    /// Let a pipeline end that asks.
    Reject {
        /// Which build asks.
        build: BuildKey,
        /// The id of its question.
        input: String,
    },
    /// Open the dialog that connects whoever clicks. On posts that are stored nowhere: anybody may do
    /// that at any time.
    Connect {
        /// With which server.
        server: ServerAlias,
    },
    /// Answer a [question](crate::pending) of the plugin. On posts that are stored nowhere.
    Answer {
        /// The question's id.
        question: String,
        /// Yes or no.
        accept: bool,
    },
}

/// One entry of a server's queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueKey {
    /// At which server.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// The job that waits.
    pub job: JobPath,
    /// The entry's id.
    pub queue_id: u64,
}

/// One build of one job at one server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BuildKey {
    /// At which server.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// The job.
    pub job: JobPath,
    /// The build's number.
    pub number: u64,
}

impl Action {
    /// Letters that tell the buttons of one post apart; all that the server allows in an id.
    fn id(&self) -> String {
        let id = match self {
            Self::Log { .. } => "log",
            Self::Tests { .. } => "tests",
            Self::Artifacts { .. } => "artifacts",
            Self::Attach { all: false, .. } => "attach",
            Self::Attach { all: true, .. } => "attachall",
            Self::StopLog { .. } => "stoplog",
            Self::Rebuild { .. } => "rebuild",
            Self::FillIn { .. } => "fillin",
            Self::Abort { .. } | Self::Cancel { .. } => "abort",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            // One post can offer several servers.
            Self::Connect { server } => {
                let letters = server.as_str().bytes().filter(u8::is_ascii_alphanumeric);
                let letters: String = letters.map(char::from).collect();
                return format!("connect{letters}");
            }
            Self::Answer { accept: true, .. } => "yes",
            Self::Answer { accept: false, .. } => "no",
        };
        id.to_owned()
    }

    /// What it does.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Log { .. } | Self::StopLog { .. } => Verb::GetLog,
            Self::Tests { .. } => Verb::TestResults,
            Self::Artifacts { .. } | Self::Attach { .. } => Verb::GetArtifacts,
            Self::Rebuild { .. } => Verb::Rebuild,
            Self::FillIn { .. } => Verb::Build,
            Self::Abort { .. } | Self::Cancel { .. } => Verb::Abort,
            Self::Approve { .. } => Verb::Approve,
            Self::Reject { .. } => Verb::Reject,
            Self::Connect { .. } => Verb::Connect,
            // The question says it.
            Self::Answer { .. } => Verb::Doctor,
        }
    }

    /// The job that it is about, and its server.
    #[must_use]
    pub fn job(&self) -> Option<(&ServerAlias, &JobPath)> {
        match self {
            Self::Log { build }
            | Self::Tests { build }
            | Self::Artifacts { build }
            | Self::Rebuild { build }
            | Self::Abort { build }
            | Self::Approve { build, .. }
            | Self::Reject { build, .. } => Some((&build.server, &build.job)),
            Self::Cancel { queued } => Some((&queued.server, &queued.job)),
            Self::FillIn { .. }
            | Self::Connect { .. }
            | Self::Answer { .. }
            | Self::Attach { .. }
            | Self::StopLog { .. } => None,
        }
    }

    /// A button with this text.
    #[must_use]
    pub fn button(&self, text: &str, style: Style) -> PostAction {
        PostAction {
            id: self.id(),
            r#type: "button".to_owned(),
            name: text.to_owned(),
            style: style.as_str().to_owned(),
            integration: Some(self.integration()),
            ..PostAction::default()
        }
    }

    /// A menu with this text on it. Its choice comes back in the context.
    #[must_use]
    pub fn menu(&self, text: &str, options: Vec<PostActionOption>) -> PostAction {
        PostAction {
            id: self.id(),
            r#type: "select".to_owned(),
            name: text.to_owned(),
            options,
            integration: Some(self.integration()),
            ..PostAction::default()
        }
    }

    fn integration(&self) -> PostActionIntegration {
        PostActionIntegration {
            url: format!("/plugins/{PLUGIN_ID}{ACTION_PATH}"),
            context: self.context(),
        }
    }

    fn context(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(context)) => context,
            // A tagged enum is an object.
            _ => Map::new(),
        }
    }

    /// The id of the question that a context is about, and what is asked for. It says nothing by itself:
    /// what is done is in the question, and only for the user who was asked.
    /// The server that a context offers to connect with.
    #[must_use]
    pub fn as_connect(context: &Map<String, Value>) -> Option<ServerAlias> {
        match serde_json::from_value(Value::Object(context.clone())) {
            Ok(Self::Connect { server }) => Some(server),
            _ => None,
        }
    }

    /// The id of the question that a context is about. It says nothing by itself: what is done is in the
    /// question, and only for the user who was asked.
    #[must_use]
    pub fn question(context: &Map<String, Value>) -> Option<(String, Asked)> {
        match serde_json::from_value(Value::Object(context.clone())) {
            Ok(Self::FillIn { question }) => Some((question, Asked::Form)),
            Ok(Self::Attach {
                question,
                all: true,
            }) => Some((question, Asked::AllFiles)),
            Ok(Self::Attach {
                question,
                all: false,
            }) => {
                let chosen = context.get(CHOICE)?.as_str()?;
                Some((question, Asked::File(chosen.to_owned())))
            }
            _ => None,
        }
    }

    /// The answer to a question that a context says. Whether there is such a question to this user is
    /// for the [store of questions](crate::pending::PendingStore) to tell.
    #[must_use]
    pub fn as_answer(context: &Map<String, Value>) -> Option<(String, bool)> {
        match serde_json::from_value(Value::Object(context.clone())) {
            Ok(Self::Answer { question, accept }) => Some((question, accept)),
            _ => None,
        }
    }

    /// What a context says, if a button on this post has the very same.
    #[must_use]
    pub fn on_post(post: &Post, context: &Map<String, Value>) -> Option<Self> {
        let attachments = post.attachments();
        let mut buttons = attachments
            .iter()
            .flat_map(|attachment| &attachment.actions);
        let is_there = buttons.any(|button| {
            button
                .integration
                .as_ref()
                .is_some_and(|integration| integration.context == *context)
        });
        is_there
            .then(|| serde_json::from_value(Value::Object(context.clone())).ok())
            .flatten()
    }
}

/// What a click on a post that is stored nowhere asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The dialog that is due.
    Form,
    /// The file of this path.
    File(String),
    /// All files of the list.
    AllFiles,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Like any other.
    Plain,
    /// What one probably wants.
    Primary,
    /// What cannot be undone.
    Danger,
}

impl Style {
    fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "default",
            Self::Primary => "primary",
            Self::Danger => "danger",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mattermost_plugin::model::Attachment;

    fn log(number: u64) -> Action {
        Action::Log {
            build: BuildKey {
                server: ServerAlias::default(),
                job: JobPath::new(vec!["a b".to_owned()]).unwrap(),
                number,
            },
        }
    }

    #[test]
    fn only_what_a_post_holds_counts() {
        let button = log(7).button("Log", Style::Plain);
        let attachment = Attachment {
            actions: vec![button],
            ..Attachment::default()
        };
        let post = Post::default().with_attachments(&[attachment]);
        assert_eq!(Action::on_post(&post, &log(7).context()), Some(log(7)));
        assert_eq!(Action::on_post(&post, &log(8).context()), None);
        assert_eq!(Action::on_post(&post, &Map::new()), None);
        assert_eq!(Action::on_post(&Post::default(), &log(7).context()), None);
    }

    #[test]
    fn a_choice_comes_with_its_menu_only() {
        let attach = |all| Action::Attach {
            question: "q".to_owned(),
            all,
        };
        let mut context = attach(false).context();
        assert_eq!(Action::question(&context), None);
        context.insert(CHOICE.to_owned(), "a/b.txt".into());
        let file = Asked::File("a/b.txt".to_owned());
        assert_eq!(Action::question(&context), Some(("q".to_owned(), file)));
        let all = Action::question(&attach(true).context());
        assert_eq!(all, Some(("q".to_owned(), Asked::AllFiles)));
        assert_eq!(Action::question(&log(7).context()), None);
    }

    #[test]
    fn a_context_is_short_and_plain() {
        assert_eq!(
            Value::Object(log(7).context()),
            serde_json::json!({"action": "log", "build": {"job": ["a b"], "number": 7}})
        );
    }
}
