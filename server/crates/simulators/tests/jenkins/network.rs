//! The socket: context paths, refused connections, shutting down.

use simulators::jenkins::Job;

use crate::client::{Talk, header, world};

#[tokio::test]
async fn outside_the_context_path_there_is_no_jenkins() {
    let talk = Talk::start(world().context_path("jenkins/")).await;
    assert!(talk.jenkins.url().ends_with("/jenkins"));
    assert_eq!(talk.json("/whoAmI/api/json").await["name"], "alice");
    let root = talk.jenkins.url().replace("/jenkins", "");
    for path in ["/api/json", "/jenkinsx/api/json"] {
        let response = reqwest::get(format!("{root}{path}")).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), header(&response, "x-jenkins")),
            (404, String::new())
        );
    }
}

#[tokio::test]
async fn connections_are_refused_until_it_listens_again() {
    let talk = Talk::start(world().item(Job::freestyle("x"))).await;
    talk.post("/job/x/build").await;
    talk.jenkins.stop_listening().await;
    let refused = talk
        .request(reqwest::Method::GET, "/api/json")
        .send()
        .await
        .unwrap_err();
    assert!(refused.is_connect(), "{refused:?}");
    talk.jenkins.resume().await.unwrap();
    assert_eq!(
        talk.json("/job/x/1/api/json").await["number"],
        1,
        "the world went on"
    );
    talk.jenkins.drop_connections().await.unwrap();
    assert_eq!(talk.get("/api/json").await.status(), 200);
}

#[tokio::test]
async fn dropping_it_frees_the_port() {
    let talk = Talk::start(world()).await;
    let address = talk.jenkins.address();
    talk.jenkins.shutdown().await;
    let again = simulators::jenkins::JenkinsSimulator::start(world().port(address.port()))
        .await
        .unwrap();
    assert_eq!(again.address(), address);
}

#[tokio::test]
async fn every_page_carries_the_version() {
    let talk = Talk::start(world().version("2.401")).await;
    for path in ["/", "/login", "/api/json", "/nope", "/whoAmI/api/json"] {
        assert_eq!(
            header(&talk.get(path).await, "x-jenkins"),
            "2.401",
            "{path}"
        );
    }
}
