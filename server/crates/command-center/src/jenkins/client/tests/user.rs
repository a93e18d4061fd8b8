use simulators::jenkins::Fault;

use super::*;
use crate::jenkins::error::NotJenkinsHint;

#[tokio::test]
async fn good_credentials_give_the_identity() {
    let jenkins = start(world().context_path("/ci").version("2.541.1")).await;
    let identity = alice(&jenkins).who_am_i().await.unwrap();
    assert_eq!(
        (identity.user.as_str(), identity.version.as_str()),
        ("alice", "2.541.1")
    );
}

#[tokio::test]
async fn bad_credentials_are_told() {
    let jenkins = start(world()).await;
    for (user, secret) in [("alice", "wrong"), ("nobody", "x"), ("alice", "")] {
        let error = client_as(&jenkins, user, secret)
            .who_am_i()
            .await
            .unwrap_err();
        assert_eq!(error, JenkinsError::Unauthorized { user: user.into() });
    }
}

#[tokio::test]
async fn what_is_not_jenkins_is_told() {
    let jenkins = start(world().context_path("/ci")).await;
    let outside = format!("http://{}", jenkins.address());
    let error = client_at(&outside, &outside, "alice", "alice-token")
        .who_am_i()
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            JenkinsError::NotJenkins {
                hint: NotJenkinsHint::WebPage,
                ..
            }
        ),
        "{error:?}"
    );

    let hints = [
        (Fault::login_page(), NotJenkinsHint::LoginPage),
        (
            Fault::respond(
                200,
                "application/json",
                r#"{"name":"alice","authenticated":true}"#,
            ),
            NotJenkinsHint::Other,
        ),
        (
            Fault::respond(407, "text/html", ""),
            NotJenkinsHint::ProxyCredentials,
        ),
        (
            Fault::redirect("https://idp.example.com/login?x=y"),
            NotJenkinsHint::Redirect {
                to: "https://idp.example.com/login".into(),
            },
        ),
    ];
    for (fault, expected) in hints {
        let fault = jenkins.inject(fault);
        let error = alice(&jenkins).who_am_i().await.unwrap_err();
        jenkins.remove_fault(fault);
        let JenkinsError::NotJenkins { hint, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(hint, expected);
    }
}

#[tokio::test]
async fn a_restart_is_told() {
    let jenkins = start(world()).await;
    jenkins.restart();
    assert_eq!(
        alice(&jenkins).who_am_i().await,
        Err(JenkinsError::Starting)
    );
    jenkins.advance(Duration::from_secs(3600));
    assert!(alice(&jenkins).who_am_i().await.is_ok());
}
