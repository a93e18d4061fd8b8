use insta::assert_json_snapshot;

use super::*;

const NOW: i64 = 1_800_000_090_000;

fn card<'a>(job: &'a str, state: &'a BuildState, trouble: Option<&'a TroubleNote>) -> Card<'a> {
    Card {
        job,
        job_url: Some("https://jenkins.example/ci/job/hello/"),
        build_url: Some("https://jenkins.example/ci/job/hello/12/"),
        build: None,
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
        waits_for_input: false,
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
    insta::assert_snapshot!(announcement(
        "alice",
        job,
        &outcome,
        Some("https://jenkins.example/job/x/12/")
    ));
}
