use simulators::jenkins::{CrumbMode, Fault};

use super::*;
use crate::http_client::HttpFailure;
use crate::jenkins::model::QueueState;
use crate::jenkins::parameters::{self, ParameterProblem};

async fn trigger(
    client: &JenkinsClient,
    typed: &str,
    given: &[(&str, &str)],
) -> Result<Triggered, JenkinsError> {
    let job = job(client, typed).await?;
    let given: Vec<_> = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let values = parameters::fit(&job.parameters, &given).map_err(|problems| {
        JenkinsError::BadParameters {
            name: job.path.to_string(),
            problems,
        }
    })?;
    client.trigger(&job, &values).await
}

#[tokio::test]
async fn a_build_is_queued_and_followed() {
    let jenkins = start(
        world()
            .context_path("/ci")
            .public_url("https://other.example.com/x"),
    )
    .await;
    let client = alice(&jenkins);
    jenkins.hold_queue("hello");
    let triggered = trigger(&client, "hello", &[]).await.unwrap();
    assert!(!triggered.already_queued);
    let item = client
        .queue_item(triggered.queue_id)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(item.state, QueueState::Waiting { .. }), "{item:?}");
    assert_eq!(
        client.queue_ahead_of(triggered.queue_id).await.unwrap(),
        Some(0)
    );

    let again = trigger(&client, "hello", &[]).await.unwrap();
    assert_eq!(again.queue_id, triggered.queue_id);

    jenkins.release("hello");
    jenkins.wait_for_build("hello", 1).await;
    let item = client
        .queue_item(triggered.queue_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(item.state, QueueState::Started { number: 1 });
    assert_eq!(
        client
            .build_of_queue_item(&path("hello"), triggered.queue_id)
            .await
            .unwrap(),
        Some(1)
    );
    assert_eq!(
        client.queue_ahead_of(triggered.queue_id).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn parameters_arrive() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let given = [
        ("target", "Production"),
        ("VERSION", "1.0 &=+ü"),
        ("SECRET", "s3cret"),
    ];
    trigger(&client, "deploy", &given).await.unwrap();
    jenkins.wait_for_build("deploy", 1).await;
    let values: Vec<_> = jenkins
        .build_parameters("deploy", 1)
        .iter()
        .map(|p| (p.name().to_owned(), p.value().to_owned()))
        .collect();
    let expected = [
        ("TARGET", "production"),
        ("VERSION", "1.0 &=+ü"),
        ("SECRET", "s3cret"),
    ];
    assert_eq!(
        values,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn defaults_are_taken_and_equal_requests_meet() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    jenkins.hold_queue("deploy");
    let first = trigger(&client, "deploy", &[]).await.unwrap();
    let second = trigger(&client, "deploy", &[]).await.unwrap();
    assert_eq!(
        (second.queue_id, second.already_queued),
        (first.queue_id, true)
    );
    let other = trigger(&client, "deploy", &[("VERSION", "2")])
        .await
        .unwrap();
    assert_ne!(other.queue_id, first.queue_id);
}

#[tokio::test]
async fn what_cannot_be_built_is_told() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    assert_eq!(
        trigger(&client, "off", &[]).await,
        Err(JenkinsError::NotBuildable { name: "off".into() })
    );
    assert_eq!(
        trigger(&client, "refused", &[]).await,
        Err(JenkinsError::ScheduleRefused {
            name: "refused".into()
        })
    );
    let error = trigger(&client, "hello", &[("A", "1")]).await.unwrap_err();
    let problems = vec![ParameterProblem::NotParameterized];
    assert_eq!(
        error,
        JenkinsError::BadParameters {
            name: "hello".into(),
            problems
        }
    );
    assert!(matches!(
        trigger(&client, "articles/repo", &[]).await,
        Err(JenkinsError::IsFolder { .. })
    ));

    let bob = client_as(&jenkins, "bob", "bob-token");
    let denied = JenkinsError::Forbidden {
        user: "bob".into(),
        permission: Some("Job/Build".into()),
    };
    assert_eq!(trigger(&bob, "hello", &[]).await, Err(denied));
    assert_eq!(jenkins.builds_started("hello"), 0);
}

#[tokio::test]
async fn a_job_that_changed_meanwhile_is_told() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let mut stale = job(&client, "hello").await.unwrap();
    stale.parameters = job(&client, "deploy").await.unwrap().parameters;
    let error = client.trigger(&stale, &[]).await.unwrap_err();
    let JenkinsError::BadParameters { problems, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        problems,
        [ParameterProblem::Refused {
            message: "hello is not parameterized".into()
        }]
    );

    stale.path = path("gone");
    let error = client.trigger(&stale, &[]).await.unwrap_err();
    assert!(
        matches!(&error, JenkinsError::NotFound { name, .. } if name == "gone"),
        "{error:?}"
    );

    let mut stale = job(&client, "off").await.unwrap();
    stale.buildable = true;
    assert_eq!(
        client.trigger(&stale, &[]).await,
        Err(JenkinsError::NotBuildable { name: "off".into() })
    );
}

#[tokio::test]
async fn a_password_needs_a_crumb_and_a_token_does_not() {
    let jenkins = start(world().crumbs(CrumbMode::SessionBound)).await;
    trigger(&alice(&jenkins), "hello", &[]).await.unwrap();
    assert!(jenkins.requests_to("/crumbIssuer/api/json").is_empty());

    let password = client_as(&jenkins, "alice", "alice-password");
    trigger(&password, "deploy", &[]).await.unwrap();
    assert_eq!(jenkins.requests_to("/crumbIssuer/api/json").len(), 1);
    assert_eq!(
        jenkins.queued("deploy").len() + jenkins.builds_started("deploy") as usize,
        1
    );
}

#[tokio::test]
async fn a_request_is_never_sent_twice() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let hello = job(&client, "hello").await.unwrap();
    let lost = jenkins.inject(Fault::lose_response().on("POST /job/hello/build"));
    let error = client.trigger(&hello, &[]).await.unwrap_err();
    jenkins.remove_fault(lost);
    assert!(
        matches!(error, JenkinsError::Http(HttpFailure::Cut { .. })),
        "{error:?}"
    );
    assert_eq!(jenkins.builds_requested("hello"), 1);

    jenkins.inject(Fault::status(503).on("POST /job/hello/build").times(1));
    let error = client.trigger(&hello, &[]).await.unwrap_err();
    assert!(
        matches!(error, JenkinsError::Unavailable { .. }),
        "{error:?}"
    );
    assert_eq!(jenkins.builds_requested("hello"), 2);
}

#[tokio::test]
async fn a_lost_answer_can_be_cleared_up() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    for held in [true, false] {
        if held {
            jenkins.hold_queue("articles/repo/feature%2Ffoo");
        } else {
            jenkins.release("articles/repo/feature%2Ffoo");
            jenkins
                .wait_for_build("articles/repo/feature%2Ffoo", 1)
                .await;
            jenkins.advance(Duration::from_secs(3600));
        }
        let job = job(&client, "articles/repo/feature/foo").await.unwrap();
        let next = job.next_build.unwrap();
        assert_eq!(client.own_requests(&job.path, next).await.unwrap(), []);
        let lost = jenkins.inject(Fault::lose_response().on("POST *"));
        client.trigger(&job, &[]).await.unwrap_err();
        jenkins.remove_fault(lost);
        let found = client.own_requests(&job.path, next).await.unwrap();
        assert_eq!(found.len(), 1, "{held}");
        assert_eq!(
            client_as(&jenkins, "bob", "bob-token")
                .own_requests(&job.path, next)
                .await
                .unwrap(),
            []
        );
    }
}

#[tokio::test]
async fn redirects_to_a_login_or_elsewhere_are_no_success() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let hello = job(&client, "hello").await.unwrap();
    let root = jenkins.url();
    for to in [
        format!("{root}/login?from=x"),
        format!("{root}/securityRealm/commenceLogin"),
        "https://idp.example.com/".into(),
    ] {
        let fault = jenkins.inject(Fault::redirect(&to).on("POST *"));
        let error = client.trigger(&hello, &[]).await.unwrap_err();
        jenkins.remove_fault(fault);
        assert!(
            matches!(error, JenkinsError::NotJenkins { .. }),
            "{to}: {error:?}"
        );
    }
    jenkins.inject(Fault::login_page().on("POST *"));
    let error = client.trigger(&hello, &[]).await.unwrap_err();
    assert!(
        matches!(error, JenkinsError::NotJenkins { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_entry_of_the_queue_can_be_cancelled_once() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    jenkins.hold_queue("hello");
    let triggered = trigger(&client, "hello", &[]).await.unwrap();
    let bob = client_as(&jenkins, "bob", "bob-token");
    assert!(bob.cancel_queue_item(triggered.queue_id).await.is_err());
    client.cancel_queue_item(triggered.queue_id).await.unwrap();
    let item = client
        .queue_item(triggered.queue_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(item.state, QueueState::Cancelled);
    jenkins.advance(Duration::from_secs(400));
    assert_eq!(client.queue_item(triggered.queue_id).await, Ok(None));
}
