//! The dialogs of parameters: from the command to the build.

use std::time::Duration;

use http::Request;
use mattermost_devhost::client::CommandOutcome;
use mattermost_plugin::Capability;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{Channel, Dialog, Post, SubmitDialogRequest, SubmitDialogResponse};
use serde_json::{Map, Value, json};
use simulators::jenkins::{BuildScript, Fault, Job, Parameter, ParameterKind};

use crate::harness::{ALICE_TOKEN, World, jenkins, jenkins_with};

const CALLBACK: &str = "/plugins/command-center/api/v1/jenkins/parameters";
const SECRET: &str = "marker-of-a-secret";

fn script() -> BuildScript {
    BuildScript::success().duration(Duration::from_secs(1))
}

fn deploy() -> Job {
    Job::pipeline("deploy")
        .parameter(Parameter::choice("TARGET", ["staging", "production"]).description("Where *to*"))
        .parameter(Parameter::boolean("DRY", true))
        .parameter(Parameter::string("VERSION", "1.0"))
        .parameter(Parameter::password("SECRET", "the default secret"))
        .script(script())
}

/// Eleven parameters: three pages.
fn long() -> Job {
    let job = (0..10).fold(Job::pipeline("long"), |job, number| {
        job.parameter(Parameter::string(
            &format!("P{number}"),
            &number.to_string(),
        ))
    });
    job.parameter(Parameter::password("SECRET", ""))
        .script(script())
}

fn dialog(world: &World, user: &str) -> Dialog {
    let open = world.host.user(user).dialog().expect("a dialog");
    open.request.dialog
}

fn given(world: &World, job: &str, number: u32) -> Vec<(String, String)> {
    let values = world.jenkins.build_parameters(job, number);
    let pair = |value: &simulators::jenkins::ParameterValue| {
        (value.name().to_owned(), value.value().to_owned())
    };
    values.iter().map(pair).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// The newest post that only this user sees and that has this button.
pub(crate) async fn button_post(world: &World, user: &str, button: &str) -> Post {
    let user = world.host.user(user);
    let has_button = |post: &Post| {
        let attachments = post.attachments();
        let mut buttons = attachments.iter().flat_map(|a| &a.actions);
        buttons.any(|action| action.name == button)
    };
    world
        .host
        .wait_for("a button", |_| {
            user.ephemeral().into_iter().rev().find(has_button)
        })
        .await
}

/// The answer of a dialog as somebody makes it up.
async fn submit(
    world: &World,
    user: &str,
    state: &str,
    submission: Map<String, Value>,
) -> SubmitDialogResponse {
    let request = SubmitDialogRequest {
        user_id: world.host.user_id("alice"),
        channel_id: world.host.channel_id("builds"),
        state: state.to_owned(),
        submission,
        ..SubmitDialogRequest::default()
    };
    let request = Request::post(CALLBACK)
        .header("X-Requested-With", "XMLHttpRequest")
        .body(Body::from(serde_json::to_vec(&request).unwrap()))
        .unwrap();
    let answer = world.host.user(user).request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = answer.into_body().collect(100_000).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// A target of [`deploy`], chosen from a menu or, where there are none, typed.
fn target(world: &World, index: usize) -> Value {
    if world.host.supports(Capability::DialogChoices) {
        json!(index.to_string())
    } else {
        json!(["staging", "production"][index])
    }
}

fn fields(values: &[(&str, Value)]) -> Map<String, Value> {
    let owned = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    values.iter().map(owned).collect()
}

#[tokio::test]
async fn a_job_with_parameters_asks_for_them() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    let alice = world.host.user("alice");
    let root = alice.post("builds", "let us deploy").await.unwrap();
    let outcome: CommandOutcome = alice
        .run_command_in_thread("builds", &root.id, "/jenkins build deploy")
        .await
        .unwrap();
    assert_eq!((outcome.text().as_str(), outcome.dialogs.len()), ("", 1));
    let kinds: Vec<(String, String, String)> = dialog(&world, "alice")
        .elements
        .into_iter()
        .map(|element| (element.display_name, element.r#type, element.default))
        .collect();
    let menus = world.host.supports(Capability::DialogChoices);
    let first = if menus {
        ("TARGET", "select", "0")
    } else {
        ("TARGET", "text", "staging")
    };
    let expected = [
        first,
        ("DRY", "bool", "true"),
        ("VERSION", "text", "1.0"),
        ("SECRET", "text", ""),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(kinds, expected);
    assert_eq!(world.jenkins.builds_requested("deploy"), 0);

    // The password is left to Jenkins.
    let values = [
        ("p0", target(&world, 1)),
        ("p1", json!(false)),
        ("p2", json!("2.0")),
    ];
    let submission = alice.submit_dialog("builds", &values).await.unwrap();
    assert!(submission.closed, "{submission:?}");
    world.announced().await;
    world.settled().await;
    world.assert_told_once("succeeded");
    assert_eq!(world.cards()[0].post.root_id, root.id);
    let expected = pairs(&[
        ("TARGET", "production"),
        ("DRY", "false"),
        ("VERSION", "2.0"),
        ("SECRET", "the default secret"),
    ]);
    assert_eq!(given(&world, "deploy", 1), expected);
    world.host.assert_no_secret("the default secret");
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn defaults_need_no_dialog() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    let outcome = world.run("alice", "/jenkins build deploy --defaults").await;
    assert!(outcome.dialogs.is_empty());
    assert!(
        outcome
            .text()
            .contains("`TARGET`, `DRY`, `VERSION`, `SECRET`"),
        "{}",
        outcome.text()
    );
    world.announced().await;
    assert_eq!(given(&world, "deploy", 1)[2].1, "1.0");
}

#[tokio::test]
async fn many_parameters_come_in_pages() {
    let world = World::with_alice(jenkins_with(long())).await;
    let alice = world.host.user("alice");
    world.run("alice", "/jenkins build long").await;
    let first = dialog(&world, "alice");
    assert_eq!(
        (first.title.as_str(), first.submit_label.as_str()),
        ("Build long (1/3)", "Next")
    );
    assert_eq!(first.elements.len(), 5);
    let submitted = alice
        .submit_dialog("builds", &[("p0", json!("zero"))])
        .await;
    assert!(submitted.unwrap().closed);

    let post = button_post(&world, "alice", "Continue (2 of 3)").await;
    // Nobody else can go on.
    let error = world.host.user("bob").click(&post.id, "fillin").await;
    assert!(error.is_err(), "bob does not see it");
    alice.click(&post.id, "fillin").await.unwrap();
    assert_eq!(dialog(&world, "alice").title, "Build long (2/3)");
    alice.cancel_dialog("builds").await.unwrap();
    alice.click(&post.id, "fillin").await.unwrap();
    let submitted = alice
        .submit_dialog("builds", &[("p9", json!("nine"))])
        .await;
    assert!(submitted.unwrap().closed);

    let last = button_post(&world, "alice", "Continue (3 of 3)").await;
    let visible: Vec<String> = alice.ephemeral().into_iter().map(|post| post.id).collect();
    assert!(
        !visible.contains(&post.id),
        "a button that was used is gone"
    );
    alice.click(&last.id, "fillin").await.unwrap();
    let page = dialog(&world, "alice");
    assert_eq!(
        (page.elements.len(), page.submit_label.as_str()),
        (1, "Build")
    );
    let submitted = alice
        .submit_dialog("builds", &[("p10", json!(SECRET))])
        .await;
    assert!(submitted.unwrap().closed);
    world.announced().await;
    let values = given(&world, "long", 1);
    assert_eq!(values[0].1, "zero");
    assert_eq!(values[5].1, "5");
    assert_eq!(values[9].1, "nine");
    assert_eq!(values[10].1, SECRET);
    world.host.assert_no_secret(SECRET);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_was_filled_in_is_stored_sealed() {
    let job = (0..6).fold(Job::pipeline("long"), |job, number| {
        job.parameter(Parameter::password(&format!("P{number}"), ""))
    });
    let world = World::with_alice(jenkins_with(job)).await;
    let alice = world.host.user("alice");
    world.run("alice", "/jenkins build long").await;
    let submitted = alice
        .submit_dialog("builds", &[("p0", json!(SECRET))])
        .await;
    assert!(submitted.unwrap().closed);
    button_post(&world, "alice", "Continue (2 of 2)").await;
    let stored = crate::harness::stored(&world.host);
    assert!(stored.keys().any(|key| key.starts_with("pending_v1_")));
    assert!(stored.values().all(|value| !value.contains(SECRET)));
}

#[tokio::test]
async fn a_late_dialog_is_a_button() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    let slow = Fault::delay(Duration::from_millis(3_500)).on("/job/deploy/api/json");
    world.jenkins.inject(slow.times(1));
    let outcome = world.run("alice", "/jenkins build deploy").await;
    assert!(outcome.text().contains("Waiting for Jenkins"));
    let post = button_post(&world, "alice", "Fill in parameters").await;
    let alice = world.host.user("alice");
    assert!(alice.dialog().is_none());
    alice.click(&post.id, "fillin").await.unwrap();
    let submitted = alice
        .submit_dialog("builds", &[("p0", target(&world, 1))])
        .await;
    assert!(submitted.unwrap().closed);
    world.announced().await;
    assert_eq!(given(&world, "deploy", 1)[0].1, "production");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_page_sent_twice_is_one_build() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    world.run("alice", "/jenkins build deploy").await;
    let state = dialog(&world, "alice").state;
    let values = || {
        fields(&[
            ("p0", target(&world, 0)),
            ("p1", json!(true)),
            ("p2", json!("x")),
        ])
    };
    let (first, second) = tokio::join!(
        submit(&world, "alice", &state, values()),
        submit(&world, "alice", &state, values())
    );
    let refused = [first, second]
        .into_iter()
        .filter(|answer| answer.error.contains("sent already"));
    assert_eq!(refused.count(), 1);
    world.announced().await;
    world.settled().await;
    assert_eq!(world.jenkins.builds_requested("deploy"), 1);
    let late = submit(&world, "alice", &state, values()).await;
    assert!(late.error.contains("sent already"), "{late:?}");
}

#[tokio::test]
async fn a_forged_answer_starts_nothing() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    world.connect("bob", crate::harness::BOB_TOKEN).await;
    world.run("alice", "/jenkins build deploy").await;
    let state = dialog(&world, "alice").state;
    let good = || fields(&[("p0", target(&world, 0))]);
    for (user, state) in [("bob", state.as_str()), ("alice", ""), ("alice", "../x")] {
        let answer = submit(&world, user, state, good()).await;
        assert!(
            answer.error.contains("Type the command again"),
            "{answer:?}"
        );
    }
    // What is typed is no index, and the other way round.
    let (other, not_this, nothing) = if world.host.supports(Capability::DialogChoices) {
        ("production", "none of the choices", "choose one")
    } else {
        ("1", "it is one of", "it is one of")
    };
    for (field, value, expected) in [
        ("p0", json!("7"), not_this),
        ("p0", json!(other), not_this),
        ("p0", json!(null), nothing),
        ("p1", json!("perhaps"), "true or false"),
        ("p2", json!(["x"]), "not a value"),
    ] {
        let mut values = good();
        values.insert(field.to_owned(), value.clone());
        let answer = submit(&world, "alice", &state, values).await;
        assert!(
            answer
                .errors
                .get(field)
                .is_some_and(|error| error.contains(expected)),
            "{value}: {answer:?}"
        );
    }
    // A button of somebody else's form.
    let context = json!({"action": "fill_in", "question": state});
    let click = json!({"post_id": "x", "context": context, "trigger_id": "x"});
    let request = Request::post("/plugins/command-center/api/v1/jenkins/action")
        .header("X-Requested-With", "XMLHttpRequest")
        .body(Body::from(click.to_string()))
        .unwrap();
    let answer = world.host.user("bob").request(request).await.unwrap();
    let body = answer.into_body().collect(100_000).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    assert!(body.contains("out of date"), "{body}");
    assert_eq!(world.jenkins.builds_requested("deploy"), 0);

    // The hour is over.
    world.advance(Duration::from_secs(3601));
    let answer = submit(&world, "alice", &state, good()).await;
    assert!(answer.error.contains("more than an hour"), "{answer:?}");
    assert_eq!(world.jenkins.builds_requested("deploy"), 0);
}

#[tokio::test]
async fn who_left_the_channel_builds_nothing_there() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    let api = world.host.plugin_api(0);
    let builds = world.host.channel_id("builds");
    let team_id = api.get_channel(builds).await.unwrap().team_id;
    let secret = Channel {
        team_id,
        r#type: Channel::PRIVATE.to_owned(),
        name: "secret".to_owned(),
        display_name: "Secret".to_owned(),
        ..Channel::default()
    };
    let secret = api.create_channel(secret).await.unwrap();
    let alice_id = world.host.user_id("alice");
    api.add_channel_member(secret.id.clone(), alice_id.clone())
        .await
        .unwrap();
    let alice = world.host.user("alice");
    alice
        .run_command("secret", "/jenkins build deploy")
        .await
        .unwrap();
    let state = dialog(&world, "alice").state;
    api.delete_channel_member(secret.id, alice_id)
        .await
        .unwrap();
    let answer = submit(
        &world,
        "alice",
        &state,
        fields(&[("p0", target(&world, 0))]),
    )
    .await;
    assert!(answer.error.contains("may not post"), "{answer:?}");
    assert_eq!(world.jenkins.builds_requested("deploy"), 0);
}

#[tokio::test]
async fn a_refused_build_loses_nothing() {
    let world = World::with_alice(jenkins_with(deploy())).await;
    let alice = world.host.user("alice");
    world.run("alice", "/jenkins build deploy").await;
    let fault = world.jenkins.inject(Fault::status(503).on("/job/deploy/*"));
    let values = [
        ("p0", target(&world, 1)),
        ("p2", json!("9.9")),
        ("p3", json!(SECRET)),
    ];
    assert!(alice.submit_dialog("builds", &values).await.unwrap().closed);
    let post = button_post(&world, "alice", "Try again").await;
    assert!(
        post.message.contains("kept for an hour"),
        "{}",
        post.message
    );
    assert_eq!(world.jenkins.builds_requested("deploy"), 0);
    world.jenkins.remove_fault(fault);
    alice.click(&post.id, "fillin").await.unwrap();
    let page = dialog(&world, "alice");
    assert_eq!(
        (
            page.elements[0].default.as_str(),
            page.elements[2].default.as_str()
        ),
        (target(&world, 1).as_str().unwrap(), "9.9")
    );
    assert!(alice.submit_dialog("builds", &[]).await.unwrap().closed);
    world.announced().await;
    let expected = pairs(&[
        ("TARGET", "production"),
        ("DRY", "true"),
        ("VERSION", "9.9"),
        ("SECRET", SECRET),
    ]);
    assert_eq!(given(&world, "deploy", 1), expected);
    world.host.assert_no_secret(SECRET);
}

#[tokio::test]
async fn every_kind_of_parameter_can_be_given() {
    let run = ParameterKind::Run {
        project: "lib".to_owned(),
    };
    let active = ParameterKind::Other {
        class: "org.biouno.unochoice.ChoiceParameter".to_owned(),
    };
    let job = Job::pipeline("all")
        .parameter(Parameter::text("NOTES", "one\ntwo"))
        .parameter(Parameter::new("BUILD", run))
        .parameter(Parameter::new("CONFIG", ParameterKind::File))
        .parameter(Parameter::new("KEY", ParameterKind::Credentials).default_value("deploy-key"))
        .parameter(Parameter::new("REGION", active))
        .script(script());
    let lib = Job::freestyle("lib")
        .past_build(script())
        .past_build(script());
    let world = World::with_alice(jenkins().item(job).item(lib)).await;
    world.run("alice", "/jenkins build all").await;
    let page = dialog(&world, "alice");
    let kinds: Vec<&str> = page
        .elements
        .iter()
        .map(|element| element.r#type.as_str())
        .collect();
    let menus = world.host.supports(Capability::DialogChoices);
    let build = if menus { "select" } else { "text" };
    assert_eq!(kinds, ["textarea", build, "text", "text"]);
    assert!(
        page.introduction_text
            .contains("Without a file for `CONFIG`"),
        "{}",
        page.introduction_text
    );
    assert!(
        page.introduction_text.contains("/job/all/build?delay=0sec"),
        "{}",
        page.introduction_text
    );
    let options: Vec<&str> = page.elements[1]
        .options
        .iter()
        .map(|o| o.text.as_str())
        .collect();
    if menus {
        assert_eq!(options, ["#2 (success)", "#1 (success)"]);
    }
    assert!(
        page.elements[3].help_text.contains("ChoiceParameter"),
        "{}",
        page.elements[3].help_text
    );
    let first = if menus { "1" } else { "lib#1" };
    let values = [("p1", json!(first)), ("p3", json!("eu"))];
    let alice = world.host.user("alice");
    assert!(alice.submit_dialog("builds", &values).await.unwrap().closed);
    world.announced().await;
    let expected = pairs(&[
        ("NOTES", "one\ntwo"),
        ("BUILD", "lib#1"),
        ("KEY", "deploy-key"),
        ("REGION", "eu"),
    ]);
    assert_eq!(given(&world, "all", 1), expected);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn only_a_file_is_explained() {
    let job = Job::pipeline("upload").parameter(Parameter::new("CONFIG", ParameterKind::File));
    let world = World::with_alice(jenkins_with(job.script(script()))).await;
    let said = world.say("alice", "/jenkins build upload").await;
    assert!(
        said.contains("takes a file") && said.contains("--defaults"),
        "{said}"
    );
    assert_eq!(world.jenkins.builds_requested("upload"), 0);
    let said = world.say("alice", "/jenkins build upload --defaults").await;
    assert_eq!(said, "Without a file for `CONFIG`.");
    world.announced().await;
}

/// A post of alice with a file.
async fn post_with_file(world: &World, content: Vec<u8>, name: &str) -> Post {
    let channel_id = world.host.channel_id("builds");
    let alice = world.host.user_id("alice");
    let server = world.host.server();
    let file = server.upload_file(&content.into(), &channel_id, name);
    let post = Post {
        file_ids: vec![file.unwrap().id],
        ..Post::new(alice, channel_id, "take this")
    };
    world.host.plugin_api(0).create_post(post).await.unwrap()
}

#[tokio::test]
async fn a_file_of_the_thread_is_passed_on() {
    let run = ParameterKind::Run {
        project: "none".to_owned(),
    };
    let job = deploy()
        .parameter(Parameter::new("CONFIG", ParameterKind::File))
        .parameter(Parameter::new("BUILD", run));
    let world = World::with_alice(jenkins_with(job)).await;
    let alice = world.host.user("alice");
    let root = post_with_file(&world, b"key: value\r\n".to_vec(), "my \"settings\".yaml").await;
    let outcome = alice
        .run_command_in_thread("builds", &root.id, "/jenkins build deploy VERSION=3")
        .await
        .unwrap();
    assert!(
        outcome
            .text()
            .contains("`CONFIG` is the file `my \"settings\".yaml`"),
        "{}",
        outcome.text()
    );
    world.announced().await;
    world.settled().await;
    world.assert_told_once("succeeded");
    let values = given(&world, "deploy", 1);
    assert_eq!(
        values[..3],
        pairs(&[("TARGET", "staging"), ("DRY", "true"), ("VERSION", "3")])
    );
    assert_eq!(values.last().unwrap().1, "key: value\r\n");
    assert_eq!(world.jenkins.builds_requested("deploy"), 1);

    let large = post_with_file(&world, vec![0; (8 << 20) + 1], "large.bin").await;
    let outcome = alice
        .run_command_in_thread("builds", &large.id, "/jenkins build deploy VERSION=4")
        .await
        .unwrap();
    assert!(outcome.text().contains("at most 8"), "{}", outcome.text());
    assert_eq!(world.jenkins.builds_requested("deploy"), 1);
    assert!(crate::harness::stored_watches(&world.host).is_empty());
}

#[tokio::test]
async fn hostile_parameters_are_only_shown() {
    const HOSTILE: &str = "@all ![x](http://evil/) `c` <b>|# ~town :tada: https://evil";
    let choices: Vec<String> = (0..1000)
        .map(|number| format!("{HOSTILE} {number}"))
        .collect();
    let choice = Parameter::choice(HOSTILE, choices.iter().map(String::as_str));
    let job = Job::pipeline("hostile")
        .parameter(choice.description(HOSTILE))
        .parameter(
            Parameter::string(&format!("{HOSTILE}2"), &"ы".repeat(5000)).description(HOSTILE),
        )
        .script(script());
    let world = World::with_alice(jenkins_with(job)).await;
    let outcome = world.run("alice", "/jenkins build hostile").await;
    assert_eq!(outcome.dialogs.len(), 1, "{}", outcome.text());
    let page = dialog(&world, "alice");
    let menus = world.host.supports(Capability::DialogChoices);
    assert_eq!(page.elements[0].options.len(), if menus { 1000 } else { 0 });
    assert_eq!(page.elements[1].default, "");
    for element in &page.elements {
        for mark in ["@all", "](", "`", "<b>", "~town", ":tada:", "https://"] {
            assert!(!element.help_text.contains(mark), "{}", element.help_text);
        }
    }
    let alice = world.host.user("alice");
    let chosen = if menus {
        json!("999")
    } else {
        json!(format!("{HOSTILE} 999"))
    };
    assert!(
        alice
            .submit_dialog("builds", &[("p0", chosen)])
            .await
            .unwrap()
            .closed
    );
    world.announced().await;
    let values = given(&world, "hostile", 1);
    assert_eq!(values[0].1, format!("{HOSTILE} 999"));
    assert_eq!(
        values[1].1,
        "ы".repeat(5000),
        "the default that cannot be shown"
    );
    world.host.assert_no_violations();
}
