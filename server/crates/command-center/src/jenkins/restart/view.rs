//! What people read about a restart.

use std::time::Duration;

use super::machine::{End, Stage};
use super::record::RestartRecord;
use crate::text;

/// What the post says: Markdown.
#[must_use]
pub fn told(record: &RestartRecord) -> String {
    let jenkins = jenkins(record);
    match record.progress {
        Stage::Asking => format!("{jenkins} is being asked to restart."),
        Stage::Waiting { .. } => format!(
            "Safe restart of {jenkins} server has been triggered.\n:hourglass: It lets no build start and waits for those that run. `/jenkins cancel-quiet-down` calls it off."
        ),
        Stage::Away { .. } => format!(
            "Safe restart of {jenkins} server has been triggered.\n:hourglass: Jenkins is restarting."
        ),
        Stage::Ended(End::Back { away }) => format!(
            "Safe restart of {jenkins} server has been triggered.\n:white_check_mark: {}",
            back(away)
        ),
        Stage::Ended(End::CalledOff) => format!(
            "Safe restart of {jenkins} server had been triggered, and was called off: Jenkins lets builds start again."
        ),
        Stage::Ended(End::NotTriggered) => format!(
            ":warning: {jenkins} was probably not asked to restart: the connection or the plugin broke off, and Jenkins prepares nothing. Ask again if it is still needed."
        ),
        Stage::Ended(End::TooLong) => format!(
            "Safe restart of {jenkins} server has been triggered.\n:grey_question: It did not restart within two hours and is not watched any more."
        ),
    }
}

/// The one message that pings who asked, at the end.
#[must_use]
pub fn announcement(record: &RestartRecord, end: End) -> String {
    let words = match end {
        End::Back { away } => format!(":white_check_mark: {}", back(away)),
        End::CalledOff => "The restart of Jenkins was called off.".to_owned(),
        End::NotTriggered => ":warning: Jenkins was probably not asked to restart.".to_owned(),
        End::TooLong => {
            ":grey_question: Jenkins did not restart within two hours; it is not watched any more."
                .to_owned()
        }
    };
    format!("@{} {words}", record.requester.username)
}

fn back(away: Option<i64>) -> String {
    match away.and_then(|away| u64::try_from(away).ok()) {
        Some(away) => format!(
            "Jenkins is back after {}.",
            text::duration(Duration::from_millis(away))
        ),
        None => "Jenkins has restarted and is back.".to_owned(),
    }
}

fn jenkins(record: &RestartRecord) -> String {
    if record.server.is_main() {
        "Jenkins".to_owned()
    } else {
        format!("Jenkins {}", text::code_span(record.server.as_str()))
    }
}
