//! `/jenkins build`: one build from the command to its result.

use std::time::Duration;

use simulators::jenkins::{
    BuildResult, BuildScript, Fault, Folder, Job, Multibranch, Parameter, Stage,
};

use crate::harness::{World, jenkins, jenkins_with};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn one_card_goes_from_the_queue_to_the_result() {
    let script = BuildScript::success()
        .why("Waiting for a *free* executor")
        .until_told();
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.jenkins.hold_queue("hello");
    let outcome = world.run("alice", "/jenkins build hello").await;
    assert_eq!(outcome.text(), "", "the card says it all");
    let queued = world.card(|card| card.text().contains("free")).await;
    assert!(
        queued.text().contains("in queue") && queued.text().contains(r"\*free\*"),
        "{}",
        queued.text()
    );
    assert_eq!(queued.post.message, "");

    world.jenkins.release("hello");
    let running = world
        .card(|card| card.text().contains("has been started"))
        .await;
    assert_eq!(running.post.id, queued.post.id, "edited in place");
    assert!(
        running.text().contains("#1") && running.text().contains("/job/hello/1/"),
        "{}",
        running.text()
    );

    world
        .jenkins
        .finish_build("hello", 1, BuildResult::Unstable);
    world.announced().await;
    world.settled().await;
    world.assert_told_once("unstable");
    assert_eq!(world.cards()[0].post.id, queued.post.id);
    assert!(world.cards()[0].field("Duration").is_some());
    assert_eq!(world.jenkins.builds_requested("hello"), 1);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_pipeline_shows_its_stage_and_where_it_failed() {
    let script = BuildScript::success()
        .stage(Stage::new("Checkout", seconds(10)))
        .stage(Stage::new("Test <b>", seconds(60)).failing("3 tests failed"));
    let config = jenkins_with(
        Job::pipeline("pipe")
            .past_build(script.clone())
            .script(script),
    )
    .frozen();
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build pipe").await;
    world
        .card(|card| card.field("Stage").as_deref() == Some("Checkout"))
        .await;
    world.jenkins.advance(seconds(25));
    world.clock.advance(seconds(25));
    let card = world
        .card(|card| {
            card.field("Stage")
                .is_some_and(|stage| stage.starts_with("Test"))
        })
        .await;
    assert!(card.field("Progress").is_some(), "{}", card.text());
    world.jenkins.advance(seconds(60));
    world.announced().await;
    world.assert_told_once("failed");
    assert!(
        world.cards()[0]
            .field("Stage")
            .is_some_and(|stage| stage.starts_with("Test")),
        "{}",
        world.cards()[0].text()
    );
}

#[tokio::test]
async fn jobs_are_found_however_they_are_named() {
    let script = BuildScript::success().duration(seconds(1));
    let job = |name: &str| Job::freestyle(name).script(script.clone());
    let config = jenkins()
        .context_path("/ci")
        .public_url("https://ci.example.com/jenkins")
        .item(Folder::new("a folder").item(job("100% сборка")))
        .item(
            Multibranch::new("repo")
                .branch_job(Job::branch("feature/login").script(script.clone()))
                .branch("main"),
        );
    let world = World::with_alice(config).await;
    world
        .host
        .set_setting("JenkinsPublicURL", "https://ci.example.com/jenkins")
        .await;
    let folder = "a folder/100% сборка";
    let branch = "repo/feature%2Flogin";
    let internal = format!("{}/job/repo/job/feature%252Flogin/", world.jenkins.url());
    let typed = [
        ("/jenkins build a folder/100% сборка", folder),
        ("/jenkins build \"a folder/100% сборка\"", folder),
        ("/jenkins build repo/feature/login", branch),
        (
            "/jenkins build https://ci.example.com/jenkins/job/repo/job/feature%252Flogin/3/console",
            branch,
        ),
        (&format!("/jenkins build {internal}"), branch),
    ];
    for (count, (command, job)) in typed.into_iter().enumerate() {
        let before = world.jenkins.builds_requested(job);
        let said = world.say("alice", command).await;
        assert_eq!(said, "", "{command}");
        assert_eq!(world.jenkins.builds_requested(job), before + 1, "{command}");
        let told = world
            .host
            .wait_for("an announcement", |_| {
                Some(world.announcements()).filter(|told| told.len() == count + 1)
            })
            .await;
        assert!(
            told[count]
                .message
                .contains("https://ci.example.com/jenkins/job/"),
            "{}",
            told[count].message
        );
    }
    assert_eq!(world.cards().len(), typed.len());
}

#[tokio::test]
async fn what_cannot_be_built_is_explained() {
    let config = jenkins()
        .item(
            Multibranch::new("repo")
                .branch("main")
                .branch("feature/login"),
        )
        .item(Job::freestyle("hello-world"))
        .item(Job::freestyle("legacy").disabled())
        .item(Job::freestyle("picky").refuses_builds());
    let world = World::with_alice(config).await;
    world.connect("bob", crate::harness::BOB_TOKEN).await;
    for (user, command, expected) in [
        ("alice", "/jenkins build repo", "`repo/feature/login`"),
        (
            "alice",
            "/jenkins build helo-world",
            "Did you mean `hello-world`?",
        ),
        ("alice", "/jenkins build legacy", "disabled"),
        ("alice", "/jenkins build picky", "refused to queue"),
        ("bob", "/jenkins build hello-world", "`Job/Build`"),
        ("admin", "/jenkins build hello-world", "`/jenkins connect`"),
        (
            "alice",
            "/jenkins build https://other.example.com/job/x",
            "not to the Jenkins at",
        ),
    ] {
        let said = world.say(user, command).await;
        assert!(said.contains(expected), "{command}: {said}");
    }
    assert!(world.cards().is_empty());
    assert!(crate::harness::stored_watches(&world.host).is_empty());
}

#[tokio::test]
async fn parameters_are_checked_and_defaults_are_told() {
    let job = Job::pipeline("deploy")
        .parameter(Parameter::choice("TARGET", ["staging", "production"]))
        .parameter(Parameter::boolean("DRY", true))
        .parameter(Parameter::string("VERSION", "1.0"))
        .parameter(Parameter::password("SECRET", ""))
        .script(BuildScript::success().duration(seconds(1)));
    let world = World::with_alice(jenkins_with(job)).await;
    for (command, expected) in [
        ("/jenkins build deploy TARGET=moon", "`production`"),
        ("/jenkins build deploy DRY=perhaps", "`DRY`"),
        ("/jenkins build deploy VERSON=2", "`VERSION`"),
        ("/jenkins build deploy VERSION=2 VERSION=3", "given twice"),
    ] {
        let said = world.say("alice", command).await;
        assert!(said.contains(expected), "{command}: {said}");
    }
    assert_eq!(world.jenkins.builds_requested("deploy"), 0);

    let said = world
        .say(
            "alice",
            "/jenkins build deploy TARGET=production \"SECRET=marker secret\"",
        )
        .await;
    assert!(
        said.contains("`DRY`, `VERSION`") && !said.contains("`TARGET`"),
        "{said}"
    );
    world.jenkins.wait_for_build("deploy", 1).await;
    let given = world.jenkins.build_parameters("deploy", 1);
    let given: Vec<(&str, &str)> = given
        .iter()
        .map(|value| (value.name(), value.value()))
        .collect();
    assert_eq!(
        given,
        [
            ("TARGET", "production"),
            ("DRY", "true"),
            ("VERSION", "1.0"),
            ("SECRET", "marker secret")
        ]
    );
    world.announced().await;
    world.host.assert_no_secret("marker secret");
}

#[tokio::test]
async fn a_slow_jenkins_delays_no_reply() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").disabled())).await;
    world.jenkins.inject(
        Fault::delay(Duration::from_millis(2_200))
            .on("/job/hello/api/json")
            .times(1),
    );
    let start = std::time::Instant::now();
    let said = world.say("alice", "/jenkins build hello").await;
    assert!(start.elapsed() < seconds(2), "{:?}", start.elapsed());
    assert!(said.contains("Waiting for Jenkins"), "{said}");
    let alice = world.host.user("alice");
    let answer = |_: &_| {
        alice
            .ephemeral()
            .into_iter()
            .find(|post| post.message.contains("is disabled"))
    };
    world.host.wait_for("the answer", answer).await;
}

#[tokio::test]
async fn in_a_thread_all_is_told_in_the_thread() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().duration(seconds(1))),
    ))
    .await;
    let alice = world.host.user("alice");
    let root = alice.post("builds", "let us build").await.unwrap();
    alice
        .run_command_in_thread("builds", &root.id, "/jenkins build hello")
        .await
        .unwrap();
    world.announced().await;
    world.assert_told_once("succeeded");
    assert_eq!(world.cards()[0].post.root_id, root.id);
    let outcome = alice
        .run_command_in_thread("builds", &root.id, "/jenkins build nothing")
        .await
        .unwrap();
    assert_eq!(outcome.ephemeral[0].root_id, root.id);
}

#[tokio::test]
async fn a_cancelled_queue_item_is_told_as_cancelled() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.jenkins.hold_queue("hello");
    world.run("alice", "/jenkins build hello").await;
    let item = world.jenkins.wait_for_queued("hello").await;
    assert!(world.jenkins.cancel_queue_item(item));
    world.announced().await;
    world.settled().await;
    world.assert_told_once("was cancelled");
}

#[tokio::test]
async fn a_forgotten_queue_item_is_found_among_the_builds() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().until_told()),
    ))
    .await;
    world.jenkins.hold_queue("hello");
    world.run("alice", "/jenkins build hello").await;
    world.card(|card| card.text().contains("in queue")).await;
    // Nobody looks while the item leaves the queue and is forgotten.
    world.host.kill(0).await;
    world.jenkins.release("hello");
    world.jenkins.wait_for_build("hello", 1).await;
    world.advance(seconds(6 * 60));
    world.host.restart(0).await.unwrap();
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    world.announced().await;
    world.settled().await;
    world.assert_told_once("succeeded");
}

#[tokio::test]
async fn a_vanished_queue_item_is_told_after_a_minute_without_hurry() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.jenkins.hold_queue("hello");
    world.run("alice", "/jenkins build hello").await;
    world.card(|card| card.text().contains("in queue")).await;
    let item = world.jenkins.wait_for_queued("hello").await;
    world.host.kill(0).await;
    assert!(world.jenkins.cancel_queue_item(item));
    world.advance(seconds(6 * 60));
    world.host.restart(0).await.unwrap();
    world.jenkins.clear_requests();
    let start = tokio::time::Instant::now();
    world.jenkins.wait_for_nth_request("/queue/item/*", 6).await;
    assert!(
        world.clock.elapsed(start) >= seconds(5),
        "not faster than once in a second"
    );
    world.clock.advance(seconds(61));
    world.announced().await;
    world.settled().await;
    world.assert_told_once("vanished");
}

#[tokio::test]
async fn a_jenkins_that_restarts_is_waited_for() {
    let config =
        jenkins_with(Job::freestyle("hello").script(BuildScript::success().duration(seconds(100))))
            .restart_time(seconds(20));
    let world = World::with_alice(config).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.jenkins.restart();
    world
        .card(|card| card.text().contains("is restarting"))
        .await;
    world.jenkins.wait_until_up().await;
    world
        .card(|card| !card.text().contains("is restarting"))
        .await;
    world.announced().await;
    world.settled().await;
    assert_eq!((world.cards().len(), world.announcements().len()), (1, 1));
}

#[tokio::test]
async fn no_answer_is_no_result() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().until_told()),
    ))
    .await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    for fault in [
        Fault::login_page(),
        Fault::garbage_json(),
        Fault::status(502),
        Fault::drop_request(),
    ] {
        let fault = world.jenkins.inject(fault.on("/job/hello/1/*"));
        let seen = world.jenkins.requests_to("/job/hello/1/*").len();
        world
            .card(|card| card.text().contains("does not answer"))
            .await;
        assert!(world.jenkins.requests_to("/job/hello/1/*").len() > seen);
        world.jenkins.remove_fault(fault);
        world
            .card(|card| !card.text().contains("does not answer"))
            .await;
    }
    world.jenkins.stop_listening().await;
    world
        .card(|card| card.text().contains("does not answer"))
        .await;
    world.jenkins.resume().await.unwrap();
    world.jenkins.finish_build("hello", 1, BuildResult::Failure);
    world.announced().await;
    world.settled().await;
    world.assert_told_once("failed");
}

#[tokio::test]
async fn a_refused_token_can_be_replaced_in_flight() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().until_told()),
    ))
    .await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.say("alice", "/jenkins disconnect").await;
    world
        .card(|card| card.text().contains("refuses the requester's API token"))
        .await;
    world.connect("alice", crate::harness::ALICE_TOKEN).await;
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    world.announced().await;
    world.assert_told_once("succeeded");
}

#[tokio::test]
async fn a_deleted_build_is_told_as_deleted() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().until_told()),
    ))
    .await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    world.host.kill(0).await;
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    world.post_to_jenkins("/job/hello/1/doDelete").await;
    world.advance(seconds(10));
    world.host.restart(0).await.unwrap();
    let seen = world.jenkins.requests_to("/job/hello/1/api/*").len();
    world
        .jenkins
        .wait_for_nth_request("/job/hello/1/api/*", seen + 3)
        .await;
    assert!(world.announcements().is_empty(), "not at the first doubt");
    world.clock.advance(seconds(61));
    world.announced().await;
    world.settled().await;
    world.assert_told_once("is not known to Jenkins any more");
}

#[tokio::test]
async fn a_deleted_card_costs_only_the_card() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().until_told()),
    ))
    .await;
    world.run("alice", "/jenkins build hello").await;
    let card = world
        .card(|card| card.text().contains("has been started"))
        .await;
    world
        .host
        .user("admin")
        .delete(&card.post.id)
        .await
        .unwrap();
    world.jenkins.finish_build("hello", 1, BuildResult::Success);
    let told = world.announced().await;
    world.settled().await;
    assert!(world.cards().is_empty());
    assert_eq!(
        (world.announcements().len(), told.root_id.as_str()),
        (1, "")
    );
}

#[tokio::test]
async fn an_equal_build_in_the_queue_serves_both() {
    let job = Job::freestyle("hello").parameter(Parameter::string("N", "0"));
    let world = World::with_alice(jenkins_with(
        job.script(BuildScript::success().duration(seconds(1))),
    ))
    .await;
    world.jenkins.hold_queue("hello");
    world.run("alice", "/jenkins build hello N=1").await;
    world.jenkins.wait_for_queued("hello").await;
    let said = world.say("alice", "/jenkins build hello N=1").await;
    assert!(said.contains("was waiting already"), "{said}");
    world.jenkins.release("hello");
    world
        .host
        .wait_for("two announcements", |_| {
            (world.announcements().len() == 2).then_some(())
        })
        .await;
    assert_eq!(world.jenkins.builds_started("hello"), 1);
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_is_found_again() {
    let world = World::with_alice(jenkins_with(
        Job::freestyle("hello").script(BuildScript::success().duration(seconds(5))),
    ))
    .await;
    world
        .jenkins
        .inject(Fault::lose_response().on("POST /job/hello/build").times(1));
    let said = world.say("alice", "/jenkins build hello").await;
    assert!(said.contains("may have got the request"), "{said}");
    world.announced().await;
    world.settled().await;
    world.assert_told_once("succeeded");
    assert_eq!(
        (
            world.jenkins.builds_requested("hello"),
            world.jenkins.builds_started("hello")
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_lost_request_is_told_and_never_sent_again() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world
        .jenkins
        .inject(Fault::drop_request().on("POST /job/hello/build").times(1));
    let said = world.say("alice", "/jenkins build hello").await;
    assert!(said.contains("may have got the request"), "{said}");
    world.announced().await;
    world.settled().await;
    world.assert_told_once("probably not started");
    assert_eq!(
        (
            world.jenkins.builds_requested("hello"),
            world.jenkins.builds_started("hello")
        ),
        (1, 0)
    );
}

#[tokio::test]
async fn two_lost_answers_are_two_builds() {
    let script = BuildScript::success().duration(seconds(5));
    let world = World::with_alice(jenkins_with(
        Job::pipeline("hello")
            .parameter(Parameter::string("N", "0"))
            .script(script),
    ))
    .await;
    world
        .jenkins
        .inject(Fault::lose_response().on("POST /job/hello/*").times(2));
    let (first, second) = tokio::join!(
        world.say("alice", "/jenkins build hello N=1"),
        world.say("alice", "/jenkins build hello N=2")
    );
    assert!(
        first.contains("may have got") && second.contains("may have got"),
        "{first} {second}"
    );
    world
        .host
        .wait_for("two announcements", |_| {
            (world.announcements().len() == 2).then_some(())
        })
        .await;
    world.settled().await;
    let told: Vec<String> = world
        .announcements()
        .into_iter()
        .map(|post| post.message)
        .collect();
    assert!(
        told.iter().any(|told| told.contains("#1")) && told.iter().any(|told| told.contains("#2")),
        "{told:?}"
    );
}

/// An archived channel takes posts of plugins but lets nobody change one.
#[tokio::test]
async fn in_an_archived_channel_the_result_is_told_all_the_same() {
    let script = BuildScript::success().until_told();
    let world = World::with_alice(jenkins_with(Job::freestyle("hello").script(script))).await;
    world.run("alice", "/jenkins build hello").await;
    world
        .card(|card| card.text().contains("has been started"))
        .await;
    let channel = world.host.channel_id("builds");
    let now = world.host.clock().now();
    world.host.server().write(|data| {
        data.channels
            .get_mut(&channel)
            .expect("a channel")
            .delete_at = now;
    });
    world.jenkins.finish_build("hello", 1, BuildResult::Failure);
    let told = world.announced().await;
    world.settled().await;
    assert!(told.message.contains("failed"), "{}", told.message);
    assert_eq!(world.announcements().len(), 1);
}

/// Nobody can be told where no post can be made; the watch ends all the same.
#[tokio::test]
async fn a_watch_whose_posts_are_refused_is_given_up() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.jenkins.hold_queue("hello");
    let refused =
        mattermost_plugin::model::AppError::new("CreatePost", "you may not post here", 403);
    let fault = mattermost_devhost::Fault {
        error: Some(refused.into()),
        ..mattermost_devhost::Fault::fail(1_000)
    };
    world.host.fault("CreatePost", fault);
    world.run("alice", "/jenkins build hello").await;
    world.settled().await;
    assert!(world.host.calls("CreatePost") < 20);
    assert!(world.cards().is_empty() && world.announcements().is_empty());
}
