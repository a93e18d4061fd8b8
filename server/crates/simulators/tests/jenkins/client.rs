//! A small HTTP client that follows no redirects, and a world to use it on.

use reqwest::{Client, Method, RequestBuilder, Response, redirect};
use serde_json::Value;
use simulators::jenkins::{JenkinsConfig, JenkinsSimulator, User};

/// A simulator and somebody who talks to it.
pub(crate) struct Talk {
    pub(crate) jenkins: JenkinsSimulator,
    http: Client,
    login: Option<(String, String)>,
}

/// Users `alice` (developer), `admin` and `bob` (reader), each with token `<id>-token` and password `<id>-password`, and a
/// clock that only tests move.
pub(crate) fn world() -> JenkinsConfig {
    let with_secrets = |user: User, id: &str| {
        user.token(&format!("{id}-token"))
            .password(&format!("{id}-password"))
    };
    JenkinsConfig::new()
        .frozen()
        .user(with_secrets(
            User::developer("alice").full_name("Alice Liddell"),
            "alice",
        ))
        .user(with_secrets(User::administrator("admin"), "admin"))
        .user(with_secrets(User::reader("bob"), "bob"))
}

impl Talk {
    /// Starts a simulator and talks to it as alice, with her token.
    pub(crate) async fn start(config: JenkinsConfig) -> Self {
        // Only plain HTTP is spoken, but the client is built with TLS and wants a provider. Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .cookie_store(true)
            .build()
            .unwrap();
        let jenkins = JenkinsSimulator::start(config).await.unwrap();
        Self {
            jenkins,
            http,
            login: None,
        }
        .log_in("alice", "alice-token")
    }

    pub(crate) fn log_in(mut self, user: &str, secret: &str) -> Self {
        self.login = Some((user.to_owned(), secret.to_owned()));
        self
    }

    pub(crate) fn log_out(mut self) -> Self {
        self.login = None;
        self
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.jenkins.url()));
        match &self.login {
            Some((user, secret)) => request.basic_auth(user, Some(secret)),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str) -> Response {
        self.request(Method::POST, path).send().await.unwrap()
    }

    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.request(Method::POST, path)
            .form(form)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(
            header(&response, "content-type"),
            "application/json;charset=utf-8"
        );
        response.json().await.unwrap()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }
}

/// A header, or nothing.
pub(crate) fn header(response: &Response, name: &str) -> String {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

/// The queue item's id in a `Location`.
pub(crate) fn queue_id(response: &Response) -> u64 {
    let location = header(response, "location");
    location
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}
