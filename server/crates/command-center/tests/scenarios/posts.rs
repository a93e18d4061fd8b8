//! Commands in ordinary posts: to the bot by a mention, and in its direct channel.

use mattermost_plugin::model::Post;
use serde_json::Value;
use simulators::jenkins::{BuildScript, Job, Parameter};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins, jenkins_of_alice, jenkins_with};
use crate::hostile::assert_harmless;

const BOT: &str = "command-center";

/// What the bot posted to be read by all in a channel, oldest first.
fn said_by_bot(world: &World, user: &str, channel: &str) -> Vec<Post> {
    let bot = world.host.user_id(BOT);
    let mut posts = world.host.user(user).posts_in(channel);
    posts.retain(|post| post.user_id == bot && post.r#type.is_empty());
    posts
}

/// Something that only this user is told.
async fn told(world: &World, user: &str, words: &str) -> Post {
    world
        .host
        .wait_for(&format!("a word to {user} with {words:?}"), |_| {
            let posts = world.host.user(user).ephemeral();
            posts.into_iter().rev().find(|post| {
                let texts = post.attachments().into_iter().map(|shown| shown.text);
                post.message.contains(words) || texts.into_iter().any(|text| text.contains(words))
            })
        })
        .await
}

/// The first post of the bot in alice's direct channel with it that has these words.
async fn answered(world: &World, words: &str) -> Post {
    world
        .host
        .wait_for(&format!("an answer with {words:?}"), |_| {
            let posts = said_by_bot(world, "alice", "@command-center");
            posts.into_iter().find(|post| post.message.contains(words))
        })
        .await
}

#[tokio::test]
async fn a_mention_is_a_command_of_its_author() {
    let job = Job::freestyle("shop").past_build(BuildScript::failure());
    let world = World::with_alice(jenkins_with(job)).await;
    let alice = world.host.user("alice");
    alice.post("builds", "@command-center help").await.unwrap();
    let help = told(&world, "alice", "Slash Command Help").await;
    assert_eq!(help.root_id, "", "seen without opening a thread");
    alice
        .post("builds", "@Command-Center: status SHOP")
        .await
        .unwrap();
    told(&world, "alice", "**Job '[shop]").await;
    assert!(said_by_bot(&world, "alice", "builds").is_empty());
    // What all are told stands in the thread of the post.
    let asked = alice
        .post("builds", "@command-center build shop")
        .await
        .unwrap();
    let card = world.card(|card| card.text().contains("shop")).await;
    assert_eq!(card.post.root_id, asked.id);
    let told_all = world.announced().await;
    assert_eq!(told_all.root_id, asked.id);
    // In a thread, everything stays there.
    alice
        .reply("builds", &asked.id, "@command-center last shop")
        .await
        .unwrap();
    let last = told(&world, "alice", "Last build of the job").await;
    assert_eq!(last.root_id, asked.id);
    // Bob's word is bob's: he is not connected.
    let bob = world.host.user("bob");
    bob.post("builds", "@command-center build shop")
        .await
        .unwrap();
    told(&world, "bob", "not connected").await;
    assert_eq!(world.jenkins.builds_requested("shop"), 1);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn the_direct_channel_is_a_conversation() {
    let world = World::with_alice(jenkins_with(Job::freestyle("shop"))).await;
    let alice = world.host.user("alice");
    alice.post("@command-center", "help").await.unwrap();
    let help = answered(&world, "Slash Command Help").await;
    assert_eq!(help.root_id, "");
    for said in ["status shop", "jenkins status shop", "/Jenkins status shop"] {
        let before = said_by_bot(&world, "alice", "@command-center").len();
        alice.post("@command-center", said).await.unwrap();
        world
            .host
            .wait_for(said, |_| {
                let posts = said_by_bot(&world, "alice", "@command-center");
                (posts.len() > before && posts.last()?.message.contains("**Job '[shop]"))
                    .then_some(())
            })
            .await;
    }
    alice.post("@command-center", "statsu shop").await.unwrap();
    let mistake = answered(&world, "statsu").await;
    assert!(mistake.message.contains("status"), "{}", mistake.message);
    let asked = alice.post("@command-center", "build shop").await.unwrap();
    let card = world.card(|card| card.text().contains("shop")).await;
    assert_eq!(card.post.channel_id, asked.channel_id);
    assert_eq!(card.post.root_id, "", "a conversation needs no threads");
    world.announced().await;
    let only_direct = world.host.server().read(|data| data.posts.all());
    let bot = world.host.user_id(BOT);
    assert!(
        only_direct
            .iter()
            .all(|post| post.user_id != bot || post.channel_id == asked.channel_id)
    );
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_no_user_typed_is_not_obeyed() {
    let world = World::with_alice(jenkins_of_alice()).await;
    let alice = world.host.user("alice");
    let caller = alice.caller().await.unwrap();
    let channel_id = world.host.channel_id("builds");
    let typed = Post::new(alice.id(), &channel_id, "@command-center help");
    // As the server marks posts that a webhook of alice's, a bot, or a program of hers made.
    for property in ["from_webhook", "from_bot", "from_plugin", "from_oauth_app"] {
        let mut post = typed.clone();
        post.props.insert(property.to_owned(), Value::from("true"));
        world.host.server().create_post(caller, post).await.unwrap();
    }
    let joined = Post {
        r#type: "system_join_channel".to_owned(),
        ..typed.clone()
    };
    world
        .host
        .server()
        .create_post(caller, joined)
        .await
        .unwrap();
    let by_bot = Post::new(world.host.user_id(BOT), &channel_id, "@command-center help");
    world
        .host
        .server()
        .create_post(caller, by_bot)
        .await
        .unwrap();
    for no_command in [
        "ask @command-center help",
        "`@command-center help`",
        "@command-centers help",
        "help",
    ] {
        alice.post("builds", no_command).await.unwrap();
        alice.post("@bob", no_command).await.unwrap();
    }
    // A change of a post is no new one.
    let harmless = alice.post("builds", "nothing").await.unwrap();
    alice
        .edit(&harmless.id, "@command-center help")
        .await
        .unwrap();
    alice.post("builds", "@command-center me").await.unwrap();
    told(&world, "alice", "You are connected to Jenkins as").await;
    assert_eq!(world.host.user("bob").ephemeral().len(), 0);
    let told = alice.ephemeral();
    let help = told
        .iter()
        .filter(|post| post.message.contains("Slash Command Help"));
    assert_eq!(help.count(), 0, "{told:#?}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_token_in_a_post_is_refused() {
    let world = World::start(jenkins()).await;
    let alice = world.host.user("alice");
    for said in [
        format!("@command-center connect alice {ALICE_TOKEN}"),
        format!("@command-center \"connect\" alice {ALICE_TOKEN}"),
        format!("@command-center Connect alice {ALICE_TOKEN} and more"),
    ] {
        let before = alice.ephemeral().len();
        alice.post("builds", &said).await.unwrap();
        world
            .host
            .wait_for(&said, |_| {
                let told = world.host.user("alice").ephemeral();
                (told.len() > before && told.last()?.message.contains("Revoke it")).then_some(())
            })
            .await;
    }
    alice
        .post("@command-center", &format!("connect alice {ALICE_TOKEN}"))
        .await
        .unwrap();
    answered(&world, "Revoke it").await;
    alice.post("@command-center", "me").await.unwrap();
    answered(&world, "not connected").await;
    assert!(world.jenkins.requests().is_empty(), "it was not even tried");
    // The address of a webhook is a secret as well: it is shown, and never stored.
    alice.post("@command-center", "webhook add").await.unwrap();
    told(&world, "alice", "/hooks/jenkins/").await;
    let posts = world.host.server().read(|data| data.posts.all());
    assert!(
        posts
            .iter()
            .all(|post| !post.message.contains("/hooks/jenkins/"))
    );
    // Without one, a button opens the dialog, which a post cannot.
    alice
        .post("builds", "@command-center connect")
        .await
        .unwrap();
    let offer = told(&world, "alice", "Connect your Jenkins account").await;
    alice.click(&offer.id, "Connect").await.unwrap();
    assert!(alice.dialog().is_some());
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_needs_a_dialog_or_a_yes_is_asked_for() {
    let asks = Job::freestyle("asks").parameter(Parameter::string("A", "1"));
    let world = World::with_alice(jenkins_of_alice().item(asks)).await;
    let alice = world.host.user("alice");
    alice
        .post("builds", "@command-center createjob new")
        .await
        .unwrap();
    told(&world, "alice", "type `/jenkins createjob …`").await;
    alice.post("@command-center", "build asks").await.unwrap();
    let form = told(&world, "alice", "parameter").await;
    let button = form.attachments()[0].actions[0].id.clone();
    alice.click(&form.id, &button).await.unwrap();
    assert!(alice.dialog().is_some());
    let asked = alice
        .post("builds", "@command-center delete asks")
        .await
        .unwrap();
    let question = world.question("alice", "Delete the job `asks`").await;
    assert_eq!(question.root_id, "");
    alice.click(&question.id, "yes").await.unwrap();
    world.noticed("asks").await;
    let bot = world.host.user_id(BOT);
    let posts = world.host.user("alice").posts_in("builds");
    let notice = posts
        .iter()
        .find(|post| post.user_id == bot && post.r#type.is_empty());
    assert_eq!(notice.unwrap().root_id, asked.id);
    assert!(!world.jenkins.has_item("asks"));
    world.host.assert_no_violations();
}

#[tokio::test]
async fn the_policy_and_foreign_words_count_in_posts_too() {
    let world = World::with_alice(jenkins_with(Job::freestyle("shop"))).await;
    world.connect("bob", BOB_TOKEN).await;
    world
        .host
        .set_setting("JenkinsPolicy", "deny build shop in devhost/builds")
        .await;
    let alice = world.host.user("alice");
    alice
        .post("builds", "@command-center build shop")
        .await
        .unwrap();
    told(&world, "alice", "does not allow you `build`").await;
    // Jenkins has the last word, as ever.
    let bob = world.host.user("bob");
    bob.post("town-square", "@command-center build shop")
        .await
        .unwrap();
    told(&world, "bob", "permission").await;
    assert!(world.cards().is_empty());
    let root = world.jenkins.url();
    for hostile in [
        "@all ![x](http://evil)",
        "status \"@all ![x](http://evil)\"",
        "status \u{201c}unclosed @channel",
        &"x".repeat(16_000),
    ] {
        let before = said_by_bot(&world, "alice", "@command-center").len();
        alice.post("@command-center", hostile).await.unwrap();
        let answer = world
            .host
            .wait_for("an answer", |_| {
                let mut posts = said_by_bot(&world, "alice", "@command-center");
                (posts.len() > before).then(|| posts.pop())?
            })
            .await;
        assert_harmless(&answer.message, &root);
    }
    world.host.assert_no_violations();
}
