//! News that no webhook brings: questions of pipelines, requests that are stuck, nodes that went away.

use std::time::Duration;

use simulators::jenkins::{BuildScript, Cause, InputStep, JenkinsConfig, Job, Node, Stage, User};

use crate::feeds::{news, shown, told, world_with};
use crate::harness::{ALICE_TOKEN, BOB_TOKEN, HASTE, World, jenkins, jenkins_with};
use crate::hostile::{HOSTILE, assert_harmless};

/// A world in which `bob` asks for news.
async fn asking(config: JenkinsConfig) -> World {
    world_with(config, |builder| {
        builder
            .setting("JenkinsServiceUser", "bob")
            .setting("JenkinsServiceToken", BOB_TOKEN)
            .setting("JenkinsPollInterval", "5")
    })
    .await
}

async fn subscribe(world: &World, what: &str) {
    let said = world
        .say("alice", &format!("/jenkins subscribe {what}"))
        .await;
    assert!(said.contains("hears of"), "{said}");
}

/// Waits for a whole round of questions that begins from now on; `page` is asked for once in each.
async fn polled(world: &World, page: &str) {
    let asked = world.jenkins.requests_to(page).len();
    world.jenkins.wait_for_nth_request(page, asked + 2).await;
}

const PIPE: &str = "GET /job/pipe/api/json";
const QUEUE: &str = "GET /queue/api/json";
const NODES: &str = "GET /computer/api/json";

#[tokio::test]
async fn a_question_of_a_pipeline_is_told_once() {
    let second = Duration::from_secs(1);
    let script = BuildScript::success()
        .stage(Stage::new("Build", second))
        .stage(Stage::new("Deploy", second).input(InputStep::new("go", "Deploy? @all")));
    let world = asking(jenkins_with(Job::pipeline("pipe").script(script))).await;
    subscribe(&world, "pipe --events input,success --thread").await;
    polled(&world, PIPE).await;
    world.post_to_jenkins("/job/pipe/build").await;
    let post = told(&world, |text| text.contains("waits for input")).await;
    assert_harmless(&shown(&post), &world.jenkins.url());
    let before = news(&world).len();
    polled(&world, PIPE).await;
    assert_eq!(news(&world).len(), before, "not again");
    world
        .post_to_jenkins("/job/pipe/1/input/Go/proceedEmpty")
        .await;
    told(&world, |text| text.contains("succeeded")).await;
    world.host.assert_no_secret(BOB_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_request_that_is_stuck_is_told_once() {
    let script = BuildScript::success().stuck().why(HOSTILE);
    // bob, who asks, sees more than alice, who subscribes.
    let config = JenkinsConfig::new()
        .speed(f64::from(HASTE))
        .user(
            User::developer("alice")
                .token(ALICE_TOKEN)
                .cannot_see("secret"),
        )
        .user(User::reader("bob").token(BOB_TOKEN))
        .item(Job::freestyle(HOSTILE).script(script.clone()))
        .item(Job::freestyle("secret").script(script));
    let world = asking(config).await;
    let wait = |job: &str| {
        world.jenkins.hold_queue(job);
        let id = world.jenkins.schedule_build(job, Cause::Timer);
        id.expect("a place in the queue")
    };
    subscribe(&world, "all --events queue-stuck --mention here").await;
    polled(&world, QUEUE).await;
    let id = wait(HOSTILE);
    wait("secret");
    let post = told(&world, |text| text.contains("is stuck in the queue")).await;
    assert!(
        post.message.starts_with("@here :warning: Job '"),
        "{}",
        post.message
    );
    assert!(post.message.contains("evil"), "{}", post.message);
    assert_harmless(&post.message, &world.jenkins.url());
    polled(&world, QUEUE).await;
    assert_eq!(
        news(&world).len(),
        1,
        "neither again nor of what alice may not see"
    );

    // The next request is another one.
    assert!(world.jenkins.cancel_queue_item(id));
    polled(&world, QUEUE).await;
    wait(HOSTILE);
    world
        .host
        .wait_for("two notices", |_| (news(&world).len() == 2).then_some(()))
        .await;
    world.host.assert_no_secret(BOB_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_node_that_goes_away_is_told() {
    let config = jenkins()
        .item(Job::freestyle("hello"))
        .node(Node::new("linux-1"))
        .node(Node::new("old").disconnected("Since years"))
        .node(Node::new(HOSTILE));
    let world = asking(config).await;
    subscribe(&world, "all --events node-offline").await;
    polled(&world, NODES).await;
    assert_eq!(news(&world), [], "what was so before is no news");

    let lost = Node::new(HOSTILE).disconnected(HOSTILE);
    world.jenkins.set_node(lost);
    let post = told(&world, |text| text.contains("is offline")).await;
    assert!(post.message.contains("evil"), "{}", post.message);
    assert_harmless(&post.message, &world.jenkins.url());
    polled(&world, NODES).await;
    assert_eq!(news(&world).len(), 1);

    // It comes back; another one is taken offline; neither is told again after a restart.
    world.jenkins.set_node(Node::new(HOSTILE));
    world
        .jenkins
        .set_node(Node::new("linux-1").taken_offline("disk is full"));
    told(&world, |text| {
        text.contains("`linux-1` is offline: disk is full")
    })
    .await;
    world.host.restart(0).await.expect("it starts again");
    polled(&world, NODES).await;
    assert_eq!(news(&world).len(), 2);
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_will_not_be_told_is_said_at_once() {
    let world = world_with(jenkins_with(Job::freestyle("hello")), |builder| builder).await;
    let path = crate::feeds::webhook(&world, "ci").await;
    assert!(path.contains("/hooks/"));
    let say = async |what: &str| {
        world
            .say("alice", &format!("/jenkins subscribe {what}"))
            .await
    };
    let said = say("hello --events failure,input,node-offline").await;
    assert!(said.contains("No webhook tells of `input`"), "{said}");
    assert!(said.contains("only a subscription to `all`"), "{said}");
    let said = say("all --events all").await;
    assert!(
        said.contains("No webhook tells of `input,queue-stuck,node-offline`"),
        "{said}"
    );
    assert!(!said.contains("belong to no job"), "{said}");
}
