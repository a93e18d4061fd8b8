use simulators::jenkins::{
    Artifact as SimulatedArtifact, Cause as SimulatedCause, Change as SimulatedChange, Fault,
};

use super::*;
use crate::jenkins::BuildSelector;
use crate::jenkins::model::BuildResult;

#[tokio::test]
async fn a_build_tells_what_it_was_made_of() {
    let jenkins = start(world()).await;
    let script = BuildScript::failure()
        .duration(Duration::from_secs(5))
        .description("release *candidate*")
        .change(SimulatedChange::new(
            "4f1c2d9",
            "Alice",
            "alice@example.com",
            "Fix it",
        ))
        .culprit("Alice")
        .artifact(SimulatedArtifact::new("a.txt", "x"));
    jenkins.script_next_build("deploy", script);
    let client = alice(&jenkins);
    let deploy = job(&client, "deploy").await.unwrap();
    let given = [("SECRET", "s3cret"), ("VERSION", "2")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    let values = crate::jenkins::parameters::fit(&deploy.parameters, &given).unwrap();
    client.trigger(&deploy, &values).await.unwrap();
    jenkins.wait_for_build("deploy", 1).await;
    jenkins.advance(Duration::from_secs(60));
    let details = client
        .details(&deploy.path, BuildSelector::LAST)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(details.build.result, Some(BuildResult::Failure));
    assert_eq!(details.started_by(), Some("alice"));
    assert_eq!(details.description.as_deref(), Some("release *candidate*"));
    assert_eq!(
        details.parameters,
        [
            ("TARGET".into(), Some("staging".into())),
            ("VERSION".into(), Some("2".into())),
            ("SECRET".into(), None)
        ]
    );
    let change = &details.changes[0];
    assert_eq!(
        (change.title.as_str(), change.author_email.as_deref()),
        ("Fix it", Some("alice@example.com"))
    );
    assert_eq!(details.culprits[0].name, "Alice");
    let revision = details.revision.unwrap();
    assert_eq!(
        (revision.commit.as_str(), revision.branch.as_deref()),
        ("4f1c2d9", Some("main"))
    );
    assert_eq!((details.artifacts, details.previous), (1, None));
    assert_eq!(
        client.details(&deploy.path, BuildSelector::Number(9)).await,
        Ok(None)
    );
}

#[tokio::test]
async fn history_is_newest_first_and_as_long_as_asked() {
    let mut builds = SimulatedJob::freestyle("busy");
    for number in 1..=150 {
        let script = if number % 2 == 0 {
            BuildScript::success()
        } else {
            BuildScript::failure()
        };
        builds = builds.past_build(script.cause(SimulatedCause::Timer));
    }
    let jenkins = start(world().item(builds)).await;
    let client = alice(&jenkins);
    let numbers = async |limit| {
        let history = client.history(&path("busy"), limit).await.unwrap();
        history.iter().map(|build| build.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(3).await, [150, 149, 148]);
    assert_eq!(numbers(120).await.len(), 120);
    let newest = client.history(&path("busy"), 1).await.unwrap().remove(0);
    assert_eq!(newest.result, Some(BuildResult::Success));
    assert_eq!(newest.cause.unwrap().description, "Started by timer");
    assert!(matches!(
        client.history(&path("nope"), 3).await,
        Err(JenkinsError::NotFound { thing: Thing::Job, name, .. }) if name == "nope"
    ));
}

#[tokio::test]
async fn a_build_is_kept_and_let_go() {
    let jenkins =
        start(world().item(SimulatedJob::freestyle("x").past_build(BuildScript::success()))).await;
    let client = alice(&jenkins);
    assert_eq!(client.set_keep_log(&path("x"), 1, true).await, Ok(true));
    assert!(jenkins.is_kept("x", 1));
    assert_eq!(client.set_keep_log(&path("x"), 1, true).await, Ok(false));
    assert!(jenkins.is_kept("x", 1), "asking twice changes nothing");
    assert_eq!(client.set_keep_log(&path("x"), 1, false).await, Ok(true));
    let error = client_as(&jenkins, "bob", "bob-token")
        .set_keep_log(&path("x"), 1, true)
        .await
        .unwrap_err();
    let expected = JenkinsError::Forbidden {
        user: "bob".into(),
        permission: Some("Run/Update".into()),
    };
    assert_eq!(error, expected);
}

#[tokio::test]
async fn a_stubborn_build_needs_more_than_a_word() {
    let jenkins = start(world()).await;
    let script = BuildScript::success()
        .until_told()
        .ends_on(simulators::jenkins::StopSignal::Kill);
    jenkins.script_next_build("deploy", script);
    let client = alice(&jenkins);
    let deploy = job(&client, "deploy").await.unwrap();
    client.trigger(&deploy, &[]).await.unwrap();
    jenkins.wait_for_build("deploy", 1).await;
    for kind in [StopKind::Stop, StopKind::Term] {
        client.stop_with(&deploy.path, 1, kind).await.unwrap();
        assert_eq!(jenkins.is_running("deploy", 1), Some(true));
    }
    client
        .stop_with(&deploy.path, 1, StopKind::Kill)
        .await
        .unwrap();
    assert_eq!(jenkins.is_running("deploy", 1), Some(false));
}

#[tokio::test]
async fn too_many_details_are_a_failure_that_says_so() {
    let jenkins = start(world()).await;
    jenkins.inject(Fault::oversized_json(9 << 20));
    let error = alice(&jenkins)
        .details(&path("hello"), BuildSelector::LAST)
        .await
        .unwrap_err();
    let expected = crate::http_client::HttpFailure::TooLarge { limit: JSON_LIMIT };
    assert_eq!(error, JenkinsError::Http(expected));
}
