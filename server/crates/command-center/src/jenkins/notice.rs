//! The post that tells a channel what somebody changed at Jenkins.
//!
//! Pure. In the form of the former plugin: who did it above, what was done below.

use mattermost_plugin::model::Attachment;

use crate::text;

/// Blue of the former plugin.
const COLOR: &str = "#7FC1EE";

/// Who changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiator {
    /// Mattermost user name.
    pub username: String,
    /// Jenkins user id.
    pub jenkins_user: String,
}

impl Initiator {
    /// The post's attachment; `said` is Markdown.
    #[must_use]
    pub fn attachment(&self, said: &str) -> Attachment {
        Attachment {
            fallback: said.to_owned(),
            color: COLOR.to_owned(),
            pretext: initiated_by(&self.username, &self.jenkins_user),
            text: said.to_owned(),
            ..Attachment::default()
        }
    }
}

/// The line above what was done: who did it, at Jenkins and here.
#[must_use]
pub fn initiated_by(username: &str, jenkins_user: &str) -> String {
    format!(
        "Initiated by Jenkins user: {} ({})",
        text::plain(jenkins_user),
        text::code_span(&format!("@{username}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_text() {
        let initiator = Initiator {
            username: "alice".to_owned(),
            jenkins_user: "@all *x*".to_owned(),
        };
        insta::assert_snapshot!(initiator.attachment("Job 'a' has been enabled").pretext);
    }
}
