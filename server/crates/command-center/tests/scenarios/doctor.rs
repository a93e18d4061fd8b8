//! `/jenkins doctor` on who tells news of Jenkins, and who hears of it.

use std::time::Duration;

use http::Method;
use simulators::jenkins::{Job, User};

use crate::feeds::{notification, send, send_to, settled, webhook, world, world_with};
use crate::harness::{World, jenkins_with, stored};
use crate::hostile::{HOSTILE, assert_harmless};

const SERVICE_TOKEN: &str = "11markerservice0a1b2c3d4e5f";

#[track_caller]
fn line<'a>(said: &'a str, title: &str) -> &'a str {
    let mut lines = said.lines();
    let line = lines.find(|line| line.contains(&format!("**{title}:**")));
    line.unwrap_or_else(|| panic!("no {title} in {said}"))
}

/// Waits until the use of a webhook is written down.
async fn written_down(world: &World, words: &str) {
    world.advance(Duration::from_secs(61));
    world
        .host
        .wait_for("a stored use", |_| {
            let stored = stored(&world.host).into_iter();
            let mut uses = stored.filter(|(key, _)| key.starts_with("jenkins_hook_use_v1_"));
            uses.any(|(_, usage)| usage.contains(words)).then_some(())
        })
        .await;
}

#[tokio::test]
async fn webhooks_are_told_of() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(line(&said, "Webhooks").contains("none; `/jenkins webhook add`"));
    assert!(line(&said, "Service account").contains("none is set up"));
    assert!(line(&said, "Subscriptions").contains("none in this channel"));
    assert!(said.contains("Everything works."), "{said}");

    world.say("alice", "/jenkins subscribe hello").await;
    let said = world.say("alice", "/jenkins doctor").await;
    let subscriptions = line(&said, "Subscriptions");
    assert!(
        subscriptions.contains("1 in this channel, but nobody tells of builds at `main`"),
        "{said}"
    );

    let path = webhook(&world, "ci").await;
    let said = world.say("alice", "/jenkins doctor").await;
    let webhooks = line(&said, "Webhooks");
    assert!(
        webhooks.contains("1 source (1 in this channel); Jenkins sent nothing"),
        "{said}"
    );
    assert!(line(&said, "Subscriptions").ends_with("1 in this channel"));

    let (status, _) = send_to(&world, 0, Method::POST, &path, HOSTILE).await;
    assert!(status.is_client_error(), "{status}");
    written_down(&world, "\"refused\":1").await;
    let said = world.say("alice", "/jenkins doctor").await;
    let webhooks = line(&said, "Webhooks");
    assert!(
        webhooks.contains("nothing was taken. The last problem:"),
        "{said}"
    );
    assert_harmless(webhooks, &world.jenkins.url());

    send(&world, &path, &notification(1, "STARTED", None)).await;
    settled(&world).await;
    written_down(&world, "\"accepted\":1").await;
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(
        line(&said, "Webhooks").contains("Jenkins was last heard"),
        "{said}"
    );
    world.host.assert_no_violations();
}

#[tokio::test]
async fn service_accounts_are_tried() {
    for (token, expected) in [
        (SERVICE_TOKEN, "feeds asks Jenkins for news every 10 s"),
        ("11markerwrong", "does not accept the user name"),
    ] {
        let config =
            jenkins_with(Job::freestyle("hello")).user(User::reader("feeds").token(SERVICE_TOKEN));
        let world = world_with(config, |builder| {
            builder
                .setting("JenkinsServiceUser", "feeds")
                .setting("JenkinsServiceToken", token)
        })
        .await;
        world.say("alice", "/jenkins subscribe hello").await;
        let said = world.say("alice", "/jenkins doctor").await;
        assert!(line(&said, "Service account").contains(expected), "{said}");
        assert!(line(&said, "Subscriptions").ends_with("1 in this channel"));
        world.host.assert_no_secret(token);
    }
}
