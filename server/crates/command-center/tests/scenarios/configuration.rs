//! `/jenkins config`.

use mattermost_plugin::model::Post;
use simulators::jenkins::{Fault, Job};

use crate::control::answer;
use crate::create::attach;
use crate::harness::{BOB_TOKEN, World, jenkins_with};
use crate::hostile::HOSTILE;

/// The configuration that Jenkins has.
async fn stored(world: &World) -> String {
    let url = format!("{}/job/hello/config.xml", world.jenkins.url());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .get(url)
        .basic_auth("alice", Some(crate::harness::ALICE_TOKEN));
    request.send().await.unwrap().text().await.unwrap()
}

/// Types the command in the thread of a post with this file.
async fn change_to(world: &World, user: &str, xml: &str) -> (Post, String) {
    let builds = world.host.channel_id("builds");
    let post = attach(world, &builds, "config.xml", xml).await;
    let user = world.host.user(user);
    let outcome = user
        .run_command_in_thread("builds", &post.id, "/jenkins config change hello")
        .await;
    (post, outcome.expect("an answer").text())
}

/// What the bot sent to alice alone, with how many files.
fn sent(world: &World) -> Vec<(String, usize)> {
    let direct = world.host.user("alice").channel("@command-center");
    let Ok(direct) = direct else {
        return Vec::new();
    };
    let mut posts = world.host.server().read(|data| data.posts.all());
    posts.retain(|post| post.channel_id == direct && post.message.contains("onfiguration"));
    posts.sort_by_key(|post| post.create_at);
    let posts = posts.into_iter();
    posts
        .map(|post| (post.message, post.file_ids.len()))
        .collect()
}

#[tokio::test]
async fn a_configuration_is_changed_after_a_look_at_what_differs() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    let said = world.say("alice", "/jenkins config show hello").await;
    assert!(said.contains("in your direct messages"), "{said}");
    assert_eq!(sent(&world).len(), 1);
    assert_eq!(sent(&world)[0].1, 1);

    let before = stored(&world).await;
    let after = before.replace("<description>", "<description>changed here ``` @all");
    let (_, said) = change_to(&world, "alice", &before).await;
    assert!(said.contains("nothing was changed"), "{said}");

    change_to(&world, "alice", &after).await;
    let question = world.question("alice", "Change the configuration").await;
    let shown = &question.attachments()[0].text;
    assert!(
        shown.contains("1 line more, 1 line less") && shown.contains("changed here"),
        "{shown}"
    );
    answer(&world, "alice", &question, "no").await;
    assert_eq!(stored(&world).await, before);

    let (_, _) = change_to(&world, "alice", &after).await;
    let question = world.question("alice", "Change the configuration").await;
    answer(&world, "alice", &question, "yes").await;
    world.noticed("has been changed").await;
    assert_eq!(stored(&world).await, after);
    assert_eq!(world.audits("config-change"), ["success"]);
    let sent = sent(&world);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[1].0.contains("before your change"), "{sent:?}");
    world.host.assert_no_violations();
}

/// In the direct channel with the bot, the file and the words may be one post, or two.
#[tokio::test]
async fn an_answer_to_the_bot_changes_a_configuration_and_undoes_it() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    let before = stored(&world).await;
    let after = before.replace("<description>", "<description>one");
    let alice = world.host.user("alice");
    world.say("alice", "/jenkins config show hello").await;
    let direct = alice.channel("@command-center").unwrap();
    let file = attach(&world, &direct, "config.xml", &after).await;
    alice
        .reply("@command-center", &file.id, "config change hello")
        .await
        .unwrap();
    let question = world.question("alice", "Change the configuration").await;
    answer(&world, "alice", &question, "yes").await;
    world.noticed("has been changed").await;
    assert_eq!(stored(&world).await, after);
    let mut posts = world.host.server().read(|data| data.posts.all());
    posts.retain(|post| post.channel_id == direct && post.user_id != file.user_id);
    // Nobody asked what "here it is" means.
    assert!(
        posts
            .iter()
            .all(|post| !post.message.contains("There is no"))
    );
    let former = posts
        .iter()
        .find(|post| post.message.contains("before your change"))
        .expect("the former configuration");
    alice
        .reply("@command-center", &former.id, "config change hello")
        .await
        .unwrap();
    let question = world.question("alice", "Change the configuration").await;
    answer(&world, "alice", &question, "yes").await;
    world
        .host
        .wait_for("the second change", |_| {
            (world.audits("config-change").len() == 2).then_some(())
        })
        .await;
    assert_eq!(stored(&world).await, before);
}

#[tokio::test]
async fn what_changed_meanwhile_is_left_alone() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    let before = stored(&world).await;
    let after = before.replace("<description>", "<description>one");
    change_to(&world, "alice", &after).await;
    let question = world.question("alice", "Change the configuration").await;
    world.post_to_jenkins("/job/hello/disable").await;
    let meanwhile = stored(&world).await;
    assert_ne!(meanwhile, before);
    answer(&world, "alice", &question, "yes").await;
    world.told("alice", "changed meanwhile").await;
    assert_eq!(stored(&world).await, meanwhile);
    assert_eq!(sent(&world), []);
}

#[tokio::test]
async fn who_may_not_configure_learns_and_changes_nothing() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.connect("bob", BOB_TOKEN).await;
    for command in ["/jenkins config show hello", "/jenkins config change hello"] {
        let said = world.say("bob", command).await;
        assert!(
            said.contains("permission") || said.contains("in the thread"),
            "{command}: {said}"
        );
    }
    let (_, said) = change_to(&world, "bob", "<project/>").await;
    assert!(said.contains("permission"), "{said}");
    let (_, said) = change_to(&world, "alice", HOSTILE).await;
    assert!(said.contains("well-formed"), "{said}");
    let said = world.say("alice", "/jenkins config").await;
    assert!(said.contains("show") && said.contains("change"), "{said}");

    world
        .host
        .set_setting("JenkinsDestructiveRole", "system_admin")
        .await;
    let (_, said) = change_to(&world, "alice", "<project/>").await;
    assert!(said.contains("reserved for"), "{said}");
}

#[tokio::test]
async fn a_failure_of_jenkins_is_told_and_a_lost_answer_is_looked_for() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    let page = "POST /job/hello/config.xml";
    world.jenkins.inject(Fault::status(500).on(page).times(1));
    let before = stored(&world).await;
    let after = before.replace("<description>", "<description>one");
    change_to(&world, "alice", &after).await;
    let question = world.question("alice", "Change the configuration").await;
    answer(&world, "alice", &question, "yes").await;
    world.told("alice", "HTTP 500").await;
    assert_eq!(stored(&world).await, before);

    world
        .jenkins
        .inject(Fault::lose_response().on(page).times(1));
    change_to(&world, "alice", &after).await;
    let question = world.question("alice", "Change the configuration").await;
    answer(&world, "alice", &question, "yes").await;
    world.noticed("has been changed").await;
    assert_eq!(stored(&world).await, after);
    assert_eq!(world.audits("config-change"), ["attempt", "attempt"]);
}
