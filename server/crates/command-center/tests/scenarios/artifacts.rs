//! `/jenkins get-artifacts`.

use mattermost_plugin::model::{Channel, Post};
use serde_json::json;
use simulators::jenkins::{
    Artifact, BuildScript, Fault, JenkinsConfig, JenkinsSimulator, Job, Permission, User,
};

use crate::buttons::click;
use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins_with};
use crate::hostile::{HOSTILE, assert_harmless};

fn with(artifacts: impl IntoIterator<Item = Artifact>) -> JenkinsConfig {
    let script = BuildScript::success();
    let script = artifacts.into_iter().fold(script, BuildScript::artifact);
    jenkins_with(Job::pipeline("hello").past_build(script))
}

fn text(path: &str, content: &str) -> Artifact {
    Artifact::new(path, content.as_bytes().to_vec())
}

/// Names and contents of what is attached.
fn attached(world: &World, post: &Post) -> Vec<(String, String)> {
    world.host.server().read(|data| {
        let ids = post.file_ids.iter();
        let file = |id: &String| {
            let name = data.files.info(id).expect("a file").name.clone();
            let content = data.files.content(id).expect("its content").bytes.clone();
            let content = content.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            (name, content.unwrap_or_default())
        };
        ids.map(file).collect()
    })
}

/// The list that was shown to a user last.
fn list(world: &World, user: &str) -> Post {
    let posts = world.host.user(user).ephemeral();
    let lists = posts.into_iter().rev();
    let mut lists = lists.filter(|post| !post.attachments().is_empty());
    lists.next().expect("a list")
}

fn bot_posts(world: &World) -> usize {
    let bot = world.host.user_id("command-center");
    let posts = world.host.server().read(|data| data.posts.all());
    posts.iter().filter(|post| post.user_id == bot).count()
}

#[tokio::test]
async fn files_are_listed_and_chosen() {
    let config = with([
        text("dist/app.txt", "the app"),
        text("dist/sums.txt", "sums"),
    ]);
    let world = World::with_alice(config).await;
    let outcome = world.run("alice", "/jenkins get-artifacts hello").await;
    assert_eq!(outcome.posts.len(), 0, "only who asks is told");
    let shown = list(&world, "alice");
    for words in [
        "2 Artifact(s) found in the build",
        "of the job 'hello'",
        "/job/hello/1/artifact/dist/app.txt) (7 B)",
    ] {
        assert!(
            shown.message.contains(words),
            "{words} in {}",
            shown.message
        );
    }
    let alice = world.host.user("alice");
    alice
        .choose(&shown.id, "attach", "dist/sums.txt")
        .await
        .unwrap();
    let post = world
        .host
        .wait_for_post(|post| post.file_ids.len() == 1)
        .await;
    assert_eq!(
        attached(&world, &post),
        [("sums.txt".to_owned(), "sums".to_owned())]
    );
    // A double click is one post.
    alice
        .choose(&shown.id, "attach", "dist/sums.txt")
        .await
        .unwrap();
    alice.click(&shown.id, "Attach all 2").await.unwrap();
    let post = world
        .host
        .wait_for_post(|post| post.file_ids.len() == 2)
        .await;
    let names: Vec<String> = attached(&world, &post)
        .into_iter()
        .map(|file| file.0)
        .collect();
    assert_eq!(names, ["app.txt", "sums.txt"]);
    assert_eq!(bot_posts(&world), 2);
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_choice_that_was_not_offered_is_none() {
    let world = World::with_alice(with([text("a.txt", "a")])).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("alice", "/jenkins get-artifacts hello").await;
    let shown = list(&world, "alice");
    let alice = world.host.user("alice");
    for path in ["../config.xml", "/etc/passwd", "b.txt", ""] {
        let _ = alice.choose(&shown.id, "attach", path).await;
        assert_eq!(bot_posts(&world), 0, "{path}");
    }
    world.told("alice", "does not have this artifact").await;
    // The list is alice's.
    let context = shown.attachments()[0].actions[0].integration.clone();
    let mut context = context
        .map(|integration| integration.context)
        .unwrap_or_default();
    if context.is_empty() {
        // Clients do not see it; somebody who guesses it gains nothing.
        context.insert("action".to_owned(), "attach".into());
        context.insert("question".to_owned(), "a".repeat(26).into());
        context.insert("all".to_owned(), true.into());
    }
    context.insert("selected_option".to_owned(), "a.txt".into());
    let answer = click(&world, "bob", "", context).await;
    assert!(answer.ephemeral_text.contains("out of date"), "{answer:?}");
    assert_eq!(bot_posts(&world), 0);
}

#[tokio::test]
async fn what_fits_a_glob_is_attached_in_one_post() {
    let many = (1..=12).map(|number| text(&format!("logs/{number}.log"), "x"));
    let world = World::with_alice(with(many.chain([text("dist/app.jar", "jar")]))).await;
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello 1 --match *.jar")
        .await;
    assert_eq!(outcome.posts.len(), 1, "{}", outcome.text());
    assert_eq!(
        attached(&world, &outcome.posts[0]),
        [("app.jar".to_owned(), "jar".to_owned())]
    );
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello --match logs/*")
        .await;
    assert_eq!(outcome.posts.len(), 1, "{}", outcome.text());
    assert_eq!(outcome.posts[0].file_ids.len(), 10);
    let message = &outcome.posts[0].message;
    assert!(
        message.contains("12 Artifact(s)") && message.contains("2 more are"),
        "{message}"
    );
    let said = world
        .say("alice", "/jenkins get-artifacts hello --match *.exe")
        .await;
    assert!(
        said.contains("None of the") && said.contains("`*.exe`"),
        "{said}"
    );
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_build_without_files_and_one_that_is_gone() {
    let world = World::with_alice(with([])).await;
    for command in ["get-artifacts hello", "get-artifacts hello --match *"] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert!(said.contains("No artifacts found"), "{said}");
    }
    let said = world.say("alice", "/jenkins get-artifacts hello 9").await;
    assert!(said.contains("no build"), "{said}");
}

#[tokio::test]
async fn files_keep_to_the_limit_of_the_server() {
    let config = with([
        Artifact::of_size("large.bin", 200_000),
        Artifact::of_size("empty.bin", 0),
        text("small.txt", "small"),
    ]);
    let world = World::start_with(config, |builder| {
        builder.config("FileSettings.MaxFileSize", 100_000)
    })
    .await;
    world.connect("alice", ALICE_TOKEN).await;
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello --match *")
        .await;
    let post = &outcome.posts[0];
    assert_eq!(post.file_ids.len(), 1);
    for words in [
        "/artifact/large.bin) has 195 KiB and is not attached: the server takes no files above 97",
        "/artifact/empty.bin) is empty",
        "/artifact/small.txt) (5 B)",
    ] {
        assert!(post.message.contains(words), "{words} in {}", post.message);
    }
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello --match large.bin")
        .await;
    assert_eq!(
        outcome.posts.len(),
        0,
        "nothing is attached, so only who asks is told"
    );
    assert!(
        outcome.text().contains("is not attached"),
        "{}",
        outcome.text()
    );
}

#[tokio::test]
async fn paths_lead_nowhere_else() {
    let config = with([
        text("../../secrets/master.key", "no"),
        text("..\\..\\boot.ini", "no"),
        text("a/report.txt", "a"),
        text("b/report.txt", "b"),
        text(&format!("{HOSTILE}.txt").replace("..", "x"), "h"),
    ]);
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins get-artifacts hello").await;
    let shown = list(&world, "alice");
    assert_harmless(&shown.message, &world.jenkins.url());
    assert!(!shown.message.contains("](http://../"), "{}", shown.message);
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello --match **")
        .await;
    let post = &outcome.posts[0];
    assert_harmless(&post.message, &world.jenkins.url());
    let files = attached(&world, post);
    let contents: Vec<&str> = files.iter().map(|file| file.1.as_str()).collect();
    assert_eq!(contents, ["a", "b", "h"], "{files:?}");
    for (name, _) in &files {
        assert!(
            !name.contains(['/', '\\', '@', '`']) && !name.starts_with('.'),
            "{name}"
        );
    }
    assert_eq!(
        (files[0].0.as_str(), files[1].0.as_str()),
        ("report.txt", "b-report.txt")
    );
    let asked = world.jenkins.requests_to("*secrets*");
    assert!(asked.is_empty(), "{asked:?}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn another_host_sees_no_credentials() {
    let elsewhere = JenkinsConfig::new()
        .user(User::reader("anybody").token("x"))
        .anonymous([Permission::OverallRead, Permission::ItemRead])
        .item(
            Job::pipeline("store")
                .past_build(BuildScript::success().artifact(text("a.txt", "from elsewhere"))),
        );
    let elsewhere = JenkinsSimulator::start(elsewhere)
        .await
        .expect("a free port");
    let url = format!("{}/job/store/1/artifact/a.txt", elsewhere.url());
    let world = World::with_alice(with([text("moved.txt", "").redirect(&url)])).await;
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello --match *")
        .await;
    let said = outcome.text();
    assert_eq!(outcome.posts.len(), 1, "{said}");
    let files = attached(&world, &outcome.posts[0]);
    assert_eq!(
        files,
        [("moved.txt".to_owned(), "from elsewhere".to_owned())]
    );
    let asked = elsewhere.requests();
    assert!(
        !asked.is_empty() && asked.iter().all(|request| request.user().is_none()),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_is_told() {
    let config = with([
        Artifact::of_size("large.bin", 300_000),
        text("small.txt", "small"),
    ]);
    let world = World::with_alice(config).await;
    world
        .jenkins
        .inject(Fault::cut_body(1_000).on("*/artifact/large.bin"));
    let outcome = world
        .run("alice", "/jenkins get-artifacts hello --match *")
        .await;
    let post = &outcome.posts[0];
    assert_eq!(post.file_ids.len(), 1);
    assert!(
        post.message
            .contains("large.bin) is not attached: the download broke off"),
        "{}",
        post.message
    );
    world.jenkins.clear_faults();
    world.jenkins.inject(Fault::login_page().on("*/artifact/*"));
    let said = world
        .say("alice", "/jenkins get-artifacts hello --match *")
        .await;
    assert!(
        said.contains("is not attached") && said.contains("not Jenkins"),
        "{said}"
    );
    world.host.assert_no_violations();
}

#[tokio::test]
async fn who_has_left_the_channel_posts_nothing_there() {
    let world = World::with_alice(with([text("a.txt", "a")])).await;
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
    let secret = api.create_channel(secret).await.unwrap().id;
    let alice = world.host.user_id("alice");
    api.add_channel_member(secret.clone(), alice.clone())
        .await
        .unwrap();
    let command = "/jenkins get-artifacts hello";
    let user = world.host.user("alice");
    user.run_command("secret", command).await.unwrap();
    let stored = crate::harness::stored(&world.host);
    let mut questions = stored
        .keys()
        .filter_map(|key| key.strip_prefix("pending_v1_"));
    let context = json!({"action": "attach", "question": questions.next(), "all": true});
    let context = context.as_object().expect("an object");
    let before = bot_posts(&world);
    api.delete_channel_member(secret.clone(), alice.clone())
        .await
        .unwrap();
    click(&world, "alice", "", context.clone()).await;
    world.told("alice", "may not post in this channel").await;
    assert_eq!(bot_posts(&world), before);
    api.add_channel_member(secret, alice).await.unwrap();
    click(&world, "alice", "", context.clone()).await;
    assert_eq!(bot_posts(&world), before + 1);
}
