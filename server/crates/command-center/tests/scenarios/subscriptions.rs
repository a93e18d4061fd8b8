//! What channels hear of, by webhook and by asking.

use std::time::Duration;

use command_center::config::ServerAlias;
use command_center::jenkins::JobPath;
use command_center::jenkins::inbound::{BuildReport, Phase};
use command_center::jenkins::subscriptions::build_store::{BuildStore, Entry};
use http::{Method, StatusCode};
use mattermost_plugin::Api;
use mattermost_plugin::cluster::Presence;
use serde_json::json;
use simulators::jenkins::{BuildScript, Job, Stage};

use crate::feeds::{
    news, notification, send, send_to, settled, shown, told, webhook, world, world_with,
};
use crate::harness::{BOB_TOKEN, World, jenkins, jenkins_with, stored};
use crate::hostile::assert_harmless;

/// Tells of a build of `hello` that is over.
async fn finished(world: &World, path: &str, number: u64, status: &str) {
    send(
        world,
        path,
        &notification(number, "FINALIZED", Some(status)),
    )
    .await;
    settled(world).await;
}

#[tokio::test]
async fn a_channel_hears_what_it_wants_to_hear() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let path = webhook(&world, "").await;
    let said = world
        .say(
            "alice",
            "/jenkins subscribe hello --events regression,fixed --mention here --thread",
        )
        .await;
    assert!(
        said.contains("`hello`") && said.contains("mentions `@here`"),
        "{said}"
    );
    for (number, status) in [
        (1, "SUCCESS"),
        (2, "FAILURE"),
        (3, "FAILURE"),
        (4, "ABORTED"),
        (5, "SUCCESS"),
        (6, "SUCCESS"),
    ] {
        finished(&world, &path, number, status).await;
    }
    let posts = news(&world);
    let texts: Vec<String> = posts.iter().map(shown).collect();
    assert_eq!(posts.len(), 4, "{texts:#?}");
    let cards: Vec<_> = posts
        .iter()
        .filter(|post| post.root_id.is_empty())
        .collect();
    let replies: Vec<_> = posts
        .iter()
        .filter(|post| !post.root_id.is_empty())
        .collect();
    assert!(
        shown(cards[0]).contains("/hello/2/") && shown(cards[1]).contains("/hello/5/"),
        "{texts:#?}"
    );
    assert!(
        replies[0].message.starts_with("@here :x:") && replies[0].message.contains("began to fail"),
        "{texts:#?}"
    );
    assert!(
        replies[1].message.contains("is back to normal"),
        "{texts:#?}"
    );
    assert_eq!(replies[0].root_id, cards[0].id);
}

#[tokio::test]
async fn a_build_from_chat_has_no_second_card() {
    let script = BuildScript::failure().duration(Duration::from_secs(20));
    let world = world(jenkins_with(Job::freestyle("hello").script(script))).await;
    let path = webhook(&world, "").await;
    world
        .say("alice", "/jenkins subscribe hello --events all")
        .await;
    world.say("alice", "/jenkins build hello").await;
    let card = world.card(|card| card.text().contains("#1")).await;
    let queue_id: u64 = stored(&world.host)
        .keys()
        .find_map(|key| key.strip_prefix("jenkins_queue_v1_")?.parse().ok())
        .expect("an entry of the queue");
    for (phase, status) in [("STARTED", None), ("FINALIZED", Some("FAILURE"))] {
        let mut body = notification(1, phase, status);
        body["build"]["queue_id"] = json!(queue_id);
        send(&world, &path, &body).await;
    }
    settled(&world).await;
    world.announced().await;
    assert_eq!(
        news(&world),
        [],
        "the card of the watch tells it all: {}",
        card.text()
    );
}

#[tokio::test]
async fn builds_are_heard_of_without_a_webhook() {
    let job =
        Job::freestyle("hello").script(BuildScript::failure().duration(Duration::from_secs(30)));
    let world = world_with(jenkins_with(job), |builder| {
        builder
            .setting("JenkinsServiceUser", "bob")
            .setting("JenkinsServiceToken", BOB_TOKEN)
            .setting("JenkinsPollInterval", "5")
    })
    .await;
    let said = world
        .say("alice", "/jenkins subscribe all --events start,failure")
        .await;
    assert!(
        said.contains("all jobs") && !said.contains("Nothing brings news"),
        "{said}"
    );
    world
        .host
        .wait_for("the first poll", |_| {
            stored(&world.host)
                .contains_key("jenkins_poll_v1_main")
                .then_some(())
        })
        .await;
    world.post_to_jenkins("/job/hello/build").await;
    told(&world, |text| {
        text.contains("#1") && text.contains("has been started")
    })
    .await;
    let card = told(&world, |text| text.contains("failed.")).await;
    assert!(shown(&card).contains("Started by user"), "{}", shown(&card));
    world.post_to_jenkins("/job/hello/build").await;
    told(&world, |text| text.contains("#2")).await;
    assert_eq!(news(&world).len(), 2);
    world.host.assert_no_secret(BOB_TOKEN);
}

#[tokio::test]
async fn the_card_shows_how_far_a_build_is() {
    let stage = |name: &str| Stage::new(name, Duration::from_secs(60));
    let script = BuildScript::success()
        .stage(stage("Compile"))
        .stage(stage("Test @all ![x](http://evil)"));
    let job = Job::pipeline("hello")
        .past_build(script.clone())
        .script(script);
    let world = world_with(jenkins_with(job), |builder| {
        builder
            .setting("JenkinsServiceUser", "bob")
            .setting("JenkinsServiceToken", BOB_TOKEN)
            .setting("JenkinsPollInterval", "5")
    })
    .await;
    world
        .say("alice", "/jenkins subscribe all --events start,failure")
        .await;
    world
        .host
        .wait_for("the first poll", |_| {
            stored(&world.host)
                .contains_key("jenkins_poll_v1_main")
                .then_some(())
        })
        .await;
    let before = world.host.calls("UpdatePost");
    world.post_to_jenkins("/job/hello/build").await;
    told(&world, |text| {
        text.contains("Stage: Compile") && text.contains("Progress: ")
    })
    .await;
    let card = told(&world, |text| text.contains("Stage: Test")).await;
    for field in &card.attachments()[0].fields {
        let value = field.value.as_str().unwrap_or_default();
        assert_harmless(value, &world.jenkins.url());
    }
    let card = told(&world, |text| text.contains("succeeded.")).await;
    let said = shown(&card);
    assert!(
        !said.contains("Stage: ") && !said.contains("Progress: "),
        "{said}"
    );
    assert_eq!(news(&world).len(), 1);
    // A stage and the end; ten steps at most.
    let edits = world.host.calls("UpdatePost") - before;
    assert!((2..=13).contains(&edits), "{edits}");
}

#[tokio::test]
async fn a_digest_is_one_post() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let path = webhook(&world, "").await;
    world
        .say(
            "alice",
            "/jenkins subscribe hello --events failure --digest 1h",
        )
        .await;
    for number in 1..=3 {
        finished(&world, &path, number, "FAILURE").await;
        finished(&world, &path, number, "FAILURE").await;
    }
    assert_eq!(news(&world), []);
    world.clock.advance(Duration::from_secs(61 * 60));
    world.host.clock().advance(Duration::from_secs(61 * 60));
    let post = told(&world, |text| text.contains("3 events")).await;
    assert_eq!(post.message.matches("\n- ").count(), 3, "{}", post.message);
    finished(&world, &path, 4, "FAILURE").await;
    assert_eq!(news(&world).len(), 1);
}

#[tokio::test]
async fn subscriptions_are_listed_changed_and_ended() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let said = world
        .say(
            "alice",
            "/jenkins subscribe hello --quiet 22-7 Europe/Berlin",
        )
        .await;
    assert!(
        said.contains("quiet 22:00-07:00 Europe/Berlin") && said.contains("Nothing brings news"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins subscribe hello").await;
    assert!(
        said.contains("already") && said.contains("subscriptions edit"),
        "{said}"
    );
    let list = world.say("alice", "/jenkins subscriptions").await;
    let id = list.split('`').nth(1).expect("an id").to_owned();
    assert!(list.contains("by `@alice`"), "{list}");
    let said = world
        .say(
            "alice",
            &format!("/jenkins subscriptions edit {id} --events all --quiet none"),
        )
        .await;
    assert!(
        said.contains("start,success") && !said.contains("quiet"),
        "{said}"
    );
    let said = world
        .say("alice", &format!("/jenkins subscriptions mute {id} 8h"))
        .await;
    assert!(said.contains("**muted**, ends in 8 h"), "{said}");
    let path = webhook(&world, "").await;
    finished(&world, &path, 1, "FAILURE").await;
    assert_eq!(news(&world), []);
    let said = world
        .say("alice", &format!("/jenkins subscriptions unmute {id}"))
        .await;
    assert!(!said.contains("muted"), "{said}");
    finished(&world, &path, 2, "FAILURE").await;
    assert_eq!(news(&world).len(), 1);
    world
        .say("alice", "/jenkins subscriptions test hello")
        .await;
    world
        .host
        .wait_for_post(|post| {
            post.message
                .contains("This is a test of the subscription to `hello`")
        })
        .await;
    let said = world.say("alice", "/jenkins unsubscribe hello").await;
    assert!(said.contains("does not hear of `hello` any more"), "{said}");
    let said = world.say("alice", "/jenkins subscriptions").await;
    assert!(said.contains("has no subscription"), "{said}");
    let left: Vec<String> = stored(&world.host)
        .into_keys()
        .filter(|key| {
            key.starts_with("jenkins_subscription_v1_") || key.starts_with("jenkins_digest")
        })
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn who_may_subscribe_is_a_setting() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    for command in [
        "/jenkins subscribe hello",
        "/jenkins webhook add",
        "/jenkins subscriptions mute x",
    ] {
        let said = world.say("alice", command).await;
        assert!(
            said.contains("Only somebody who administers this channel"),
            "{command}: {said}"
        );
    }
    let said = world.say("admin", "/jenkins webhook add").await;
    assert!(said.contains("/hooks/jenkins/"), "{said}");
    world
        .host
        .set_setting("JenkinsSubscriptionManagers", "member")
        .await;
    let said = world.say("alice", "/jenkins subscribe hello").await;
    assert!(said.contains("This channel hears of `hello`"), "{said}");
    world
        .host
        .set_setting("JenkinsSubscriptionManagers", "system_admin")
        .await;
    let said = world.say("alice", "/jenkins unsubscribe hello").await;
    assert!(
        said.contains("Only somebody who administers the system"),
        "{said}"
    );
}

#[tokio::test]
async fn nobody_subscribes_to_what_they_do_not_see() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let said = world.say("alice", "/jenkins subscribe hidden").await;
    assert!(said.contains("There is no job `hidden`"), "{said}");
    let said = world.say("bob", "/jenkins subscribe hello").await;
    assert!(said.contains("/jenkins connect"), "{said}");
    // What its creator does not see is not told, however it is known.
    world
        .say("alice", "/jenkins subscribe ** --events all")
        .await;
    let path = webhook(&world, "").await;
    let mut body = notification(1, "FINALIZED", Some("FAILURE"));
    body["build"]["url"] = json!("job/hidden/1/");
    send(&world, &path, &body).await;
    finished(&world, &path, 2, "FAILURE").await;
    let texts: Vec<String> = news(&world).iter().map(shown).collect();
    assert!(texts.len() == 1 && texts[0].contains("hello"), "{texts:#?}");
}

#[tokio::test]
async fn a_flood_of_webhooks_is_taken_and_told() {
    let world = world(jenkins()).await;
    let path = webhook(&world, "").await;
    for number in 1..=250 {
        let body = notification(number, "STARTED", None).to_string();
        let (status, said) = send_to(&world, 0, Method::POST, &path, body).await;
        assert_eq!(status, StatusCode::OK, "{said}");
    }
    settled(&world).await;
    assert_eq!(news(&world).len(), 250);
}

#[tokio::test]
async fn a_build_has_one_holder_at_a_time() {
    let world = world(jenkins()).await;
    let api = Api::new(world.host.plugin_api(0));
    let instance = || Presence::new(api.clone(), "test_instance_", Duration::from_secs(60));
    let (one, two) = (instance(), instance());
    one.announce().await.expect("an answer");
    two.announce().await.expect("an answer");
    let store = BuildStore::new(api.clone());
    let server = ServerAlias::default();
    let job = JobPath::new(vec!["hello".to_owned()]).expect("a path");
    let report = |phase| BuildReport::new(job.clone(), 1, phase);
    let enter = async |report: BuildReport, who: &Presence| {
        let entry = store.enter(&server, &report, who, 0, |_| true).await;
        entry.expect("an answer")
    };
    let Entry::Held(held) = enter(report(Phase::Started), &one).await else {
        panic!("the first one holds it")
    };
    assert!(!held.look);
    let elsewhere = enter(report(Phase::Completed), &two).await;
    assert!(matches!(elsewhere, Entry::Elsewhere), "{elsewhere:?}");
    assert!(
        !store.leave(&held).await.expect("an answer"),
        "there is news"
    );
    let held = store
        .keep(&held, held.record.clone())
        .await
        .expect("an answer");
    assert_eq!(held.record.report.phase, Phase::Completed);
    assert!(store.leave(&held).await.expect("an answer"));

    let Entry::Held(held) = enter(report(Phase::Completed), &one).await else {
        panic!("it is free again")
    };
    assert!(!held.look, "it was given back");
    one.withdraw().await.expect("an answer");
    let Entry::Held(successor) = enter(report(Phase::Completed), &two).await else {
        panic!("its holder died")
    };
    assert!(successor.look, "posts may be there already");
    assert!(
        !store.leave(&held).await.expect("an answer"),
        "it was taken over"
    );
}

#[tokio::test]
async fn a_subscription_counts_for_all_that_comes_after_it() {
    let names: Vec<String> = (0..16).map(|number| format!("job-{number}")).collect();
    let jobs = names.iter().map(|name| Job::freestyle(name));
    let world = world(jobs.fold(jenkins(), simulators::jenkins::JenkinsConfig::item)).await;
    let path = webhook(&world, "").await;
    world
        .say("alice", "/jenkins subscribe ** --events failure")
        .await;
    // At once, to several workers: while one of them reads the subscriptions, the others ask for them.
    futures_util::future::join_all(names.iter().map(|name| {
        let body = json!({
            "name": name, "url": format!("job/{name}/"),
            "build": {"number": 1, "phase": "FINALIZED", "status": "SUCCESS", "url": format!("job/{name}/1/")},
        });
        let (world, path) = (&world, &path);
        async move { send(world, path, &body).await }
    }))
    .await;
    settled(&world).await;
    let texts: Vec<String> = news(&world).iter().map(shown).collect();
    assert!(
        texts.is_empty(),
        "nobody wants to hear of successes: {texts:#?}"
    );
}

#[tokio::test]
async fn an_event_behind_a_pattern_is_pointed_out() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let said = world.say("alice", "/jenkins subscribe h* failure").await;
    assert!(
        said.contains("/jenkins subscribe h* --events failure"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins subscribe h*").await;
    assert!(!said.contains("--events"), "{said}");
}
