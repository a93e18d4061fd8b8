//! `/jenkins abort`: what is told is what was seen.

use serde_json::{Map, Value, json};
use simulators::jenkins::{BuildResult, BuildScript, Fault, Job, StopSignal};

use crate::buttons::click;
use crate::harness::{BOB_TOKEN, World, jenkins_with};

fn endless() -> BuildScript {
    BuildScript::success().until_told()
}

async fn running(script: BuildScript) -> World {
    let world = World::with_alice(jenkins_with(Job::pipeline("hello").script(script))).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world
}

fn stops(world: &World) -> usize {
    let stops = world.jenkins.requests_to("POST /job/hello/1/stop");
    stops.len()
}

#[tokio::test]
async fn a_running_build_is_aborted_and_told_when_it_is() {
    let world = running(endless()).await;
    world.run("alice", "/jenkins abort hello").await;
    let notice = world.noticed("has been aborted").await;
    assert!(
        notice.contains("/job/hello/1/") && notice.contains("`@alice`"),
        "{notice}"
    );
    assert_eq!(
        world.jenkins.build_result("hello", 1),
        Some(BuildResult::Aborted)
    );
    world.announced().await;
    world.assert_told_once("aborted");
    assert_eq!(world.audits("abort"), ["success"]);
    assert_eq!(world.audits("build"), ["success"]);
    // Once more: there is nothing left to do, and Jenkins is not asked to do it.
    let said = world.say("alice", "/jenkins abort hello").await;
    assert!(
        said.contains("#1, had been aborted") && said.contains("Nothing was aborted"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins abort hello 1").await;
    assert!(said.contains("there is nothing to abort"), "{said}");
    assert_eq!(stops(&world), 1);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn the_button_aborts_as_the_one_who_clicks() {
    let world = running(endless()).await;
    let card = world.cards().remove(0).post;
    let clicked = world.host.user("bob").click(&card.id, "Abort").await;
    clicked.expect("the click is taken");
    let said = world.told("bob", "Job/Cancel").await;
    assert!(said.contains("`bob`"), "{said}");
    assert_eq!(world.jenkins.is_running("hello", 1), Some(true));
    assert_eq!(world.notices(), Vec::<String>::new());
    assert_eq!(world.audits("abort"), ["fail"]);

    let clicked = world.host.user("alice").click(&card.id, "Abort").await;
    clicked.expect("the click is taken");
    world.noticed("has been aborted").await;
    world.announced().await;
    world.assert_told_once("aborted");
}

#[tokio::test]
async fn a_build_that_does_not_stop_is_terminated_then_killed() {
    let world = running(endless().ends_on(StopSignal::Kill)).await;
    world.run("alice", "/jenkins abort hello #1").await;
    let term = world.question("alice", "terminate it").await;
    assert_eq!(
        world.notices(),
        Vec::<String>::new(),
        "nothing was seen done"
    );
    let clicked = world.host.user("alice").click(&term.id, "yes").await;
    clicked.expect("the click is taken");
    let kill = world.question("alice", "kill it").await;
    assert_eq!(world.jenkins.requests_to("POST /job/hello/1/term").len(), 1);

    // Bob has heard of the question, and sends the very same context.
    let context = context_of(&kill, "yes");
    let answer = click(&world, "bob", &kill.id, context.clone()).await;
    assert!(
        answer.ephemeral_text.contains("answered already"),
        "{answer:?}"
    );
    let invented = json!({"action": "answer", "question": "x", "accept": true});
    let invented = invented.as_object().unwrap().clone();
    let answer = click(&world, "alice", &kill.id, invented).await;
    assert!(
        answer.ephemeral_text.contains("answered already"),
        "{answer:?}"
    );
    assert_eq!(world.jenkins.requests_to("POST /job/hello/1/kill").len(), 0);

    let (first, second) = tokio::join!(
        click(&world, "alice", &kill.id, context.clone()),
        click(&world, "alice", &kill.id, context)
    );
    let refused = [first, second]
        .iter()
        .filter(|answer| answer.ephemeral_text.contains("answered already"))
        .count();
    assert_eq!(refused, 1);
    world.noticed("has been aborted").await;
    assert_eq!(world.jenkins.requests_to("POST /job/hello/1/kill").len(), 1);
}

fn context_of(post: &mattermost_plugin::model::Post, id: &str) -> Map<String, Value> {
    let buttons = post.attachments().remove(0).actions;
    let button = buttons.into_iter().find(|button| button.id == id);
    let integration = button.and_then(|button| button.integration);
    integration.expect("a button").context
}

#[tokio::test]
async fn jenkins_has_nothing_harder_for_what_is_no_pipeline() {
    let script = endless().ends_on(StopSignal::Kill);
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.run("alice", "/jenkins build hello").await;
    world.jenkins.wait_for_build("hello", 1).await;
    world.run("alice", "/jenkins abort hello").await;
    let term = world.question("alice", "terminate it").await;
    let clicked = world.host.user("alice").click(&term.id, "yes").await;
    clicked.expect("the click is taken");
    world.told("alice", "nothing harder").await;
    assert_eq!(world.notices(), Vec::<String>::new());
}

#[tokio::test]
async fn a_waiting_build_is_taken_out_of_the_queue() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.jenkins.hold_queue("hello");
    world.run("alice", "/jenkins build hello").await;
    let card = world.card(|card| card.text().contains("in queue")).await;
    let clicked = world.host.user("alice").click(&card.post.id, "Abort").await;
    clicked.expect("the click is taken");
    world.noticed("taken out of the queue").await;
    assert_eq!(world.jenkins.queued("hello"), Vec::<u64>::new());
    world.announced().await;
    world.assert_told_once("cancelled");

    world.run("alice", "/jenkins build hello").await;
    world.jenkins.wait_for_queued("hello").await;
    world.run("alice", "/jenkins abort hello").await;
    world
        .host
        .wait_for("an empty queue", |_| {
            world.jenkins.queued("hello").is_empty().then_some(())
        })
        .await;
    let said = world.say("alice", "/jenkins abort hello --queued").await;
    assert!(said.contains("waits in the queue"), "{said}");
}

#[tokio::test]
async fn of_several_running_builds_none_is_guessed() {
    let job = Job::pipeline("hello").concurrent(true).script(endless());
    let world = World::with_alice(jenkins_with(job)).await;
    for number in [1, 2] {
        world.run("alice", "/jenkins build hello").await;
        world.jenkins.wait_for_build("hello", number).await;
    }
    let said = world.say("alice", "/jenkins abort hello").await;
    assert!(
        said.contains("#2, #1") && said.contains("nothing was aborted"),
        "{said}"
    );
    world.run("alice", "/jenkins abort hello 1").await;
    world.noticed("has been aborted").await;
    assert_eq!(world.jenkins.is_running("hello", 2), Some(true));
    let said = world.say("alice", "/jenkins abort hello 99").await;
    assert!(said.contains("There is no build"), "{said}");
}

#[tokio::test]
async fn a_lost_answer_is_made_up_for_by_looking() {
    let world = running(endless()).await;
    let lost = Fault::lose_response().on("POST /job/hello/1/stop");
    world.jenkins.inject(lost.times(1));
    world.run("alice", "/jenkins abort hello").await;
    world.noticed("has been aborted").await;
    assert_eq!(world.audits("abort"), ["attempt"]);
    assert_eq!(stops(&world), 1, "writes are sent once");
}

#[tokio::test]
async fn a_jenkins_that_goes_away_is_not_told_as_done() {
    let world = running(endless().ends_on(StopSignal::Kill)).await;
    let goes_away = async {
        world
            .jenkins
            .wait_for_request("POST /job/hello/1/stop")
            .await;
        let away = Fault::status(503).on("/job/hello/1/api/json");
        world.jenkins.inject(away);
    };
    tokio::join!(world.run("alice", "/jenkins abort hello"), goes_away);
    let said = world.told("alice", "is not known").await;
    assert!(said.contains("was asked to abort"), "{said}");
    assert_eq!(world.notices(), Vec::<String>::new());
}
