//! `/jenkins enable`, `disable`, `delete` and `scan`.

use std::time::Duration;

use mattermost_plugin::model::Post;
use simulators::jenkins::{BuildScript, Fault, Folder, Job, Multibranch};

use crate::harness::{BOB_TOKEN, World, jenkins, jenkins_with};

const NOTHING: Vec<String> = Vec::new();

pub(crate) async fn answer(world: &World, user: &str, question: &Post, button: &str) {
    let clicked = world.host.user(user).click(&question.id, button).await;
    clicked.expect("the click is taken");
}

#[tokio::test]
async fn a_job_is_disabled_and_enabled_as_read_back() {
    let world = World::with_alice(jenkins_with(Job::freestyle("*hello*"))).await;
    world.run("alice", "/jenkins disable *hello*").await;
    let notice = world.noticed("has been disabled").await;
    assert!(notice.contains(r"Job '\*hello\*'"), "{notice}");
    let said = world.say("alice", "/jenkins build *hello*").await;
    assert!(said.contains("disabled"), "{said}");
    let said = world.say("alice", "/jenkins disable *hello*").await;
    assert!(said.contains("disabled already"), "{said}");
    world.run("alice", "/jenkins enable *hello*").await;
    world.noticed("has been enabled").await;
    assert_eq!(world.audits("disable"), ["success"]);
    assert_eq!(world.audits("enable"), ["success"]);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn what_jenkins_refuses_is_not_told_as_done() {
    let config = jenkins_with(Job::freestyle("hello")).item(Folder::new("plain"));
    let world = World::with_alice(config).await;
    world.connect("bob", BOB_TOKEN).await;
    let said = world.say("bob", "/jenkins disable hello").await;
    assert!(said.contains("lacks the permission"), "{said}");
    let said = world.say("alice", "/jenkins disable plain").await;
    assert!(said.contains("is a folder"), "{said}");
    // Jenkins fails, and nobody knows what it did: it is looked at.
    world
        .jenkins
        .inject(Fault::status(500).on("POST /job/hello/disable"));
    let said = world.say("alice", "/jenkins disable hello").await;
    assert!(said.contains("HTTP 500"), "{said}");
    assert_eq!(world.notices(), NOTHING);
}

#[tokio::test]
async fn a_job_is_deleted_after_a_yes_and_can_be_made_again() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world.run("alice", "/jenkins delete hello").await;
    let question = world.question("alice", "Delete the job `hello`").await;
    answer(&world, "alice", &question, "no").await;
    world.run("alice", "/jenkins delete hello").await;
    let late = world.question("alice", "Delete the job `hello`").await;
    assert_ne!(late.id, question.id);
    world.advance(Duration::from_secs(6 * 60));
    answer(&world, "alice", &late, "yes").await;
    world.told("alice", "answered already").await;
    assert!(world.jenkins.has_item("hello"));

    world.run("alice", "/jenkins delete hello").await;
    let question = world.question("alice", "Delete the job `hello`").await;
    assert_ne!(late.id, question.id);
    answer(&world, "alice", &question, "yes").await;
    let notice = world.noticed("has been deleted").await;
    assert!(notice.contains("`@alice`"), "{notice}");
    assert!(!world.jenkins.has_item("hello"));
    assert_eq!(
        world.jenkins.requests_to("POST /job/hello/doDelete").len(),
        1
    );
    // Its buttons are gone, and a second click finds nothing.
    let shown = world.host.user("alice").ephemeral();
    let shown = shown.iter().find(|post| post.id == question.id).unwrap();
    assert!(shown.attachments()[0].actions.is_empty());
    assert!(shown.create_at > 0, "clients would show it as made in 1970");

    let posts = world.host.server().read(|data| data.posts.all());
    let kept = posts.iter().find(|post| !post.file_ids.is_empty()).unwrap();
    let undo = world
        .host
        .user("alice")
        .run_command_in_thread("builds", &kept.id, "/jenkins createjob hello --attached")
        .await;
    undo.expect("the command is taken");
    world.noticed("has been created").await;
    assert!(world.jenkins.has_item("hello"));
    assert_eq!(world.audits("delete"), ["success"]);
    assert_eq!(world.audits("createjob"), ["success"]);
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_folder_says_what_is_in_it_and_who_may_not_delete_leaves_no_trace() {
    let folder = Folder::new("folder")
        .item(Job::freestyle("a"))
        .item(Folder::new("deep").item(Job::freestyle("b")));
    let world = World::with_alice(jenkins().item(folder)).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("bob", "/jenkins delete folder").await;
    let question = world.question("bob", "2 jobs and 1 folder").await;
    answer(&world, "bob", &question, "yes").await;
    world.told("bob", "permission").await;
    assert!(world.jenkins.has_item("folder"));
    assert_eq!(world.notices(), NOTHING);

    world.run("alice", "/jenkins delete folder").await;
    let question = world.question("alice", "2 jobs and 1 folder").await;
    answer(&world, "alice", &question, "yes").await;
    world.noticed("Folder 'folder' has been deleted").await;
    assert!(!world.jenkins.has_item("folder/deep/b"));
}

#[tokio::test]
async fn a_lost_answer_to_a_deletion_is_looked_for() {
    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world
        .jenkins
        .inject(Fault::lose_response().on("POST /job/hello/doDelete"));
    world.run("alice", "/jenkins delete hello").await;
    let question = world.question("alice", "Delete the job").await;
    answer(&world, "alice", &question, "yes").await;
    world.noticed("has been deleted").await;

    let world = World::with_alice(jenkins_with(Job::freestyle("hello"))).await;
    world
        .jenkins
        .inject(Fault::drop_request().on("POST /job/hello/doDelete"));
    world.run("alice", "/jenkins delete hello").await;
    let question = world.question("alice", "Delete the job").await;
    answer(&world, "alice", &question, "yes").await;
    world.told("alice", "is still there").await;
    assert_eq!(world.notices(), NOTHING);
}

#[tokio::test]
async fn a_scan_ends_with_what_it_found() {
    let config = jenkins()
        .item(Multibranch::new("repo").branch("main"))
        .item(Job::freestyle("job"))
        .item(Folder::new("folder"));
    let world = World::with_alice(config).await;
    let script = BuildScript::success();
    world
        .jenkins
        .add_undiscovered("repo", Job::branch("feature/@all").script(script));
    world.run("alice", "/jenkins scan repo").await;
    let notice = world.noticed("The scan of 'repo' has ended").await;
    assert!(
        notice.contains("new: `feature/@all`") && notice.contains("There are 2 now"),
        "{notice}"
    );
    world.run("alice", "/jenkins reindex repo").await;
    world.noticed("nothing new").await;
    assert_eq!(world.jenkins.scans_started("repo"), 2);
    for (command, words) in [
        ("/jenkins scan job", "is a job"),
        ("/jenkins scan folder", "plain folder"),
    ] {
        let said = world.say("alice", command).await;
        assert!(said.contains(words), "{said}");
    }
}
