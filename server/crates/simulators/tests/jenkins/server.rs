//! Jenkins as a whole: restarts, nodes, plugins.

use std::time::Duration;

use simulators::jenkins::{BuildScript, Folder, InputStep, Job, Node, Plugin, Stage, User};

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

#[tokio::test]
async fn pipelines_steer_from_the_built_in_node_and_work_on_agents() {
    let question = InputStep::new("go", "Go?");
    let script = BuildScript::success()
        .stage(Stage::new("Build", Duration::from_secs(10)))
        .stage(Stage::new("Ask", Duration::from_secs(10)).input(question));
    let talk = Talk::start(
        world()
            .node(Node::new("broken").disconnected("Connection was broken"))
            .node(Node::new("linux").executors(3))
            .item(Job::pipeline("p").script(script)),
    )
    .await;
    talk.post("/job/p/build").await;
    let tree = "busyExecutors,totalExecutors,computer[displayName,offline,temporarilyOffline,offlineCauseReason,idle,\
        executors[currentExecutable[number,url,timestamp]],oneOffExecutors[currentExecutable[number,url,timestamp]]]";
    let path = format!("/computer/api/json?tree={tree}");
    let nodes = talk.json(&path).await;
    assert_eq!(
        (&nodes["busyExecutors"], &nodes["totalExecutors"]),
        (&1.into(), &5.into())
    );
    let one_off = &nodes["computer"][0]["oneOffExecutors"][0]["currentExecutable"];
    assert_eq!(one_off["number"], 1);
    assert_eq!(one_off["timestamp"], talk.jenkins.now_millis());
    let broken = &nodes["computer"][1];
    assert_eq!(
        (
            &broken["offline"],
            &broken["temporarilyOffline"],
            &broken["offlineCauseReason"]
        ),
        (&true.into(), &false.into(), &"Connection was broken".into())
    );
    let step = &nodes["computer"][2]["executors"][0]["currentExecutable"];
    assert!(
        step["_class"]
            .as_str()
            .unwrap()
            .ends_with("PlaceholderExecutable")
    );
    assert!(step["number"].is_null());
    assert_eq!(
        nodes["computer"][2]["executors"].as_array().unwrap().len(),
        3
    );

    talk.jenkins.advance(Duration::from_secs(15));
    let nodes = talk.json(&path).await;
    assert_eq!(nodes["busyExecutors"], 0, "a question holds no executor");
    talk.jenkins
        .set_node(Node::new("linux").taken_offline("upgrade"));
    let nodes = talk.json(&path).await;
    assert_eq!(nodes["computer"][2]["temporarilyOffline"], true);
}

#[tokio::test]
async fn a_user_has_a_page_and_sees_only_what_is_theirs() {
    let mallory = User::developer("mallory")
        .token("m")
        .email("m@example.com")
        .cannot_see("secret");
    let talk = Talk::start(
        world()
            .user(mallory)
            .item(Folder::new("secret").item(Job::freestyle("x")))
            .item(Job::freestyle("secrets")),
    )
    .await;
    let user = talk
        .json("/user/mallory/api/json?tree=id,fullName,property[address]")
        .await;
    assert_eq!(user["property"][0]["address"], "m@example.com");
    let nobody = talk.json("/user/bob/api/json?tree=property[address]").await;
    assert_eq!(nobody["property"], serde_json::json!([]));
    assert_eq!(talk.get("/user/nobody/api/json").await.status(), 404);

    talk.jenkins.hold_queue("secret/x");
    let waiting = queue_id(&talk.post("/job/secret/job/x/build").await);
    let talk = talk.log_in("mallory", "m");
    let root = talk.json("/api/json?tree=jobs[name,jobs[name]]").await;
    assert_eq!(root["jobs"].as_array().unwrap().len(), 1);
    assert_eq!(talk.get("/job/secret/job/x/api/json").await.status(), 404);
    assert_eq!(
        talk.json("/queue/api/json?tree=items[id]").await["items"],
        serde_json::json!([])
    );
    assert_eq!(
        talk.get(&format!("/queue/item/{waiting}/api/json"))
            .await
            .status(),
        404
    );
    assert_eq!(
        talk.post(&format!("/queue/cancelItem?id={waiting}"))
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn nodes_are_taken_offline_and_brought_back() {
    let lost = Node::new("lost").disconnected("Connection was broken");
    let config = world()
        .version("2.303.1")
        .node(Node::new("linux"))
        .node(lost);
    let talk = Talk::start(config).await;
    let refused = talk.post("/computer/linux/toggleOffline").await;
    assert_eq!(refused.status(), 403, "alice may not");
    assert_eq!(
        header(&refused, "x-required-permission"),
        "hudson.model.Computer.Disconnect"
    );
    let talk = talk.log_in("admin", "admin-token");
    assert_eq!(
        talk.get("/computer/linux/toggleOffline").await.status(),
        405
    );
    assert_eq!(
        talk.post("/computer/none/toggleOffline").await.status(),
        404
    );
    for (path, taken) in [
        (
            "/computer/linux/toggleOffline?offlineMessage=%20full%20",
            Some("full"),
        ),
        (
            "/computer/linux/changeOfflineCause?offlineMessage=broken",
            Some("broken"),
        ),
        ("/computer/linux/toggleOffline", None),
        ("/computer/linux/changeOfflineCause", Some("")),
    ] {
        assert_eq!(talk.post(path).await.status(), 302, "{path}");
        assert_eq!(
            talk.jenkins.taken_offline("linux").as_deref(),
            taken,
            "{path}"
        );
    }
    let of_lost = || async {
        let tree = "computer[displayName,offline,temporarilyOffline,offlineCauseReason]";
        let nodes = talk.json(&format!("/computer/api/json?tree={tree}")).await;
        let lost = nodes["computer"].as_array().unwrap()[2].clone();
        (
            lost["offline"] == true,
            lost["temporarilyOffline"] == true,
            lost["offlineCauseReason"].as_str().unwrap().to_owned(),
        )
    };
    let toggled = "/computer/lost/toggleOffline?offlineMessage=mine";
    assert_eq!(talk.post(toggled).await.status(), 302);
    assert_eq!(of_lost().await, (true, true, "mine".to_owned()));
    assert_eq!(talk.post(toggled).await.status(), 302);
    let still = (true, false, "Connection was broken".to_owned());
    assert_eq!(of_lost().await, still, "it still has no connection");

    let built_in = |name: &str| format!("/computer/{name}/toggleOffline");
    assert_eq!(
        talk.post(&built_in("(built-in)")).await.status(),
        404,
        "older than 2.307"
    );
    assert_eq!(talk.post(&built_in("(master)")).await.status(), 302);
    assert!(talk.jenkins.taken_offline("(built-in)").is_some());
}
