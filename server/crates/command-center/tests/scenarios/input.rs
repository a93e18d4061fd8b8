//! Questions of pipelines: buttons on the card, dialogs, and commands.

use std::time::Duration;

use http::Request;
use mattermost_plugin::Capability;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{SubmitDialogRequest, SubmitDialogResponse};
use serde_json::{Map, Value, json};
use simulators::jenkins::{BuildScript, Fault, InputStep, Job, Parameter, Stage, User};

use crate::buttons::click;
use crate::harness::{BOB_TOKEN, Card, World, jenkins, jenkins_with};

/// What the server sends when somebody submits a dialog, or what somebody makes up.
pub(crate) async fn post_dialog(
    world: &World,
    user: &str,
    path: &str,
    request: &SubmitDialogRequest,
) -> SubmitDialogResponse {
    let request = Request::post(path)
        .header("X-Requested-With", "XMLHttpRequest")
        .body(Body::from(serde_json::to_vec(request).unwrap()))
        .unwrap();
    let answer = world.host.user(user).request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = answer.into_body().collect(100_000).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn asking(step: InputStep) -> BuildScript {
    let second = Duration::from_secs(1);
    BuildScript::success()
        .stage(Stage::new("Build", second))
        .stage(Stage::new("Deploy", second).input(step))
}

fn deploy() -> InputStep {
    InputStep::new("go", "Deploy to *production*? @all").proceed_text("Ship it")
}

/// A card that asks, and who else is connected.
async fn asked(step: InputStep) -> (World, Card) {
    let config = jenkins_with(Job::pipeline("pipe").script(asking(step)));
    let world = World::with_alice(config).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("alice", "/jenkins build pipe").await;
    let card = world.card(|card| has(card, "approve")).await;
    (world, card)
}

fn has(card: &Card, id: &str) -> bool {
    card.attachment.actions.iter().any(|action| action.id == id)
}

fn context(card: &Card, id: &str) -> Map<String, Value> {
    let buttons = card.attachment.actions.iter();
    let button = buttons.clone().find(|button| button.id == id);
    let integration = button.and_then(|button| button.integration.clone());
    integration.expect("a button").context
}

fn answers(world: &World) -> usize {
    world.jenkins.requests_to("POST /job/pipe/1/input/*").len()
        + world
            .jenkins
            .requests_to("POST /job/pipe/1/wfapi/inputSubmit")
            .len()
}

#[tokio::test]
async fn a_double_click_approves_once_and_the_build_goes_on() {
    let (world, card) = asked(deploy()).await;
    let names: Vec<&str> = card
        .attachment
        .actions
        .iter()
        .map(|action| action.name.as_str())
        .collect();
    assert_eq!(names, ["Ship it", "Reject", "Abort", "Log"]);
    assert!(
        card.text().contains(r"Deploy to \*production\*?"),
        "{}",
        card.text()
    );
    let approve = context(&card, "approve");
    tokio::join!(
        click(&world, "alice", &card.post.id, approve.clone()),
        click(&world, "alice", &card.post.id, approve.clone())
    );
    world.noticed("has been approved").await;
    assert_eq!(answers(&world), 1);
    world.announced().await;
    world.assert_told_once("succeeded");
    assert!(!has(&world.cards()[0], "approve"), "the buttons vanish");
    // A client that still shows the button is told.
    click(&world, "alice", &card.post.id, approve).await;
    assert_eq!(answers(&world), 1);
    assert_eq!(world.audits("approve"), ["success"]);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_question_answered_elsewhere_is_not_answered_again() {
    let (world, card) = asked(deploy()).await;
    world
        .post_to_jenkins("/job/pipe/1/input/Go/proceedEmpty")
        .await;
    let alice = world.host.user("alice");
    if alice.click(&card.post.id, "approve").await.is_ok() {
        world.told("alice", "answered already").await;
    }
    world.announced().await;
    world.assert_told_once("succeeded");
    assert!(!has(&world.cards()[0], "approve"));
    assert_eq!(answers(&world), 1, "that in the browser");
    assert_eq!(world.notices(), Vec::<String>::new());
}

#[tokio::test]
async fn only_those_answer_whom_jenkins_lets() {
    let config = jenkins()
        .user(User::developer("carol"))
        .item(Job::pipeline("pipe").script(asking(deploy().submitter("carol"))));
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build pipe").await;
    let card = world.card(|card| has(card, "approve")).await;
    let clicked = world
        .host
        .user("alice")
        .click(&card.post.id, "approve")
        .await;
    clicked.expect("the click is taken");
    let said = world.told("alice", "may answer this").await;
    assert!(said.contains("`carol`"), "{said}");
    assert_eq!(world.notices(), Vec::<String>::new());
    let said = world.say("alice", "/jenkins reject pipe").await;
    assert_eq!(said, "", "Job/Cancel is enough to reject");
    world.noticed("has been rejected").await;
    world.announced().await;
    world.assert_told_once("aborted");
}

fn with_values() -> InputStep {
    deploy()
        .parameter(Parameter::choice("TARGET", ["staging", "production"]))
        .parameter(Parameter::boolean("FORCE", false))
        .parameter(Parameter::password("KEY", "hunter2"))
}

#[tokio::test]
async fn values_are_asked_for_in_a_dialog() {
    let (world, card) = asked(with_values()).await;
    let clicked = world
        .host
        .user("alice")
        .click(&card.post.id, "approve")
        .await;
    clicked.expect("the click is taken");
    let dialog = world
        .host
        .wait_for("a dialog", |_| world.host.user("alice").dialog())
        .await;
    let elements = &dialog.request.dialog.elements;
    let kinds: Vec<&str> = elements
        .iter()
        .map(|element| element.r#type.as_str())
        .collect();
    let menus = world.host.supports(Capability::DialogChoices);
    assert_eq!(
        kinds,
        [if menus { "select" } else { "text" }, "bool", "text"]
    );
    let production = if menus { "1" } else { "production" };
    assert_eq!(answers(&world), 0);

    // Bob knows the state, but was not asked.
    let forged = SubmitDialogRequest {
        user_id: world.host.user_id("alice"),
        state: dialog.request.dialog.state.clone(),
        submission: json!({"p0": production, "p1": true})
            .as_object()
            .unwrap()
            .clone(),
        ..SubmitDialogRequest::default()
    };
    let path = "/plugins/command-center/api/v1/jenkins/input";
    let answer = post_dialog(&world, "bob", path, &forged).await;
    assert!(answer.error.contains("answered already"), "{answer:?}");
    let strange = SubmitDialogRequest {
        submission: json!({"p0": "9", "p1": true}).as_object().unwrap().clone(),
        ..forged
    };
    let answer = post_dialog(&world, "alice", path, &strange).await;
    let refusal = if menus {
        "none of the choices"
    } else {
        "it is one of"
    };
    assert!(answer.errors["p0"].contains(refusal), "{answer:?}");
    assert_eq!(answers(&world), 0);

    let alice = world.host.user("alice");
    let fields = [("p0", json!(production)), ("p1", json!(true))];
    let submission = alice.submit_dialog("builds", &fields).await.unwrap();
    assert_eq!(submission.error, "");
    world.noticed("has been approved").await;
    let values = world.jenkins.input_values("pipe", 1);
    let value = |name: &str| {
        let value = values.iter().find(|(other, _)| other == name);
        value.map(|(_, value)| value.as_str())
    };
    assert_eq!(
        (value("TARGET"), value("FORCE")),
        (Some("production"), Some("true"))
    );
    world.host.assert_no_secret("hunter2");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn commands_answer_without_a_card() {
    let (world, _) = asked(with_values()).await;
    let said = world.say("bob", "/jenkins approve pipe --defaults").await;
    assert!(said.contains("permission"), "{said}");
    let said = world
        .say("alice", "/jenkins approve pipe TARGET=moon")
        .await;
    assert!(
        said.contains("`moon`") && said.contains("cannot be answered"),
        "{said}"
    );
    let said = world
        .say("alice", "/jenkins approve pipe --input other --defaults")
        .await;
    assert!(said.contains("waits for an answer"), "{said}");
    assert_eq!(answers(&world), 1, "that of bob");
    world
        .run(
            "alice",
            "/jenkins approve pipe 1 TARGET=production --input go",
        )
        .await;
    world.noticed("has been approved").await;
    let said = world.say("alice", "/jenkins approve pipe").await;
    assert!(said.contains("No build of the job `pipe`"), "{said}");
}

#[tokio::test]
async fn an_answer_that_jenkins_did_not_get_can_be_given_again() {
    let (world, card) = asked(deploy()).await;
    world
        .jenkins
        .inject(Fault::status(502).on("POST /job/pipe/1/input/*").times(1));
    let approve = context(&card, "approve");
    click(&world, "alice", &card.post.id, approve.clone()).await;
    world.told("alice", "HTTP 502").await;
    assert_eq!(world.notices(), Vec::<String>::new());
    click(&world, "alice", &card.post.id, approve).await;
    world.noticed("has been approved").await;
    assert_eq!(world.audits("approve"), ["attempt", "success"]);
}
