use std::collections::BTreeMap;

use super::*;
use crate::config::ServerAlias;
use crate::jenkins::inbound::{BuildReport, Phase};
use crate::jenkins::subscriptions::rule::Mention;
use crate::jenkins::subscriptions::rule::tests::{path, rule};
use crate::jenkins::watch::state::Verdict;
use crate::notifications::{DigestInterval, Timing};

fn record(phase: Phase, result: Option<Verdict>) -> BuildRecord {
    BuildRecord {
        server: ServerAlias::default(),
        report: BuildReport {
            result,
            ..BuildReport::new(path("a/b"), 5, phase)
        },
        previous: Some(Verdict::Success),
        is_judged: true,
        cards: BTreeMap::new(),
        told: BTreeMap::new(),
        holder: None,
        first_at: 0,
    }
}

fn told(record: &BuildRecord, rules: &[Rule]) -> Vec<(String, String)> {
    let rules: Vec<Arc<Rule>> = rules.iter().cloned().map(Arc::new).collect();
    let tellings = tellings(record, &rules, 0);
    tellings
        .iter()
        .map(|telling| (telling.rule.id.clone(), telling.kinds.to_string()))
        .collect()
}

fn pair(id: &str, kinds: &str) -> (String, String) {
    (id.to_owned(), kinds.to_owned())
}

#[test]
fn each_subscription_is_told_once() {
    let rules = [
        rule("one", "start,failure"),
        rule("two", "fixed"),
        rule("three", "all"),
    ];
    let mut record = record(Phase::Started, None);
    assert_eq!(
        told(&record, &rules),
        [pair("one", "start"), pair("three", "start")]
    );
    record
        .told
        .insert("one".to_owned(), EventKinds::parse("start").unwrap());
    assert_eq!(told(&record, &rules), [pair("three", "start")]);
    record.report.phase = Phase::Completed;
    record.report.result = Some(Verdict::Failure);
    assert_eq!(
        told(&record, &rules),
        [
            pair("one", "failure"),
            pair("three", "start,failure,regression")
        ]
    );
}

#[test]
fn a_card_with_an_old_face_is_work() {
    let mut record = record(Phase::Started, None);
    let card = CardState::Ours {
        post_id: "p".to_owned(),
        shows: record.face(0),
    };
    record.cards.insert("channel".to_owned(), card);
    assert!(!has_work(&record, &[], 0));
    record.report.stage = Some("Test".to_owned());
    assert!(has_work(&record, &[], 0));
    record.report.phase = Phase::Completed;
    assert!(has_work(&record, &[], 0));
}

#[test]
fn progress_is_work_ten_times() {
    let mut record = record(Phase::Started, None);
    record.report.started_at = Some(1_000);
    record.report.expected = Some(600);
    let mut faces: Vec<String> = (0..5_000).map(|now| record.face(now)).collect();
    faces.dedup();
    // Before it began, by a clock that is behind, and after all of its time, nothing is known.
    assert_eq!(faces.len(), 12);
    record.report.phase = Phase::Completed;
    assert_eq!(record.face(1_100), record.face(1_500));
    record.report.phase = Phase::Started;
    for strange in [0, u64::MAX] {
        record.report.expected = Some(strange);
        for now in [i64::MIN, i64::MAX] {
            assert!(!record.face(now).is_empty());
        }
    }
}

#[test]
fn mentions_are_for_what_people_have_to_act_on() {
    let telling = |events: &str, kinds: &str| Telling {
        rule: Arc::new(Rule {
            mention: Some(Mention::Channel),
            ..rule("r", events)
        }),
        kinds: EventKinds::parse(kinds).unwrap(),
        held_until: None,
    };
    assert!(telling("all", "failure").mentions() && telling("all", "input").mentions());
    assert!(!telling("all", "start,success").mentions());
    assert!(telling("success", "success").mentions());
    assert!(telling("all", "success,fixed").mentions());
}

#[test]
fn news_is_held_when_the_subscription_says_so() {
    let timing = Timing {
        digest: Some(DigestInterval::parse("1h").unwrap()),
        quiet: None,
    };
    let rule = Arc::new(Rule {
        timing,
        ..rule("r", "all")
    });
    let tellings = tellings(&record(Phase::Started, None), &[rule], 5);
    assert_eq!(tellings[0].held_until, Some(3_600_005));
}
