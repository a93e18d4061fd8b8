mod dialogs;
mod files;
mod kv;

use http::Request;
use serde_json::json;

use super::settings;
use super::test_host::{TestHost, app_error};
use crate::error::Error;
use crate::host::LogLevel;
use crate::http::Body;
use crate::model::{Channel, User};

fn invalid<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Invalid(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_missing_user_is_none_and_other_errors_stay() {
    let (host, api) = TestHost::with_store();
    host.on("GetUser", |(id,): (String,)| match id.as_str() {
        "known" => Ok(User {
            id,
            ..User::default()
        }),
        "missing" => Err(app_error(404)),
        _ => Err(app_error(500)),
    });
    assert_eq!(
        api.users().get_optional("known").await.unwrap().unwrap().id,
        "known"
    );
    assert!(api.users().get_optional("missing").await.unwrap().is_none());
    assert!(api.users().get("missing").await.unwrap_err().is_not_found());
    assert_eq!(
        api.users()
            .get_optional("x")
            .await
            .unwrap_err()
            .status_code(),
        Some(500)
    );
    assert!(matches!(
        api.channels().get("x").await,
        Err(Error::Unsupported {
            what: "GetChannel",
            ..
        })
    ));
    host.on("GetChannel", |(id,): (String,)| {
        Ok(Channel {
            id,
            ..Channel::default()
        })
    });
    assert_eq!(api.channels().get("x").await.unwrap().id, "x");
}

#[tokio::test]
async fn settings_are_loaded_through_the_lower_case_keys() {
    #[derive(Debug, serde::Deserialize)]
    struct Settings {
        jenkins_url: String,
        #[serde(deserialize_with = "settings::number")]
        timeout: u8,
    }
    let (host, api) = TestHost::with_store();
    host.on("LoadPluginConfiguration", |(): ()| {
        Ok(json!({"jenkinsurl": "https://ci", "timeout": "30"}))
    });
    let settings: Settings = api.config().load().await.unwrap();
    assert_eq!(
        (settings.jenkins_url.as_str(), settings.timeout),
        ("https://ci", 30)
    );
    host.on("LoadPluginConfiguration", |(): ()| {
        Ok(json!({"jenkinsurl": "https://ci", "timeout": "300"}))
    });
    let reason = invalid(api.config().load::<Settings>().await);
    assert!(
        reason.starts_with("the setting timeout is invalid"),
        "{reason}"
    );
}

#[tokio::test]
async fn the_servers_version_is_compared_as_one() {
    let (host, api) = TestHost::with_store();
    host.on("GetServerVersion", |(): ()| Ok("11.6.0".to_owned()));
    assert!(api.server().semantic_version().await.unwrap() > semver::Version::new(10, 5, 0));
    host.on("GetServerVersion", |(): ()| Ok("dev".to_owned()));
    assert!(matches!(
        api.server().semantic_version().await,
        Err(Error::Unsupported { .. })
    ));
}

#[tokio::test]
async fn requests_to_plugins_need_a_plugin() {
    let (host, api) = TestHost::with_store();
    host.on("PluginHTTP", |(request,): (Request<Body>,)| {
        Ok(http::Response::new(Body::from(request.uri().to_string())))
    });
    for path in ["/", "/calls", "//x", "http://host/"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        assert!(invalid(api.plugins_http().request(request).await).contains("/<plugin id>/<path>"));
    }
    let request = Request::builder()
        .uri("/calls/version?x=1")
        .body(Body::empty())
        .unwrap();
    let answer = api
        .plugins_http()
        .request(request)
        .await
        .unwrap()
        .into_body();
    assert_eq!(answer.collect(100).await.unwrap(), "/calls/version?x=1");
}

#[tokio::test]
async fn log_lines_carry_fields_and_no_secrets() {
    let (host, api) = TestHost::with_store();
    api.log()
        .info("connected", [("user", "a"), ("api_token", "hunter2")])
        .await
        .unwrap();
    let line = &host.logged()[0];
    assert_eq!(
        (line.level, line.message.as_str()),
        (LogLevel::Info, "connected")
    );
    assert_eq!(
        line.fields,
        [
            ("user".to_owned(), "a".to_owned()),
            ("api_token".to_owned(), "[redacted]".to_owned())
        ]
    );
}
