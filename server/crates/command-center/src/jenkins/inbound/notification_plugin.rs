//! The Jenkins plugin `notification` (`com.tikal.hudson.plugins.notification`, `Phase` and
//! `model.JobState`): one message for each phase of a build.

use super::event::{
    BuildReport, Details, InboundEvent, Phase, Tests, kept, kept_list, kept_parameters,
};
use super::fields::Fields;
use super::place;
use crate::jenkins::JenkinsAddress;
use crate::jenkins::watch::state::Verdict;

/// Whether it is one of these.
#[must_use]
pub fn is_one(body: Fields<'_>) -> bool {
    body.has("name")
        && body
            .object("build")
            .is_some_and(|build| build.has("phase") || build.has("full_url"))
}

/// Reads it; `None` if it does not say which build it is about.
#[must_use]
pub fn read(body: Fields<'_>, address: Option<&JenkinsAddress>) -> Option<InboundEvent> {
    let build = body.object("build")?;
    let phase = match build.text("phase")?.as_str() {
        "QUEUED" => Phase::Queued,
        "STARTED" => Phase::Started,
        "COMPLETED" => Phase::Completed,
        "FINALIZED" => Phase::Finalized,
        // The plugin's own word for a test of its settings, and words of later versions.
        _ => return Some(InboundEvent::Nothing),
    };
    // `name` is only the last name of a job in a folder.
    let paths = [build.text("url"), build.text("full_url"), body.text("url")];
    let (job, in_path) = paths
        .iter()
        .flatten()
        .find_map(|path| place::of_path(path, address))?;
    let number = build.count("number").or(in_path)?;
    let report = BuildReport {
        result: build
            .text("status")
            .and_then(|status| Verdict::from_jenkins(&status)),
        queue_id: build.count("queue_id").filter(|id| *id > 0),
        started_at: build.time("timestamp"),
        duration: build.count("duration").filter(|_| phase.is_over()),
        details: details(build),
        ..BuildReport::new(job, number, phase)
    };
    Some(InboundEvent::Build(Box::new(report)))
}

fn details(build: Fields<'_>) -> Details {
    let scm = build.object("scm");
    let of_scm = |name: &str| scm.and_then(|scm| scm.text(name)).map(|text| kept(&text));
    let list_of_scm = |name: &str| scm.map(|scm| scm.texts(name)).unwrap_or_default();
    let tests = build.object("test_summary").map(|summary| Tests {
        total: summary.count("total").unwrap_or(0),
        failed: summary.count("failed").unwrap_or(0),
        skipped: summary.count("skipped").unwrap_or(0),
        failed_names: failed_tests(summary),
    });
    Details {
        branch: of_scm("branch"),
        commit: of_scm("commit"),
        changes: kept_list(list_of_scm("changes")),
        culprits: kept_list(list_of_scm("culprits")),
        parameters: kept_parameters(build.pairs("parameters")),
        artifacts: kept_list(build.names("artifacts")),
        tests: tests.filter(|tests| tests.total > 0),
        ..Details::default()
    }
}

/// Names, or objects with a name, by version.
fn failed_tests(summary: Fields<'_>) -> Vec<String> {
    let objects = summary.objects("failed_tests");
    let names = objects
        .iter()
        .filter_map(|test| test.text("name").or_else(|| test.text("test_name")));
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        kept_list(summary.texts("failed_tests"))
    } else {
        kept_list(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jenkins::inbound::fields::Unread;
    use serde_json::json;

    #[test]
    fn a_build_of_a_branch() {
        let body = json!({
            "name": "feature%2Ffoo", "display_name": "feature/foo", "url": "job/repo/job/feature%252Ffoo/",
            "build": {
                "full_url": "https://elsewhere.example.com/job/repo/job/feature%252Ffoo/5/",
                "number": 5, "queue_id": 77, "timestamp": 1_700_000_000_000_i64, "duration": 61_000,
                "phase": "FINALIZED", "status": "FAILURE", "url": "job/repo/job/feature%252Ffoo/5/",
                "scm": {"branch": "origin/feature/foo", "commit": "abc", "changes": ["a.c"], "culprits": ["bob"]},
                "parameters": {"ENV": "prod", "TOKEN": "x"},
                "log": "a long log", "notes": "",
                "test_summary": {"total": 9, "failed": 2, "passed": 7, "skipped": 0, "failed_tests": ["a.b.c", "d"]},
                "artifacts": {"app.jar": {"archive": "https://x"}}
            }
        });
        let unread = Unread::default();
        let fields = Fields::new(body.as_object().unwrap(), &unread);
        assert!(is_one(fields));
        insta::assert_json_snapshot!(read(fields, None).unwrap());
        assert_eq!(unread.names(), Vec::<String>::new());
    }
}
