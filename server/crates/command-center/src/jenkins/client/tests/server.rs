use simulators::jenkins::{
    Fault, InputStep, Node as SimulatedNode, Plugin, Stage as SimulatedStage,
};

use super::*;
use crate::http_client::HttpFailure;
use crate::jenkins::error::{ErrorKind, FolderKind};
use crate::jenkins::model::{CatalogKind, JobState};

fn with_admin() -> JenkinsConfig {
    world().user(User::administrator("admin").token("admin-token"))
}

fn admin(jenkins: &JenkinsSimulator) -> JenkinsClient {
    client_as(jenkins, "admin", "admin-token")
}

#[tokio::test]
async fn a_restart_is_asked_for_and_followed() {
    let jenkins = start(
        with_admin()
            .version("2.541.1")
            .restart_time(Duration::from_secs(30)),
    )
    .await;
    let client = admin(&jenkins);
    let refused = alice(&jenkins).safe_restart(None).await.unwrap_err();
    assert!(matches!(
        refused,
        JenkinsError::Forbidden { permission: Some(permission), .. } if permission == "Overall/Manage"
    ));

    client.quiet_down(Some("upgrade & more")).await.unwrap();
    let state = client.server_state().await.unwrap();
    assert!(state.quieting_down);
    assert_eq!(state.quiet_down_reason.as_deref(), Some("upgrade & more"));
    assert_eq!(
        (state.version.as_deref(), state.mode.as_deref()),
        (Some("2.541.1"), Some("NORMAL"))
    );
    client.cancel_quiet_down().await.unwrap();
    assert!(!client.server_state().await.unwrap().quieting_down);

    client.safe_restart(Some("now")).await.unwrap();
    assert_eq!(client.server_state().await, Err(JenkinsError::Starting));
    jenkins.advance(Duration::from_secs(60));
    assert!(!client.server_state().await.unwrap().quieting_down);
    assert_eq!(jenkins.restarts(), 1);
}

#[tokio::test]
async fn a_restart_is_asked_for_once() {
    let jenkins = start(with_admin()).await;
    jenkins.inject(Fault::lose_response().on("POST /safeRestart"));
    assert!(admin(&jenkins).safe_restart(None).await.is_err());
    assert_eq!(jenkins.requests_to("POST /safeRestart").len(), 1);
    assert_eq!(jenkins.restarts(), 1);
}

#[tokio::test]
async fn plugins_are_listed_for_those_who_may() {
    let jenkins = start(
        with_admin()
            .plugin(Plugin::new("git", "Git plugin", "5.8").with_update())
            .plugin(Plugin::new("cvs", "CVS", "2").disabled()),
    )
    .await;
    let plugins = admin(&jenkins).plugins().await.unwrap();
    let names: Vec<_> = plugins.iter().map(|p| p.short_name.as_str()).collect();
    assert_eq!(names, ["cvs", "git"]);
    assert!(plugins[1].has_update && plugins[1].active && !plugins[0].enabled);
    assert!(matches!(
        alice(&jenkins).plugins().await,
        Err(JenkinsError::Forbidden { permission: Some(permission), .. }) if permission == "Overall/SystemRead"
    ));
}

#[tokio::test]
async fn nodes_and_what_runs_on_them() {
    let jenkins = start(
        world()
            .node(SimulatedNode::new("linux").executors(3))
            .node(SimulatedNode::new("windows").taken_offline("disk @all")),
    )
    .await;
    let client = alice(&jenkins);
    let ask = SimulatedStage::new("Ask", Duration::from_secs(5)).input(InputStep::new("go", "Go?"));
    jenkins.script_next_build("deploy", BuildScript::success().stage(ask));
    for name in ["hello", "deploy"] {
        let job = job(&client, name).await.unwrap();
        client.trigger(&job, &[]).await.unwrap();
        jenkins.wait_for_build(name, 1).await;
    }
    let nodes = client.nodes().await.unwrap();
    assert_eq!((nodes.busy, nodes.total), (1, 5));
    let windows = &nodes.nodes[2];
    assert_eq!(
        (
            windows.offline,
            windows.temporarily_offline,
            windows.reason.as_deref()
        ),
        (true, true, Some("disk @all"))
    );
    jenkins.clear_requests();
    let running = client.running_builds().await.unwrap();
    assert_eq!(jenkins.requests().len(), 1);
    let mut names: Vec<String> = running.iter().map(|build| build.job.full_name()).collect();
    names.sort();
    assert_eq!(names, ["deploy", "hello"]);
    assert_eq!(running[0].started_at, Some(jenkins.now_millis()));
    assert_eq!(running[0].node, "Built-In Node");
}

#[tokio::test]
async fn the_queue_is_listed_and_cancelled() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    jenkins.hold_queue("deploy");
    jenkins.script_next_build("deploy", BuildScript::success().stuck());
    let deploy = job(&client, "deploy").await.unwrap();
    let given = [("SECRET".to_owned(), "s3cret".to_owned())];
    let values = crate::jenkins::parameters::fit(&deploy.parameters, &given).unwrap();
    let id = client.trigger(&deploy, &values).await.unwrap().queue_id;
    let entries = client.queue().await.unwrap();
    let [entry] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!((entry.id, entry.job.as_ref()), (id, Some(&path("deploy"))));
    assert!(entry.stuck && entry.buildable && !entry.blocked);
    assert_eq!(entry.parameters[0], ("TARGET".into(), "staging".into()));
    assert!(!format!("{entries:?}").contains("s3cret"));
    assert_eq!(entry.causes[0].user.as_deref(), Some("alice"));

    let bob = client_as(&jenkins, "bob", "bob-token");
    assert_eq!(
        bob.cancel_queue_item(id).await,
        Err(JenkinsError::Forbidden {
            user: "bob".into(),
            permission: Some("Job/Cancel".into())
        })
    );
    client.cancel_queue_item(id).await.unwrap();
    assert_eq!(
        client.cancel_queue_item(id).await,
        Ok(()),
        "it is cancelled"
    );
    assert_eq!(client.queue().await, Ok(vec![]));

    let hello = job(&client, "hello").await.unwrap();
    let started = client.trigger(&hello, &[]).await.unwrap().queue_id;
    jenkins.wait_for_build("hello", 1).await;
    for gone in [started, crate::jenkins::model::QueueId(999)] {
        assert!(matches!(
            client.cancel_queue_item(gone).await,
            Err(JenkinsError::NotFound {
                thing: Thing::QueueItem,
                ..
            })
        ));
    }
}

#[tokio::test]
async fn the_catalog_holds_what_the_user_may_see() {
    let mut deep = Folder::new("level-8").item(SimulatedJob::freestyle("treasure"));
    for level in (1..8).rev() {
        deep = Folder::new(&format!("level-{level}")).item(deep);
    }
    let jenkins = start(
        world()
            .item(deep)
            .user(User::reader("mallory").token("m").cannot_see("articles")),
    )
    .await;
    let client = alice(&jenkins);
    jenkins.clear_requests();
    let catalog = client.catalog().await.unwrap();
    assert_eq!(jenkins.requests().len(), 2, "one more for what lies deep");
    let find = |name: &str| catalog.iter().find(|entry| entry.full_name() == name);
    let treasure = "level-1/level-2/level-3/level-4/level-5/level-6/level-7/level-8/treasure";
    assert!(find(treasure).is_some());
    let branch = find("articles/repo/feature%2Ffoo").unwrap();
    assert_eq!(branch.display_name(), "feature/foo");
    assert_eq!(branch.path(), Some(path("articles/repo/feature%2Ffoo")));
    assert_eq!(find("articles/my job").unwrap().display_name(), "Shown/As");
    let kind = |name: &str| find(name).map(|entry| entry.kind);
    assert_eq!(
        kind("org"),
        Some(CatalogKind::Folder(FolderKind::Organization))
    );
    assert_eq!(
        kind("articles/empty"),
        Some(CatalogKind::Folder(FolderKind::Folder))
    );
    assert!(matches!(
        kind("off"),
        Some(CatalogKind::Job(color)) if color.state == JobState::Disabled
    ));
    let seen = client_as(&jenkins, "mallory", "m").catalog().await.unwrap();
    assert!(
        seen.iter()
            .all(|entry| !entry.full_name().starts_with("articles"))
    );
    assert!(seen.len() > 5);
}

#[tokio::test]
async fn ten_thousand_jobs_come_in_one_answer() {
    let jenkins = start(world().generated_jobs(10_000)).await;
    let client = alice(&jenkins);
    jenkins.clear_requests();
    let catalog = client.catalog().await.unwrap();
    assert_eq!(jenkins.requests().len(), 1);
    let jobs = catalog
        .iter()
        .filter(|entry| entry.full_name().starts_with("team-"));
    assert_eq!(jobs.count(), 10_100);
}

#[tokio::test]
async fn addresses_of_people_are_found() {
    let jenkins = start(world().user(User::reader("dora").email("dora@example.com"))).await;
    let client = alice(&jenkins);
    assert_eq!(
        client.user_email("dora").await,
        Ok(Some("dora@example.com".into()))
    );
    for unknown in ["bob", "nobody", "..", ""] {
        assert_eq!(client.user_email(unknown).await, Ok(None), "{unknown}");
    }
}

#[tokio::test]
async fn every_question_knows_what_is_no_answer() {
    let jenkins = start(with_admin()).await;
    let client = admin(&jenkins);
    let hello = path("hello");
    // Each question under each fault.
    let ask = async || -> Vec<(&str, JenkinsError)> {
        vec![
            ("history", client.history(&hello, 5).await.unwrap_err()),
            ("status", client.status(&hello).await.unwrap_err()),
            (
                "details",
                client
                    .details(&hello, crate::jenkins::BuildSelector::LAST)
                    .await
                    .unwrap_err(),
            ),
            ("tests", client.test_report(&hello, 1).await.unwrap_err()),
            ("artifacts", client.artifacts(&hello, 1).await.unwrap_err()),
            (
                "inputs",
                client.pending_inputs(&hello, 1).await.unwrap_err(),
            ),
            (
                "stage log",
                client.stage_log(&hello, 1, "6").await.unwrap_err(),
            ),
            ("config", client.config_xml(&hello).await.unwrap_err()),
            ("plugins", client.plugins().await.unwrap_err()),
            ("nodes", client.nodes().await.unwrap_err()),
            ("queue", client.queue().await.unwrap_err()),
            ("catalog", client.catalog().await.unwrap_err()),
            ("state", client.server_state().await.unwrap_err()),
            ("e-mail", client.user_email("bob").await.unwrap_err()),
        ]
    };
    for (fault, is_passing) in [
        (Fault::login_page(), false),
        (Fault::status(502), true),
        (Fault::drop_request(), true),
        (Fault::too_many_requests(Duration::from_secs(3600)), true),
    ] {
        let id = jenkins.inject(fault.clone());
        for (question, error) in ask().await {
            let kind = error.kind();
            assert_eq!(
                kind == ErrorKind::Passing,
                is_passing,
                "{question} {fault:?}: {error:?}"
            );
        }
        jenkins.remove_fault(id);
    }
    jenkins.inject(Fault::oversized_json(33 << 20));
    let too_large = client.catalog().await.unwrap_err();
    assert!(
        matches!(too_large, JenkinsError::Http(HttpFailure::TooLarge { limit }) if limit == 32 << 20),
        "{too_large:?}"
    );
}

#[tokio::test]
async fn an_empty_object_is_no_list() {
    let jenkins = start(with_admin()).await;
    let client = admin(&jenkins);
    jenkins.inject(Fault::respond(200, "application/json", "{}"));
    let errors = [
        client.plugins().await.unwrap_err(),
        client.nodes().await.unwrap_err(),
        client.queue().await.unwrap_err(),
        client.catalog().await.unwrap_err(),
        client.status(&path("hello")).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, JenkinsError::Malformed { .. }), "{error:?}");
    }
}
