use std::time::Duration;

use super::*;
use crate::jenkins::model::BuildResult;
use crate::jenkins::subscriptions::rule::tests::path;

const MOST: usize = 3;

fn head(job: &str, number: u64, running: bool) -> JobHead {
    JobHead {
        job: path(job),
        last: Build {
            number,
            display_name: None,
            running,
            result: (!running).then_some(BuildResult::Success),
            started_at: 1000 + i64::try_from(number).unwrap(),
            duration: Duration::ZERO,
            estimated_duration: None,
            queue_id: None,
            causes: Vec::new(),
            tests: None,
        },
    }
}

fn next(before: Option<&PollState>, heads: Vec<JobHead>) -> (PollState, Vec<(String, u64)>) {
    let (mut state, looks) = PollState::next(before, heads, 1000, MOST, |_| 0);
    let mut numbers = Vec::new();
    for look in looks {
        match &look.seen {
            Some(build) if build.running => state.open(&look.job, look.number),
            _ => state.close(&look.job, look.number),
        }
        numbers.push((look.job.full_name(), look.number));
    }
    (state, numbers)
}

fn pair(job: &str, number: u64) -> (String, u64) {
    (job.to_owned(), number)
}

#[test]
fn the_first_poll_tells_nothing_old() {
    let heads = vec![head("a", 7, false), head("b", 3, true)];
    let (state, looks) = next(None, heads);
    assert_eq!(looks, [pair("b", 3)], "it goes on, so its end is news");
    let (_, looks) = next(Some(&state), vec![head("a", 7, false), head("b", 3, false)]);
    assert_eq!(looks, [pair("b", 3)]);
}

#[test]
fn builds_in_between_are_looked_at() {
    let (state, _) = next(None, vec![head("a", 7, false)]);
    let (state, looks) = next(Some(&state), vec![head("a", 9, true)]);
    assert_eq!(looks, [pair("a", 8), pair("a", 9)]);
    let (state, looks) = next(Some(&state), vec![head("a", 10, true)]);
    assert_eq!(looks, [pair("a", 9), pair("a", 10)]);
    let (_, looks) = next(Some(&state), vec![head("a", 10, true)]);
    assert_eq!(looks, [pair("a", 10)]);
}

#[test]
fn many_at_once_wait_for_the_next_poll() {
    let (state, _) = next(None, vec![head("a", 1, false)]);
    let (state, looks) = next(Some(&state), vec![head("a", 100, false)]);
    let expected: Vec<_> = [91, 92, 93, 100].map(|number| pair("a", number)).into();
    assert_eq!(looks, expected);
    let (_, looks) = next(Some(&state), vec![head("a", 100, false)]);
    let expected: Vec<_> = [94, 95, 96].map(|number| pair("a", number)).into();
    assert_eq!(looks, expected);
}

#[test]
fn a_new_job_is_news_and_a_new_subscription_is_not() {
    let (state, _) = next(None, vec![head("a", 1, false)]);
    let (_, looks) = next(Some(&state), vec![head("new", 1, false)]);
    assert_eq!(looks, [pair("new", 1)]);
    let (_, looks) = PollState::next(Some(&state), vec![head("old", 1, false)], 1, MOST, |_| 5000);
    assert_eq!(looks, []);
}

#[test]
fn a_job_that_was_made_anew_counts_from_one() {
    let (state, _) = next(None, vec![head("a", 50, false)]);
    let (_, looks) = next(Some(&state), vec![head("a", 1, false)]);
    assert_eq!(looks, [pair("a", 1)]);
}
