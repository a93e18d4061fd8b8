//! What need not be typed: default jobs and servers, aliases.

use simulators::jenkins::{BuildScript, JenkinsSimulator, Job, LogText, Multibranch, Parameter};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins, jenkins_with, stored};
use crate::parameters::button_post;

fn log(text: &'static str) -> BuildScript {
    BuildScript::success().log(LogText::lines([text]))
}

/// Waits until so many results are told.
async fn results(world: &World, count: usize) {
    world
        .host
        .wait_for("results", |_| {
            (world.announcements().len() == count).then_some(())
        })
        .await;
}

#[tokio::test]
async fn the_default_job_is_meant_where_none_is_named() {
    let config = jenkins()
        .item(Job::freestyle("mine").script(log("of mine")))
        .item(Job::freestyle("ours").script(log("of ours")));
    let world = World::with_alice(config).await;
    let said = world.say("alice", "/jenkins build").await;
    assert!(
        said.contains("Please specify a job name") && said.contains("/jenkins default set"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins default set MINE").await;
    assert!(said.contains("Your default job is `mine` now"), "{said}");
    let said = world.say("alice", "/jenkins build").await;
    assert_eq!(said, "Meant was your default job `mine`.");
    results(&world, 1).await;
    assert_eq!(world.jenkins.builds_requested("mine"), 1);

    // What a channel agrees on comes first, and not everybody decides it.
    let refused = world
        .say("alice", "/jenkins default set ours --channel")
        .await;
    assert!(
        refused.contains("Only somebody who administers"),
        "{refused}"
    );
    world
        .host
        .set_setting("JenkinsSubscriptionManagers", "member")
        .await;
    let said = world
        .say("alice", "/jenkins default set ours --channel")
        .await;
    assert!(
        said.contains("This channel's default job is `ours`"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins build").await;
    assert_eq!(said, "Meant was this channel's default job `ours`.");
    results(&world, 2).await;
    assert_eq!(world.jenkins.builds_requested("ours"), 1);
    for command in [
        "/jenkins get-log",
        "/jenkins get-log 1",
        "/jenkins get-log #1 --lines 3",
    ] {
        let said = world.say("alice", command).await;
        assert!(
            said.contains("this channel's default job `ours`"),
            "{command}: {said}"
        );
    }
    let posts = world.host.server().read(|data| data.posts.all());
    let logs = posts.iter().filter(|post| post.message.contains("of ours"));
    assert_eq!(logs.count(), 3);

    let said = world.say("alice", "/jenkins default").await;
    assert!(
        said.contains("this channel: job `ours`") && said.contains("job `mine`"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins delete").await;
    assert!(
        said.contains("job"),
        "nothing is deleted that was not named: {said}"
    );
    let said = world.say("alice", "/jenkins default clear --channel").await;
    assert!(
        said.contains("This channel has no default job any more"),
        "{said}"
    );
    world.say("alice", "/jenkins default clear").await;
    let keys: Vec<String> = stored(&world.host).into_keys().collect();
    assert!(
        !keys.iter().any(|key| key.contains("shortcuts")),
        "{keys:?}"
    );
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_number_can_be_a_job() {
    let config = jenkins()
        .item(Job::freestyle("7").past_build(log("of seven")))
        .item(Job::freestyle("other").past_build(log("of other")));
    let world = World::with_alice(config).await;
    world.say("alice", "/jenkins default set other").await;
    world.say("alice", "/jenkins get-log 7").await;
    let found = world
        .host
        .wait_for_post(|post| post.message.contains("of "))
        .await;
    assert!(found.message.contains("of seven"), "{}", found.message);
    world.say("alice", "/jenkins get-log 1").await;
    world
        .host
        .wait_for_post(|post| post.message.contains("of other"))
        .await;
}

#[tokio::test]
async fn nobody_is_given_a_default_that_they_may_not_see() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    for command in [
        "/jenkins default set nothing",
        "/jenkins alias add x nothing",
    ] {
        let said = world.say("alice", command).await;
        assert!(
            said.contains("There is no job `nothing`"),
            "{command}: {said}"
        );
        let said = world.say("bob", command).await;
        assert!(said.contains("/jenkins connect"), "{command}: {said}");
    }
    assert!(
        !stored(&world.host)
            .into_keys()
            .any(|key| key.contains("shortcuts"))
    );
}

#[tokio::test]
async fn an_alias_stands_for_a_job_with_its_parameters() {
    let job = Job::freestyle("deploy")
        .parameter(Parameter::string("ENV", "test"))
        .parameter(Parameter::string("VERSION", "1"))
        .parameter(Parameter::password("TOKEN", "default-secret"))
        .script(log("deployed"));
    let shop = Multibranch::new("shop").branch("main").branch("release/1");
    let world = World::with_alice(jenkins().item(job).item(shop)).await;
    let said = world
        .say(
            "alice",
            "/jenkins alias add Prod deploy ENV=prod \"VERSION=a b\"",
        )
        .await;
    assert!(
        said.contains("`prod` is your alias for `deploy` with `ENV=prod`, `VERSION=a b`"),
        "{said}"
    );
    let said = world.say("alice", "/jenkins build PROD VERSION=2").await;
    assert!(!said.contains("is no parameter"), "{said}");
    world
        .told("alice", "`prod` is your alias for `deploy`")
        .await;
    results(&world, 1).await;
    let given = world.jenkins.build_parameters("deploy", 1);
    let value = |name: &str| {
        given
            .iter()
            .find(|one| one.name() == name)
            .unwrap()
            .value()
            .to_owned()
    };
    assert_eq!(
        (value("ENV").as_str(), value("VERSION").as_str()),
        ("prod", "2")
    );

    for (command, words) in [
        (
            "/jenkins alias add p deploy TOKEN=hunter2",
            "`TOKEN` is a password",
        ),
        ("/jenkins alias add p deploy ENVV=x", "`ENVV`"),
        ("/jenkins alias add a/b deploy", "is no alias"),
        ("/jenkins alias add last deploy", "is no alias"),
        ("/jenkins alias add `@all` deploy", "is no alias"),
        (
            "/jenkins alias delete nothing",
            "You have no alias `nothing`",
        ),
    ] {
        let said = world.say("alice", command).await;
        assert!(said.contains(words), "{command}: {said}");
    }
    world.host.assert_no_secret("hunter2");

    world
        .say("alice", "/jenkins alias add rel shop/release/1")
        .await;
    let said = world.say("alice", "/jenkins build rel").await;
    assert_eq!(said, "`rel` is your alias for `shop/release/1`.");
    assert_eq!(world.jenkins.builds_requested("shop/release%2F1"), 1);
    let list = world.say("alice", "/jenkins alias list").await;
    assert!(
        list.contains("`prod`: `deploy` with") && list.contains("`rel`: `shop/release/1`"),
        "{list}"
    );
    // Aliases are one's own.
    world.connect("bob", BOB_TOKEN).await;
    let said = world.say("bob", "/jenkins build rel").await;
    assert!(said.contains("There is no job `rel`"), "{said}");
    let said = world.say("alice", "/jenkins alias delete REL").await;
    assert!(said.contains("no longer"), "{said}");
    let said = world.say("alice", "/jenkins build rel").await;
    assert!(said.contains("There is no job `rel`"), "{said}");
}

#[tokio::test]
async fn a_job_of_that_name_comes_before_an_alias() {
    let config = jenkins()
        .item(Job::freestyle("deploy"))
        .item(Job::freestyle("other"));
    let world = World::with_alice(config).await;
    world.say("alice", "/jenkins alias add deploy other").await;
    let said = world.say("alice", "/jenkins build deploy").await;
    assert!(
        said.contains("There is a job `deploy`, so your alias of that name does not count"),
        "{said}"
    );
    assert_eq!(world.jenkins.builds_requested("deploy"), 1);
    assert_eq!(world.jenkins.builds_requested("other"), 0);
}

#[tokio::test]
async fn servers_are_listed_and_one_is_meant() {
    let legacy = JenkinsSimulator::start(jenkins_with(Job::freestyle("old")).version("2.400"))
        .await
        .expect("a free port");
    let line = format!("legacy {}", legacy.url());
    let world = World::start_with(jenkins().item(Job::freestyle("new")), |builder| {
        builder.setting("JenkinsServers", line)
    })
    .await;
    world.connect("alice", ALICE_TOKEN).await;
    let said = world.say("alice", "/jenkins server").await;
    assert!(
        said.contains("`main` (meant where none is named)"),
        "{said}"
    );
    assert!(
        said.contains("you are alice") && said.contains("Jenkins 2\\.400"),
        "{said}"
    );
    assert!(said.contains("/jenkins connect --server legacy"), "{said}");
    let said = world.say("alice", "/jenkins server default LEGACY").await;
    assert!(said.contains("Your default server is `legacy`"), "{said}");
    let said = world.say("alice", "/jenkins server default nowhere").await;
    assert!(
        said.contains("`nowhere`") && said.contains("`legacy`"),
        "{said}"
    );

    let connect = format!("/jenkins connect alice {ALICE_TOKEN}");
    assert!(world.say("alice", &connect).await.contains("successfully"));
    assert_eq!(world.say("alice", "/jenkins build old").await, "");
    assert_eq!(legacy.builds_requested("old"), 1);
    let said = world.say("alice", "/jenkins build new").await;
    assert!(said.contains("There is no job `new`"), "{said}");
    assert_eq!(world.say("alice", "/jenkins build main:new").await, "");
    world.say("alice", "/jenkins alias add n main:new").await;
    let said = world.say("alice", "/jenkins build n").await;
    assert_eq!(said, "`n` is your alias for `new`.");
    let said = world.say("alice", "/jenkins build n --server legacy").await;
    assert!(said.contains("There is no job `n`"), "{said}");
    legacy.stop_listening().await;
    let said = world.say("alice", "/jenkins server").await;
    assert!(
        said.contains("`legacy` (meant") && said.contains("`main`: "),
        "{said}"
    );
    let said = world.say("alice", "/jenkins server default --clear").await;
    assert!(
        said.contains("You have no default server any more"),
        "{said}"
    );
    world.host.assert_no_secret(ALICE_TOKEN);
}

#[tokio::test]
async fn the_doctor_offers_to_connect() {
    let world = World::start(jenkins_with(Job::freestyle("hello"))).await;
    world.run("alice", "/jenkins doctor").await;
    let post = button_post(&world, "alice", "Connect").await;
    assert!(post.message.contains("Jenkins doctor"), "{}", post.message);
    let alice = world.host.user("alice");
    alice.click(&post.id, "Connect").await.unwrap();
    let dialog = alice.dialog().expect("a dialog").request.dialog;
    assert_eq!(dialog.title, "Connect to Jenkins");
    let filled_in = [("user", "alice".into()), ("token", ALICE_TOKEN.into())];
    let answer = alice.submit_dialog("builds", &filled_in).await.unwrap();
    assert!(answer.closed, "{answer:?}");
    let said = world.say("alice", "/jenkins doctor").await;
    assert!(
        said.contains("Your account"),
        "nothing is left to offer: {said}"
    );
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}
