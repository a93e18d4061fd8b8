use simulators::jenkins::Fault;

use super::*;
use crate::jenkins::error::{FolderKind, NotJenkinsHint};
use crate::jenkins::model::JobState;

const TAIL: TailRequest = TailRequest {
    lines: 10,
    time_limit: Duration::from_secs(60),
};

#[tokio::test]
async fn a_job_tells_how_it_is_doing() {
    let job = SimulatedJob::freestyle("x")
        .description("Builds *x*")
        .past_build(BuildScript::success())
        .past_build(BuildScript::failure())
        .parameter(Parameter::string("A", "1"));
    let jenkins = start(world().item(job)).await;
    let client = alice(&jenkins);
    let status = client.status(&path("x")).await.unwrap();
    assert_eq!(
        (status.color.state, status.color.building, status.buildable),
        (JobState::Failure, false, true)
    );
    let number = |build: Option<crate::jenkins::model::BuildSummary>| build.map(|b| b.number);
    assert_eq!(number(status.last), Some(2));
    assert_eq!(number(status.last_failed), Some(2));
    assert_eq!(number(status.last_successful), Some(1));
    assert_eq!((status.health[0].score, status.next_build), (80, Some(3)));
    assert_eq!((status.parameters.len(), status.queued), (1, None));

    jenkins.hold_queue("x");
    let found = client
        .resolve(&JobReference::parse("x", client.address()).unwrap())
        .await
        .unwrap();
    client.trigger(&found, &[]).await.unwrap();
    let (_, why) = client.status(&path("x")).await.unwrap().queued.unwrap();
    assert_eq!(why.as_deref(), Some("Waiting for next available executor"));

    let never = client.status(&path("hello")).await.unwrap();
    assert_eq!((never.color.state, never.last), (JobState::NotBuilt, None));
    assert!(matches!(
        client.status(&path("articles/repo")).await,
        Err(JenkinsError::IsFolder { kind: FolderKind::Multibranch, children, .. })
            if children[0] == "articles/repo/main"
    ));
    assert!(matches!(
        client.status(&path("nope")).await,
        Err(JenkinsError::NotFound {
            thing: Thing::Job,
            ..
        })
    ));
}

#[tokio::test]
async fn a_job_is_disabled_enabled_and_deleted() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let hello = path("hello");
    client.set_enabled(&hello, false).await.unwrap();
    let status = client.status(&hello).await.unwrap();
    assert_eq!(
        (status.buildable, status.color.state),
        (false, JobState::Disabled)
    );
    client.set_enabled(&hello, true).await.unwrap();
    assert!(client.status(&hello).await.unwrap().buildable);

    let xml = client.config_xml(&hello).await.unwrap();
    let bob = client_as(&jenkins, "bob", "bob-token");
    assert!(matches!(
        bob.delete(&hello).await,
        Err(JenkinsError::Forbidden { permission: Some(permission), .. }) if permission == "Job/Delete"
    ));
    client.delete(&hello).await.unwrap();
    assert!(!jenkins.has_item("hello"));
    assert!(matches!(
        client.delete(&hello).await,
        Err(JenkinsError::NotFound { .. })
    ));
    let restored = client.create(None, "hello", &xml).await.unwrap();
    assert_eq!(restored, hello);
    assert_eq!(client.config_xml(&hello).await.unwrap(), xml);
}

#[tokio::test]
async fn a_page_in_place_of_a_configuration_is_none() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let fault = jenkins.inject(Fault::login_page());
    assert!(matches!(
        client.config_xml(&path("hello")).await,
        Err(JenkinsError::NotJenkins {
            hint: NotJenkinsHint::LoginPage,
            ..
        })
    ));
    jenkins.remove_fault(fault);
    let bob = client_as(&jenkins, "bob", "bob-token");
    assert!(matches!(
        bob.config_xml(&path("hello")).await,
        Err(JenkinsError::Forbidden { .. })
    ));
}

#[tokio::test]
async fn jobs_and_folders_are_made() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let xml = "<project><description>ключ &amp; more</description></project>";
    let made = client
        .create(Some(&path("articles")), "new", xml)
        .await
        .unwrap();
    assert_eq!(client.config_xml(&made).await.unwrap(), xml);
    let exists = client
        .create(Some(&path("articles")), "new", xml)
        .await
        .unwrap_err();
    assert_eq!(
        exists,
        JenkinsError::Refused {
            message: "A job already exists with the name ‘new’".into()
        }
    );
    assert!(matches!(
        client.create(None, "a/b", xml).await,
        Err(JenkinsError::BadName { .. })
    ));
    assert!(matches!(
        client.create(None, "odd", "<what/>").await,
        Err(JenkinsError::ServerError { .. })
    ));
    assert!(matches!(
        client.create(Some(&path("nope")), "x", xml).await,
        Err(JenkinsError::NotFound { thing: Thing::Job, name, .. }) if name == "nope"
    ));

    let folders = client
        .create_missing_folders(&path("articles/deep/deeper"))
        .await
        .unwrap();
    assert_eq!(
        folders,
        [path("articles/deep"), path("articles/deep/deeper")]
    );
    assert!(jenkins.has_item("articles/deep/deeper"));
    assert_eq!(
        client.create_missing_folders(&path("articles/deep")).await,
        Ok(vec![])
    );
}

#[tokio::test]
async fn a_copy_can_be_built_at_once() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let copy = client
        .copy(Some(&path("articles")), "copy of hello", &path("hello"))
        .await
        .unwrap();
    assert!(client.status(&copy).await.unwrap().buildable);
    assert!(matches!(
        client.copy(None, "z", &path("nope")).await,
        Err(JenkinsError::Refused { message }) if message.contains("nope")
    ));
}

#[tokio::test]
async fn somebody_with_a_password_makes_jobs_too() {
    let jenkins = start(world()).await;
    let client = client_as(&jenkins, "alice", "alice-password");
    client.create(None, "new", "<project/>").await.unwrap();
    assert!(jenkins.has_item("new"));
}

#[tokio::test]
async fn a_scan_finds_branches() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let repo = path("articles/repo");
    jenkins.add_undiscovered("articles/repo", SimulatedJob::branch("feature/new"));
    client.scan(&repo).await.unwrap();
    assert!(jenkins.has_item("articles/repo/feature%2Fnew"));
    let log = client
        .scan_log(&repo, FolderKind::Multibranch, TAIL)
        .await
        .unwrap()
        .unwrap();
    assert!(
        log.text.ends_with("Finished: SUCCESS") && !log.running,
        "{log:?}"
    );
    client.scan(&path("org")).await.unwrap();
    let log = client
        .scan_log(&path("org"), FolderKind::Organization, TAIL)
        .await
        .unwrap();
    assert!(log.unwrap().text.contains("lib"));
    assert_eq!(
        client
            .scan_log(&path("articles"), FolderKind::Folder, TAIL)
            .await,
        Ok(None)
    );

    client.set_enabled(&repo, false).await.unwrap();
    assert_eq!(
        client.scan(&repo).await,
        Err(JenkinsError::NotBuildable {
            name: "articles/repo".into()
        })
    );
    assert!(matches!(
        client.scan(&path("articles")).await,
        Err(JenkinsError::NotFound { .. })
    ));
}
