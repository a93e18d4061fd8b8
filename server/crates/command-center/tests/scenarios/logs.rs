//! `/jenkins get-log`.

use std::time::Duration;

use bytes::Bytes;
use mattermost_devhost::client::CommandOutcome;
use mattermost_plugin::model::Post;
use simulators::jenkins::{BuildResult, BuildScript, Job, LogText};

use crate::harness::{World, jenkins, jenkins_with};

fn built(name: &str, log: LogText) -> Job {
    Job::freestyle(name).past_build(BuildScript::success().log(log))
}

/// The post that shows a log.
#[track_caller]
fn shown(outcome: &CommandOutcome) -> &Post {
    assert_eq!(outcome.posts.len(), 1, "{outcome:#?}");
    &outcome.posts[0]
}

/// What is attached to a post: name, size and, if it is not too large, bytes.
fn attached(world: &World, post: &Post) -> (String, u64, Option<Bytes>) {
    assert_eq!(post.file_ids.len(), 1, "{post:#?}");
    world.host.server().read(|data| {
        let info = data.files.info(&post.file_ids[0]).expect("a file").clone();
        let content = data
            .files
            .content(&post.file_ids[0])
            .expect("its content")
            .clone();
        assert_eq!(info.size as u64, content.size);
        (info.name, content.size, content.bytes)
    })
}

fn numbered(count: usize) -> LogText {
    let lines: Vec<String> = (1..=count).map(|line| format!("line {line}")).collect();
    LogText::lines(lines.iter().map(String::as_str))
}

#[tokio::test]
async fn the_last_lines_are_shown_as_text() {
    let world = World::with_alice(jenkins_with(built("hello", numbered(120)))).await;
    let outcome = world.run("alice", "/jenkins get-log hello").await;
    let post = shown(&outcome);
    assert_eq!(outcome.text(), "");
    assert!(
        post.message.contains("the last 50 lines") && post.message.contains("/job/hello/1/"),
        "{}",
        post.message
    );
    assert!(
        post.message.contains("\nline 72\n") && !post.message.contains("line 71\n"),
        "{}",
        post.message
    );
    assert!(
        post.message.contains("\nline 120\nFinished: SUCCESS\n"),
        "{}",
        post.message
    );
    let outcome = world.run("alice", "/jenkins get-log hello --lines 2").await;
    assert!(
        shown(&outcome)
            .message
            .contains("```\nline 120\nFinished: SUCCESS\n```"),
        "{}",
        shown(&outcome).message
    );
    let outcome = world
        .run("alice", "/jenkins get-log hello --lines 5000")
        .await;
    assert!(
        shown(&outcome).message.contains("all of it"),
        "{}",
        shown(&outcome).message
    );
    for wrong in ["0", "many", "1000000"] {
        let said = world
            .say("alice", &format!("/jenkins get-log hello --lines {wrong}"))
            .await;
        assert!(said.contains("lines"), "{wrong}: {said}");
    }
}

#[tokio::test]
async fn a_hostile_log_stays_in_its_block() {
    let note = "\u{1b}[8mha:AAAA/x+\u{1b}[0mvisible";
    let log = LogText::lines([
        "```",
        "@all @channel ![x](http://evil) ````",
        "~~~",
        note,
        "\u{1b}[31mred\u{1b}[0m",
        "a\rb\u{7}",
    ]);
    let world = World::with_alice(jenkins_with(built("hello", log))).await;
    let outcome = world.run("alice", "/jenkins get-log hello").await;
    let message = &shown(&outcome).message;
    let (head, block) = message.split_once('\n').expect("a block");
    assert!(!head.contains("evil"));
    let fence: String = block.chars().take_while(|letter| *letter == '`').collect();
    assert!(fence.len() >= 5, "{message}");
    assert_eq!(block.matches(&fence).count(), 2, "{message}");
    assert!(block.trim_end().ends_with(&fence), "{message}");
    assert!(
        message.contains("\nvisible\n") && message.contains("\nred\n"),
        "{message}"
    );
    assert!(
        !message.contains('\u{1b}') && !message.contains("ha:"),
        "{message}"
    );
}

#[tokio::test]
async fn the_build_can_be_named_in_many_ways() {
    let config = jenkins().item(
        Job::freestyle("hello")
            .past_build(BuildScript::failure().log(LogText::lines(["the first"])))
            .past_build(BuildScript::success().log(LogText::lines(["the second"]))),
    );
    let world = World::with_alice(config).await;
    let url = format!("{}/job/hello/1/console", world.jenkins.url());
    for (typed, expected) in [
        ("hello", "the second"),
        ("hello 1", "the first"),
        ("hello #1", "the first"),
        ("hello lastFailedBuild", "the first"),
        ("hello lastSuccessfulBuild", "the second"),
        (&url, "the first"),
    ] {
        let outcome = world
            .run("alice", &format!("/jenkins get-log {typed}"))
            .await;
        assert!(
            shown(&outcome).message.contains(expected),
            "{typed}: {}",
            shown(&outcome).message
        );
    }
    for (typed, expected) in [
        ("hello 7", "no build"),
        ("nothing", "no job"),
        ("hello lastUnstableBuild", "no build"),
    ] {
        let said = world
            .say("alice", &format!("/jenkins get-log {typed}"))
            .await;
        assert!(said.contains(expected), "{typed}: {said}");
    }
}

#[tokio::test]
async fn an_empty_log_and_a_running_build_are_told() {
    let config = jenkins()
        .item(built("empty", LogText::lines([])))
        .item(
            Job::freestyle("running")
                .script(BuildScript::success().until_told().log(LogText::lines([]))),
        )
        .frozen();
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build running").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.jenkins.append_log("running", 1, "so far\n");
    let outcome = world.run("alice", "/jenkins get-log running").await;
    assert!(
        shown(&outcome).message.contains("still running")
            && shown(&outcome).message.contains("so far"),
        "{}",
        shown(&outcome).message
    );
    let outcome = world.run("alice", "/jenkins get-log running --full").await;
    assert!(
        outcome.posts[0].message.contains("still running"),
        "{}",
        outcome.posts[0].message
    );
    world
        .jenkins
        .finish_build("running", 1, BuildResult::Success);
    for command in [
        "/jenkins get-log empty --lines 1",
        "/jenkins get-log empty --full",
    ] {
        let outcome = world.run("alice", command).await;
        let said = outcome.text()
            + &outcome
                .posts
                .iter()
                .map(|post| post.message.clone())
                .collect::<String>();
        // Jenkins itself writes a first and a last line.
        assert!(said.contains("empty"), "{command}: {said}");
    }
}

#[tokio::test]
async fn a_whole_log_is_attached_byte_for_byte() {
    let size = 300_000;
    let world = World::with_alice(jenkins_with(built("hello", LogText::of_size(size)))).await;
    let outcome = world.run("alice", "/jenkins get-log hello --full").await;
    let post = shown(&outcome);
    let (name, length, bytes) = attached(&world, post);
    assert_eq!(name, "hello-1.log");
    let text = String::from_utf8(bytes.expect("kept").to_vec()).expect("text");
    assert_eq!(text.len() as u64, length);
    let whole: String = (0..size / 64).map(LogText::generated_line).collect();
    assert!(text.contains(&whole), "the log without a gap");
    assert!(
        text.trim_end().ends_with("Finished: SUCCESS"),
        "{}",
        &text[text.len() - 100..]
    );
    assert_eq!(post.user_id, world.host.user_id("command-center"));
}

#[tokio::test]
async fn of_a_log_that_is_too_large_its_end_is_attached() {
    let limit = 100_000;
    let config = jenkins_with(built("hello", LogText::of_size(1_000_000)));
    let world = World::start_with(config, |builder| {
        builder.config("FileSettings.MaxFileSize", limit)
    })
    .await;
    world.connect("alice", crate::harness::ALICE_TOKEN).await;
    let outcome = world.run("alice", "/jenkins get-log hello --full").await;
    let post = shown(&outcome);
    assert!(
        post.message.contains("takes no larger files"),
        "{}",
        post.message
    );
    let (_, length, bytes) = attached(&world, post);
    assert!(length <= limit && length > limit - 1_000, "{length}");
    assert!(
        String::from_utf8_lossy(&bytes.expect("kept"))
            .trim_end()
            .ends_with("Finished: SUCCESS")
    );
}

#[tokio::test]
async fn long_lines_are_attached_and_their_end_is_shown() {
    let line = "x".repeat(5_000);
    let log = LogText::lines([line.as_str(), line.as_str(), line.as_str(), "the end"]);
    let world = World::with_alice(jenkins_with(built("hello", log))).await;
    let outcome = world.run("alice", "/jenkins get-log hello").await;
    let post = shown(&outcome);
    assert!(post.message.chars().count() < 9_000 && post.message.contains("the end"));
    assert!(
        post.message.contains("are attached"),
        "{}",
        &post.message[..200]
    );
    assert!(attached(&world, post).1 > 15_000);
    world.host.assert_no_violations();
}

/// Resident memory of a process in bytes, now and at its peak (proc(5)).
fn memory(process: u32, line: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux");
    let found = status
        .lines()
        .find(|found| found.starts_with(line))
        .expect("a line");
    found
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse::<u64>().ok())
        .expect("a number")
        * 1024
}

/// The memory of the executable does not grow with the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_huge_log_and_an_endless_one_cost_little_memory() {
    const BAR: u64 = 16 << 20;
    let endless = Job::freestyle("endless").script(
        BuildScript::success()
            .until_told()
            .log(LogText::endless(50 << 20)),
    );
    let config = jenkins()
        .speed(1.0)
        .item(built("small", LogText::of_size(100_000)))
        .item(built("huge", LogText::of_size(1 << 30)))
        .item(endless);
    let world = World::in_a_process(config, |builder| {
        builder.config("FileSettings.MaxFileSize", 128 << 20)
    })
    .await;
    world.run("alice", "/jenkins build endless").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    // Once, so that what is loaded lazily is loaded.
    world.run("alice", "/jenkins get-log small --full").await;
    world.run("alice", "/jenkins get-log small").await;
    let process = world.host.process_id(0).expect("a process");
    let before = memory(process, "RssAnon:");
    let logs = || {
        world.host.server().read(|data| {
            data.posts
                .all()
                .iter()
                .filter(|post| post.message.contains("Console log"))
                .count()
        })
    };
    for command in [
        "get-log huge --lines 5000",
        "get-log endless",
        "get-log huge --full",
        "get-log endless --full",
    ] {
        let before = logs();
        world.run("alice", &format!("/jenkins {command}")).await;
        world
            .wait_long(command, Duration::from_secs(100), || logs() > before)
            .await;
    }
    // Pages of the executable, which a build for tests has many of, cost nothing that is not on disk.
    let peak = memory(process, "VmHWM:").saturating_sub(memory(process, "RssFile:"));
    let grown = peak.saturating_sub(before);
    assert!(grown < BAR, "{grown} bytes");
}
