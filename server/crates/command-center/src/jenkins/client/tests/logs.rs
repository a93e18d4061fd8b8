use futures_util::TryStreamExt;
use simulators::jenkins::{Fault, LogText};

use super::*;
use crate::http_client::wire_server::{Reply, WireServer};
use crate::http_client::{HttpFailure, Phase};
use crate::jenkins::BuildSelector;

const TAIL: TailRequest = TailRequest {
    lines: 50,
    time_limit: Duration::from_secs(60),
};

/// A Jenkins with one running build of `hello` that has printed this.
async fn printing(log: LogText) -> JenkinsSimulator {
    let jenkins = start(world()).await;
    let script = BuildScript::success()
        .duration(Duration::from_secs(10))
        .log(log);
    jenkins.script_next_build("hello", script);
    let client = alice(&jenkins);
    let hello = job(&client, "hello").await.unwrap();
    client.trigger(&hello, &[]).await.unwrap();
    jenkins.wait_for_build("hello", 1).await;
    jenkins
}

async fn finished(log: LogText) -> JenkinsSimulator {
    let jenkins = printing(log).await;
    jenkins.advance(Duration::from_secs(3600));
    jenkins
}

async fn tail(jenkins: &JenkinsSimulator, lines: usize) -> Result<LogTail, JenkinsError> {
    alice(jenkins)
        .log_tail(
            &path("hello"),
            BuildSelector::LAST,
            TailRequest { lines, ..TAIL },
        )
        .await
}

#[tokio::test]
async fn a_short_log_is_read_with_one_request() {
    let jenkins = finished(LogText::lines(["one", "two", "\u{1b}[31mthree\u{1b}[0m"])).await;
    jenkins.clear_requests();
    let found = tail(&jenkins, 2).await.unwrap();
    let lines: Vec<&str> = found.text.lines().collect();
    assert_eq!(
        (lines.len(), found.lines, found.cut, found.running),
        (2, 2, true, false)
    );
    assert!(
        found.text.contains("Finished: SUCCESS") && !found.text.contains('\u{1b}'),
        "{found:?}"
    );
    assert_eq!(jenkins.requests().len(), 1);
    let all = tail(&jenkins, 500).await.unwrap();
    assert!(!all.cut && all.text.contains("three"), "{all:?}");
}

#[tokio::test]
async fn the_log_of_a_running_build_is_what_is_there() {
    let jenkins = printing(LogText::lines(["one"])).await;
    jenkins.append_log("hello", 1, "printed at once\n");
    let found = tail(&jenkins, 1).await.unwrap();
    assert_eq!(
        (found.text.as_str(), found.running),
        ("printed at once", true)
    );
}

#[tokio::test]
async fn hidden_notes_and_bytes_that_are_no_text_do_no_harm() {
    let jenkins = finished(LogText::lines(["start"])).await;
    let long = "x".repeat(70 << 10);
    jenkins.append_log(
        "hello",
        1,
        &format!(
            "{long}\n\u{1b}[8mha:////4AAAA{}\u{1b}[0mvisible ключ\n",
            "A".repeat(3000)
        ),
    );
    assert_eq!(tail(&jenkins, 1).await.unwrap().text, "visible ключ");
}

#[tokio::test]
async fn a_build_that_is_not_there_is_told() {
    let jenkins = start(world()).await;
    let error = tail(&jenkins, 5).await.unwrap_err();
    assert!(
        matches!(&error, JenkinsError::NotFound { name, .. } if name == "hello lastBuild"),
        "{error:?}"
    );
    let jenkins = finished(LogText::lines(["x"])).await;
    jenkins.inject(Fault::login_page());
    assert!(matches!(
        tail(&jenkins, 5).await,
        Err(JenkinsError::NotJenkins { .. })
    ));
}

/// Older versions may send the text before its length is known.
#[tokio::test]
async fn a_log_of_unknown_length_is_read_through() {
    let lines = |count: usize| {
        (0..count)
            .map(|line| format!("line {line}\n"))
            .collect::<String>()
    };
    let head = "200 OK\nX-Jenkins: 2\nContent-Type: text/plain";
    let server = WireServer::start([Reply::answer(head, &lines(300_000))]).await;
    let client = client_at(server.url.as_str(), server.url.as_str(), "alice", "t");
    let request = TailRequest { lines: 2, ..TAIL };
    let found = client
        .log_tail(&path("hello"), BuildSelector::LAST, request)
        .await
        .unwrap();
    assert_eq!(found.text, "line 299998\nline 299999");
    assert_eq!(server.requests().len(), 1);

    let endless = Reply::Endless(
        b"HTTP/1.1 200 OK\r\nX-Jenkins: 2\r\nContent-Type: text/plain\r\n\r\n".to_vec(),
        lines(1000).into_bytes(),
    );
    let server = WireServer::start([endless]).await;
    let client = client_at(server.url.as_str(), server.url.as_str(), "alice", "t");
    let request = TailRequest {
        lines: 2,
        time_limit: Duration::from_millis(200),
    };
    let error = client
        .log_tail(&path("hello"), BuildSelector::LAST, request)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            JenkinsError::Http(HttpFailure::Timeout {
                phase: Phase::Whole,
                ..
            })
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn one_huge_line_is_cut_at_its_start() {
    let jenkins = finished(LogText::lines(["x"])).await;
    jenkins.append_log("hello", 1, &format!("{}end", "é".repeat(3 << 20)));
    let found = tail(&jenkins, 5).await.unwrap();
    assert!(found.text.ends_with("éend") && found.text.starts_with('é') && found.cut);
    assert!(found.text.len() <= 1 << 20);
    assert_eq!(found.lines, 1);
}

#[tokio::test]
async fn an_endless_log_has_an_end_too() {
    let jenkins = printing(LogText::endless(10 << 20)).await;
    jenkins.advance(Duration::from_secs(5));
    let found = tail(&jenkins, 20).await.unwrap();
    assert_eq!((found.lines, found.running), (20, true));
}

#[tokio::test]
async fn a_log_that_does_not_come_is_given_up() {
    let jenkins = finished(LogText::of_size(1 << 20)).await;
    jenkins.inject(Fault::slow_body(10).on("/job/hello/*"));
    let request = TailRequest {
        lines: 50,
        time_limit: Duration::from_millis(200),
    };
    let error = alice(&jenkins)
        .log_tail(&path("hello"), BuildSelector::LAST, request)
        .await
        .unwrap_err();
    assert!(
        matches!(error, JenkinsError::Http(HttpFailure::Timeout { .. })),
        "{error:?}"
    );
    jenkins.clear_faults();
    jenkins.inject(Fault::cut_body(100).on("/job/hello/*"));
    assert!(matches!(
        tail(&jenkins, 50).await,
        Err(JenkinsError::Http(_))
    ));
}

#[tokio::test]
async fn a_window_streams_the_same_bytes_twice() {
    let jenkins = printing(LogText::of_size(4 << 20)).await;
    jenkins.advance(Duration::from_secs(5));
    let client = alice(&jenkins);
    let (hello, build) = (path("hello"), BuildSelector::Number(1));
    let window = client.log_window(&hello, build, 1 << 20).await.unwrap();
    assert!(
        window.running && window.end - window.start == 1 << 20,
        "{window:?}"
    );

    let mut first: Vec<u8> = Vec::new();
    let mut log = client.stream_log(&hello, build, window).await.unwrap();
    while let Some(piece) = log.next().await.unwrap() {
        first.extend_from_slice(&piece);
    }
    jenkins.advance(Duration::from_secs(3600));
    let log = client
        .stream_log(&hello, build, window)
        .await
        .unwrap()
        .limited_to(first.len() as u64);
    let second: Vec<u8> = log
        .into_stream()
        .map_ok(|piece| piece.to_vec())
        .try_concat()
        .await
        .unwrap();
    assert!(first.len() > 1_000_000 && first == second);
    let text = String::from_utf8(first).unwrap();
    assert_eq!(
        text.lines().next().unwrap().len(),
        63,
        "begins with a whole line"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_its_failure() {
    let jenkins = finished(LogText::of_size(1 << 20)).await;
    jenkins.inject(Fault::cut_body(100_000).on("/job/hello/1/logText/progressiveText"));
    let client = alice(&jenkins);
    let window = LogWindow {
        start: 0,
        end: 1 << 20,
        running: false,
    };
    let log = client
        .stream_log(&path("hello"), BuildSelector::Number(1), window)
        .await
        .unwrap();
    let pieces: Vec<_> = futures_util::StreamExt::collect(log.into_stream()).await;
    let (last, rest) = pieces.split_last().unwrap();
    assert!(last.is_err() && rest.iter().all(Result::is_ok) && !rest.is_empty());
}
