use insta::assert_json_snapshot;

use super::*;
use crate::jenkins::watch::state::AskedInput;

const NOW: i64 = 1_800_000_090_000;

fn card<'a>(job: &'a str, state: &'a BuildState, trouble: Option<&'a TroubleNote>) -> Card<'a> {
    Card {
        job,
        job_url: Some("https://jenkins.example/ci/job/hello/"),
        build_url: Some("https://jenkins.example/ci/job/hello/12/"),
        build: None,
        queued: None,
        username: "alice",
        jenkins_user: "alice.a",
        state,
        trouble,
        now: NOW,
    }
}

fn running() -> BuildState {
    BuildState::Running(Running {
        number: 12,
        started_at: NOW - 30_000,
        expected: Some(120_000),
        stage: Some("Deploy to *prod*".into()),
        ..Running::default()
    })
}

fn finished(verdict: Verdict) -> BuildState {
    let is_result = verdict.is_result();
    BuildState::Finished(Outcome {
        verdict,
        number: is_result.then_some(12),
        duration: is_result.then_some(72_000),
        stage: None,
    })
}

fn shown(card: &Card<'_>) -> serde_json::Value {
    let attachment = card.attachment();
    serde_json::json!({
        "fallback": attachment.fallback,
        "color": attachment.color,
        "pretext": attachment.pretext,
        "text": attachment.text,
        "fields": attachment.fields.iter().map(|field| format!("{}: {}", field.title, field.value)).collect::<Vec<_>>(),
    })
}

#[test]
fn in_the_queue() {
    let state = BuildState::Queued {
        why: Some("Waiting for next available executor on ‘linux’".into()),
        stuck: true,
    };
    assert_json_snapshot!(shown(&card("hello", &state, None)));
}

#[test]
fn on_an_executor() {
    assert_json_snapshot!(shown(&card("hello", &running(), None)));
}

#[test]
fn with_trouble() {
    let note = TroubleNote {
        trouble: Trouble::Starting,
        since: NOW,
        times: 1,
    };
    assert_json_snapshot!(shown(&card("hello", &running(), Some(&note))));
}

#[test]
fn every_end_says_what_it_means() {
    let verdicts = [
        Verdict::Success,
        Verdict::Unstable,
        Verdict::Failure,
        Verdict::Aborted,
        Verdict::NotBuilt,
        Verdict::Cancelled,
        Verdict::QueueItemVanished,
        Verdict::BuildDeleted,
        Verdict::AccessLost,
        Verdict::Unreachable,
        Verdict::NeverStarted,
        Verdict::TooLong,
        Verdict::Unwatched,
    ];
    let cards: Vec<_> = verdicts
        .iter()
        .map(|verdict| shown(&card("hello", &finished(*verdict), None)))
        .collect();
    assert_json_snapshot!(cards);
}

#[test]
fn hostile_names_stay_text() {
    let job = "@all ![x](http://evil/) `code` <b>|# ~town :tada:";
    assert_json_snapshot!(shown(&card(job, &finished(Verdict::Failure), None)));
    let BuildState::Finished(outcome) = finished(Verdict::Failure) else {
        unreachable!()
    };
    let announcement = Announcement {
        username: "alice",
        job,
        outcome: &outcome,
        build_url: Some("https://jenkins.example/job/x/12/"),
        digest: &Digest::default(),
    };
    let pinging = announcement.pinging();
    assert_eq!(pinging, format!("@alice {}", announcement.silent()));
    assert!(!announcement.tells_more());
    insta::assert_snapshot!(pinging);
}

fn build() -> BuildKey {
    BuildKey {
        server: crate::config::ServerAlias::default(),
        job: crate::jenkins::JobPath::new(vec!["hello".to_owned()]).unwrap(),
        number: 12,
    }
}

fn buttons(card: &Card<'_>) -> Vec<String> {
    let buttons = card.attachment().actions;
    let ids: std::collections::BTreeSet<_> = buttons.iter().map(|button| &button.id).collect();
    assert_eq!(ids.len(), buttons.len(), "each button has an id of its own");
    buttons.into_iter().map(|button| button.name).collect()
}

#[test]
fn buttons_do_what_makes_sense_now() {
    let (build, queued) = (
        build(),
        QueueKey {
            server: crate::config::ServerAlias::default(),
            job: crate::jenkins::JobPath::new(vec!["hello".to_owned()]).unwrap(),
            queue_id: 7,
        },
    );
    let shown = |state: &BuildState| {
        buttons(&Card {
            build: Some(&build),
            queued: Some(&queued),
            ..card("hello", state, None)
        })
    };
    let waiting = BuildState::Queued {
        why: None,
        stuck: false,
    };
    assert_eq!(shown(&waiting), ["Abort"]);
    assert_eq!(shown(&running()), ["Abort", "Log"]);
    let BuildState::Running(running) = running() else {
        unreachable!()
    };
    let asked = |id: &str, proceed: &str| AskedInput {
        id: id.to_owned(),
        message: "Deploy to *prod*? @all".to_owned(),
        proceed: proceed.to_owned(),
    };
    let asking = BuildState::Running(Running {
        waits_for_input: true,
        inputs: vec![asked("Go", "Ship it!"), asked("Other", "Ok")],
        ..running
    });
    assert_eq!(shown(&asking), ["Ship it!", "Reject", "Abort", "Log"]);
    assert_json_snapshot!(super::tests::shown(&card("hello", &asking, None)));
    assert_eq!(
        shown(&finished(Verdict::Failure)),
        ["Rebuild", "Log", "Tests", "Artifacts"]
    );
}
