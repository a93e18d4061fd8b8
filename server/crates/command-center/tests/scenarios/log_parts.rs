//! `/jenkins get-log` with `--grep`, `--stage` and `--follow`.

use std::time::Duration;

use mattermost_plugin::model::Post;
use simulators::jenkins::{BuildResult, BuildScript, Fault, Job, LogText, Stage};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins, jenkins_with};

fn built(name: &str, log: LogText) -> Job {
    Job::freestyle(name).past_build(BuildScript::success().log(log))
}

#[tokio::test]
async fn lines_that_match_are_shown_with_their_surroundings() {
    let log = LogText::lines([
        "one",
        "two",
        "ERROR: 42 ```",
        "four",
        "five",
        "six",
        "seven @all",
        "error 7",
    ]);
    let world = World::with_alice(jenkins_with(built("hello", log))).await;
    let outcome = world
        .run(
            "alice",
            "/jenkins get-log hello --grep 'error\\W+\\d' --context 1",
        )
        .await;
    assert_eq!(outcome.posts.len(), 1, "{}", outcome.text());
    let message = &outcome.posts[0].message;
    assert!(
        message.contains("(2 lines match `error\\W+\\d`)"),
        "{message}"
    );
    let block = message.split_once('\n').expect("a block").1;
    let lines: Vec<&str> = block.lines().collect();
    let first = lines
        .iter()
        .position(|line| line.ends_with(":ERROR: 42 ```"));
    let first = first.expect("a match");
    assert!(
        lines[first - 1].ends_with("-two") && lines[first + 1].ends_with("-four"),
        "{message}"
    );
    assert_eq!(lines[first + 2], "--");
    assert!(
        lines[0].starts_with("````"),
        "the fence is longer than any inside: {message}"
    );
    let outcome = world
        .run("alice", "/jenkins get-log hello --grep nothing")
        .await;
    assert_eq!(outcome.posts.len(), 0);
    assert!(
        outcome
            .text()
            .contains("has no line that matches `nothing`"),
        "{}",
        outcome.text()
    );
    for (typed, expected) in [
        ("--grep '('", "no regular expression"),
        ("--grep '(a{99}){99}'", "too long"),
        ("--grep a --full", "cannot be used with"),
        ("--context 3", "--grep"),
    ] {
        let said = world
            .say("alice", &format!("/jenkins get-log hello {typed}"))
            .await;
        assert!(said.contains(expected), "{typed}: {said}");
    }
    world.host.assert_no_violations();
}

#[tokio::test]
async fn many_matches_are_attached() {
    let size = 3_000_000;
    let world = World::with_alice(jenkins_with(built("hello", LogText::of_size(size)))).await;
    world
        .run("alice", "/jenkins get-log hello --grep 'quick brown'")
        .await;
    let post = world
        .host
        .wait_for_post(|post| post.message.contains("lines match"))
        .await;
    assert!(
        post.message
            .contains(&format!("({} lines match", size / 64)),
        "{}",
        &post.message[..300]
    );
    assert!(post.message.chars().count() < 9_000);
    assert!(
        post.message.contains("000000000000 of the generated log"),
        "the first are shown"
    );
    assert_eq!(post.file_ids.len(), 1);
    world.host.assert_no_violations();
}

fn pipeline() -> Job {
    let script = BuildScript::failure()
        .stage(Stage::new("Build", Duration::from_secs(1)).log("built <b>\n"))
        .stage(
            Stage::new("Unit tests", Duration::from_secs(1))
                .failing("script returned exit code 1")
                .log("first\n@all ``` failed\n"),
        );
    Job::pipeline("deploy").past_build(script)
}

#[tokio::test]
async fn one_stage_is_shown() {
    let config = jenkins()
        .item(pipeline())
        .item(built("hello", LogText::lines(["x"])));
    let world = World::with_alice(config).await;
    for typed in ["'unit tests'", "unit"] {
        let outcome = world
            .run("alice", &format!("/jenkins get-log deploy --stage {typed}"))
            .await;
        assert_eq!(outcome.posts.len(), 1, "{}", outcome.text());
        let message = &outcome.posts[0].message;
        for words in [
            "stage `Unit tests`",
            "script returned exit code 1",
            "````\nfirst\n@all ``` failed",
        ] {
            assert!(message.contains(words), "{words} in {message}");
        }
    }
    let outcome = world
        .run("alice", "/jenkins get-log deploy --stage unit --lines 1")
        .await;
    assert!(
        !outcome.posts[0].message.contains("first"),
        "{}",
        outcome.posts[0].message
    );
    let said = world
        .say("alice", "/jenkins get-log deploy --stage '@all`'")
        .await;
    assert!(
        said.contains("has no stage") && said.contains("`Build`, `Unit tests`"),
        "{said}"
    );
    let said = world
        .say("alice", "/jenkins get-log hello --stage Build")
        .await;
    assert!(said.contains("no stages"), "{said}");
}

fn growing() -> Job {
    Job::freestyle("hello").script(BuildScript::success().until_told().log(LogText::lines([])))
}

/// The posts of followed logs, oldest first.
fn followed(world: &World) -> Vec<Post> {
    let mut posts = world.host.server().read(|data| data.posts.all());
    posts.retain(|post| {
        let attachments = post.attachments();
        attachments
            .iter()
            .any(|shown| shown.text.starts_with("Console log"))
    });
    posts.sort_by_key(|post| post.create_at);
    posts
}

async fn shows(world: &World, words: &str) -> Post {
    let what = format!("a followed log with {words:?}");
    world
        .host
        .wait_for(&what, |_| {
            let mut posts = followed(world).into_iter();
            posts.find(|post| post.attachments()[0].text.contains(words))
        })
        .await
}

async fn running(world: &World) -> Post {
    world.run("alice", "/jenkins build hello").await;
    let card = world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.jenkins.append_log("hello", 1, "the first line\n");
    card.post
}

#[tokio::test]
async fn a_log_is_followed_to_the_end_of_its_build() {
    let world = World::with_alice(jenkins_with(growing()).frozen()).await;
    let card = running(&world).await;
    let outcome = world.run("alice", "/jenkins get-log hello --follow").await;
    assert_eq!(outcome.text(), "");
    let post = shows(&world, "the first line").await;
    assert_eq!(post.root_id, card.id, "in the thread of the build's card");
    assert!(post.attachments()[0].text.contains("live"));
    world
        .jenkins
        .append_log("hello", 1, "@all ``` another line\n");
    let post = shows(&world, "another line").await;
    assert!(post.attachments()[0].text.contains("````\n"));
    let twice = world.say("alice", "/jenkins get-log hello --follow").await;
    assert!(twice.contains("followed here already"), "{twice}");
    world.jenkins.finish_build("hello", 1, BuildResult::Failure);
    let post = shows(&world, ":x: Failure").await;
    assert!(post.attachments()[0].text.contains("another line"));
    assert!(post.attachments()[0].actions.is_empty());
    assert_eq!(followed(&world).len(), 1, "one post");
    forgotten(&world).await;
    // Of a build that is over, the end is shown at once.
    let outcome = world.run("alice", "/jenkins get-log hello --follow").await;
    assert!(
        outcome.posts[0].message.contains("Finished: FAILURE"),
        "{outcome:?}"
    );
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

/// Nothing of a followed log is stored.
async fn forgotten(world: &World) {
    world
        .host
        .wait_for("no followed log in the store", |_| {
            let stored = crate::harness::stored(&world.host);
            (!stored.contains_key("jenkins_log_follows_v1")).then_some(())
        })
        .await;
}

#[tokio::test]
async fn anybody_in_the_channel_can_stop_it() {
    let world = World::with_alice(jenkins_with(growing()).frozen()).await;
    world.connect("bob", BOB_TOKEN).await;
    running(&world).await;
    world.run("alice", "/jenkins get-log hello --follow").await;
    let post = shows(&world, "the first line").await;
    let context = serde_json::json!({"action": "stop_log", "follow": "x"});
    let context = context.as_object().expect("an object").clone();
    let answer = crate::buttons::click(&world, "bob", &post.id, context).await;
    assert!(answer.ephemeral_text.contains("out of date"), "{answer:?}");
    world
        .host
        .user("bob")
        .click(&post.id, "Stop following")
        .await
        .unwrap();
    shows(&world, "not followed any more: `bob` stopped it").await;
    forgotten(&world).await;
    assert_eq!(followed(&world).len(), 1);
}

#[tokio::test]
async fn it_ends_by_itself() {
    let world = World::with_alice(jenkins_with(growing()).frozen()).await;
    running(&world).await;
    world.run("alice", "/jenkins get-log hello --follow").await;
    shows(&world, "the first line").await;
    world.clock.advance(Duration::from_secs(31 * 60));
    shows(&world, "half an hour").await;
    forgotten(&world).await;
    // Jenkins says no more of it.
    world.run("alice", "/jenkins get-log hello --follow").await;
    world
        .host
        .wait_for("a second post", |_| {
            (followed(&world).len() == 2).then_some(())
        })
        .await;
    world
        .jenkins
        .inject(Fault::login_page().on("/job/hello/1/logText/*"));
    shows(&world, ":warning: not followed any more").await;
    forgotten(&world).await;
}

#[tokio::test]
async fn a_short_trouble_ends_nothing() {
    let world = World::with_alice(jenkins_with(growing()).frozen()).await;
    running(&world).await;
    world.run("alice", "/jenkins get-log hello --follow").await;
    shows(&world, "the first line").await;
    let trouble = world
        .jenkins
        .inject(Fault::status(503).on("/job/hello/1/logText/*"));
    world.jenkins.clear_requests();
    world
        .jenkins
        .wait_for_nth_request("/job/hello/1/logText/*", 2)
        .await;
    world.jenkins.remove_fault(trouble);
    world.jenkins.append_log("hello", 1, "after the trouble\n");
    shows(&world, "after the trouble").await;
    assert_eq!(followed(&world).len(), 1);
}

#[tokio::test]
async fn another_instance_goes_on_with_it() {
    let config = jenkins_with(growing()).frozen();
    let world = World::start_with(config, |builder| builder.nodes(2)).await;
    world.connect("alice", ALICE_TOKEN).await;
    running(&world).await;
    world.run("alice", "/jenkins get-log hello --follow").await;
    shows(&world, "the first line").await;
    world.kill(0).await;
    world.jenkins.append_log("hello", 1, "after the crash\n");
    shows(&world, "after the crash").await;
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    shows(&world, "Success").await;
    assert_eq!(followed(&world).len(), 1, "one post");
    forgotten(&world).await;
}

#[tokio::test]
async fn a_deleted_post_is_not_followed() {
    let world = World::with_alice(jenkins_with(growing()).frozen()).await;
    running(&world).await;
    world.run("alice", "/jenkins get-log hello --follow").await;
    let post = shows(&world, "the first line").await;
    world.host.plugin_api(0).delete_post(post.id).await.unwrap();
    world.jenkins.append_log("hello", 1, "nobody reads it\n");
    forgotten(&world).await;
    assert!(followed(&world).iter().all(|post| post.delete_at != 0));
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_post() {
    for method in ["CreatePost", "UpdatePost", "KVSetWithOptions", "KVGet"] {
        for nth in 1..=3 {
            let world = World::with_alice(jenkins_with(growing()).frozen()).await;
            running(&world).await;
            if nth > 1 {
                let undisturbed = mattermost_devhost::Fault::delay(nth - 1, Duration::ZERO);
                world.host.fault(method, undisturbed);
            }
            let lost = mattermost_devhost::Fault::lose_answer(1);
            world.host.fault(method, lost);
            let said = world.say("alice", "/jenkins get-log hello --follow").await;
            // The command itself may have lost an answer: then it is typed again.
            if !said.is_empty() {
                world.run("alice", "/jenkins get-log hello --follow").await;
            }
            shows(&world, "the first line").await;
            world.jenkins.finish_build("hello", 1, BuildResult::Success);
            shows(&world, "Success").await;
            forgotten(&world).await;
            assert_eq!(followed(&world).len(), 1, "{method} {nth}");
        }
    }
}
