//! What the bot shows of pasted addresses.

use std::time::Duration;

use mattermost_plugin::model::Post;
use serde_json::Value;
use simulators::jenkins::{BuildScript, Folder, Job, Stage};

use crate::harness::{BOB_TOKEN, World, jenkins, jenkins_with};
use crate::hostile::{HOSTILE, assert_harmless};

/// The posts of the bot with attachments in a channel, oldest first.
fn previews(world: &World, channel: &str) -> Vec<Post> {
    let bot = world.host.user_id("command-center");
    let channel_id = world.host.user("alice").channel(channel).unwrap();
    let mut posts = world.host.server().read(|data| data.posts.all());
    posts.retain(|post| {
        post.user_id == bot && post.channel_id == channel_id && !post.attachments().is_empty()
    });
    posts.sort_by_key(|post| post.create_at);
    posts
}

fn text(post: &Post) -> String {
    let texts = post.attachments().into_iter().map(|shown| shown.text);
    texts.collect::<Vec<_>>().join("\n---\n")
}

async fn preview(world: &World, channel: &str, words: &str) -> Post {
    world
        .host
        .wait_for(&format!("a preview with {words:?}"), |_| {
            let posts = previews(world, channel);
            posts.into_iter().find(|post| text(post).contains(words))
        })
        .await
}

#[tokio::test]
async fn a_pasted_address_is_shown_in_its_thread() {
    let script = BuildScript::failure()
        .stage(Stage::new("Compile", Duration::from_secs(60)))
        .stage(Stage::new("Test", Duration::from_secs(12)).failing("oh"))
        .duration(Duration::from_secs(72));
    let shop = Job::pipeline("shop").past_build(script);
    let world = World::with_alice(jenkins().item(Folder::new("team").item(shop))).await;
    let alice = world.host.user("alice");
    let root = world.jenkins.url();
    let posted = alice
        .post(
            "builds",
            &format!("it broke: {root}/job/team/job/shop/1/console, again"),
        )
        .await
        .unwrap();
    let shown = preview(&world, "builds", "Failure").await;
    assert_eq!(shown.root_id, posted.id);
    let said = text(&shown);
    let build = format!("({root}/job/team/job/shop/1/) Failure");
    assert!(said.contains(&build), "{said}");
    assert!(said.contains("after 1 min 12 s"), "{said}");
    assert!(said.contains("Failed in stage `Test`"), "{said}");
    assert!(!said.contains("Started by"), "{said}");
    assert_harmless(&said, &root);
    // The job is another address, in a thread it is shown there; the build was shown a moment ago.
    alice
        .reply(
            "builds",
            &posted.id,
            &format!("<{root}/job/team/job/shop/> {root}/job/team/job/shop/1/"),
        )
        .await
        .unwrap();
    let job = preview(&world, "builds", "Last result").await;
    assert_eq!(job.root_id, posted.id);
    assert_eq!(job.attachments().len(), 1, "{}", text(&job));
    // Elsewhere it was not shown yet, and later it is again.
    alice
        .post("town-square", &format!("{root}/job/team/job/shop/1/"))
        .await
        .unwrap();
    preview(&world, "town-square", "Failure").await;
    assert_eq!(previews(&world, "builds").len(), 2);
    world.advance(Duration::from_secs(601));
    alice
        .post("builds", &format!("{root}/job/team/job/shop/1/"))
        .await
        .unwrap();
    world
        .host
        .wait_for("another preview", |_| {
            (previews(&world, "builds").len() == 3).then_some(())
        })
        .await;
    world.host.assert_no_violations();
}

#[tokio::test]
async fn only_what_its_author_may_see_is_shown() {
    let config = jenkins()
        .item(Job::freestyle("shop").past_build(BuildScript::success()))
        .item(Job::freestyle("secret").past_build(BuildScript::success()));
    let world = World::with_alice(config).await;
    world
        .host
        .set_setting("JenkinsPolicy", "deny status secret")
        .await;
    let root = world.jenkins.url();
    let (alice, bob) = (world.host.user("alice"), world.host.user("bob"));
    // Bob has no account there.
    bob.post("builds", &format!("{root}/job/shop/"))
        .await
        .unwrap();
    for unseen in [
        format!("{root}/job/secret/"),
        format!("{root}/job/secret/1/"),
        format!("{root}/job/SECRET/lastBuild/"),
        format!("{root}/job/nosuch/"),
        format!("{root}/job/shop/99/"),
        format!("{root}/job/%2e%2e/job/%00/1/"),
        format!("{root}/manage"),
        format!("`{root}/job/shop/`"),
        format!("```\n{root}/job/shop/\n```"),
        "https://elsewhere.example/job/shop/1/".to_owned(),
        format!("{}@evil.example/job/shop/", root.replace("//", "//alice:")),
    ] {
        alice.post("builds", &unseen).await.unwrap();
    }
    let caller = alice.caller().await.unwrap();
    let mut hook = Post::new(
        alice.id(),
        world.host.channel_id("builds"),
        format!("{root}/job/shop/"),
    );
    hook.props
        .insert("from_webhook".to_owned(), Value::from("true"));
    world.host.server().create_post(caller, hook).await.unwrap();
    alice
        .post("builds", &format!("and this: {root}/job/shop/1/"))
        .await
        .unwrap();
    preview(&world, "builds", "Success").await;
    assert_eq!(previews(&world, "builds").len(), 1);
    // The webhook's post did not take its turn.
    let typed = alice
        .post("builds", &format!("{root}/job/shop/"))
        .await
        .unwrap();
    let shown = preview(&world, "builds", "Last result").await;
    assert_eq!(shown.root_id, typed.id);
    assert!(bob.ephemeral().is_empty());
    world.host.assert_no_violations();
}

#[tokio::test]
async fn few_are_shown_and_an_administrator_can_switch_it_off() {
    let names = ["a", "b", "c", "d"];
    let config = names.iter().fold(jenkins(), |config, name| {
        config.item(Job::freestyle(name).past_build(BuildScript::success()))
    });
    let world = World::start_with(config, |builder| {
        builder.setting("JenkinsLinkPreviews", false).nodes(2)
    })
    .await;
    world.connect("alice", crate::harness::ALICE_TOKEN).await;
    let root = world.jenkins.url();
    let all: Vec<String> = names
        .iter()
        .map(|name| format!("{root}/job/{name}/"))
        .collect();
    let all = format!("{0} {0}", all.join(" "));
    let alice = world.host.user("alice");
    let before = world.jenkins.requests().len();
    alice.post("builds", &all).await.unwrap();
    alice.post("builds", "@command-center about").await.unwrap();
    world.told("alice", "Apache License").await;
    assert_eq!(world.jenkins.requests().len(), before + 1);
    world.host.set_setting("JenkinsLinkPreviews", true).await;
    // The same from both nodes at once: one of them shows it.
    let (here, there) = (alice.on_node(0), alice.on_node(1));
    let (one, other) = tokio::join!(here.post("builds", &all), there.post("builds", &all));
    let shown = preview(&world, "builds", "Success").await;
    assert!(shown.root_id == one.unwrap().id || shown.root_id == other.unwrap().id);
    let alone = here
        .post("@command-center", &format!("{root}/job/d/"))
        .await;
    let shown = preview(&world, "@command-center", "Success").await;
    assert_eq!(shown.channel_id, alone.unwrap().channel_id);
    let shown = previews(&world, "builds");
    let count: usize = shown.iter().map(|post| post.attachments().len()).sum();
    assert_eq!(count, 3, "{shown:#?}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    let script =
        BuildScript::failure().stage(Stage::new(HOSTILE, Duration::from_secs(1)).failing(HOSTILE));
    let job = Job::pipeline(HOSTILE).past_build(script);
    let world = World::with_alice(jenkins_with(job)).await;
    world.connect("bob", BOB_TOKEN).await;
    let root = world.jenkins.url();
    let mut address = url::Url::parse(&root).unwrap();
    address
        .path_segments_mut()
        .unwrap()
        .pop_if_empty()
        .extend(["job", HOSTILE, "1"]);
    // Parentheses and the like end an address in a sentence.
    let address = address
        .as_str()
        .replace('(', "%28")
        .replace(')', "%29")
        .replace('[', "%5B")
        .replace(']', "%5D")
        .replace('|', "%7C");
    world
        .host
        .user("bob")
        .post("builds", &address)
        .await
        .unwrap();
    let shown = preview(&world, "builds", "Failure").await;
    let shown = shown.attachments().remove(0);
    assert_harmless(&shown.text, &root);
    assert_harmless(&shown.fallback, &root);
    world.host.assert_no_violations();
}
