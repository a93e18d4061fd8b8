//! What people read of a log that is followed.

use mattermost_plugin::model::Attachment;

use super::record::FollowRecord;
use crate::jenkins::action::{Action, Style};
use crate::jenkins::model::BuildResult;
use crate::jenkins::view::{View, mark, word};
use crate::text;

/// Blue of the former plugin: something is going on.
const COLOR_ACTIVE: &str = "#7FC1EE";
const COLOR_OVER: &str = "#8B8FA3";
/// Longest code block, in runes: the post is read while it changes.
const BLOCK_RUNES: usize = 4_000;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The build goes on.
    Live,
    /// The build is over; its result, if known.
    Over(Option<BuildResult>),
    /// Somebody does not want it any more: their user name.
    Stopped(String),
    /// Logs are not followed for longer.
    TooLong,
    /// It cannot be read any more; Markdown.
    Failed(String),
}

/// The post: `log` are the last lines.
#[must_use]
pub fn attachment(view: &View<'_>, record: &FollowRecord, log: &str, state: &State) -> Attachment {
    let build = &record.build;
    let title = view.log_title(&build.job, build.number);
    let status = match state {
        State::Live => ":arrow_forward: live; it changes every five seconds".to_owned(),
        State::Over(result) => format!("{} {}", mark(false, *result), word(false, *result)),
        State::Stopped(username) => {
            format!("not followed any more: {} stopped it", text::code_span(username))
        }
        State::TooLong => {
            "not followed any more: logs are followed for half an hour; `/jenkins get-log` with `--follow` goes on"
                .to_owned()
        }
        State::Failed(why) => format!(":warning: not followed any more: {why}"),
    };
    let block = match log.trim().is_empty() {
        true => "Nothing is printed so far.".to_owned(),
        false => text::code_block_within("", log, BLOCK_RUNES).0,
    };
    let stop = Action::StopLog {
        follow: record.id.clone(),
    };
    let is_live = *state == State::Live;
    Attachment {
        fallback: title.clone(),
        color: if is_live { COLOR_ACTIVE } else { COLOR_OVER }.to_owned(),
        text: format!("{title} ({status})\n{block}"),
        actions: match is_live {
            true => vec![stop.button("Stop following", Style::Plain)],
            false => Vec::new(),
        },
        ..Attachment::default()
    }
}
