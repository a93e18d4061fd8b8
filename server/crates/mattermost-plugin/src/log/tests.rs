use std::sync::Arc;

use tokio::sync::Semaphore;
use tracing::subscriber::with_default;
use tracing_subscriber::registry::Registry;

use super::*;
use crate::api::test_host::{Logged, TestHost, app_error};

fn host() -> (Arc<TestHost>, impl Subscriber + Send + Sync, Handle) {
    let (host, _) = TestHost::with_store();
    let (layer, handle) = layer(Arc::clone(&host));
    (host, Registry::default().with(layer), handle)
}

fn field<'l>(line: &'l Logged, name: &str) -> Option<&'l str> {
    let field = line.fields.iter().find(|(known, _)| known == name)?;
    Some(&field.1)
}

#[tokio::test]
async fn an_event_is_one_line_with_its_fields_and_those_around() {
    let (host, subscriber, handle) = host();
    with_default(subscriber, || {
        let outer = tracing::info_span!("request", request_id = "r1", user = "outer");
        let _entered = outer.enter();
        let inner = tracing::info_span!("build", job = tracing::field::Empty);
        inner.record("job", "team/app");
        let _also_entered = inner.enter();
        let error = std::io::Error::other("disk full");
        tracing::warn!(
            user = "inner",
            count = 3,
            error = &error as &dyn std::error::Error,
            "build {} failed",
            7
        );
    });
    handle.flush().await;
    let lines = host.logged();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!(
        (line.level, line.message.as_str()),
        (LogLevel::Warn, "build 7 failed")
    );
    assert_eq!(field(line, "request_id"), Some("r1"));
    assert_eq!(field(line, "job"), Some("team/app"));
    assert_eq!(field(line, "user"), Some("inner"));
    assert_eq!(field(line, "count"), Some("3"));
    assert_eq!(field(line, "error"), Some("disk full"));
    assert_eq!(field(line, "target"), Some(module_path!()));
}

#[tokio::test]
async fn secrets_stay_out() {
    let (host, subscriber, handle) = host();
    with_default(subscriber, || {
        let span = tracing::info_span!("connect", access_token = "hunter2");
        let _entered = span.enter();
        tracing::info!(password = "hunter2", authorization = ?"hunter2", job = "app", "connected");
    });
    handle.flush().await;
    let lines = host.logged();
    assert!(!format!("{lines:?}").contains("hunter2"), "{lines:?}");
    assert_eq!(field(&lines[0], "password"), Some("[redacted]"));
    assert_eq!(field(&lines[0], "job"), Some("app"));
}

#[tokio::test]
async fn lines_below_the_level_are_not_sent() {
    let (host, subscriber, handle) = host();
    let quiet = handle.clone();
    with_default(subscriber, || {
        tracing::debug!("one");
        tracing::info!("two");
        quiet.set_level(LogLevel::Debug);
        tracing::debug!("three");
        tracing::trace!("four");
        quiet.set_level(LogLevel::Error);
        tracing::warn!("five");
        tracing::error!("six");
    });
    handle.flush().await;
    let messages: Vec<String> = host.logged().into_iter().map(|line| line.message).collect();
    assert_eq!(messages, ["two", "three", "six"]);
}

#[tokio::test]
async fn what_the_transport_says_never_becomes_a_call() {
    let (host, subscriber, handle) = host();
    with_default(subscriber, || {
        tracing::info!(target: "mattermost_plugin::transport::netrpc::client", "sent");
        tracing::info!(target: "goplugin", "sent");
        tracing::info!(target: "h2::codec::framed_write", "sent");
        tracing::info!(target: "goplugin_of_somebody_else", "kept");
    });
    handle.flush().await;
    let messages: Vec<String> = host.logged().into_iter().map(|line| line.message).collect();
    assert_eq!(messages, ["kept"]);
}

#[tokio::test]
async fn a_log_call_that_logs_ends() {
    let (host, subscriber, handle) = host();
    host.on("Log", |(): ()| {
        tracing::error!("logging logs");
        Err::<(), _>(app_error(500))
    });
    let _default = tracing::subscriber::set_default(subscriber);
    tracing::info!("once");
    handle.flush().await;
    assert_eq!(host.logged().len(), 1);
}

#[tokio::test]
async fn a_full_queue_drops_and_says_how_many() {
    let (host, subscriber, handle) = host();
    let gate = Arc::new(Semaphore::new(0));
    let closed = Arc::clone(&gate);
    host.on_async("Log", move |(): ()| {
        let closed = Arc::clone(&closed);
        async move {
            closed.acquire().await.expect("the gate lives").forget();
            Ok(())
        }
    });
    with_default(subscriber, || {
        for number in 0..2000 {
            tracing::info!(number, "line");
        }
    });
    gate.add_permits(3000);
    handle.flush().await;
    let lines = host.logged();
    let sent = lines.iter().filter(|line| line.message == "line").count();
    let dropped: usize = lines
        .iter()
        .filter_map(|line| field(line, "count"))
        .map(|count| count.parse::<usize>().expect("a number"))
        .sum();
    assert!(sent < 2000 && dropped > 0);
    assert_eq!(sent + dropped, 2000, "each line is sent or counted");
}
