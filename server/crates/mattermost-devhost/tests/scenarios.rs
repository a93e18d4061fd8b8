//! A plugin in this process, driven over the wire as a server drives it.

mod support;

use std::time::Duration;

use http::Request;
use mattermost_devhost::{DevHost, Fault, HealthPolicy};
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{Post, PluginStatus};
use serde_json::{Value, json};

use support::{ID, probe};

async fn started() -> DevHost {
    probe().start().await.expect("the probe is activated")
}

/// The text that alice gets for `/probe …` in `builds`.
async fn probe_says(host: &DevHost, text: &str) -> String {
    let outcome = host.user("alice").run_command("builds", &format!("/probe {text}")).await;
    outcome.expect("the command runs").text()
}

#[tokio::test]
async fn triggers_are_read_in_lower_case_and_arguments_as_typed() {
    let host = started().await;
    let outcome = host.user("alice").run_command("builds", "/PROBE echo Äpfel  \"A b\"").await.unwrap();
    assert_eq!(outcome.text(), "Äpfel  \"A b\"");
    assert_eq!(outcome.ephemeral[0].r#type, Post::EPHEMERAL);
    let unknown = host.user("alice").run_command("builds", "/nothing x").await.unwrap_err();
    assert_eq!((unknown.id.as_str(), unknown.status_code), ("api.command.execute_command.not_found.app_error", 404));
    let refused = host.user("alice").run_command("builds", "/probe frobnicate").await.unwrap_err();
    assert_eq!((refused.status_code, refused.message.as_str()), (418, "what is \"frobnicate\"?"));
}

#[tokio::test]
async fn slack_links_in_answers_become_markdown() {
    let host = started().await;
    assert_eq!(probe_says(&host, "echo <http://a|b> <!here>").await, "[b](http://a) @here");
}

#[tokio::test]
async fn settings_arrive_in_lower_case_and_saving_them_is_seen_during_the_call() {
    let host = probe().setting("Secret", "s").start().await.unwrap();
    let settings: Value = serde_json::from_str(&probe_says(&host, "settings").await).unwrap();
    assert_eq!(settings, json!({"serverurl": "http://default", "secret": "s"}));
    assert_eq!(probe_says(&host, "changes").await, "1", "once before activation");
    assert_eq!(probe_says(&host, "save http://new").await, "2", "the hook runs while the call is pending");
    host.set_setting("ServerURL", "http://newer").await;
    assert_eq!(probe_says(&host, "changes").await, "3");
    let settings: Value = serde_json::from_str(&probe_says(&host, "settings").await).unwrap();
    assert_eq!(settings["serverurl"], "http://newer");
}

#[tokio::test]
async fn a_click_updates_the_post_and_keeps_who_wrote_it() {
    let host = started().await;
    let id = probe_says(&host, "card").await;
    let alice = host.user("alice");
    let clicked = alice.click(&id, "Update").await.unwrap();
    assert!(!clicked.trigger_id.is_empty());
    let post = host.wait_for_post(|post| post.message == "updated by a click").await;
    assert_eq!((post.id.clone(), post.user_id.clone()), (id.clone(), alice.id()));
    assert!(post.attachments().is_empty(), "given props replace the old ones");
    assert!(alice.click(&id, "Update").await.is_err(), "the button is gone");
    let request = host.server().records(|records| records.requests.last().cloned()).expect("the click was sent");
    assert_eq!(request.1["team_domain"], "devhost");
    assert_eq!(request.1["channel_name"], "builds");
}

#[tokio::test]
async fn menus_send_what_was_chosen() {
    let host = started().await;
    let id = probe_says(&host, "card").await;
    host.user("bob").choose(&id, "Level", "high").await.unwrap();
    let whispers = host.user("bob").ephemeral();
    assert_eq!(whispers.last().map(|post| post.message.as_str()), Some("chosen \"high\""));
    assert_eq!(whispers.last().map(|post| post.root_id.as_str()), Some(id.as_str()));
    assert!(host.user("alice").ephemeral().iter().all(|post| !post.message.starts_with("chosen")));
}

#[tokio::test]
async fn buttons_of_ephemeral_posts_work_by_their_cookie_but_cannot_update_the_post() {
    let host = started().await;
    let alice = host.user("alice");
    let id = probe_says(&host, "whisper-card").await;
    alice.click(&id, "Whisper").await.unwrap();
    assert_eq!(alice.ephemeral().last().map(|post| post.message.clone()), Some("hello alice [link](http://a)".to_owned()));
    assert!(alice.click(&id, "Update").await.unwrap_err().to_string().contains("Unable to get the post"));
    assert!(host.user("bob").click(&id, "Whisper").await.is_err(), "bob does not see it");
}

#[tokio::test]
async fn a_dialog_is_filled_in_corrected_and_submitted() {
    let host = started().await;
    let alice = host.user("alice");
    let outcome = alice.run_command("builds", "/probe dialog").await.unwrap();
    assert_eq!(outcome.dialogs.len(), 1);
    let empty = alice.submit_dialog("builds", &[]).await.unwrap();
    assert_eq!(empty.errors["token"], "This field is required.");
    let wrong = alice.submit_dialog("builds", &[("token", json!("wrong"))]).await.unwrap();
    assert_eq!(wrong.errors["token"], "That is not the token.");
    assert!(!wrong.closed);
    let right = alice.submit_dialog("builds", &[("token", json!("right"))]).await.unwrap();
    assert!(right.closed && alice.dialog().is_none());
    host.wait_for_post(|post| post.message == "dialog right connect state-1").await;
    host.assert_no_secret("That is not the token");
}

#[tokio::test]
async fn closing_a_dialog_is_told_to_the_plugin() {
    let host = started().await;
    let alice = host.user("alice");
    alice.run_command("builds", "/probe dialog").await.unwrap();
    alice.cancel_dialog("builds").await.unwrap();
    host.wait_for_post(|post| post.message == "dialog cancelled connect state-1").await;
}

#[tokio::test]
async fn a_trigger_id_expires() {
    let host = started().await;
    probe_says(&host, "late-dialog").await;
    host.clock().advance(Duration::from_secs(31));
    let late = host.user("alice").run_command("builds", "/probe open-late").await.unwrap_err();
    assert!(late.message.contains("expired"), "{}", late.message);
    assert!(host.dialogs().is_empty());
}

#[tokio::test]
async fn values_are_forgotten_by_the_servers_clock() {
    let host = started().await;
    probe_says(&host, "remember me").await;
    host.clock().advance(Duration::from_secs(59));
    assert_eq!(probe_says(&host, "recall").await, "me");
    host.clock().advance(Duration::from_secs(2));
    assert_eq!(probe_says(&host, "recall").await, "");
}

#[tokio::test]
async fn dynamic_lists_are_fetched_from_the_plugin() {
    let host = started().await;
    let offer = host.user("alice").suggestions("builds", "/probe job f").await.unwrap();
    assert_eq!(offer.len(), 1);
    assert_eq!(offer[0].complete, "probe job folder/one");
}

#[tokio::test]
async fn hooks_may_refuse_and_change_posts() {
    let host = started().await;
    let alice = host.user("alice");
    let refused = alice.post("builds", "a forbidden word").await.unwrap_err();
    assert_eq!((refused.message.as_str(), refused.status_code), ("Post rejected by plugin. no such words", 400));
    assert_eq!(alice.post("builds", "shout").await.unwrap().message, "SHOUT");
}

#[tokio::test]
async fn requests_carry_the_user_and_no_credentials() {
    let host = started().await;
    let request = |builder: http::request::Builder| builder.body(Body::empty()).expect("the request is valid");
    let uri = format!("/plugins/{ID}/a%2Fb%20c?access_token=x&b=2&a=1");
    let sent = request(
        Request::get(uri)
            .header("Mattermost-User-Id", "forged")
            .header("Mattermost-Plugin-Id", "forged")
            .header("Cookie", "MMAUTHTOKEN=x; other=1")
            .header("Referer", "http://evil"),
    );
    let alice = host.user("alice");
    let answer = alice.request(sent).await.unwrap().into_body().collect(10_000).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(
        answer,
        json!({
            "uri": "/a/b%20c?a=1&b=2", "user": alice.id(), "plugin": null, "authorization": null,
            "cookie": "other=1", "referer": null, "length": 0,
        })
    );
    let nobody = request(Request::get(format!("/plugins/{ID}/x")).header("Authorization", "Bearer wrong"));
    let answer = host.server().serve_plugin_request(0, nobody, "").await.into_body().collect(10_000).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!((answer["user"].clone(), answer["authorization"].clone()), (Value::Null, json!("Bearer wrong")));
    let missing = host.server().serve_plugin_request(0, request(Request::get("/plugins/other/x")), "").await;
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn planned_faults_happen_as_often_as_planned() {
    let host = started().await;
    host.fault("KVGet", Fault::fail(1));
    assert!(host.user("alice").run_command("builds", "/probe recall").await.is_err());
    assert_eq!(probe_says(&host, "recall").await, "");
    host.fault("KVSetWithOptions", Fault::lose_answer(1));
    assert!(host.user("alice").run_command("builds", "/probe remember it").await.is_err());
    assert_eq!(probe_says(&host, "recall").await, "it", "the work was done");
    assert_eq!(host.calls("KVGet"), 3);
}

#[tokio::test]
async fn nested_commands_run_while_the_outer_one_waits() {
    let host = started().await;
    assert_eq!(probe_says(&host, "nested").await, "inner\ninner");
}

#[tokio::test]
async fn files_end_up_in_the_store() {
    let host = started().await;
    let id = probe_says(&host, "upload 5000").await;
    let info = host.server().read(|data| data.files.info(&id).cloned()).unwrap();
    assert_eq!((info.size, info.name.as_str(), info.mime_type.as_str()), (5_000, "log.txt", "text/plain; charset=utf-8"));
}

#[tokio::test]
async fn instances_hear_each_other_and_share_the_state() {
    let host = probe().nodes(3).start().await.unwrap();
    let alice = host.user("alice");
    alice.run_command("builds", "/probe tell-others hey").await.unwrap();
    let nodes = host
        .wait_for("two log lines", |server| {
            let heard = server.records(|records| {
                let lines = records.logs.iter().filter(|line| line.message == "cluster event hello hey");
                lines.map(|line| line.node).collect::<Vec<_>>()
            });
            (heard.len() == 2).then_some(heard)
        })
        .await;
    assert!(!nodes.contains(&0), "the sender hears nothing: {nodes:?}");
    alice.run_command("builds", "/probe remember shared").await.unwrap();
    let other = alice.on_node(2).run_command("builds", "/probe recall").await.unwrap();
    assert_eq!(other.text(), "shared");
    host.set_setting("ServerURL", "x").await;
    for node in 0..3 {
        let changes = alice.on_node(node).run_command("builds", "/probe changes").await.unwrap();
        assert_eq!(changes.text(), "2", "node {node}");
    }
}

#[tokio::test]
async fn a_killed_instance_is_restarted_by_the_health_check_until_it_is_given_up() {
    let host = started().await;
    for round in 1..=3 {
        host.kill(0).await;
        let error = host.user("alice").run_command("builds", "/probe changes").await.unwrap_err();
        assert!(error.message.contains("is not working"), "{}", error.message);
        host.check_health().await;
        let expected = if round < 3 { PluginStatus::RUNNING } else { PluginStatus::FAILED_TO_STAY_RUNNING };
        assert_eq!(host.plugin_status(0).state, expected, "round {round}");
        host.clock().advance(Duration::from_secs(60));
    }
    let gone = host.user("alice").run_command("builds", "/probe changes").await.unwrap_err();
    assert_eq!(gone.status_code, 404, "its commands are gone");
}

#[tokio::test]
async fn failures_far_apart_do_not_count_together() {
    let host = probe().health(HealthPolicy { interval: Duration::from_secs(3_600), ..HealthPolicy::default() }).start().await.unwrap();
    for _ in 0..4 {
        host.cut(0);
        host.check_health().await;
        assert_eq!(host.plugin_status(0).state, PluginStatus::RUNNING);
        host.clock().advance(Duration::from_secs(31 * 60));
    }
}

#[tokio::test]
async fn a_deactivated_plugin_is_gone_and_comes_back() {
    let host = started().await;
    host.deactivate(0).await;
    assert_eq!(host.user("alice").run_command("builds", "/probe changes").await.unwrap_err().status_code, 404);
    host.activate(0).await.unwrap();
    assert_eq!(probe_says(&host, "changes").await, "1", "it is a new instance");
    host.stop().await;
}

#[tokio::test]
async fn the_bot_is_the_same_one_every_time() {
    let host = started().await;
    let bot = host.user_id("probe");
    host.restart(0).await.unwrap();
    assert_eq!(host.user_id("probe"), bot);
}

#[tokio::test]
async fn violations_are_kept() {
    let host = started().await;
    probe_says(&host, "card").await;
    host.assert_no_violations();
    let mut post = Post::new(host.user_id("alice"), host.channel_id("builds"), "x");
    post.props.insert("attachments".to_owned(), json!([{"color": "blue", "actions": [{"id": "a-b", "type": "button"}]}]));
    host.server().send_ephemeral(&host.user_id("alice"), post);
    let found = host.violations();
    assert!(found.iter().any(|text| text.contains("color")), "{found:?}");
    assert!(found.iter().any(|text| text.contains("letters and digits")), "{found:?}");
}
