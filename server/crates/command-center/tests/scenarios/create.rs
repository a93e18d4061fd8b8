//! `/jenkins createjob`.

use mattermost_plugin::model::{Channel, Post, SubmitDialogRequest, SubmitDialogResponse};
use serde_json::{Value, json};
use simulators::jenkins::{Fault, Folder, Job};

use crate::harness::{BOB_TOKEN, World, jenkins, jenkins_with};

const XML: &str = "<?xml version='1.1' encoding='UTF-8'?>\n<project><description>made here</description></project>";

async fn fill_in(world: &World, name: &str, xml: &str) -> Vec<(String, String)> {
    let fields: [(&str, Value); 2] = [("JobName", json!(name)), ("ConfigXml", json!(xml))];
    let alice = world.host.user("alice");
    let submitted = alice.submit_dialog("builds", &fields).await;
    let submission = submitted.expect("the dialog is taken");
    let error = Some(("".to_owned(), submission.error)).filter(|(_, error)| !error.is_empty());
    submission.errors.into_iter().chain(error).collect()
}

#[tokio::test]
async fn a_job_is_made_of_what_is_filled_in() {
    let world = World::with_alice(jenkins()).await;
    let outcome = world.run("alice", "/jenkins createjob").await;
    assert_eq!(outcome.dialogs.len(), 1);
    let errors = fill_in(&world, "team/new", "<project>").await;
    assert_eq!(errors[0].0, "ConfigXml");
    assert!(errors[0].1.contains("well-formed"), "{errors:?}");
    let errors = fill_in(&world, "team/a?b", XML).await;
    assert!(errors[0].1.contains("does not allow"), "{errors:?}");
    // The dialog is still open with what was filled in: now it is right.
    assert_eq!(fill_in(&world, "team/new", XML).await, []);
    let notice = world.noticed("has been created").await;
    assert!(
        notice.contains("team/new") && notice.contains("have been made: `team`"),
        "{notice}"
    );
    assert!(world.jenkins.has_item("team/new"));
    let said = world
        .say("alice", "/jenkins createjob team/new --from team/new")
        .await;
    assert!(said.contains("there already"), "{said}");
    world.host.assert_no_violations();
}

#[tokio::test]
async fn a_job_is_copied() {
    let config = jenkins_with(Job::freestyle("hello")).item(Folder::new("team"));
    let world = World::with_alice(config).await;
    world
        .run("alice", "/jenkins createjob team/copy --from hello")
        .await;
    let notice = world.noticed("as a copy of `hello`").await;
    assert!(!notice.contains("have been made"), "{notice}");
    let said = world.say("alice", "/jenkins build team/copy").await;
    assert_eq!(said, "");
    world.announced().await;
    world.connect("bob", BOB_TOKEN).await;
    let said = world
        .say("bob", "/jenkins createjob other --from hello")
        .await;
    assert!(said.contains("permission"), "{said}");
    assert!(!world.jenkins.has_item("other"));
}

#[tokio::test]
async fn a_failure_keeps_the_dialog_and_what_is_in_it() {
    let world = World::with_alice(jenkins()).await;
    world
        .jenkins
        .inject(Fault::status(500).on("POST /createItem").times(1));
    world.run("alice", "/jenkins createjob").await;
    let errors = fill_in(&world, "new", XML).await;
    assert!(errors[0].1.contains("HTTP 500"), "{errors:?}");
    assert_eq!(fill_in(&world, "new", XML).await, []);
    world.noticed("has been created").await;
}

/// A post of alice in a channel, with a file.
pub(crate) async fn attach(world: &World, channel_id: &str, name: &str, content: &str) -> Post {
    let api = world.host.plugin_api(0);
    let content = bytes::Bytes::copy_from_slice(content.as_bytes());
    let file = api
        .upload_file(content, channel_id.to_owned(), name.to_owned())
        .await
        .unwrap();
    let post = Post {
        file_ids: vec![file.id],
        ..Post::new(world.host.user_id("alice"), channel_id, "here it is")
    };
    api.create_post(post).await.unwrap()
}

#[tokio::test]
async fn a_file_of_the_thread_is_taken_and_of_no_other_channel() {
    let world = World::with_alice(jenkins()).await;
    let builds = world.host.channel_id("builds");
    let post = attach(&world, &builds, "config.xml", XML).await;
    let alice = world.host.user("alice");
    let command = "/jenkins createjob new --attached";
    let said = world.say("alice", command).await;
    assert!(said.contains("in the thread of that post"), "{said}");
    alice
        .run_command_in_thread("builds", &post.id, command)
        .await
        .unwrap();
    world.noticed("has been created").await;

    let broken = attach(&world, &builds, "broken.xml", "<a>").await;
    let said = alice
        .run_command_in_thread("builds", &broken.id, "/jenkins createjob b --attached")
        .await;
    let said = said.unwrap().text();
    assert!(said.contains("well-formed"), "{said}");

    let api = world.host.plugin_api(0);
    let team_id = api.get_channel(builds).await.unwrap().team_id;
    let secret = api
        .create_channel(Channel {
            team_id,
            r#type: Channel::PRIVATE.to_owned(),
            name: "secret".to_owned(),
            display_name: "Secret".to_owned(),
            ..Channel::default()
        })
        .await
        .unwrap();
    let elsewhere = attach(&world, &secret.id, "config.xml", XML).await;
    let said = alice
        .run_command_in_thread("builds", &elsewhere.id, "/jenkins createjob c --attached")
        .await;
    let said = said.map(|outcome| outcome.text()).unwrap_or_default();
    assert!(!world.jenkins.has_item("c"), "{said}");
}

#[tokio::test]
async fn a_dialog_of_somebody_else_makes_nothing() {
    let world = World::with_alice(jenkins()).await;
    world.connect("bob", BOB_TOKEN).await;
    world.run("alice", "/jenkins createjob").await;
    let state = world
        .host
        .user("alice")
        .dialog()
        .unwrap()
        .request
        .dialog
        .state;
    for state in [state.as_str(), "", "jenkins_watch_v1_"] {
        let request = SubmitDialogRequest {
            user_id: world.host.user_id("alice"),
            state: state.to_owned(),
            submission: json!({"JobName": "x", "ConfigXml": XML})
                .as_object()
                .unwrap()
                .clone(),
            ..SubmitDialogRequest::default()
        };
        let answer: SubmitDialogResponse = crate::input::post_dialog(
            &world,
            "bob",
            "/plugins/command-center/api/v1/jenkins/create-job",
            &request,
        )
        .await;
        assert!(answer.error.contains("createjob again"), "{answer:?}");
    }
    assert!(!world.jenkins.has_item("x"));
}
