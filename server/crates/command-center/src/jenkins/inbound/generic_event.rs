//! The Jenkins plugin `generic-event`: everything that happens at a Jenkins, with the JSON of Jenkins'
//! own remote API in it (`docs/run.md`).

use super::event::{BuildReport, Details, InboundEvent, Phase, kept};
use super::fields::Fields;
use super::place;
use crate::jenkins::JenkinsAddress;
use crate::jenkins::watch::state::Verdict;

/// Whether it is one of these.
#[must_use]
pub fn is_one(body: Fields<'_>) -> bool {
    body.has("dataType")
        || (body.has("source")
            && body.text("type").is_some_and(|kind| {
                kind.starts_with("run.") || kind.starts_with("item.") || kind == "locationChanged"
            }))
}

/// Reads it; `None` if it does not say which build it is about.
#[must_use]
pub fn read(body: Fields<'_>, address: Option<&JenkinsAddress>) -> Option<InboundEvent> {
    let phase = match body.text("type")?.as_str() {
        "run.initialize" | "run.started" => Phase::Started,
        "run.completed" => Phase::Completed,
        "run.finalized" => Phase::Finalized,
        // Jobs that come and go.
        _ => return Some(InboundEvent::Nothing),
    };
    let data = body.object("data")?;
    let paths = [data.text("url"), body.text("source")];
    let (job, in_path) = paths
        .iter()
        .flatten()
        .find_map(|path| place::of_path(path, address))?;
    let number = data.count("number").or(in_path)?;
    let causes = data
        .objects("actions")
        .into_iter()
        .flat_map(|action| action.objects("causes"));
    let cause = causes
        .filter_map(|cause| cause.text("shortDescription"))
        .map(|cause| kept(&cause))
        .next();
    let report = BuildReport {
        result: data
            .text("result")
            .and_then(|result| Verdict::from_jenkins(&result)),
        queue_id: data.count("queueId").filter(|id| *id > 0),
        started_at: data.time("timestamp"),
        duration: data.count("duration").filter(|_| phase.is_over()),
        details: Details {
            cause,
            ..Details::default()
        },
        ..BuildReport::new(job, number, phase)
    };
    Some(InboundEvent::Build(Box::new(report)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::inbound::fields::Unread;
    use serde_json::{Value, json};

    fn event(body: Value) -> Option<InboundEvent> {
        let unread = Unread::default();
        let fields = Fields::new(body.as_object().unwrap(), &unread);
        assert!(is_one(fields));
        read(fields, None)
    }

    #[test]
    fn a_run() {
        let event = event(json!({
            "type": "run.completed", "id": "x", "time": "2026-01-02T03:04:05Z", "source": "job/a/job/b/",
            "dataType": "org.jenkinsci.plugins.workflow.job.WorkflowRun",
            "data": {
                "number": 7, "url": "https://ci/job/a/job/b/7/", "result": "UNSTABLE", "queueId": 3,
                "timestamp": 1_700_000_000_000_i64, "duration": 5000,
                "actions": [{}, {"causes": [{"shortDescription": "Started by timer"}]}, null],
                "_multiBranch": true
            }
        }));
        insta::assert_json_snapshot!(event.unwrap());
    }

    #[test]
    fn others_are_understood_and_of_no_use() {
        for kind in ["item.created", "run.deleted", "locationChanged"] {
            let body = json!({"type": kind, "source": "job/a/", "data": {}});
            assert_eq!(event(body), Some(InboundEvent::Nothing), "{kind}");
        }
        assert_eq!(
            event(json!({"type": "run.started", "source": "job/a/", "data": {}})),
            None
        );
    }
}
