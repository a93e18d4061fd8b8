use std::time::Duration;

use http::StatusCode;
use secrecy::SecretString;
use tokio::net::TcpListener;
use url::Url;

use super::wire_server::{Reply, WireServer};
use super::*;
use crate::config::ProxyChoice;

fn setup() -> ClientSetup {
    ClientSetup {
        proxy: ProxyChoice::Direct,
        request_timeout: Duration::from_secs(20),
        retry: RetryRule {
            first_pause: Duration::from_millis(1),
            ..RetryRule::default()
        },
        ..ClientSetup::default()
    }
}

fn client() -> HttpClient {
    HttpClient::new(&setup()).unwrap()
}

async fn fetch(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<(u16, String), HttpFailure>, usize) {
    let server = WireServer::start(replies).await;
    let outcome = client()
        .fetch(Call::get(server.url.clone()).body_limit(1000))
        .await;
    let outcome = outcome.map(|fetched| {
        (
            fetched.status.as_u16(),
            String::from_utf8_lossy(&fetched.body).into_owned(),
        )
    });
    (outcome, server.requests().len())
}

#[tokio::test]
async fn an_answer_of_any_status_is_an_answer() {
    assert_eq!(
        fetch([Reply::answer("200 OK", "hi")]).await,
        (Ok((200, "hi".into())), 1)
    );
    assert_eq!(
        fetch([Reply::answer("404 Not Found", "no")]).await,
        (Ok((404, "no".into())), 1)
    );
    assert_eq!(
        fetch([Reply::answer("500 Oops", "")]).await,
        (Ok((500, String::new())), 1)
    );
}

#[tokio::test]
async fn a_get_is_repeated_while_the_service_is_busy() {
    let busy = Reply::answer("503 Busy\nRetry-After: 0", "");
    assert_eq!(
        fetch([busy.clone(), Reply::answer("200 OK", "hi")]).await,
        (Ok((200, "hi".into())), 2)
    );
    assert_eq!(fetch([busy]).await, (Ok((503, String::new())), 3));
    assert_eq!(
        fetch([Reply::answer("429 Slow down\nRetry-After: 3600", "")]).await,
        (Ok((429, String::new())), 1)
    );
    assert_eq!(
        fetch([Reply::Close, Reply::answer("200 OK", "hi")]).await,
        (Ok((200, "hi".into())), 2)
    );
}

#[tokio::test]
async fn a_post_is_sent_once() {
    for reply in [
        Reply::answer("503 Busy", ""),
        Reply::Close,
        Reply::answer("302 Found\nLocation: /x", ""),
    ] {
        let server = WireServer::start([reply]).await;
        let outcome = client()
            .fetch(Call::post(server.url.clone()).form([("a", "b")]))
            .await;
        assert_eq!(server.requests().len(), 1);
        assert!(
            server.requests()[0].starts_with("POST / ")
                && server.requests()[0].ends_with("\r\n\r\na=b")
        );
        assert!(
            matches!(outcome, Ok(_) | Err(HttpFailure::Cut { .. })),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn redirects_stay_at_the_host() {
    let hop = Reply::answer("302 Found\nLocation: /next?a=b", "");
    let server = WireServer::start([hop.clone(), Reply::answer("200 OK", "there")]).await;
    let login = Login {
        user: "alice".into(),
        secret: SecretString::from("token"),
    };
    let fetched = client()
        .fetch(Call::get(server.url.clone()).login(&login))
        .await
        .unwrap();
    assert_eq!(
        (&fetched.body[..], fetched.url.path()),
        (&b"there"[..], "/next")
    );
    assert!(
        server.requests()[1].contains("authorization: Basic"),
        "{:?}",
        server.requests()
    );

    let away = Reply::answer(
        "302 Found\nLocation: https://idp.example.com/login?state=secret",
        "",
    );
    let (outcome, asked) = fetch([away]).await;
    let to = "https://idp.example.com/login".to_owned();
    assert_eq!(
        (outcome, asked),
        (
            Err(HttpFailure::Redirected {
                status: StatusCode::FOUND,
                to
            }),
            1
        )
    );

    let (outcome, asked) = fetch([hop]).await;
    assert!(matches!(outcome, Err(HttpFailure::Redirected { .. })));
    assert_eq!(asked, 6);
}

#[tokio::test]
async fn a_long_body_is_refused_before_and_while_it_comes() {
    let (outcome, _) = fetch([Reply::answer("200 OK", &"x".repeat(1001))]).await;
    assert_eq!(outcome, Err(HttpFailure::TooLarge { limit: 1000 }));
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let (outcome, _) = fetch([Reply::Endless(head, vec![b'x'; 512])]).await;
    assert_eq!(outcome, Err(HttpFailure::TooLarge { limit: 1000 }));
}

#[tokio::test]
async fn a_cut_body_is_no_answer() {
    let (outcome, _) = fetch([Reply::text("HTTP/1.1 200 OK\nContent-Length: 10\n\nhalf")]).await;
    assert!(
        matches!(outcome, Err(HttpFailure::Cut { .. })),
        "{outcome:?}"
    );
    let (outcome, _) = fetch([Reply::text(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhel",
    )])
    .await;
    assert!(
        matches!(outcome, Err(HttpFailure::Cut { .. })),
        "{outcome:?}"
    );
    let (outcome, asked) = fetch([Reply::Close]).await;
    assert!(
        matches!(outcome, Err(HttpFailure::Cut { .. })),
        "{outcome:?}"
    );
    assert_eq!(asked, 3);
}

#[tokio::test]
async fn what_is_not_http_is_named() {
    let (outcome, _) = fetch([Reply::text("SSH-2.0-OpenSSH_9.9\n")]).await;
    assert!(
        matches!(outcome, Err(HttpFailure::Protocol { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn silence_ends_in_time() {
    let server = WireServer::start([Reply::ThenSilence(Vec::new())]).await;
    let short = Duration::from_millis(100);
    let client = HttpClient::new(&ClientSetup {
        request_timeout: short,
        ..setup()
    })
    .unwrap();
    let outcome = client
        .fetch(Call::get(server.url.clone()))
        .await
        .unwrap_err();
    assert_eq!(
        outcome,
        HttpFailure::Timeout {
            phase: Phase::Answer,
            after: short
        }
    );

    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec();
    let server = WireServer::start([Reply::ThenSilence(half)]).await;
    let outcome = client
        .fetch(Call::get(server.url.clone()))
        .await
        .unwrap_err();
    assert_eq!(
        outcome,
        HttpFailure::Timeout {
            phase: Phase::Whole,
            after: short
        }
    );

    let client = HttpClient::new(&ClientSetup {
        read_idle_timeout: short,
        ..setup()
    })
    .unwrap();
    let mut answer = client.open(Call::get(server.url.clone())).await.unwrap();
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "half");
    assert_eq!(
        answer.chunk().await.unwrap_err(),
        HttpFailure::Timeout {
            phase: Phase::Body,
            after: short
        }
    );
}

#[tokio::test]
async fn a_closed_port_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url: Url = format!("http://127.0.0.1:{port}/").parse().unwrap();
    let failure = client().fetch(Call::get(url)).await.unwrap_err();
    let HttpFailure::Connect { address, detail } = &failure else {
        panic!("{failure:?}")
    };
    assert_eq!(
        (address.as_str(), detail.as_str()),
        (format!("127.0.0.1:{port}").as_str(), "Connection refused")
    );
}

#[tokio::test]
async fn localhost_is_found_without_a_name_server() {
    let server = WireServer::start([Reply::answer("200 OK", "hi")]).await;
    let mut url = server.url.clone();
    url.set_host(Some("localhost")).unwrap();
    assert_eq!(client().fetch(Call::get(url)).await.unwrap().body, "hi");
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_named() {
    let failure = client()
        .fetch(Call::get("http://does-not-exist.invalid/".parse().unwrap()))
        .await
        .unwrap_err();
    let HttpFailure::Dns { host, .. } = &failure else {
        panic!("{failure:?}")
    };
    assert_eq!(host, "does-not-exist.invalid");
}

#[tokio::test]
async fn a_proxy_is_used() {
    let proxy = WireServer::start([Reply::answer("200 OK", "by proxy")]).await;
    let address = SecretString::from(proxy.url.as_str());
    let client = HttpClient::new(&ClientSetup {
        proxy: ProxyChoice::Address(address),
        ..setup()
    })
    .unwrap();
    let fetched = client
        .fetch(Call::get("http://jenkins.invalid/api".parse().unwrap()))
        .await
        .unwrap();
    assert_eq!(fetched.body, "by proxy");
    assert!(
        proxy.requests()[0].starts_with("GET http://jenkins.invalid/api "),
        "{:?}",
        proxy.requests()
    );
}

#[test]
fn unusable_settings_are_named() {
    let bad = |setup| HttpClient::new(&setup).map(|_| ()).unwrap_err();
    for bundle in [
        "nonsense",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        assert_eq!(
            bad(ClientSetup {
                ca_bundle: bundle.into(),
                ..setup()
            }),
            SetupError::Certificates
        );
    }
    let proxy = ProxyChoice::Address(SecretString::from("http://user:hunter2@[bad"));
    let error = bad(ClientSetup { proxy, ..setup() });
    assert_eq!(error, SetupError::Proxy);
    assert!(!error.to_string().contains("hunter2"));
}
