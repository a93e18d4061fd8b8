use proptest::prelude::*;

use super::*;

fn job(name: &str) -> Option<JobPath> {
    JobPath::new(name.split('/').map(str::to_owned).collect()).ok()
}

/// What a policy says to `verb job [in channel] [as role]`, at the main server. A folder ends in `/`,
/// `-` is no job.
fn judge(policy: &Policy, wish: &str) -> Verdict {
    judge_at(policy, wish, &ServerAlias::default())
}

fn judge_at(policy: &Policy, wish: &str, server: &ServerAlias) -> Verdict {
    let words: Vec<&str> = wish.split(' ').collect();
    let behind = |word: &str| {
        let position = words.iter().position(|other| *other == word)?;
        words.get(position + 1).copied()
    };
    let name = words[1];
    let path = job(name.trim_end_matches('/').trim_end_matches('*'));
    policy.judge(&Wish {
        verb: Verb::of(words[0]).unwrap(),
        server,
        subject: match &path {
            _ if name == "-" => Subject::Server,
            None => Subject::AllJobs,
            Some(path) if name.ends_with('/') => Subject::Folder(path),
            Some(path) => Subject::Job(path),
        },
        channel: behind("in"),
        role: behind("as").map_or(Role::Everyone, |role| Role::parse(role).unwrap()),
    })
}

fn policy(text: &str) -> Policy {
    let policy = Policy::new(text, Role::Everyone);
    assert_eq!(policy.unreadable(), []);
    policy
}

#[test]
fn the_first_rule_that_fits_decides() {
    let policy = policy(
        "# production\n\nallow build prod/** in ops/releases\n  allow build prod/** for channel_admin\nDENY build prod/**\ndeny delete *",
    );
    assert_eq!(policy.len(), 4);
    for (wish, expected) in [
        ("build prod/shop in ops/releases", Verdict::Allowed),
        ("build PROD/Shop in Ops/Releases", Verdict::Allowed),
        ("build prod/shop in ops/other", Verdict::Denied { line: 5 }),
        ("build prod/shop", Verdict::Denied { line: 5 }),
        ("build prod/a/b as channel_admin", Verdict::Allowed),
        ("build prod/a/b as system_admin", Verdict::Allowed),
        ("build test/shop", Verdict::Allowed),
        ("get-log prod/shop", Verdict::Allowed),
        ("delete test/x as system_admin", Verdict::Denied { line: 6 }),
    ] {
        assert_eq!(judge(&policy, wish), expected, "{wish}");
    }
}

#[test]
fn commands_come_in_weights() {
    let policy = policy("deny write prod/**\ndeny destructive\nallow read\ndeny *");
    for (wish, expected) in [
        ("build prod/x", Verdict::Denied { line: 1 }),
        ("delete prod/x", Verdict::Denied { line: 1 }),
        ("safe-restart -", Verdict::Denied { line: 2 }),
        ("get-log prod/x", Verdict::Allowed),
        ("queue -", Verdict::Allowed),
        ("build test/x", Verdict::Denied { line: 4 }),
        ("connect -", Verdict::Allowed),
        ("doctor -", Verdict::Allowed),
    ] {
        assert_eq!(judge(&policy, wish), expected, "{wish}");
    }
}

#[test]
fn a_server_can_be_meant() {
    let policy = policy("deny write legacy:*\ndeny build main:prod/*");
    let legacy = ServerAlias::parse("legacy").unwrap();
    let denied = |line| Verdict::Denied { line };
    assert_eq!(judge_at(&policy, "build x", &legacy), denied(1));
    assert_eq!(judge_at(&policy, "safe-restart -", &legacy), denied(1));
    assert_eq!(judge(&policy, "safe-restart -"), Verdict::Allowed);
    assert_eq!(judge(&policy, "build prod/x"), denied(2));
    assert_eq!(judge(&policy, "build x"), Verdict::Allowed);
}

#[test]
fn branches_count_in_both_spellings() {
    for text in [
        "deny build repo/release/*",
        "deny build repo/release%2f*",
        "deny build repo/*",
    ] {
        let policy = policy(text);
        let verdict = judge(&policy, "build repo/release%2F1");
        assert_eq!(verdict, Verdict::Denied { line: 1 }, "{text}");
    }
}

#[test]
fn a_folder_is_as_protected_as_what_is_in_it() {
    let policy = policy("deny write a/prod/**\nallow build b/**\ndeny build *");
    let denied = Verdict::Denied { line: 1 };
    assert_eq!(judge(&policy, "delete a/"), denied);
    assert_eq!(judge(&policy, "delete a/prod/"), denied);
    assert_eq!(judge(&policy, "delete a/test/"), Verdict::Allowed);
    assert_eq!(judge(&policy, "subscribe *"), denied);
    assert_eq!(judge(&policy, "search *"), Verdict::Allowed);
    // To allow what is in it allows nothing with the folder.
    assert_eq!(judge(&policy, "build b/"), Verdict::Denied { line: 3 });
}

#[test]
fn what_is_hard_to_undo_can_be_reserved() {
    let policy = Policy::new(
        "allow delete sandbox/**\nallow * tmp/**",
        Role::ChannelAdmin,
    );
    let reserved = Verdict::Reserved {
        role: Role::ChannelAdmin,
    };
    for (wish, expected) in [
        ("delete prod/x", reserved),
        ("delete prod/x as channel_admin", Verdict::Allowed),
        ("delete prod/x as system_admin", Verdict::Allowed),
        ("delete sandbox/x", Verdict::Allowed),
        // Who wrote `*` did not think of this.
        ("delete tmp/x", reserved),
        ("build prod/x", Verdict::Allowed),
        ("safe-restart -", reserved),
        ("kill prod/x", reserved),
    ] {
        assert_eq!(judge(&policy, wish), expected, "{wish}");
    }
    assert!(policy.asks_who(Verb::Delete) && !policy.asks_who(Verb::Build));
    assert!(!policy.asks_where(Verb::Delete));
}

#[test]
fn a_line_that_cannot_be_read_opens_nothing() {
    for (line, denies_builds) in [
        ("deny build prod/** in", true),
        ("deny build prod/** in channel", true),
        ("deny build prod/** for nobody", true),
        ("deny build prod/** for system_admin", true),
        ("deny build prod/** in a/b in c/d", true),
        ("deny build my job", true),
        ("deny build Ä:x", true),
        ("deny write x y", true),
        ("deny * x y", true),
        ("deny biuld prod/**", false),
        ("deny", false),
        ("dney build prod/**", false),
        ("deny connect", false),
    ] {
        let policy = Policy::new(line, Role::Everyone);
        assert_eq!(policy.unreadable().len(), 1, "{line}");
        assert_eq!(policy.unreadable()[0].line, 1);
        let verdict = judge(&policy, "build test/x in t/c as system_admin");
        assert_eq!(
            verdict == Verdict::Denied { line: 1 },
            denies_builds,
            "{line}"
        );
    }
    let policy = Policy::new(
        "allow build prod/** for nobody\ndeny build prod/**",
        Role::Everyone,
    );
    let verdict = judge(&policy, "build prod/x as system_admin");
    assert_eq!(verdict, Verdict::Denied { line: 2 });
    let hint = &Policy::new("deny biuld *", Role::Everyone).unreadable()[0]
        .what
        .clone();
    assert!(hint.contains("Did you mean build?"), "{hint}");
}

proptest! {
    /// Whatever stands behind the command, a line that begins with `deny build` denies at least
    /// nothing less than it would if its tail were cut off, or is a rule as written.
    #[test]
    fn a_broken_tail_denies_all(tail in "[a-z*/?: ]{0,24}") {
        let text = format!("deny build {tail}");
        let policy = Policy::new(&text, Role::Everyone);
        prop_assert_eq!(policy.len(), 1);
        if !policy.unreadable().is_empty() {
            prop_assert_eq!(judge(&policy, "build any/job"), Verdict::Denied { line: 1 });
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}|((allow|deny) [a-z*]{0,6} [a-z*/?]{0,6} (in|for) [a-z/]{0,5}\n){0,4}") {
        let policy = Policy::new(&text, Role::Everyone);
        let _ = judge(&policy, "build prod/x in a/b as channel_admin");
    }
}
