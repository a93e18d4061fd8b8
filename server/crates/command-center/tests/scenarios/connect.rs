//! Connecting an account, and what becomes of its token.

use http::Request;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{Dialog, SubmitDialogRequest, SubmitDialogResponse};
use serde_json::{Value, json};
use simulators::jenkins::{BuildScript, Job};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, KEY, World, jenkins, jenkins_with, stored};

const CALLBACK: &str = "/plugins/command-center/api/v1/jenkins/connect";
const OTHER_KEY: &str = "another encryption key of the tests";

fn fill_in(user: &str, token: &str) -> Vec<(&'static str, Value)> {
    vec![("user", json!(user)), ("token", json!(token))]
}

fn connections(world: &World) -> Vec<(String, String)> {
    stored(&world.host)
        .into_iter()
        .filter(|(key, _)| key.starts_with("jenkins_connection_v1_"))
        .collect()
}

/// The name of the key that sealed alice's token, as far as the stored text shows: its first letters.
fn sealed_with(world: &World) -> String {
    let alice = format!("jenkins_connection_v1_{}", world.host.user_id("alice"));
    let record: Value = serde_json::from_str(&stored(&world.host)[&alice]).expect("a record");
    let token = record["token"].as_str().expect("a sealed token");
    token[..8].to_owned()
}

#[tokio::test]
async fn a_dialog_connects_without_showing_the_token() {
    let world = World::start(jenkins()).await;
    let alice = world.host.user("alice");
    let outcome = world.run("alice", "/jenkins connect").await;
    assert_eq!(outcome.text(), "");
    let dialog: &Dialog = &outcome.dialogs[0].request.dialog;
    let types: Vec<&str> = dialog
        .elements
        .iter()
        .map(|element| element.sub_type.as_str())
        .collect();
    assert_eq!(types, ["text", "password"]);

    let wrong = alice
        .submit_dialog("builds", &fill_in("alice", "11wrongtoken"))
        .await
        .unwrap();
    assert!(
        !wrong.closed && wrong.errors["token"].contains("does not accept"),
        "{wrong:?}"
    );
    let blank = alice
        .submit_dialog("builds", &fill_in("  ", "  "))
        .await
        .unwrap();
    assert!(!blank.closed && blank.errors.len() == 2, "{blank:?}");
    world.jenkins.stop_listening().await;
    let away = alice
        .submit_dialog("builds", &fill_in("alice", ALICE_TOKEN))
        .await
        .unwrap();
    assert!(!away.closed && away.error.contains("setting"), "{away:?}");
    world.jenkins.resume().await.unwrap();
    assert!(connections(&world).is_empty());

    let right = alice
        .submit_dialog("builds", &fill_in(" alice ", ALICE_TOKEN))
        .await
        .unwrap();
    assert!(right.closed, "{right:?}");
    assert!(
        alice
            .ephemeral()
            .last()
            .is_some_and(|post| post.message.contains("successfully connected"))
    );
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("connected to Jenkins as: alice")
    );
    assert!(
        world
            .say("bob", "/jenkins me")
            .await
            .contains("/jenkins connect")
    );
    assert!(
        world
            .say("alice", "/jenkins disconnect")
            .await
            .contains("'alice' has been disconnected")
    );
    assert!(connections(&world).is_empty());
    assert!(
        world
            .say("alice", "/jenkins disconnect")
            .await
            .contains("nothing to disconnect")
    );
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_cancelled_dialog_changes_nothing() {
    let world = World::start(jenkins()).await;
    world.run("alice", "/jenkins connect").await;
    world
        .host
        .user("alice")
        .cancel_dialog("builds")
        .await
        .unwrap();
    assert!(connections(&world).is_empty());
}

#[tokio::test]
async fn a_token_in_a_command_works_with_a_warning() {
    let world = World::start(jenkins()).await;
    let said = world
        .say("alice", &format!("/jenkins connect alice {ALICE_TOKEN}"))
        .await;
    assert!(
        said.contains("successfully connected") && said.contains(":warning:"),
        "{said}"
    );
    let said = world
        .say("alice", "/jenkins connect alice 11wrongtoken")
        .await;
    assert!(said.contains("does not accept"), "{said}");
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("as: alice"),
        "the former connection stays"
    );
    let half = world.say("alice", "/jenkins connect alice").await;
    assert!(half.contains("both username and API token"), "{half}");
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_secret("11wrongtoken");
}

fn submission(user_id: &str, world: &World, state: &str) -> Request<Body> {
    let body = SubmitDialogRequest {
        user_id: user_id.to_owned(),
        channel_id: world.host.channel_id("builds"),
        state: state.to_owned(),
        submission: fill_in("bob", BOB_TOKEN)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        ..SubmitDialogRequest::default()
    };
    let body = serde_json::to_vec(&body).expect("JSON");
    Request::post(CALLBACK)
        .header("Content-Type", "application/json")
        .header("X-Requested-With", "XMLHttpRequest")
        .body(Body::from(body))
        .expect("a request")
}

async fn submit(world: &World, as_user: &str, request: Request<Body>) -> SubmitDialogResponse {
    let answer = world.host.user(as_user).request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer = answer.into_body().collect(10_000).await.unwrap();
    serde_json::from_slice(&answer).unwrap()
}

#[tokio::test]
async fn the_session_tells_who_submits_and_not_the_body() {
    let world = World::start(jenkins()).await;
    let alice = world.host.user_id("alice");
    world.run("alice", "/jenkins connect").await;
    let state = world
        .host
        .user("alice")
        .dialog()
        .expect("a dialog")
        .request
        .dialog
        .state;
    for state in [state.as_str(), "", "jenkins_connection_v1_", "../x"] {
        let refused = submit(&world, "bob", submission(&alice, &world, state)).await;
        assert!(refused.error.contains("/jenkins connect"), "{refused:?}");
    }
    assert!(connections(&world).is_empty(), "that dialog is alice's");
    let accepted = submit(&world, "alice", submission("somebody", &world, &state)).await;
    assert_eq!(accepted, SubmitDialogResponse::default());
    let keys: Vec<String> = connections(&world)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys, [format!("jenkins_connection_v1_{alice}")]);

    let mut forged = submission(&alice, &world, &state);
    forged
        .headers_mut()
        .insert("Mattermost-User-Id", alice.parse().unwrap());
    let refused = world
        .host
        .server()
        .serve_plugin_request(0, forged, "")
        .await;
    assert_eq!(refused.status(), 401);
    let garbage = Request::post(CALLBACK).body(Body::from("{")).unwrap();
    assert_eq!(
        world
            .host
            .server()
            .serve_plugin_request(0, garbage, "")
            .await
            .status(),
        401
    );
    assert_eq!(connections(&world).len(), 1);
}

#[tokio::test]
async fn a_record_of_somebody_else_cannot_be_used() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    let (alice, bob) = (world.host.user_id("alice"), world.host.user_id("bob"));
    let record = &stored(&world.host)[&format!("jenkins_connection_v1_{alice}")];
    for copy in [record.clone(), record.replace(&alice, &bob)] {
        let key = format!("jenkins_connection_v1_{bob}");
        world
            .host
            .server()
            .write(|data| {
                data.kv.entry("command-center".to_owned()).or_default().set(
                    &key,
                    copy.into(),
                    &Default::default(),
                    0,
                )
            })
            .unwrap();
        let said = world.say("bob", "/jenkins build hello").await;
        assert!(said.contains("/jenkins connect"), "{said}");
    }
    assert_eq!(world.jenkins.builds_requested("hello"), 0);
}

#[tokio::test]
async fn a_new_key_seals_again_while_the_plugin_runs() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success()),
    ))
    .await;
    world.connect("bob", BOB_TOKEN).await;
    let before = sealed_with(&world);
    world.host.set_setting("EncryptionKey", OTHER_KEY).await;
    world
        .host
        .wait_for("another seal", |_| {
            (sealed_with(&world) != before).then_some(())
        })
        .await;
    world
        .host
        .wait_for("no former keys", |_| {
            (!stored(&world.host).contains_key("retired_keys_v1")).then_some(())
        })
        .await;
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("as: alice")
    );
    world.host.restart(0).await.unwrap();
    for user in ["alice", "bob"] {
        assert!(
            world
                .say(user, "/jenkins me")
                .await
                .contains(&format!("as: {user}")),
            "with the new key alone"
        );
    }
    for secret in [KEY, OTHER_KEY, ALICE_TOKEN, BOB_TOKEN] {
        world.host.assert_no_secret(secret);
    }
}

#[tokio::test]
async fn a_restart_half_way_through_loses_no_token() {
    let world = World::with_alice(jenkins()).await;
    let before = sealed_with(&world);
    // The new key is in force and nothing is sealed with it yet: listing the records never ends.
    world.host.fault(
        "KVList",
        mattermost_devhost::Fault::delay(1, std::time::Duration::from_secs(3_600)),
    );
    world.host.set_setting("EncryptionKey", OTHER_KEY).await;
    world
        .host
        .wait_for("the former key", |_| {
            stored(&world.host)
                .contains_key("retired_keys_v1")
                .then_some(())
        })
        .await;
    world.kill(0).await;
    assert_eq!(sealed_with(&world), before);
    world.host.clear_faults();
    world.host.restart(0).await.unwrap();
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("as: alice")
    );
    world
        .host
        .wait_for("another seal", |_| {
            (sealed_with(&world) != before).then_some(())
        })
        .await;
    world
        .host
        .wait_for("no former keys", |_| {
            (!stored(&world.host).contains_key("retired_keys_v1")).then_some(())
        })
        .await;
}

#[tokio::test]
async fn two_new_keys_in_a_row_lose_no_token() {
    let world = World::with_alice(jenkins()).await;
    let before = sealed_with(&world);
    world.host.set_setting("EncryptionKey", OTHER_KEY).await;
    world
        .host
        .set_setting("EncryptionKey", "a third encryption key")
        .await;
    world
        .host
        .wait_for("another seal", |_| {
            (sealed_with(&world) != before).then_some(())
        })
        .await;
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("as: alice")
    );
    world
        .host
        .wait_for("no former keys", |_| {
            (!stored(&world.host).contains_key("retired_keys_v1")).then_some(())
        })
        .await;
    world.host.restart(0).await.unwrap();
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("as: alice")
    );
}

#[tokio::test]
async fn a_key_that_changed_in_absence_asks_to_connect_again() {
    let world = World::with_alice(jenkins()).await;
    world.host.deactivate(0).await;
    world.host.set_setting("EncryptionKey", OTHER_KEY).await;
    // Saving settings may have activated it.
    world.host.restart(0).await.unwrap();
    let said = world.say("alice", "/jenkins me").await;
    assert!(
        said.contains("another encryption key") && said.contains("/jenkins connect"),
        "{said}"
    );
    world.connect("alice", ALICE_TOKEN).await;
    assert!(
        world
            .say("alice", "/jenkins me")
            .await
            .contains("as: alice")
    );
}

#[tokio::test]
async fn a_damaged_record_can_be_disconnected() {
    let world = World::with_alice(jenkins()).await;
    let key = format!("jenkins_connection_v1_{}", world.host.user_id("alice"));
    world
        .host
        .server()
        .write(|data| {
            data.kv.entry("command-center".to_owned()).or_default().set(
                &key,
                "{".into(),
                &Default::default(),
                0,
            )
        })
        .unwrap();
    assert!(
        world
            .say("alice", "/jenkins disconnect")
            .await
            .contains("disconnected")
    );
    assert!(connections(&world).is_empty());
}

#[tokio::test]
async fn a_deactivated_user_is_forgotten() {
    let world = World::with_alice(jenkins()).await;
    world.connect("bob", BOB_TOKEN).await;
    let alice = world.host.user_id("alice");
    world
        .host
        .server()
        .set_user_active(&mattermost_devhost::Caller::system(0), &alice, false)
        .unwrap();
    world
        .host
        .wait_for("one connection", |_| {
            (connections(&world).len() == 1).then_some(())
        })
        .await;
    assert!(
        connections(&world)[0]
            .0
            .ends_with(&world.host.user_id("bob"))
    );
}
