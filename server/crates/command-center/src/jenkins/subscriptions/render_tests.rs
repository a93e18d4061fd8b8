use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_json_snapshot;
use url::Url;

use super::*;
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::inbound::BuildReport;
use crate::jenkins::inbound::event::Tests;
use crate::jenkins::subscriptions::digest_store::Line;
use crate::jenkins::subscriptions::kind::EventKinds;
use crate::jenkins::subscriptions::rule::tests::rule;
use crate::text::oracle::markup_in;

const HOSTILE: &str = "@all `x` *b* ![i](https://evil/i.png) # ~town-square <!channel>";

fn record(job: &str, phase: Phase, result: Option<Verdict>) -> BuildRecord {
    let path = JobPath::new(vec!["folder".to_owned(), job.to_owned()]).unwrap();
    BuildRecord {
        server: ServerAlias::default(),
        report: BuildReport {
            result,
            duration: phase.is_over().then_some(61_000),
            details: Details {
                cause: Some(format!("Started by user {job}")),
                branch: Some(job.to_owned()),
                commit: Some("0123456789abcdef".to_owned()),
                changes: vec![job.to_owned()],
                culprits: vec![job.to_owned()],
                parameters: vec![("ENV".to_owned(), job.to_owned())],
                artifacts: vec![job.to_owned()],
                tests: Some(Tests {
                    total: 9,
                    failed: 2,
                    skipped: 1,
                    failed_names: vec![job.to_owned()],
                }),
            },
            ..BuildReport::new(path, 5, phase)
        },
        previous: Some(Verdict::Success),
        is_judged: true,
        cards: BTreeMap::new(),
        told: BTreeMap::new(),
        holder: None,
        first_at: 0,
    }
}

fn address() -> JenkinsAddress {
    let root = Url::parse("https://ci.example.com/jenkins/").unwrap();
    JenkinsAddress::new(root.clone(), root)
}

fn telling(kinds: &str) -> Telling {
    Telling {
        rule: Arc::new(Rule {
            mention: Some(Mention::Here),
            thread: true,
            ..rule("r", "all")
        }),
        kinds: EventKinds::parse(kinds).unwrap(),
        held_until: None,
    }
}

#[test]
fn cards() {
    let address = address();
    let cards: Vec<Attachment> = [
        (Phase::Queued, None),
        (Phase::Started, None),
        (Phase::Completed, Some(Verdict::Failure)),
    ]
    .into_iter()
    .map(|(phase, result)| {
        let record = record("app", phase, result);
        let view = View {
            record: &record,
            address: Some(&address),
            now: 0,
        };
        view.card()
    })
    .collect();
    assert_json_snapshot!(cards);
}

#[test]
fn replies() {
    let address = address();
    let record = record("app", Phase::Completed, Some(Verdict::Failure));
    let view = View {
        record: &record,
        address: Some(&address),
        now: 0,
    };
    insta::assert_snapshot!(view.reply(&telling("failure,regression")));
}

#[test]
fn digests() {
    let lines = (1..=3).map(|n| Line {
        id: n.to_string(),
        text: format!("line {n}"),
    });
    let collected = Digest {
        lines: lines.collect(),
        more: 2,
        began: 0,
        ..Digest::default()
    };
    insta::assert_snapshot!(digest(&rule("r", "all"), &collected, 3_700_000));
}

#[test]
fn foreign_text_is_only_text() {
    let record = record(HOSTILE, Phase::Completed, Some(Verdict::Failure));
    let view = View {
        record: &record,
        address: None,
        now: 0,
    };
    let silent = Telling {
        rule: Arc::new(Rule {
            thread: true,
            ..rule("r", "all")
        }),
        ..telling("failure")
    };
    let card = view.card();
    let mut texts = vec![card.text, card.pretext, card.fallback];
    texts.extend(
        card.fields
            .iter()
            .filter_map(|field| Some(field.value.as_str()?.to_owned())),
    );
    texts.push(view.sentence(EventKind::Failure));
    // Lists and bold titles are ours.
    let reply = view.reply(&silent).replace("**", "");
    texts.extend(
        reply
            .lines()
            .map(|line| line.trim_start_matches("- ").to_owned()),
    );
    for text in texts {
        assert_eq!(markup_in(&text), Vec::<String>::new(), "{text}");
    }
}
