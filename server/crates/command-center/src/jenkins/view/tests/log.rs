//! Logs that are followed.

use insta::assert_snapshot;

use super::*;
use crate::config::ServerAlias;
use crate::jenkins::action::BuildKey;
use crate::jenkins::log_follow::record::FollowRecord;
use crate::jenkins::log_follow::view::{self as log_view, State};
use crate::jenkins::model::BuildResult;
use crate::jenkins::watch::record::Place;

#[test]
fn a_log_that_is_followed() {
    let record = FollowRecord {
        id: "follow".to_owned(),
        owner: String::new(),
        user_id: String::new(),
        place: Place {
            channel_id: String::new(),
            root_id: String::new(),
        },
        build: BuildKey {
            server: ServerAlias::default(),
            job: job(&[&HOSTILE.replace('/', "")]),
            number: 12,
        },
        since: NOW,
        post_id: None,
        stopped_by: None,
    };
    let states = [
        State::Live,
        State::Over(Some(BuildResult::Failure)),
        State::Over(None),
        State::Stopped("bob".to_owned()),
        State::TooLong,
        State::Failed("The build is gone.".to_owned()),
    ];
    for state in states {
        assert_snapshot!(shown(|view| {
            let post = log_view::attachment(view, &record, "``` @all\nlast line", &state);
            let buttons: Vec<&str> = post.actions.iter().map(|a| a.name.as_str()).collect();
            format!("{}\n{buttons:?}", post.text)
        }));
    }
    let long = "x".repeat(100_000);
    let words = shown(|view| log_view::attachment(view, &record, &long, &State::Live).text);
    assert!(text::rune_count(&words) < 5_000);
}
