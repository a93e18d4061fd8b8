//! The queue.

use std::time::Duration;

use simulators::jenkins::{BuildScript, Job, Parameter};

use crate::client::{Talk, queue_id, world};

fn waiting_job() -> Job {
    let script = BuildScript::success()
        .quiet_period(Duration::from_secs(5))
        .queue_time(Duration::from_secs(7))
        .executable_delay(Duration::from_secs(2))
        .duration(Duration::from_secs(60));
    Job::freestyle("x").script(script)
}

#[tokio::test]
async fn an_item_goes_from_waiting_to_a_build() {
    let talk = Talk::start(world().item(waiting_job())).await;
    let id = queue_id(&talk.post("/job/x/build").await);
    let path = format!("/queue/item/{id}/api/json");

    let item = talk.json(&path).await;
    assert_eq!(item["_class"], "hudson.model.Queue$WaitingItem");
    assert_eq!(item["why"], "In the quiet period. Expires in 5.0 sec");
    assert_eq!(item["timestamp"], talk.jenkins.now_millis() + 5_000);
    assert_eq!(item["task"]["name"], "x");
    assert_eq!(item["task"]["color"], "notbuilt");
    assert_eq!(item["url"], format!("queue/item/{id}/"));
    assert_eq!(talk.json("/queue/api/json").await["items"][0]["id"], id);
    assert_eq!(talk.json("/job/x/api/json").await["queueItem"]["id"], id);

    talk.jenkins.advance(Duration::from_secs(5));
    let item = talk.json(&path).await;
    assert_eq!(item["_class"], "hudson.model.Queue$BuildableItem");
    assert_eq!(item["why"], "Waiting for next available executor");
    assert_eq!(item["buildable"], true);

    talk.jenkins.advance(Duration::from_secs(7));
    let item = talk.json(&path).await;
    assert_eq!(item["_class"], "hudson.model.Queue$LeftItem");
    assert_eq!(item["cancelled"], false);
    assert!(item["executable"].is_null(), "for a moment");
    assert_eq!(
        talk.json("/queue/api/json").await["items"],
        serde_json::json!([])
    );

    talk.jenkins.advance(Duration::from_secs(2));
    let item = talk.json(&path).await;
    assert_eq!(item["executable"]["number"], 1);
    assert_eq!(
        item["executable"]["url"],
        format!("{}/job/x/1/", talk.jenkins.url())
    );
    assert_eq!(talk.json("/job/x/1/api/json").await["queueId"], id);
}

#[tokio::test]
async fn a_left_item_vanishes_after_five_minutes() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    let path = format!(
        "/queue/item/{}/api/json",
        queue_id(&talk.post("/job/x/build").await)
    );
    talk.jenkins.advance(Duration::from_secs(5 * 60 - 1));
    assert_eq!(talk.get(&path).await.status(), 200);
    talk.jenkins.advance(Duration::from_secs(1));
    assert_eq!(talk.get(&path).await.status(), 404);
    let builds = talk
        .json("/job/x/api/json?tree=builds[number,queueId]{0,50}")
        .await;
    assert_eq!(builds["builds"][0]["queueId"], 1, "the build still tells");
}

#[tokio::test]
async fn a_second_build_is_blocked_by_the_first() {
    let talk =
        Talk::start(world().item(Job::freestyle("x").script(BuildScript::success().until_told())))
            .await;
    talk.post("/job/x/build").await;
    let second = queue_id(&talk.post("/job/x/build").await);
    let item = talk.json(&format!("/queue/item/{second}/api/json")).await;
    assert_eq!(item["_class"], "hudson.model.Queue$BlockedItem");
    assert_eq!(item["blocked"], true);
    assert_eq!(item["why"], "Build #1 is already in progress (ETA: N/A)");
    talk.jenkins
        .finish_build("x", 1, simulators::jenkins::BuildResult::Success);
    assert_eq!(talk.jenkins.is_running("x", 2), Some(true));
}

#[tokio::test]
async fn cancelling_is_204_then_500_and_404_for_nobody() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    talk.jenkins.hold_queue("x");
    let id = queue_id(&talk.post("/job/x/build").await);
    assert_eq!(
        talk.post(&format!("/queue/cancelItem?id={id}"))
            .await
            .status(),
        204
    );
    let item = talk.json(&format!("/queue/item/{id}/api/json")).await;
    assert_eq!(item["_class"], "hudson.model.Queue$LeftItem");
    assert_eq!(item["cancelled"], true);
    assert!(item["executable"].is_null() && item["why"].is_null());
    assert_eq!(
        talk.post(&format!("/queue/cancelItem?id={id}"))
            .await
            .status(),
        500
    );
    assert_eq!(talk.post("/queue/cancelItem?id=999").await.status(), 404);
    talk.jenkins.release("x");
    assert_eq!(talk.jenkins.builds_started("x"), 0);
}

#[tokio::test]
async fn cancelling_without_the_permission_is_422() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    talk.jenkins.hold_queue("x");
    let id = queue_id(&talk.post("/job/x/build").await);
    let talk = talk.log_in("bob", "bob-token");
    assert_eq!(
        talk.post(&format!("/queue/cancelItem?id={id}"))
            .await
            .status(),
        422
    );
    assert_eq!(talk.jenkins.queued("x"), [id]);
}

#[tokio::test]
async fn a_delay_is_a_quiet_period() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    talk.post("/job/x/build?delay=30sec").await;
    talk.jenkins.advance(Duration::from_secs(29));
    assert_eq!(talk.jenkins.builds_started("x"), 0);
    talk.jenkins.advance(Duration::from_secs(1));
    assert_eq!(talk.jenkins.builds_started("x"), 1);
}

#[tokio::test]
async fn params_are_text_and_secrets_are_masked() {
    let job = Job::freestyle("x")
        .parameter(Parameter::string("A", "1"))
        .parameter(Parameter::password("B", "hidden"));
    let talk = Talk::start(world().item(job)).await;
    let id = queue_id(&talk.post("/job/x/buildWithParameters").await);
    let item = talk.json(&format!("/queue/item/{id}/api/json")).await;
    assert_eq!(item["params"], "\nA=1\nB=******");
    assert!(!item.to_string().contains("hidden"));
}
