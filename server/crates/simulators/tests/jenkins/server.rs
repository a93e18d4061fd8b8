//! Jenkins as a whole: restarts, nodes, plugins.

use std::time::Duration;

use simulators::jenkins::{BuildScript, Job, Plugin};

use crate::client::{Talk, header, queue_id, world};

#[tokio::test]
async fn a_safe_restart_waits_for_builds_then_answers_503() {
    let script = BuildScript::success().duration(Duration::from_secs(30));
    let config = world()
        .restart_time(Duration::from_secs(10))
        .item(Job::freestyle("x").script(script))
        .item(Job::freestyle("y"));
    let talk = Talk::start(config).await;
    talk.post("/job/x/build").await;
    assert_eq!(
        talk.post("/safeRestart").await.status(),
        403,
        "alice may not"
    );
    let talk = talk.log_in("admin", "admin-token");
    assert_eq!(
        talk.post("/safeRestart?message=upgrade").await.status(),
        302
    );
    let root = talk
        .json("/api/json?tree=quietingDown,quietDownReason")
        .await;
    assert_eq!(
        (&root["quietingDown"], &root["quietDownReason"]),
        (&true.into(), &"upgrade".into())
    );
    let waiting = queue_id(&talk.post("/job/y/build").await);
    let item = talk.json(&format!("/queue/item/{waiting}/api/json")).await;
    assert_eq!(item["why"], "Jenkins is about to shut down");

    talk.jenkins.advance(Duration::from_secs(31));
    let down = talk.get("/api/json").await;
    assert_eq!(down.status(), 503);
    assert!(!header(&down, "x-jenkins").is_empty());
    assert!(header(&down, "content-type").starts_with("text/html"));
    assert_eq!(talk.jenkins.builds_started("y"), 0);

    talk.jenkins.advance(Duration::from_secs(10));
    assert_eq!(talk.json("/api/json").await["quietingDown"], false);
    assert_eq!(talk.jenkins.builds_started("y"), 1, "the queue survives");
    assert_eq!(talk.jenkins.restarts(), 1);
    talk.jenkins.wait_until_up().await;
}

#[tokio::test]
async fn quieting_down_can_be_cancelled() {
    let talk = Talk::start(world().item(Job::freestyle("x")))
        .await
        .log_in("admin", "admin-token");
    assert_eq!(talk.post("/quietDown").await.status(), 302);
    talk.post("/job/x/build").await;
    assert_eq!(talk.jenkins.builds_started("x"), 0);
    assert_eq!(talk.post("/cancelQuietDown").await.status(), 302);
    assert_eq!(talk.jenkins.builds_started("x"), 1);
}

#[tokio::test]
async fn plugins_are_for_those_who_see_the_system() {
    let plugins = world()
        .plugin(Plugin::new("git", "Git plugin", "5.8").with_update())
        .plugin(Plugin::new("cvs", "CVS", "2").disabled());
    let talk = Talk::start(plugins).await;
    let path = "/pluginManager/api/json?depth=1&tree=plugins[shortName,longName,version,enabled,active,hasUpdate]";
    let refused = talk.get(path).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(
        header(&refused, "x-required-permission"),
        "hudson.model.Hudson.SystemRead"
    );
    let list = talk.log_in("admin", "admin-token").json(path).await;
    assert_eq!(list["plugins"][0]["longName"], "Git plugin");
    assert_eq!(list["plugins"][0]["hasUpdate"], true);
    assert_eq!(list["plugins"][1]["enabled"], false);
}

#[tokio::test]
async fn nodes_tell_what_runs() {
    let talk = Talk::start(world().executors(4).item(Job::freestyle("x"))).await;
    talk.post("/job/x/build").await;
    let tree = "busyExecutors,totalExecutors,computer[displayName,offline,executors[currentExecutable[url,number]]]";
    let nodes = talk.json(&format!("/computer/api/json?tree={tree}")).await;
    assert_eq!(
        (&nodes["busyExecutors"], &nodes["totalExecutors"]),
        (&1.into(), &4.into())
    );
    assert_eq!(
        nodes["computer"][0]["executors"][0]["currentExecutable"]["number"],
        1
    );
}
