use proptest::prelude::*;

use super::super::pace;
use super::*;

const T0: i64 = 1_800_000_000_000;

fn build(number: u64) -> BuildSeen {
    BuildSeen {
        number,
        building: true,
        started_at: T0,
        expected: Some(60_000),
        ..BuildSeen::default()
    }
}

fn done(number: u64, result: &str) -> Seen {
    Seen::Build(BuildSeen {
        building: false,
        result: Some(result.into()),
        duration: 72_000,
        ..build(number)
    })
}

/// Runs through what was seen, one look each `step` milliseconds.
fn run(seen: Vec<Seen>, step: i64) -> Progress {
    let mut progress = Progress::queued(7, T0);
    let mut now = T0;
    for seen in seen {
        now += step;
        progress = advance(&progress, seen, now);
    }
    progress
}

#[test]
fn from_the_queue_to_the_result() {
    let waiting = Seen::Waiting {
        why: Some("Waiting for next available executor".into()),
        stuck: false,
    };
    let progress = run(vec![waiting, Seen::Left { number: 12 }], SECOND);
    assert_eq!(progress.ask, Ask::Build { number: 12 });
    let progress = advance(&progress, Seen::Build(build(12)), T0 + 3 * SECOND);
    assert!(matches!(&progress.state, BuildState::Running(running) if running.number == 12));
    let progress = advance(&progress, done(12, "SUCCESS"), T0 + 4 * SECOND);
    let outcome = progress.outcome().expect("finished");
    assert_eq!(
        (outcome.verdict, outcome.number, outcome.duration),
        (Verdict::Success, Some(12), Some(72_000))
    );
}

#[test]
fn a_result_counts_only_when_the_build_is_over() {
    let early = Seen::Build(BuildSeen {
        result: Some("FAILURE".into()),
        ..build(3)
    });
    assert!(run(vec![early], SECOND).outcome().is_none());
    assert!(
        run(vec![done(3, "SOMETHING_NEW")], SECOND)
            .outcome()
            .is_none()
    );
}

#[test]
fn a_failed_build_keeps_the_stage_it_was_in() {
    let in_stage = Seen::Build(BuildSeen {
        stage: Some("Deploy".into()),
        ..build(3)
    });
    let progress = run(vec![in_stage, done(3, "FAILURE")], SECOND);
    assert_eq!(
        progress
            .outcome()
            .and_then(|outcome| outcome.stage.as_deref()),
        Some("Deploy")
    );
}

#[test]
fn a_cancelled_queue_item_ends_the_watch() {
    let progress = run(vec![Seen::Cancelled], SECOND);
    assert_eq!(
        progress.outcome(),
        Some(&Outcome::without_build(Verdict::Cancelled))
    );
}

#[test]
fn a_forgotten_queue_item_is_found_by_its_build() {
    let progress = run(vec![Seen::Unknown], SECOND);
    assert_eq!(progress.ask, Ask::BuildOfQueueItem { queue_id: 7 });
    let progress = advance(&progress, Seen::Left { number: 9 }, T0 + 2 * SECOND);
    assert_eq!(
        (progress.ask, progress.vanished),
        (Ask::Build { number: 9 }, None)
    );
}

#[test]
fn what_stays_unknown_is_told_as_vanished() {
    let progress = run(vec![Seen::Unknown; 70], SECOND);
    assert_eq!(
        progress.outcome().map(|outcome| outcome.verdict),
        Some(Verdict::QueueItemVanished)
    );
    let mut seen = vec![Seen::Build(build(4))];
    seen.extend(vec![Seen::Unknown; 70]);
    let outcome = run(seen, SECOND).outcome().cloned().expect("finished");
    assert_eq!(
        (outcome.verdict, outcome.number),
        (Verdict::BuildDeleted, Some(4))
    );
}

#[test]
fn a_restart_in_between_proves_nothing() {
    let mut seen = vec![Seen::Unknown; 50];
    seen.push(Seen::Trouble(Trouble::Starting));
    seen.extend(vec![Seen::Unknown; 50]);
    assert!(run(seen, SECOND).outcome().is_none());
}

#[test]
fn troubles_end_a_watch_only_after_long() {
    let away = |hours: usize| {
        let mut seen = vec![Seen::Trouble(Trouble::Unreachable)];
        seen.extend(vec![Seen::Trouble(Trouble::Starting); hours]);
        run(seen, HOUR)
    };
    assert!(away(23).outcome().is_none());
    assert_eq!(
        away(24).outcome().map(|outcome| outcome.verdict),
        Some(Verdict::Unreachable)
    );
    let refused = run(vec![Seen::Trouble(Trouble::Refused); 62], MINUTE);
    assert_eq!(
        refused.outcome().map(|outcome| outcome.verdict),
        Some(Verdict::AccessLost)
    );
    let reconnected = run(
        vec![Seen::Trouble(Trouble::Refused), Seen::Left { number: 2 }],
        MINUTE,
    );
    assert_eq!(reconnected.trouble, None);
}

#[test]
fn nothing_is_watched_for_ever() {
    let endless = vec![
        Seen::Waiting {
            why: None,
            stuck: true
        };
        200
    ];
    assert_eq!(
        run(endless, HOUR).outcome().map(|outcome| outcome.verdict),
        Some(Verdict::TooLong)
    );
}

fn any_seen() -> impl Strategy<Value = Seen> {
    let result = prop_oneof![
        Just(None),
        Just(Some("SUCCESS".to_owned())),
        Just(Some("FAILURE".to_owned())),
        Just(Some("<html>".to_owned())),
    ];
    prop_oneof![
        any::<bool>().prop_map(|stuck| Seen::Waiting { why: None, stuck }),
        Just(Seen::Cancelled),
        (1..99_u64).prop_map(|number| Seen::Left { number }),
        (
            1..99_u64,
            any::<bool>(),
            result,
            any::<i64>(),
            any::<u64>(),
            any::<Option<u64>>()
        )
            .prop_map(
                |(number, building, result, started_at, duration, expected)| {
                    let stage = None;
                    let waits_for_input = false;
                    Seen::Build(BuildSeen {
                        number,
                        building,
                        result,
                        started_at,
                        duration,
                        expected,
                        stage,
                        waits_for_input,
                        inputs: Vec::new(),
                    })
                }
            ),
        Just(Seen::Unknown),
        Just(Seen::Trouble(Trouble::Unreachable)),
        Just(Seen::Trouble(Trouble::Starting)),
        Just(Seen::Trouble(Trouble::Refused)),
    ]
}

proptest! {
    #[test]
    fn results_are_only_what_was_seen_and_final(
        seen in proptest::collection::vec((any_seen(), 0..2 * HOUR), 1..40),
    ) {
        let mut progress = Progress::queued(7, T0);
        let mut now = T0;
        let mut said = None;
        for (seen, wait) in seen {
            now += wait;
            let before = progress.clone();
            let ended = matches!(&seen, Seen::Build(build) if !build.building && build.result.as_deref().and_then(Verdict::from_jenkins).is_some());
            progress = advance(&progress, seen, now);
            if let Some(outcome) = progress.outcome() {
                if before.outcome().is_some() {
                    prop_assert_eq!(&before, &progress, "a result changed");
                } else if outcome.verdict.is_result() {
                    prop_assert!(ended, "a result that Jenkins did not say");
                    said = Some(outcome.verdict);
                }
            }
            let delay = pace::delay(&progress, now);
            if progress.outcome().is_none() {
                prop_assert!(delay >= pace::SHORTEST && delay <= std::time::Duration::from_secs(60));
            }
            let stored = serde_json::to_string(&progress).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Progress>(&stored).unwrap(), &progress);
        }
        let last = progress.outcome().filter(|outcome| outcome.verdict.is_result()).map(|outcome| outcome.verdict);
        prop_assert_eq!(last, said);
    }
}
