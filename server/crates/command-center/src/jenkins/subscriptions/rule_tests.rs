use super::*;

pub(crate) fn path(name: &str) -> JobPath {
    JobPath::new(name.split('/').map(str::to_owned).collect()).unwrap()
}

/// A subscription to all jobs.
pub(crate) fn rule(id: &str, events: &str) -> Rule {
    Rule {
        id: id.to_owned(),
        channel_id: "channel".to_owned(),
        server: ServerAlias::default(),
        target: Target::All,
        branch: None,
        events: EventKinds::parse(events).unwrap(),
        mention: None,
        thread: false,
        timing: Timing::default(),
        only_first_failure: false,
        muted_until: None,
        creator: Creator {
            user_id: "u".to_owned(),
            username: "alice".to_owned(),
        },
        created_at: 1,
    }
}

fn includes(target: Target, job: &str) -> bool {
    target.includes(&path(job))
}

#[test]
fn targets() {
    let job = |name: &str| Target::Job { path: path(name) };
    let folder = |name: &str| Target::Folder { path: path(name) };
    let glob = |text: &str| Target::Glob {
        pattern: Glob::parse(text).unwrap(),
    };
    assert!(includes(Target::All, "a/b"));
    assert!(includes(job("a/b"), "a/b") && !includes(job("a"), "a/b"));
    assert!(includes(folder("a"), "a/b/c") && !includes(folder("a"), "ab/c"));
    assert!(includes(glob("repo/release/*"), "repo/release%2F1"));
    assert!(!includes(glob("repo/*"), "other/main"));
}

#[test]
fn branches() {
    let rule = Rule {
        branch: Some(BranchPattern::parse("main|release/.*").unwrap()),
        ..rule("r", "all")
    };
    let main = ServerAlias::default();
    assert!(rule.includes(&main, &path("repo/release%2F1"), None));
    assert!(!rule.includes(&main, &path("repo/feature"), None));
    assert!(rule.includes(&main, &path("free"), Some("origin/main")));
    assert!(!rule.includes(&main, &path("free"), Some("origin/dev")));
    let other = ServerAlias::parse("legacy").unwrap();
    assert!(!rule.includes(&other, &path("repo/main"), None));
}

#[test]
fn what_is_wanted() {
    let happened = EventKinds::parse("start,failure,still-failing").unwrap();
    let wanted = rule("r", "failure").wants(happened, 0);
    assert_eq!(wanted.to_string(), "failure");
    let first = Rule {
        only_first_failure: true,
        ..rule("r", "all")
    };
    assert_eq!(first.wants(happened, 0).to_string(), "start");
    let muted = Rule {
        muted_until: Some(10),
        ..rule("r", "all")
    };
    assert!(muted.wants(happened, 9).is_empty() && !muted.wants(happened, 10).is_empty());
}

#[test]
fn a_stored_rule_is_read_again() {
    let rule = Rule {
        target: Target::Glob {
            pattern: Glob::parse("a/**").unwrap(),
        },
        mention: Some(Mention::Here),
        ..rule("r", "failure,fixed")
    };
    let json = serde_json::to_string(&rule).unwrap();
    assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule, "{json}");
}
