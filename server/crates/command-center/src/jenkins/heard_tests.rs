use serde_json::Value;

use super::*;

#[test]
fn only_what_a_user_typed_here_counts() {
    let typed = Post::new("alice", "builds", "hello");
    assert!(is_typed(&typed));
    for property in MACHINE_MADE {
        let mut post = typed.clone();
        post.props.insert(property.to_owned(), Value::from("true"));
        assert!(!is_typed(&post), "{property}");
    }
    let join = Post {
        r#type: "system_join_channel".to_owned(),
        ..typed.clone()
    };
    assert!(!is_typed(&join));
    let elsewhere = Post {
        remote_id: Some("another server".to_owned()),
        ..typed
    };
    assert!(!is_typed(&elsewhere));
}

#[test]
fn a_mention_at_the_start_is_meant() {
    for (message, said) in [
        ("@command-center status shop", Some(" status shop")),
        ("  @Command-Center: help", Some(" help")),
        ("@command-center", Some("")),
        ("@command-center\nhelp", Some("\nhelp")),
        ("@command-centers help", None),
        ("@command-center-2 help", None),
        ("@command-center.x help", None),
        ("ask @command-center for help", None),
        ("`@command-center help`", None),
        ("command-center help", None),
        ("@command-cente\u{fc} help", None),
        ("@", None),
        ("", None),
    ] {
        assert_eq!(after_mention(message, "command-center"), said, "{message}");
    }
}

#[test]
fn what_was_said_becomes_a_command() {
    for (said, command) in [
        (" status shop ", "/jenkins status shop"),
        ("", "/jenkins help"),
        ("jenkins", "/jenkins help"),
        ("/Jenkins  last x", "/jenkins last x"),
        ("jenkinsfile", "/jenkins jenkinsfile"),
    ] {
        assert_eq!(as_command(said), command, "{said}");
    }
}

#[test]
fn addresses_are_found_outside_of_code() {
    let found = |message: &str| -> Vec<String> {
        addresses(message).into_iter().map(String::from).collect()
    };
    assert_eq!(
        found("see https://ci/job/a/5/, [that](http://ci/job/b) and <https://ci/job/c|c>."),
        ["https://ci/job/a/5/", "http://ci/job/b", "https://ci/job/c"]
    );
    for nothing in [
        "no address",
        "ftp://ci/job/a",
        "`https://ci/job/a`",
        "```\nhttps://ci/job/a\n```",
        "http://",
        "://",
        "xhttps://ci/job/a",
    ] {
        assert_eq!(found(nothing), Vec::<String>::new(), "{nothing}");
    }
    assert_eq!(found(&"https://ci/ ".repeat(1000)).len(), ADDRESSES);
    assert!(begins_with_address(" <https://ci/job/a> broke"));
    assert!(!begins_with_address("status https://ci/job/a"));
}

#[test]
fn channels_are_remembered_in_bounds() {
    let channels = OtherChannels::default();
    assert!(!channels.knows("a"));
    channels.remember("a");
    assert!(channels.knows("a") && !channels.knows("b"));
    for number in 0..3 * CHANNELS {
        channels.remember(&number.to_string());
    }
    let known = (0..3 * CHANNELS).filter(|number| channels.knows(&number.to_string()));
    assert!((1..=CHANNELS).contains(&known.count()));
}
