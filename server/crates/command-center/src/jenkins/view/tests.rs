//! Everything that is shown, with names that would like to be more than text.

mod builds;
mod files;
mod jobs;
mod log;
mod server;
mod test_results;

use std::time::Duration;

use mattermost_plugin::model::Attachment;
use url::Url;

use super::*;
use crate::jenkins::model::{BuildResult, BuildSummary, Cause};

const NOW: i64 = 1_800_000_000_000;
const MINUTE: i64 = 60_000;
const HOSTILE: &str = "@all ![x](http://evil/) `code` *b* <b>|# ~town :tada:\n- [y](http://evil/)";

fn address() -> JenkinsAddress {
    let root = |url: &str| Url::parse(url).unwrap();
    JenkinsAddress::new(
        root("http://jenkins:8080/ci/"),
        root("https://ci.example/ci/"),
    )
}

fn shown(show: impl FnOnce(&View<'_>) -> String) -> String {
    let address = address();
    let shown = show(&View {
        address: &address,
        now: NOW,
    });
    assert!(text::rune_count(&shown) < 16_000, "{}", shown.len());
    shown
}

/// What is seen of an attachment.
fn seen(show: impl FnOnce(&View<'_>) -> Attachment) -> String {
    shown(|view| {
        let Attachment {
            color,
            text,
            fallback,
            ..
        } = show(view);
        format!("{color}\n{text}\n({fallback})")
    })
}

fn job(names: &[&str]) -> JobPath {
    JobPath::new(names.iter().map(|name| (*name).to_owned()).collect()).unwrap()
}

fn hello() -> JobPath {
    job(&["team", "hello"])
}

fn summary(number: u64, result: Option<BuildResult>) -> BuildSummary {
    BuildSummary {
        number,
        display_name: None,
        running: result.is_none(),
        result,
        started_at: NOW - 10 * MINUTE,
        duration: result.map_or(Duration::ZERO, |_| Duration::from_secs(72)),
        cause: Some(Cause {
            description: "Started by user Alice".to_owned(),
            user: Some("alice".to_owned()),
        }),
    }
}

fn hostile_summary() -> BuildSummary {
    BuildSummary {
        display_name: Some(HOSTILE.to_owned()),
        cause: Some(Cause {
            description: HOSTILE.to_owned(),
            user: None,
        }),
        ..summary(7, Some(BuildResult::Unstable))
    }
}
