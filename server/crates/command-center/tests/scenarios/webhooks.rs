//! What Jenkins sends, from the request to the channel.

use futures_util::StreamExt;
use http::{Method, StatusCode};
use mattermost_devhost::Fault;
use serde_json::json;
use simulators::jenkins::Job;

use crate::feeds::{
    address_in, news, notification, send, send_to, settled, shown, told, webhook, world, world_with,
};
use crate::harness::{jenkins, jenkins_with, stored};

#[tokio::test]
async fn a_message_appears_in_the_channel() {
    let world = world(jenkins()).await;
    let path = webhook(&world, "").await;
    let body = json!({
        "text": "", "username": "jenkins", "attachments": [{
            "fallback": "x", "color": "danger", "mrkdwn_in": ["fields"],
            "fields": [{"short": false, "value": "app - #5 :no_entry_sign: Failure after 3 sec (<https://ci/job/app/5/|Open>) @channel ![x](https://evil/i.png)"}]
        }]
    });
    send(&world, &path, &body).await;
    let post = told(&world, |text| text.contains("Failure after 3 sec")).await;
    assert_eq!(post.channel_id, world.host.channel_id("builds"));
    assert_eq!(post.user_id, world.host.user_id("command-center"));
    let text = shown(&post);
    assert!(text.contains("[Open](https://ci/job/app/5/)"), "{text}");
    assert!(!text.contains("@channel") && !text.contains("!["), "{text}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_message_goes_where_it_may() {
    let world = world(jenkins()).await;
    let free = webhook(&world, "free --anywhere").await;
    let strict = webhook(&world, "strict").await;
    let (home, elsewhere) = (
        world.host.channel_id("builds"),
        world.host.channel_id("off-topic"),
    );
    for (path, channel, username, expected, note) in [
        (&free, "#off-topic", "jenkins", &elsewhere, None),
        (&free, "off-topic", "devhost", &elsewhere, None),
        (&free, "Devhost@Off-Topic", "jenkins", &elsewhere, None),
        (&free, "nowhere", "jenkins", &home, Some("no such channel")),
        (&free, "@nobody", "jenkins", &home, Some("no such user")),
        (
            &strict,
            "off-topic",
            "jenkins",
            &home,
            Some("may not choose"),
        ),
        (&strict, "builds", "jenkins", &home, None),
    ] {
        let words = format!("message for {channel} of {username}");
        let body = json!({"text": words, "channel": channel, "username": username});
        send(&world, path, &body).await;
        settled(&world).await;
        let posts: Vec<_> = news(&world)
            .into_iter()
            .filter(|post| {
                post.message.starts_with(&format!(
                    "message for {}",
                    channel.replace('#', "&#35;").replace('@', "@\u{200B}")
                )) && post.message.contains(username)
            })
            .collect();
        let last = posts
            .last()
            .unwrap_or_else(|| panic!("{channel}: {:#?}", news(&world)));
        assert_eq!(&last.channel_id, expected, "{channel}: {}", last.message);
        match note {
            Some(note) => assert!(last.message.contains(note), "{}", last.message),
            None => assert!(!last.message.contains("sent for"), "{}", last.message),
        }
    }
    send(
        &world,
        &free,
        &json!({"text": "psst", "channel": "@bob,off-topic"}),
    )
    .await;
    settled(&world).await;
    let channels: Vec<String> = news(&world)
        .into_iter()
        .filter(|post| post.message == "psst")
        .map(|post| post.channel_id)
        .collect();
    assert_eq!(channels.len(), 2, "{channels:?}");
    assert!(channels.contains(&elsewhere) && !channels.contains(&home));
}

#[tokio::test]
async fn only_who_knows_the_secret_is_heard() {
    let world = world(jenkins()).await;
    let path = webhook(&world, "ci").await;
    let body = json!({"text": "hello"}).to_string();
    let (base, secret) = path.rsplit_once('.').expect("an id and a secret");
    let unknown = (StatusCode::NOT_FOUND, "404 page not found".to_owned());
    let post = async |path: String| send_to(&world, 0, Method::POST, &path, body.clone()).await;
    assert_eq!(post(format!("{base}.wrong")).await, unknown);
    assert_eq!(post(base.to_owned()).await, unknown);
    assert_eq!(
        post(format!(
            "{}.{secret}",
            base.replace(|c: char| c.is_ascii_digit(), "z")
        ))
        .await
        .0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        send_to(&world, 0, Method::GET, &format!("{base}.wrong"), "").await,
        unknown
    );
    assert_eq!(
        send_to(&world, 0, Method::GET, &path, "").await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(news(&world), []);
    for path in [
        format!("{base}?secret={secret}"),
        format!("{path}/"),
        format!("{path}/T0/B0"),
    ] {
        assert_eq!(
            post(path.clone()).await,
            (StatusCode::OK, "ok".to_owned()),
            "{path}"
        );
    }
    let said = world.say("alice", "/jenkins webhook rotate ci").await;
    let rotated = address_in(&said);
    assert_ne!(rotated, path);
    assert_eq!(post(path.clone()).await.0, StatusCode::OK);
    assert_eq!(post(rotated.clone()).await.0, StatusCode::OK);
    world.advance(std::time::Duration::from_secs(25 * 60 * 60));
    assert_eq!(post(path.clone()).await, unknown);
    assert_eq!(post(rotated.clone()).await.0, StatusCode::OK);
    let said = world.say("alice", "/jenkins webhook show ci").await;
    assert!(
        !said.contains(secret) && said.contains("<secret>"),
        "{said}"
    );
    world.say("alice", "/jenkins webhook delete ci").await;
    assert_eq!(post(rotated).await, unknown);
    let kept = stored(&world.host);
    assert!(
        !kept.values().any(|value| value.contains(secret)),
        "{kept:#?}"
    );
    assert!(
        !kept.keys().any(|key| key.starts_with("jenkins_hook_v1_")),
        "{kept:#?}"
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_a_reason() {
    let world = world(jenkins()).await;
    let path = webhook(&world, "ci").await;
    for (body, status, words) in [
        (String::new(), StatusCode::BAD_REQUEST, "body is empty"),
        ("<xml/>".to_owned(), StatusCode::BAD_REQUEST, "Choose JSON"),
        (
            "{\"a\":".to_owned(),
            StatusCode::BAD_REQUEST,
            "not JSON: line 1",
        ),
        (
            "{\"a\":1}".to_owned(),
            StatusCode::BAD_REQUEST,
            "Known are mattermostSend",
        ),
        ("[".repeat(200_000), StatusCode::BAD_REQUEST, "not JSON"),
        (
            "x".repeat((1 << 20) + 1),
            StatusCode::PAYLOAD_TOO_LARGE,
            "longer than 1 MiB",
        ),
    ] {
        let (answered, said) = send_to(&world, 0, Method::POST, &path, body).await;
        assert_eq!(answered, status, "{said}");
        assert!(said.contains(words), "{said}");
    }
    // Many at once: one after another they may be slower than the limit.
    let sends = (0..4000).map(|_| send_to(&world, 0, Method::POST, &path, "{}"));
    let refused = futures_util::stream::iter(sends)
        .buffer_unordered(16)
        .filter_map(async |(status, said)| {
            (status == StatusCode::TOO_MANY_REQUESTS).then_some(said)
        });
    let refused = std::pin::pin!(refused).next().await;
    assert!(refused.is_some_and(|said| said.contains("Try again later")));
    assert_eq!(news(&world), []);
}

#[tokio::test]
async fn phases_in_any_order_make_one_card() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    let path = webhook(&world, "").await;
    for (phase, status) in [
        ("COMPLETED", Some("FAILURE")),
        ("STARTED", None),
        ("FINALIZED", Some("FAILURE")),
        ("QUEUED", None),
        ("COMPLETED", Some("FAILURE")),
    ] {
        send(&world, &path, &notification(5, phase, status)).await;
    }
    settled(&world).await;
    let posts = news(&world);
    assert_eq!(posts.len(), 1, "{posts:#?}");
    let text = shown(&posts[0]);
    assert!(
        text.contains("failed.") && text.contains("Duration: 1 min 1 s"),
        "{text}"
    );
    assert!(!text.contains("elsewhere.example.com"), "{text}");
    let page = format!("{}/job/hello/5/", world.jenkins.url().trim_end_matches('/'));
    assert!(text.contains(&page), "{text}");
}

#[tokio::test]
async fn two_nodes_tell_one_build_once() {
    let world = world_with(jenkins_with(Job::freestyle("hello")), |builder| {
        builder.nodes(2)
    })
    .await;
    let path = webhook(&world, "").await;
    let mut sending = tokio::task::JoinSet::new();
    let world = std::sync::Arc::new(world);
    for number in 1..=20 {
        for (node, phase, status) in [
            (0, "STARTED", None),
            (1, "STARTED", None),
            (1, "COMPLETED", Some("SUCCESS")),
            (0, "FINALIZED", Some("SUCCESS")),
        ] {
            let (world, path) = (std::sync::Arc::clone(&world), path.clone());
            let body = notification(number, phase, status).to_string();
            sending.spawn(async move { send_to(&world, node, Method::POST, &path, body).await.0 });
        }
    }
    for status in sending.join_all().await {
        assert_eq!(status, StatusCode::OK);
    }
    settled(&world).await;
    let posts = news(&world);
    assert_eq!(posts.len(), 20, "one card for each build");
    for post in &posts {
        assert!(shown(post).contains("succeeded."), "{}", shown(post));
    }
}

#[tokio::test]
async fn what_was_taken_survives_a_crash() {
    let world = world_with(jenkins_with(Job::freestyle("hello")), |builder| {
        builder.nodes(2)
    })
    .await;
    let path = webhook(&world, "").await;
    world.host.fault("CreatePost", Fault::fail(1000));
    for number in 1..=3 {
        let body = notification(number, "FINALIZED", Some("FAILURE"));
        send(&world, &path, &body).await;
    }
    send(&world, &path, &json!({"text": "do not lose me"})).await;
    world.host.kill(0).await;
    world.host.clear_faults();
    world.let_presence_expire();
    told(&world, |text| text.contains("do not lose me")).await;
    settled(&world).await;
    let posts = news(&world);
    assert_eq!(posts.len(), 4, "{posts:#?}");
}

#[tokio::test]
async fn a_build_that_jenkins_does_not_know_is_not_believed() {
    let world = world_with(jenkins_with(Job::freestyle("hello")), |builder| {
        builder
            .setting("JenkinsServiceUser", "bob")
            .setting("JenkinsServiceToken", crate::harness::BOB_TOKEN)
    })
    .await;
    let path = webhook(&world, "").await;
    send(
        &world,
        &path,
        &notification(99, "FINALIZED", Some("FAILURE")),
    )
    .await;
    send(&world, &path, &json!({"text": "after"})).await;
    told(&world, |text| text.contains("after")).await;
    settled(&world).await;
    assert_eq!(news(&world).len(), 1);
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_post() {
    let world = world(jenkins_with(Job::freestyle("hello"))).await;
    // Clocks differ: the server's is behind.
    world.clock.advance(std::time::Duration::from_secs(10));
    let path = webhook(&world, "").await;
    for (body, words) in [
        (json!({"text": "once"}), "once"),
        (notification(5, "FINALIZED", Some("FAILURE")), "failed."),
    ] {
        let before = news(&world).len();
        world.host.fault("CreatePost", Fault::lose_answer(1));
        world.host.fault("GetPostsSince", Fault::fail(1000));
        send(&world, &path, &body).await;
        told(&world, |text| text.contains(words)).await;
        // The server itself recognizes a second post only for half a minute.
        world
            .host
            .clock()
            .advance(std::time::Duration::from_secs(60));
        world.host.clear_faults();
        settled(&world).await;
        assert_eq!(news(&world).len(), before + 1, "{words}");
    }
}

/// `slackSend` with a name of the pipeline's own as `timestamp`, or behind the channel's.
#[tokio::test]
async fn a_message_answers_or_changes_the_one_it_names() {
    let world = world(jenkins()).await;
    let path = webhook(&world, "ci --anywhere").await;
    let other = webhook(&world, "other").await;
    let say = async |path: &str, body: serde_json::Value| {
        let words = body["text"].as_str().unwrap().to_owned();
        send(&world, path, &body).await;
        settled(&world).await;
        told(&world, |text| text.starts_with(&words)).await
    };
    let build = "jenkins-app-5";
    let started = say(&path, json!({"text": "started", "ts": build})).await;
    let step = say(&path, json!({"text": "a step", "thread_ts": build})).await;
    assert_eq!(step.root_id, started.id);
    let done = say(
        &path,
        json!({"text": "done", "ts": build, "attachments": [{"text": "all well @channel", "color": "good"}]}),
    )
    .await;
    assert_eq!(done.id, started.id, "changed in place");
    assert!(shown(&done).contains("all well") && !shown(&done).contains("@channel"));
    let redone = say(&path, json!({"text": "once more", "ts": build})).await;
    assert_eq!(
        (redone.id.clone(), redone.attachments().len()),
        (started.id.clone(), 0)
    );
    assert_eq!(news(&world).len(), 2);
    // The first answer to what is not there is what the next one answers.
    let first = say(&path, json!({"text": "first", "thread_ts": "b"})).await;
    let second = say(&path, json!({"text": "second", "thread_ts": "b"})).await;
    let both = say(&path, json!({"text": "both", "thread_ts": "b", "ts": "c"})).await;
    let changed = say(
        &path,
        json!({"text": "changed", "thread_ts": "b", "ts": "c"}),
    )
    .await;
    assert_eq!((first.root_id.as_str(), &second.root_id), ("", &first.id));
    assert_eq!((&both.root_id, &changed.id), (&first.id, &both.id));
    // Names belong to a source and a channel.
    let foreign = say(&other, json!({"text": "foreign", "ts": build})).await;
    assert_ne!(foreign.id, started.id);
    let elsewhere = say(
        &path,
        json!({"text": "elsewhere", "ts": build, "channel": "off-topic"}),
    )
    .await;
    assert_eq!(elsewhere.channel_id, world.host.channel_id("off-topic"));
    // Nobody can name a post that is not the source's own.
    let alices = world
        .host
        .user("alice")
        .post("builds", "mine")
        .await
        .unwrap();
    say(
        &path,
        json!({"text": "stolen", "ts": alices.id, "thread_ts": alices.id}),
    )
    .await;
    let kept = world.host.server().read(|data| data.posts.get(&alices.id));
    assert_eq!(kept.unwrap().message, "mine");
    // Of what was deleted, there is another one.
    world.host.user("admin").delete(&started.id).await.unwrap();
    let again = say(&path, json!({"text": "again", "ts": build})).await;
    assert_ne!(again.id, started.id);
    let same = say(&path, json!({"text": "the same", "ts": build})).await;
    assert_eq!(same.id, again.id);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_named_message_is_there_once_whatever_gets_lost() {
    for method in ["CreatePost", "UpdatePost", "KVSetWithOptions"] {
        for nth in 1..=3 {
            let world = world(jenkins()).await;
            let path = webhook(&world, "").await;
            if nth > 1 {
                let free = Fault::delay(nth - 1, std::time::Duration::ZERO);
                world.host.fault(method, free);
            }
            world.host.fault(method, Fault::lose_answer(1));
            for text in ["started", "done"] {
                let body = json!({"text": text, "ts": "b"}).to_string();
                // It is told to try again when it could not be kept.
                while send_to(&world, 0, Method::POST, &path, body.clone())
                    .await
                    .0
                    == StatusCode::SERVICE_UNAVAILABLE
                {}
                settled(&world).await;
            }
            let posts = news(&world);
            assert_eq!(posts.len(), 1, "{method} {nth}: {posts:#?}");
            assert_eq!(posts[0].message, "done", "{method} {nth}");
        }
    }
}
