//! `/jenkins safe-restart`, `quiet-down`, `cancel-quiet-down`.

use std::time::Duration;

use mattermost_plugin::model::Post;
use simulators::jenkins::{BuildResult, BuildScript, Fault, Job};

use crate::harness::{ALICE_TOKEN, World, jenkins_of_alice, jenkins_with, stored};

async fn yes(world: &World, words: &str) -> Post {
    let question = world.question("alice", words).await;
    let clicked = world.host.user("alice").click(&question.id, "yes").await;
    clicked.expect("the click is taken");
    question
}

fn records(world: &World) -> usize {
    let keys = stored(&world.host).into_keys();
    keys.filter(|key| key.starts_with("jenkins_restart_v1_"))
        .count()
}

/// Waits until nothing is followed any more.
async fn followed_to_its_end(world: &World) {
    world
        .host
        .wait_for("no stored restart", |_| (records(world) == 0).then_some(()))
        .await;
}

fn announcements(world: &World) -> Vec<String> {
    let told = world.announcements().into_iter();
    told.map(|post| post.message)
        .filter(|message| !message.contains("Job '"))
        .collect()
}

/// All texts of posts about a restart.
fn posts(world: &World) -> Vec<String> {
    let posts = world.host.server().read(|data| data.posts.all());
    let texts = posts.iter().flat_map(Post::attachments);
    let texts = texts.map(|attachment| attachment.text);
    texts
        .filter(|text| text.contains("estart") && !text.contains("Job '"))
        .collect()
}

#[tokio::test]
async fn a_restart_is_followed_until_jenkins_is_back() {
    let config = jenkins_of_alice().restart_time(Duration::from_secs(60));
    let world = World::with_alice(config).await;
    world
        .run("alice", "/jenkins safe-restart for the upgrade")
        .await;
    assert_eq!(world.jenkins.restarts(), 0, "not without a yes");
    yes(&world, "Restart Jenkins").await;
    followed_to_its_end(&world).await;
    assert_eq!(world.jenkins.restarts(), 1);
    let posts = posts(&world);
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert!(
        posts[0].contains("Safe restart of Jenkins server has been triggered.")
            && posts[0].contains("Jenkins is back after"),
        "{posts:?}"
    );
    let told = announcements(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("@alice ") && told[0].contains("is back"),
        "{told:?}"
    );
    assert_eq!(world.audits("safe-restart"), ["success"]);
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn the_plugin_may_restart_meanwhile() {
    let script = BuildScript::success().until_told();
    let config = jenkins_of_alice()
        .restart_time(Duration::from_secs(60))
        .item(Job::freestyle("hello").script(script));
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build hello").await;
    world.jenkins.wait_for_build("hello", 1).await;
    world.run("alice", "/jenkins safe-restart").await;
    yes(&world, "Restart Jenkins").await;
    world
        .host
        .wait_for("a post", |_| {
            posts(&world)
                .iter()
                .any(|text| text.contains("waits for those that run"))
                .then_some(())
        })
        .await;
    world.run("alice", "/jenkins safe-restart").await;
    yes(&world, "Restart Jenkins").await;
    world
        .told("alice", "asked Jenkins to restart already")
        .await;
    world.kill(0).await;
    world.host.restart(0).await.expect("it starts again");
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    followed_to_its_end(&world).await;
    assert_eq!(world.jenkins.restarts(), 1);
    let posts = posts(&world);
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert!(posts[0].contains("is back"), "{posts:?}");
    assert_eq!(announcements(&world).len(), 1);
}

#[tokio::test]
async fn two_instances_tell_a_restart_once() {
    let config = jenkins_of_alice().restart_time(Duration::from_secs(200));
    let world = World::start_with(config, |builder| builder.nodes(2)).await;
    world.connect("alice", ALICE_TOKEN).await;
    world.run("alice", "/jenkins safe-restart").await;
    yes(&world, "Restart Jenkins").await;
    world
        .host
        .wait_for("a post", |_| (!posts(&world).is_empty()).then_some(()))
        .await;
    world.kill(0).await;
    followed_to_its_end(&world).await;
    assert_eq!(posts(&world).len(), 1);
    assert_eq!(
        announcements(&world).len(),
        1,
        "{:?}",
        announcements(&world)
    );
}

#[tokio::test]
async fn a_refused_restart_is_not_told_as_one() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.run("alice", "/jenkins safe-restart").await;
    yes(&world, "Restart Jenkins").await;
    let said = world.told("alice", "Overall/Manage").await;
    assert!(said.contains("permission"), "{said}");
    assert_eq!(posts(&world), Vec::<String>::new());
    assert_eq!((records(&world), world.jenkins.restarts()), (0, 0));
}

#[tokio::test]
async fn a_request_that_got_lost_is_looked_for() {
    let world = World::with_alice(jenkins_of_alice()).await;
    let lost = Fault::drop_request().on("POST /safeRestart").times(1);
    world.jenkins.inject(lost);
    world.run("alice", "/jenkins safe-restart").await;
    yes(&world, "Restart Jenkins").await;
    followed_to_its_end(&world).await;
    assert_eq!(world.jenkins.restarts(), 0);
    let told = announcements(&world);
    assert!(told[0].contains("probably not asked"), "{told:?}");
}

#[tokio::test]
async fn a_restart_that_is_called_off_is_told() {
    let script = BuildScript::success().until_told();
    let config = jenkins_of_alice().item(Job::freestyle("hello").script(script));
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build hello").await;
    world.jenkins.wait_for_build("hello", 1).await;
    world.run("alice", "/jenkins safe-restart").await;
    yes(&world, "Restart Jenkins").await;
    world
        .host
        .wait_for("a post", |_| (!posts(&world).is_empty()).then_some(()))
        .await;
    world.run("alice", "/jenkins cancel-quiet-down").await;
    followed_to_its_end(&world).await;
    let told = announcements(&world);
    assert_eq!(told, ["@alice The restart of Jenkins was called off."]);
    assert_eq!(world.jenkins.restarts(), 0);
}

#[tokio::test]
async fn jenkins_is_quieted_down_and_woken_again() {
    let world = World::with_alice(jenkins_of_alice()).await;
    let said = world.say("alice", "/jenkins cancel-quiet-down").await;
    assert!(said.contains("nothing to cancel"), "{said}");
    world.run("alice", "/jenkins quiet-down").await;
    assert!(!world.jenkins.is_quieting_down());
    yes(&world, "start no more builds").await;
    world.noticed("starts no more builds").await;
    assert!(world.jenkins.is_quieting_down());
    world.run("alice", "/jenkins cancel-quiet-down").await;
    world.noticed("lets builds start again").await;
    assert!(!world.jenkins.is_quieting_down());
}
