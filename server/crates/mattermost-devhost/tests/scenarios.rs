//! A plugin in this process, driven over the wire as a server drives it.

mod support;

use std::time::Duration;

use http::Request;
use mattermost_plugin::Capability;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::Post;
use serde_json::{Value, json};

use support::{ID, probe, probe_says, started};

#[tokio::test]
async fn triggers_are_read_in_lower_case_and_arguments_as_typed() {
    let host = started().await;
    let outcome = host
        .user("alice")
        .run_command("builds", "/PROBE echo Äpfel  \"A b\"")
        .await
        .unwrap();
    assert_eq!(outcome.text(), "Äpfel  \"A b\"");
    assert_eq!(outcome.ephemeral[0].r#type, Post::EPHEMERAL);
    let unknown = host
        .user("alice")
        .run_command("builds", "/nothing x")
        .await
        .unwrap_err();
    assert_eq!(
        (unknown.id.as_str(), unknown.status_code),
        ("api.command.execute_command.not_found.app_error", 404)
    );
    let refused = host
        .user("alice")
        .run_command("builds", "/probe frobnicate")
        .await
        .unwrap_err();
    assert_eq!(
        (refused.status_code, refused.message.as_str()),
        (418, "what is \"frobnicate\"?")
    );
}

#[tokio::test]
async fn slack_links_in_answers_become_markdown() {
    let host = started().await;
    let said = "<http://a|b> <!here>";
    assert_eq!(
        probe_says(&host, &format!("slack {said}")).await,
        "[b](http://a) @here"
    );
    assert_eq!(probe_says(&host, &format!("echo {said}")).await, said);
}

#[tokio::test]
async fn settings_arrive_in_lower_case_and_saving_them_is_seen_during_the_call() {
    let host = probe().setting("Secret", "s").start().await.unwrap();
    let settings: Value = serde_json::from_str(&probe_says(&host, "settings").await).unwrap();
    assert_eq!(
        settings,
        json!({"serverurl": "http://default", "secret": "s"})
    );
    assert_eq!(
        probe_says(&host, "changes").await,
        "1",
        "once before activation"
    );
    assert_eq!(
        probe_says(&host, "save http://new").await,
        "2",
        "the hook runs while the call is pending"
    );
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
    let post = host
        .wait_for_post(|post| post.message == "updated by a click")
        .await;
    assert_eq!(
        (post.id.clone(), post.user_id.clone()),
        (id.clone(), alice.id())
    );
    assert!(
        post.attachments().is_empty(),
        "given props replace the old ones"
    );
    assert!(
        alice.click(&id, "Update").await.is_err(),
        "the button is gone"
    );
    let request = host
        .server()
        .records(|records| records.requests.last().cloned())
        .expect("the click was sent");
    assert_eq!(request.1["team_domain"], "devhost");
    assert_eq!(request.1["channel_name"], "builds");
}

#[tokio::test]
async fn menus_send_what_was_chosen() {
    let host = started().await;
    let id = probe_says(&host, "card").await;
    host.user("bob").choose(&id, "Level", "high").await.unwrap();
    let whispers = host.user("bob").ephemeral();
    assert_eq!(
        whispers.last().map(|post| post.message.as_str()),
        Some("chosen \"high\"")
    );
    assert_eq!(
        whispers.last().map(|post| post.root_id.as_str()),
        Some(id.as_str())
    );
    assert!(
        host.user("alice")
            .ephemeral()
            .iter()
            .all(|post| !post.message.starts_with("chosen"))
    );
}

#[tokio::test]
async fn buttons_of_ephemeral_posts_work_by_their_cookie_but_cannot_update_the_post() {
    let host = started().await;
    let alice = host.user("alice");
    let outcome = alice
        .run_command("builds", "/probe whisper-card")
        .await
        .unwrap();
    let id = outcome.response.text;
    alice.click(&id, "Whisper").await.unwrap();
    assert_eq!(
        alice.ephemeral().last().map(|post| post.message.clone()),
        Some("hello alice [link](http://a)".to_owned())
    );
    assert!(
        alice
            .click(&id, "Update")
            .await
            .unwrap_err()
            .to_string()
            .contains("Unable to get the post")
    );
    assert!(
        host.user("bob").click(&id, "Whisper").await.is_err(),
        "bob does not see it"
    );
}

#[tokio::test]
async fn a_dialog_is_filled_in_corrected_and_submitted() {
    let host = started().await;
    let alice = host.user("alice");
    let outcome = alice.run_command("builds", "/probe dialog").await.unwrap();
    assert_eq!(outcome.dialogs.len(), 1);
    let empty = alice.submit_dialog("builds", &[]).await.unwrap();
    assert_eq!(empty.errors["token"], "This field is required.");
    let wrong = alice
        .submit_dialog("builds", &[("token", json!("wrong"))])
        .await
        .unwrap();
    assert_eq!(wrong.errors["token"], "That is not the token.");
    assert!(!wrong.closed);
    let right = alice
        .submit_dialog("builds", &[("token", json!("right"))])
        .await
        .unwrap();
    assert!(right.closed && alice.dialog().is_none());
    host.wait_for_post(|post| post.message == "dialog right connect state-1")
        .await;
    host.assert_no_secret("That is not the token");
}

#[tokio::test]
async fn closing_a_dialog_is_told_to_the_plugin() {
    let host = started().await;
    let alice = host.user("alice");
    alice.run_command("builds", "/probe dialog").await.unwrap();
    alice.cancel_dialog("builds").await.unwrap();
    host.wait_for_post(|post| post.message == "dialog cancelled connect state-1")
        .await;
}

#[tokio::test]
async fn a_trigger_id_expires() {
    let host = started().await;
    probe_says(&host, "late-dialog").await;
    host.clock().advance(Duration::from_secs(31));
    let late = host
        .user("alice")
        .run_command("builds", "/probe open-late")
        .await
        .unwrap_err();
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
    let offers = async |text: &str| {
        let offers = host.user("alice").suggestions("builds", text).await;
        offers.expect("an answer")
    };
    let first = offers("/pro").await;
    assert_eq!((first.len(), first[0].complete.as_str()), (1, "probe"));
    let offer = offers("/probe job f").await;
    if host.supports(Capability::AutocompleteTree) {
        assert_eq!(offer.len(), 1);
        assert_eq!(offer[0].complete, "probe job folder/one");
    } else {
        assert_eq!(offer, []);
        assert_eq!(first[0].hint, "[job]", "the tree became a hint");
        assert_eq!(first[0].description, "Probes");
    }
}

#[tokio::test]
async fn hooks_may_refuse_and_change_posts() {
    let host = started().await;
    let alice = host.user("alice");
    let refused = alice.post("builds", "a forbidden word").await.unwrap_err();
    assert_eq!(
        (refused.message.as_str(), refused.status_code),
        ("Post rejected by plugin. no such words", 400)
    );
    assert_eq!(
        alice.post("builds", "shout").await.unwrap().message,
        "SHOUT"
    );
}

#[tokio::test]
async fn requests_carry_the_user_and_no_credentials() {
    let host = started().await;
    let request = |builder: http::request::Builder| {
        builder.body(Body::empty()).expect("the request is valid")
    };
    let uri = format!("/plugins/{ID}/a%2Fb%20c?access_token=x&b=2&a=1");
    let sent = request(
        Request::get(uri)
            .header("Mattermost-User-Id", "forged")
            .header("Mattermost-Plugin-Id", "forged")
            .header("Cookie", "MMAUTHTOKEN=x; other=1")
            .header("Referer", "http://evil"),
    );
    let alice = host.user("alice");
    let answer = alice
        .request(sent)
        .await
        .unwrap()
        .into_body()
        .collect(10_000)
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(
        answer,
        json!({
            "uri": "/a/b%20c?a=1&b=2", "user": alice.id(), "plugin": null, "authorization": null,
            "cookie": "other=1", "referer": null, "length": 0,
        })
    );
    let nobody =
        request(Request::get(format!("/plugins/{ID}/x")).header("Authorization", "Bearer wrong"));
    let answer = host
        .server()
        .serve_plugin_request(0, nobody, "")
        .await
        .into_body()
        .collect(10_000)
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(
        (answer["user"].clone(), answer["authorization"].clone()),
        (Value::Null, json!("Bearer wrong"))
    );
    let missing = host
        .server()
        .serve_plugin_request(0, request(Request::get("/plugins/other/x")), "")
        .await;
    assert_eq!(missing.status(), 404);
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
    let info = host
        .server()
        .read(|data| data.files.info(&id).cloned())
        .unwrap();
    assert_eq!(
        (info.size, info.name.as_str(), info.mime_type.as_str()),
        (5_000, "log.txt", "text/plain; charset=utf-8")
    );
}

#[tokio::test]
async fn violations_are_kept() {
    let host = started().await;
    probe_says(&host, "card").await;
    host.assert_no_violations();
    let mut post = Post::new(host.user_id("alice"), host.channel_id("builds"), "x");
    post.props.insert(
        "attachments".to_owned(),
        json!([{"color": "blue", "actions": [{"id": "a-b", "type": "button"}]}]),
    );
    host.server().send_ephemeral(&host.user_id("alice"), post);
    let found = host.violations();
    assert!(found.iter().any(|text| text.contains("color")), "{found:?}");
    assert!(
        found.iter().any(|text| text.contains("letters and digits")),
        "{found:?}"
    );
}
