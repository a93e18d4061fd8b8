//! Creating, changing and deleting items.

use reqwest::{Method, Response};
use simulators::jenkins::{Folder, Job, Multibranch, OrganizationFolder};

use crate::client::{Talk, header, world};

async fn create(
    talk: &Talk,
    path: &str,
    content_type: Option<&str>,
    xml: &'static str,
) -> Response {
    let mut request = talk.request(Method::POST, path).body(xml);
    if let Some(content_type) = content_type {
        request = request.header("Content-Type", content_type);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn an_item_is_created_from_xml() {
    let talk = Talk::start(world().item(Folder::new("f"))).await;
    let xml = "<?xml version='1.1'?><flow-definition plugin=\"x\"><description>Hi</description></flow-definition>";
    assert_eq!(
        create(
            &talk,
            "/job/f/createItem?name=p",
            Some("application/xml"),
            xml
        )
        .await
        .status(),
        200
    );
    let job = talk.json("/job/f/job/p/api/json").await;
    assert_eq!(
        job["_class"],
        "org.jenkinsci.plugins.workflow.job.WorkflowJob"
    );
    assert_eq!(job["description"], "Hi");
    assert_eq!(talk.text("/job/f/job/p/config.xml").await, xml);
    assert_eq!(talk.post("/job/f/job/p/build").await.status(), 201);
}

#[tokio::test]
async fn creating_wrongly_is_400_with_the_reason() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    let exists = create(&talk, "/createItem?name=x", Some("text/xml"), "<project/>").await;
    assert_eq!(exists.status(), 400);
    assert_eq!(
        header(&exists, "x-error"),
        "A job already exists with the name ?x?",
        "headers are ISO 8859-1"
    );
    assert!(
        exists
            .text()
            .await
            .unwrap()
            .contains("A job already exists with the name ‘x’")
    );
    let untyped = create(&talk, "/createItem?name=y", None, "<project/>").await;
    assert_eq!(
        (
            untyped.status().as_u16(),
            header(&untyped, "x-error").as_str()
        ),
        (400, "No Content-Type header set")
    );
    let unsafe_name = create(
        &talk,
        "/createItem?name=a%3Ab",
        Some("text/xml"),
        "<project/>",
    )
    .await;
    assert_eq!(unsafe_name.status(), 400);
    assert_eq!(
        create(&talk, "/createItem?name=y", Some("text/xml"), "<what/>")
            .await
            .status(),
        500
    );
    let talk = talk.log_in("bob", "bob-token");
    assert_eq!(
        create(&talk, "/createItem?name=y", Some("text/xml"), "<project/>")
            .await
            .status(),
        403
    );
}

#[tokio::test]
async fn an_item_is_copied() {
    let talk = Talk::start(world().item(Job::freestyle("x").description("original"))).await;
    talk.post("/job/x/build").await;
    assert_eq!(
        talk.post("/createItem?name=y&mode=copy&from=x")
            .await
            .status(),
        302
    );
    let copy = talk.json("/job/y/api/json").await;
    assert_eq!(copy["description"], "original");
    assert!(copy["lastBuild"].is_null());
    assert_eq!(copy["buildable"], false, "not before it was saved");
    assert_eq!(talk.post("/job/y/build").await.status(), 409);
    let xml = "<project><description>original</description></project>";
    create(&talk, "/job/y/config.xml", Some("text/xml"), xml).await;
    assert_eq!(talk.json("/job/y/api/json").await["buildable"], true);
    let nothing = talk.post("/createItem?name=z&mode=copy&from=nope").await;
    assert_eq!(
        (
            nothing.status().as_u16(),
            header(&nothing, "x-error").as_str()
        ),
        (400, "No such job: nope")
    );
}

#[tokio::test]
async fn a_job_is_disabled_and_enabled() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    talk.jenkins.hold_queue("x");
    talk.post("/job/x/build").await;
    let response = talk.post("/job/x/disable").await;
    assert_eq!(response.status(), 302);
    assert_eq!(
        header(&response, "location"),
        format!("{}/job/x/", talk.jenkins.url())
    );
    assert!(
        talk.jenkins.queued("x").is_empty(),
        "disabling cancels what waits"
    );
    let job = talk.json("/job/x/api/json").await;
    assert_eq!(
        (&job["buildable"], &job["color"]),
        (&false.into(), &"disabled".into())
    );
    assert!(
        talk.text("/job/x/config.xml")
            .await
            .contains("<disabled>true</disabled>")
    );
    talk.post("/job/x/enable").await;
    assert_eq!(talk.json("/job/x/api/json").await["buildable"], true);
}

#[tokio::test]
async fn configuration_is_posted() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    let xml = "<project><description>New</description><disabled>true</disabled></project>";
    assert_eq!(
        create(&talk, "/job/x/config.xml", Some("text/xml"), xml)
            .await
            .status(),
        200
    );
    assert_eq!(talk.json("/job/x/api/json").await["description"], "New");
    assert_eq!(talk.post("/job/x/build").await.status(), 409);
}

#[tokio::test]
async fn deleting_leads_to_the_parent_and_takes_what_is_inside() {
    let folder = Folder::new("f").item(Folder::new("g").item(Job::freestyle("x")));
    let talk = Talk::start(world().item(folder).item(Job::freestyle("y"))).await;
    let response = talk.post("/job/f/job/g/doDelete").await;
    assert_eq!(response.status(), 302);
    assert_eq!(
        header(&response, "location"),
        format!("{}/job/f/", talk.jenkins.url())
    );
    assert!(!talk.jenkins.has_item("f/g/x"));
    assert!(talk.jenkins.has_item("f"));
    assert_eq!(
        talk.request(Method::DELETE, "/job/y/")
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    assert_eq!(talk.get("/job/y/api/json").await.status(), 404);
}

#[tokio::test]
async fn a_scan_finds_what_is_new() {
    let talk = Talk::start(
        world()
            .item(Multibranch::new("repo").branch("main"))
            .item(OrganizationFolder::new("org"))
            .item(Folder::new("plain")),
    )
    .await;
    talk.jenkins
        .add_undiscovered("repo", Job::branch("feature/new"));
    assert_eq!(
        talk.get("/job/repo/job/feature%252Fnew/api/json")
            .await
            .status(),
        404
    );
    assert_eq!(talk.post("/job/repo/build").await.status(), 302);
    assert_eq!(
        talk.get("/job/repo/job/feature%252Fnew/api/json")
            .await
            .status(),
        200
    );
    let log = talk
        .get("/job/repo/indexing/logText/progressiveText?start=0")
        .await;
    let size = header(&log, "x-text-size");
    let log = log.text().await.unwrap();
    assert_eq!(size, log.len().to_string());
    assert!(log.contains("Checking branch feature/new\n") && log.ends_with("Finished: SUCCESS\n"));

    talk.jenkins
        .add_undiscovered("org", Multibranch::new("lib").branch("main"));
    talk.post("/job/org/build").await;
    assert!(talk.jenkins.has_item("org/lib/main"));
    assert!(
        talk.text("/job/org/computation/consoleText")
            .await
            .contains("Checking branch lib")
    );

    assert_eq!(talk.post("/job/repo/disable").await.status(), 302);
    assert_eq!(talk.post("/job/repo/build").await.status(), 500);
    assert_eq!(talk.post("/job/plain/build").await.status(), 404);
    assert_eq!(talk.post("/job/plain/disable").await.status(), 404);
}

#[tokio::test]
async fn ten_thousand_jobs_are_listed_at_once() {
    let talk = Talk::start(world().generated_jobs(10_000)).await;
    let tree = "jobs[_class,name,displayName,color,jobs[_class,name,displayName,color,jobs[name]]]";
    let began = std::time::Instant::now();
    let root = talk.json(&format!("/api/json?tree={tree}")).await;
    let took = began.elapsed();
    let teams = root["jobs"].as_array().unwrap();
    let jobs = teams
        .iter()
        .map(|team| team["jobs"].as_array().unwrap().len());
    assert_eq!((teams.len(), jobs.sum::<usize>()), (100, 10_000));
    assert_eq!(teams[99]["jobs"][99]["name"], "service-09999");
    assert!(took < std::time::Duration::from_secs(2), "{took:?}");
}
