use super::*;
use http::HeaderValue;

fn refusal_of(status: u16, headers: &[(&'static str, &str)], body: &str) -> JenkinsError {
    let headers = headers
        .iter()
        .map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect();
    refusal(
        StatusCode::from_u16(status).unwrap(),
        &headers,
        body.as_bytes(),
        "alice",
    )
}

const JENKINS: (&str, &str) = ("x-jenkins", "2.541");

#[test]
fn permissions_have_the_names_that_people_know() {
    let denied = refusal_of(
        403,
        &[
            JENKINS,
            ("x-required-permission", "hudson.model.Item.Build"),
            ("x-you-are-authenticated-as", "bob"),
        ],
        "",
    );
    assert_eq!(
        denied,
        JenkinsError::Forbidden {
            user: "bob".into(),
            permission: Some("Job/Build".into())
        }
    );
    assert_eq!(
        permission_name("hudson.model.Hudson.Administer"),
        "Overall/Administer"
    );
    assert_eq!(permission_name("hudson.model.Run.Update"), "Run/Update");
}

#[test]
fn proxies_are_not_taken_for_jenkins() {
    let html = ("content-type", "text/html");
    let hint = |error| match error {
        JenkinsError::NotJenkins { hint, .. } => hint,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        hint(refusal_of(403, &[html], "<h1>Forbidden</h1>")),
        NotJenkinsHint::WebPage
    );
    assert_eq!(
        hint(refusal_of(404, &[html], "<a href='/login'>")),
        NotJenkinsHint::LoginPage
    );
    assert_eq!(
        hint(refusal_of(401, &[], "")),
        NotJenkinsHint::ProxyCredentials
    );
    assert_eq!(
        hint(refusal_of(407, &[], "")),
        NotJenkinsHint::ProxyCredentials
    );
    assert_eq!(
        refusal_of(503, &[html], ""),
        JenkinsError::Unavailable {
            status: StatusCode::SERVICE_UNAVAILABLE
        }
    );
    assert_eq!(refusal_of(503, &[JENKINS], ""), JenkinsError::Starting);
    assert_eq!(
        refusal_of(401, &[JENKINS], ""),
        JenkinsError::Unauthorized {
            user: "alice".into()
        }
    );
}

#[test]
fn jenkins_own_words_are_told() {
    let refused = |message: &str| JenkinsError::Refused {
        message: message.into(),
    };
    assert_eq!(
        refusal_of(400, &[JENKINS, ("x-error", "No such job")], "<p>x</p>"),
        refused("No such job")
    );
    assert_eq!(
        refusal_of(
            400,
            &[JENKINS, ("x-error", "no job ?x?")],
            "<p>no job ‘x’</p>"
        ),
        refused("no job ‘x’")
    );
    assert_eq!(
        refusal_of(400, &[JENKINS, ("x-error", "why?")], ""),
        refused("why?")
    );
    assert_eq!(
        refusal_of(400, &[JENKINS], "<h1>Error</h1><p>a &lt;b&gt; &amp; c</p>"),
        refused("a <b> & c")
    );
}
