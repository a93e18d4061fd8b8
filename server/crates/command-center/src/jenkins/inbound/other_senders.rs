//! Three small senders, each an object of its own: the Jenkins plugins `outbound-webhook` 0.3.0,
//! `global-build-notification`, and `statistics-gatherer`.

use super::event::{BuildReport, Details, InboundEvent, Phase, kept, kept_parameters};
use super::fields::Fields;
use super::place;
use crate::jenkins::JenkinsAddress;
use crate::jenkins::watch::state::Verdict;

/// Whether it is one of `outbound-webhook`.
#[must_use]
pub fn is_outbound_webhook(body: Fields<'_>) -> bool {
    body.has("buildUrl") && body.has("event") && body.has("buildName")
}

/// Reads one of `outbound-webhook`; `None` if it does not say which build it is about.
#[must_use]
pub fn read_outbound_webhook(
    body: Fields<'_>,
    address: Option<&JenkinsAddress>,
) -> Option<InboundEvent> {
    let (phase, result) = match body.text("event")?.as_str() {
        "start" => (Phase::Started, None),
        "success" => (Phase::Completed, Some(Verdict::Success)),
        "failure" => (Phase::Completed, Some(Verdict::Failure)),
        "unstable" => (Phase::Completed, Some(Verdict::Unstable)),
        _ => return Some(InboundEvent::Nothing),
    };
    let (job, number) = place::of_path(&body.text("buildUrl")?, address)?;
    let in_name = || body.text("buildName")?.trim_start_matches('#').parse().ok();
    let report = BuildReport {
        result,
        ..BuildReport::new(job, number.or_else(in_name)?, phase)
    };
    Some(InboundEvent::Build(Box::new(report)))
}

/// Whether it is one of `global-build-notification`.
#[must_use]
pub fn is_global_build_notification(body: Fields<'_>) -> bool {
    body.has("jobName") && body.has("eventType")
}

/// Reads one of `global-build-notification`; `None` if it does not say which build it is about.
#[must_use]
pub fn read_global_build_notification(
    body: Fields<'_>,
    address: Option<&JenkinsAddress>,
) -> Option<InboundEvent> {
    let phase = match body.text("eventType")?.to_ascii_lowercase().as_str() {
        "started" => Phase::Started,
        "completed" => Phase::Completed,
        _ => return Some(InboundEvent::Nothing),
    };
    let (job, number) = place::of_path(&body.text("url")?, address)?;
    let cause = body
        .objects("causes")
        .first()
        .and_then(|cause| cause.text("shortDescription"))
        .or_else(|| body.texts("causes").into_iter().next());
    let report = BuildReport {
        result: body
            .text("result")
            .and_then(|result| Verdict::from_jenkins(&result)),
        duration: body.count("duration").filter(|_| phase.is_over()),
        details: Details {
            cause: cause.map(|cause| kept(&cause)),
            parameters: kept_parameters(body.pairs("parameters")),
            ..Details::default()
        },
        ..BuildReport::new(job, number?, phase)
    };
    Some(InboundEvent::Build(Box::new(report)))
}

/// Whether it is one of `statistics-gatherer`.
#[must_use]
pub fn is_statistics(body: Fields<'_>) -> bool {
    body.has("ciUrl") || (body.has("fullJobName") && body.has("number"))
}

/// Reads one of `statistics-gatherer`; `None` if it does not say which build it is about.
#[must_use]
pub fn read_statistics(body: Fields<'_>, address: Option<&JenkinsAddress>) -> Option<InboundEvent> {
    // It also tells of queue items, jobs and build steps, which have no result.
    let Some(result) = body.text("result") else {
        return Some(InboundEvent::Nothing);
    };
    let (phase, result) = match result.as_str() {
        "INPROGRESS" => (Phase::Started, None),
        word => (Phase::Completed, Verdict::from_jenkins(word)),
    };
    let in_url = body
        .text("buildUrl")
        .and_then(|url| place::of_path(&url, address));
    let number = body.count("number").or_else(|| in_url.as_ref()?.1);
    let job = in_url
        .map(|(job, _)| job)
        .or_else(|| place::of_full_name(&body.text("fullJobName")?))?;
    let report = BuildReport {
        result,
        started_at: body.time("startTime"),
        duration: body.count("duration").filter(|_| phase.is_over()),
        details: Details {
            cause: body
                .text("startedUserId")
                .map(|user| kept(&format!("Started by user {user}"))),
            parameters: kept_parameters(body.pairs("parameters")),
            ..Details::default()
        },
        ..BuildReport::new(job, number?, phase)
    };
    Some(InboundEvent::Build(Box::new(report)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::inbound::fields::Unread;
    use serde_json::{Value, json};

    type Read = fn(Fields<'_>, Option<&JenkinsAddress>) -> Option<InboundEvent>;

    fn report(body: Value, is_one: fn(Fields<'_>) -> bool, read: Read) -> BuildReport {
        let unread = Unread::default();
        let fields = Fields::new(body.as_object().unwrap(), &unread);
        assert!(is_one(fields), "{body}");
        match read(fields, None) {
            Some(InboundEvent::Build(report)) => *report,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn outbound_webhook() {
        let body = json!({
            "buildName": "#16", "buildUrl": "http://ci/job/a/16/", "buildVars": "{A=1}", "event": "failure", "projectName": "a"
        });
        let report = report(body, is_outbound_webhook, read_outbound_webhook);
        assert_eq!((report.job.full_name().as_str(), report.number), ("a", 16));
        assert_eq!(report.verdict(), Some(Verdict::Failure));
    }

    #[test]
    fn global_build_notification() {
        let body = json!({
            "jobName": "b", "eventType": "completed", "result": "ABORTED", "url": "job/a/job/b/3/", "duration": "5000",
            "causes": ["Started by user Alice"], "parameters": {"A": "1"}, "timestamp": 1, "eventId": "x"
        });
        let report = report(
            body,
            is_global_build_notification,
            read_global_build_notification,
        );
        assert_eq!((report.job.full_name().as_str(), report.number), ("a/b", 3));
        assert_eq!(report.verdict(), Some(Verdict::Aborted));
        assert_eq!(report.duration, Some(5000));
        assert_eq!(
            report.details.cause.as_deref(),
            Some("Started by user Alice")
        );
    }

    #[test]
    fn statistics() {
        let body = json!({
            "ciUrl": "http://ci/", "fullJobName": "a/b", "jobName": "b", "number": 4, "result": "INPROGRESS",
            "duration": 0, "startTime": "2026-01-02T03:04:05Z", "startedUserId": "alice"
        });
        let report = report(body, is_statistics, read_statistics);
        assert_eq!((report.job.full_name().as_str(), report.number), ("a/b", 4));
        assert_eq!((report.phase, report.verdict()), (Phase::Started, None));
        assert!(report.started_at.is_some());
    }
}
