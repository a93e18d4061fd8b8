use simulators::jenkins::Fault;

use super::*;
use crate::jenkins::error::FolderKind;

#[tokio::test]
async fn jobs_are_found_in_every_spelling() {
    let jenkins = start(
        world()
            .context_path("/ci")
            .public_url("https://other.example.com/"),
    )
    .await;
    let client = client_at(
        &jenkins.url(),
        "https://ci.example.com/jenkins",
        "alice",
        "alice-token",
    );
    for (typed, real) in [
        ("hello", "hello"),
        ("HELLO", "hello"),
        ("100% ключ #1", "100% ключ #1"),
        ("articles/my job", "articles/my job"),
        ("articles » my job", "articles/my job"),
        ("articles/Shown/As", "articles/my job"),
        ("Articles/My Job/", "articles/my job"),
        ("articles/repo/main", "articles/repo/main"),
        ("articles/repo/feature/foo", "articles/repo/feature%2Ffoo"),
        ("articles/repo/feature%2Ffoo", "articles/repo/feature%2Ffoo"),
        (
            "articles/repo/feature%252Ffoo",
            "articles/repo/feature%2Ffoo",
        ),
        ("articles/repo/fix 100%", "articles/repo/fix 100%25"),
        ("org/lib/main", "org/lib/main"),
        (
            "https://ci.example.com/jenkins/job/articles/job/repo/job/feature%252Ffoo/12/console",
            "articles/repo/feature%2Ffoo",
        ),
        (
            "https://ci.example.com/jenkins/blue/organizations/jenkins/articles%2Frepo/detail/feature%252Ffoo/1/pipeline",
            "articles/repo/feature%2Ffoo",
        ),
        (
            "https://ci.example.com/jenkins/blue/organizations/jenkins/hello/detail/hello/1/pipeline",
            "hello",
        ),
    ] {
        let found = job(&client, typed)
            .await
            .unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!(found.path.full_name(), real, "{typed}");
    }
    let found = job(&client, "articles/repo/feature/foo").await.unwrap();
    assert_eq!(
        client.address().page(found.path.segments()).as_str(),
        "https://ci.example.com/jenkins/job/articles/job/repo/job/feature%252Ffoo/"
    );
}

#[tokio::test]
async fn an_exact_name_costs_one_request() {
    let jenkins = start(world()).await;
    job(&alice(&jenkins), "articles/repo/main").await.unwrap();
    assert_eq!(jenkins.requests().len(), 1);
}

#[tokio::test]
async fn missing_jobs_come_with_suggestions() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    for (typed, expected) in [
        ("helo", vec!["hello"]),
        ("articels/my job", vec!["articles"]),
        ("articles/rep/main", vec!["articles/repo"]),
        (
            "articles/repo/feature/fo",
            vec!["articles/repo/feature/foo"],
        ),
        ("hello/12", vec!["hello"]),
        ("my job", vec!["articles/my job"]),
        ("lib", vec!["org/lib"]),
        ("zzzzzz", vec![]),
    ] {
        let error = job(&client, typed).await.unwrap_err();
        let JenkinsError::NotFound {
            name, suggestions, ..
        } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(
            (name.as_str(), suggestions),
            (typed, expected.into_iter().map(str::to_owned).collect())
        );
    }
}

#[tokio::test]
async fn a_folder_tells_what_is_in_it() {
    let jenkins = start(world()).await;
    let client = alice(&jenkins);
    let folder = |name: &str, kind, children: &[&str]| JenkinsError::IsFolder {
        name: name.into(),
        kind,
        children: children.iter().map(|child| (*child).to_owned()).collect(),
    };
    let branches = [
        "articles/repo/main",
        "articles/repo/feature/foo",
        "articles/repo/fix 100%",
    ];
    assert_eq!(
        job(&client, "articles/repo").await,
        Err(folder("articles/repo", FolderKind::Multibranch, &branches))
    );
    assert_eq!(
        job(&client, "org").await,
        Err(folder("org", FolderKind::Organization, &["org/lib"]))
    );
    assert_eq!(
        job(&client, "articles/empty").await,
        Err(folder("articles/empty", FolderKind::Folder, &[]))
    );
    assert_eq!(jenkins.scans_started("articles/repo"), 0);
}

#[tokio::test]
async fn what_a_user_may_not_see_does_not_exist() {
    let jenkins = start(world().user(User::new("eve").token("eve-token"))).await;
    let error = job(&client_as(&jenkins, "eve", "eve-token"), "hello")
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            JenkinsError::Forbidden { .. } | JenkinsError::NotFound { .. }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_foreign_address_is_not_asked() {
    let jenkins = start(world()).await;
    let error = job(&alice(&jenkins), "https://evil.example.com/job/hello")
        .await
        .unwrap_err();
    assert!(matches!(error, JenkinsError::Reference(_)), "{error:?}");
    assert!(jenkins.requests().is_empty());
}

#[tokio::test]
async fn parameters_are_read() {
    let jenkins = start(world()).await;
    let deploy = job(&alice(&jenkins), "deploy").await.unwrap();
    let names: Vec<_> = deploy
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.default.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            ("TARGET", Some("staging")),
            ("VERSION", Some("1.0")),
            ("SECRET", None)
        ]
    );
    assert!(!format!("{deploy:?}").contains("hunter2"));
}

#[tokio::test]
async fn an_answer_without_end_is_refused() {
    let jenkins = start(world()).await;
    jenkins.inject(Fault::oversized_json(100 << 20));
    let error = job(&alice(&jenkins), "hello").await.unwrap_err();
    assert!(
        matches!(
            error,
            JenkinsError::Http(crate::http_client::HttpFailure::TooLarge { .. })
        ),
        "{error:?}"
    );
}
