//! Looking at jobs and builds: `status`, `list`, `last`, `history`, `info`, `changes`, `stages`.

use std::time::Duration;

use simulators::jenkins::{
    BuildResult, BuildScript, Change, Fault, Folder, Job, LogText, Multibranch, Parameter, Stage,
};

use crate::harness::{ALICE_TOKEN, BOB_TOKEN, World, jenkins, jenkins_with};
use crate::hostile::{HOSTILE, assert_harmless};

/// All commands that look at a job.
const COMMANDS: [&str; 6] = ["status", "last", "history", "info", "changes", "stages"];

fn failing() -> BuildScript {
    BuildScript::failure()
        .stage(Stage::new("Build", Duration::from_secs(3)))
        .stage(
            Stage::new("Test", Duration::from_secs(2))
                .failing("script returned exit code 1")
                .log("1 test failed\n"),
        )
        .change(Change::new(
            "0123456789abcdef",
            "Alice Liddell",
            "alice@example.com",
            "Read the status line\n\nAnd more.",
        ))
        .culprit("Alice Liddell")
}

fn pipeline() -> Job {
    Job::pipeline("deploy")
        .description("Rolls a <b>version</b> out")
        .parameter(Parameter::choice("TARGET", ["staging", "production"]).description("Where to"))
        .parameter(Parameter::password("SECRET", "s3cret"))
        .past_build(BuildScript::success())
        .past_build(failing())
}

#[track_caller]
fn assert_tells(said: &str, expected: &[&str]) {
    for words in expected {
        assert!(said.contains(words), "{words:?} in {said}");
    }
}

#[tokio::test]
async fn a_job_and_its_builds_are_shown_to_who_asks() {
    let world = World::with_alice(jenkins_with(pipeline())).await;
    for (command, expected) in [
        (
            "status deploy",
            &[
                ":x: **Job '[deploy](",
                "Last result: :x:",
                "/job/deploy/2/",
                "Last success",
                "Health",
            ][..],
        ),
        (
            "last deploy",
            &["Last build", "/deploy/2/", "Failure", "Changes", "1 commit"],
        ),
        (
            "history deploy",
            &["/deploy/2/", "Failure", "/deploy/1/", "Success"],
        ),
        ("history deploy --limit 1", &["/deploy/2/", "All builds"]),
        (
            "info deploy",
            &[
                "> Rolls a version out",
                "`TARGET` (one of `staging` `production`, default `staging`): Where to",
                "`SECRET` (password)",
                "Next build: #3",
            ],
        ),
        (
            "changes deploy",
            &[
                "`01234567` Read the status line (Alice Liddell",
                "Who changed something:** Alice Liddell",
            ],
        ),
        ("changes deploy 1", &["no changes"]),
        (
            "stages deploy",
            &[
                "`Build` passed after 3 s",
                ":x: `Test` failed after 2 s: script returned exit code 1",
            ],
        ),
        ("stages deploy lastSuccessfulBuild", &["no stages"]),
    ] {
        let outcome = world.run("alice", &format!("/jenkins {command}")).await;
        assert_eq!(outcome.posts.len(), 0, "only who asks is told: {command}");
        assert_tells(&outcome.text(), expected);
        assert!(!outcome.text().contains("s3cret"), "{command}");
    }
    let one = world
        .say("alice", "/jenkins history deploy --limit 1")
        .await;
    assert!(!one.contains("/deploy/1/"), "{one}");
    world.host.assert_no_secret(ALICE_TOKEN);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_runs_and_what_waits_is_in_the_status() {
    let script = BuildScript::success().until_told();
    let config = jenkins_with(Job::freestyle("hello").script(script)).frozen();
    let world = World::with_alice(config).await;
    let said = world.say("alice", "/jenkins status hello").await;
    assert_tells(&said, &["Not built", "none so far"]);
    world.run("alice", "/jenkins build hello").await;
    world.jenkins.wait_for_build("hello", 1).await;
    let said = world.say("alice", "/jenkins status hello").await;
    assert_tells(&said, &["Running: :arrow_forward:", "Alice"]);
    world.run("alice", "/jenkins build hello").await;
    world.jenkins.wait_for_queued("hello").await;
    let said = world.say("alice", "/jenkins status hello").await;
    assert_tells(&said, &["In queue: :hourglass:"]);
    let said = world.say("alice", "/jenkins last hello").await;
    assert_tells(&said, &["Running"]);
    let said = world.say("alice", "/jenkins list --running").await;
    assert_tells(&said, &["hello", "running"]);
}

#[tokio::test]
async fn jobs_are_listed_by_folder_and_by_state() {
    let config = jenkins()
        .item(Job::freestyle("top").past_build(BuildScript::success()))
        .item(
            Folder::new("team")
                .item(Job::freestyle("good").past_build(BuildScript::success()))
                .item(
                    Folder::new("inner")
                        .item(Job::freestyle("bad").past_build(BuildScript::failure())),
                ),
        )
        .item(
            Multibranch::new("repo")
                .branch("main")
                .branch("feature/foo"),
        );
    let world = World::with_alice(config).await;
    let said = world.say("alice", "/jenkins list").await;
    assert_tells(
        &said,
        &[
            "1 job, 2 folders",
            ":white_check_mark: [top](",
            ":file_folder: [team](",
        ],
    );
    assert!(!said.contains("[good]"), "{said}");
    for command in ["list team", "status team", "list /job/team/"] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert_tells(
            &said,
            &["Jobs in '[team](", "[good](", ":file_folder: [inner]("],
        );
        assert!(!said.contains("[bad]"), "{said}");
    }
    let said = world.say("alice", "/jenkins list repo").await;
    assert_tells(&said, &["[feature/foo](", "feature%252Ffoo/)", "[main]("]);
    for command in ["list --failed", "list team --failed"] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert_tells(&said, &["1 job, 1 failed", "inner/bad]("]);
        assert!(!said.contains("good"), "{said}");
    }
    let said = world.say("alice", "/jenkins list repo --failed").await;
    assert_tells(&said, &["no job that failed in '[repo]("]);
    let said = world.say("alice", "/jenkins list top").await;
    assert_tells(&said, &["**Job '[top]("]);
    let said = world.say("alice", "/jenkins list nowhere").await;
    assert_tells(&said, &["nowhere", "no job"]);
    let said = world.say("alice", "/jenkins list --failed --running").await;
    assert!(
        said.contains("--failed") && said.contains("--running"),
        "{said}"
    );
}

#[tokio::test]
async fn an_empty_jenkins_and_a_large_one_are_listed() {
    let world = World::with_alice(jenkins()).await;
    let said = world.say("alice", "/jenkins list").await;
    assert_tells(&said, &["nothing that you may see"]);
    let world = World::with_alice(jenkins().generated_jobs(2_000)).await;
    let said = world.say("alice", "/jenkins list").await;
    assert!(said.chars().count() < 16_000);
    assert_tells(&said, &["20 folders", "[team-000]("]);
    let said = world.say("alice", "/jenkins list team-001").await;
    assert_tells(&said, &["100 jobs", "and 50 more: "]);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    let script = BuildScript::new(BuildResult::Unstable)
        .description(HOSTILE)
        .stage(
            Stage::new(HOSTILE, Duration::from_secs(1))
                .failing(HOSTILE)
                .log("x\n"),
        )
        .change(Change::new("abc", HOSTILE, "x@example.com", HOSTILE))
        .culprit(HOSTILE);
    let job = Job::pipeline(HOSTILE)
        .display_name(HOSTILE)
        .description(HOSTILE)
        .parameter(Parameter::choice(HOSTILE, [HOSTILE]).description(HOSTILE))
        .past_build(script);
    let config = jenkins()
        .item(Folder::new("folder @all").item(Job::freestyle(HOSTILE)))
        .item(job);
    let world = World::with_alice(config).await;
    let root = world.jenkins.url();
    for command in COMMANDS {
        let said = world
            .say("alice", &format!("/jenkins {command} \"{HOSTILE}\""))
            .await;
        assert!(said.contains("evil"), "{command}: {said}");
        assert_harmless(&said, &root);
    }
    for command in [
        "list",
        "list --failed",
        "list \"folder @all\"",
        "list \"@all\"",
    ] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert!(said.contains("all"), "{command}: {said}");
        assert_harmless(&said, &root);
    }
    world.host.assert_no_violations();
}

#[tokio::test]
async fn whatever_is_wrong_is_told() {
    let world = World::start(jenkins_with(
        pipeline().past_build(BuildScript::success().log(LogText::lines(["x"]))),
    ))
    .await;
    for command in COMMANDS {
        let said = world
            .say("alice", &format!("/jenkins {command} deploy"))
            .await;
        assert!(said.contains("/jenkins connect"), "{command}: {said}");
    }
    world.connect("alice", ALICE_TOKEN).await;
    for command in COMMANDS {
        let said = world
            .say("alice", &format!("/jenkins {command} nothing"))
            .await;
        assert_tells(&said, &["no job", "nothing"]);
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert!(said.contains("job"), "{command}: {said}");
    }
    for command in ["changes deploy 99", "stages deploy 99"] {
        let said = world.say("alice", &format!("/jenkins {command}")).await;
        assert_tells(&said, &["no build", "99"]);
    }
    for (fault, expected) in [
        (Fault::login_page(), "log"),
        (Fault::garbage_json(), "Jenkins"),
        (Fault::status(403), "Jenkins"),
        (Fault::cut_body(20), "connection"),
    ] {
        let id = world.jenkins.inject(fault.on("/job/deploy/*"));
        for command in COMMANDS {
            let outcome = world
                .run("alice", &format!("/jenkins {command} deploy"))
                .await;
            let said = match outcome.text() {
                waiting if waiting.contains(":hourglass: Waiting") => {
                    world.told("alice", expected).await
                }
                said => said,
            };
            assert!(said.contains(expected), "{command}: {said}");
            assert!(!said.contains("Success"), "{command}: {said}");
        }
        world.jenkins.remove_fault(id);
    }
    world.host.assert_no_secret(ALICE_TOKEN);
}

/// Somebody who may only look sees what Jenkins shows to them, with their own account.
#[tokio::test]
async fn everybody_asks_with_their_own_account() {
    let world = World::with_alice(jenkins_with(pipeline())).await;
    world.connect("bob", BOB_TOKEN).await;
    world.jenkins.clear_requests();
    let said = world.say("bob", "/jenkins status deploy").await;
    assert_tells(&said, &["deploy"]);
    let requests = world.jenkins.requests();
    assert!(!requests.is_empty());
    assert!(requests.iter().all(|request| request.user() == Some("bob")));
}
