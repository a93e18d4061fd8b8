//! Logs, small and huge.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::Response;
use simulators::jenkins::{BuildResult, BuildScript, Job, LogText};

use crate::client::{Talk, header, world};

const GIGABYTE: u64 = 1 << 30;

fn progressive(job: &str, start: u64) -> String {
    format!("/job/{job}/1/logText/progressiveText?start={start}")
}

async fn size(response: Response) -> u64 {
    header(&response, "x-text-size").parse().unwrap()
}

#[tokio::test]
async fn a_log_grows_and_can_be_followed() {
    let script = BuildScript::success()
        .duration(Duration::from_secs(10))
        .log(LogText::lines(["one", "two"]));
    let talk = Talk::start(world().item(Job::freestyle("x").script(script))).await;
    talk.post("/job/x/build").await;
    let response = talk.get(&progressive("x", 0)).await;
    assert_eq!(header(&response, "x-more-data"), "true");
    let first: u64 = header(&response, "x-text-size").parse().unwrap();
    assert_eq!(
        response.text().await.unwrap(),
        "Started by user Alice Liddell\nRunning as SYSTEM\n"
    );

    talk.jenkins.advance(Duration::from_secs(6));
    let response = talk.get(&progressive("x", first)).await;
    let second: u64 = header(&response, "x-text-size").parse().unwrap();
    assert_eq!(response.text().await.unwrap(), "one\n");

    talk.jenkins.append_log("x", 1, "by hand\n");
    talk.jenkins.advance(Duration::from_secs(4));
    let response = talk.get(&progressive("x", second)).await;
    assert_eq!(header(&response, "x-more-data"), "");
    assert_eq!(
        response.text().await.unwrap(),
        "by hand\ntwo\nFinished: SUCCESS\n"
    );

    let whole = talk.get("/job/x/1/consoleText").await;
    assert_eq!(header(&whole, "content-length"), "");
    assert!(
        whole
            .text()
            .await
            .unwrap()
            .ends_with("one\nby hand\ntwo\nFinished: SUCCESS\n")
    );
}

#[tokio::test]
async fn offsets_count_hidden_notes_and_a_start_beyond_the_end_restarts() {
    let talk =
        Talk::start(world().item(Job::freestyle("x").script(BuildScript::success().until_told())))
            .await;
    talk.post("/job/x/build").await;
    let whole = talk.text(&progressive("x", 0)).await;
    let raw = size(talk.get(&progressive("x", 0)).await).await;
    assert!(
        raw > whole.len() as u64,
        "the note in the first line is counted but not shown"
    );
    assert_eq!(talk.text(&progressive("x", raw + 1)).await, whole);
    assert_eq!(talk.text(&progressive("x", raw)).await, "");
    assert!(
        talk.text(&progressive("x", 20)).await.contains("ha:////"),
        "starting inside a note shows its rest"
    );
}

#[tokio::test]
async fn a_gigabyte_is_read_from_its_end_in_no_time() {
    let script = BuildScript::success().log(LogText::of_size(GIGABYTE));
    let talk = Talk::start(world().item(Job::freestyle("x").past_build(script))).await;
    let size = size(talk.get(&progressive("x", 0)).await).await;
    assert!(size > GIGABYTE);
    let tail = talk.text(&progressive("x", size - 64 * 1024)).await;
    assert_eq!(tail.len(), 64 * 1024);
    assert!(
        tail.ends_with("fox....\nFinished: SUCCESS\n"),
        "{}",
        &tail[tail.len() - 100..]
    );
    let last_line = GIGABYTE / 64 - 1;
    assert!(tail.contains(&LogText::generated_line(last_line)));
}

#[tokio::test]
async fn a_big_log_is_streamed_whole() {
    let bytes = 64 << 20;
    let script = BuildScript::success().log(LogText::of_size(bytes));
    let talk = Talk::start(world().item(Job::freestyle("x").past_build(script))).await;
    let mut stream = talk.get("/job/x/1/consoleText").await.bytes_stream();
    let mut read = 0;
    while let Some(chunk) = stream.next().await {
        read += chunk.unwrap().len() as u64;
    }
    assert!((bytes..bytes + 1000).contains(&read), "{read}");
}

#[tokio::test]
async fn an_endless_log_ends_with_its_build() {
    let script = BuildScript::success()
        .until_told()
        .log(LogText::endless(6_400));
    let talk = Talk::start(world().item(Job::pipeline("p").script(script))).await;
    talk.post("/job/p/build").await;
    talk.jenkins.advance(Duration::from_secs(10));
    let before = size(talk.get(&progressive("p", 0)).await).await;
    talk.jenkins.advance(Duration::from_secs(10));
    assert_eq!(
        size(talk.get(&progressive("p", 0)).await).await,
        before + 64_000
    );

    let mut piece = talk.get(&progressive("p", before)).await.bytes_stream();
    let mut read = 0;
    while let Some(chunk) = piece.next().await {
        read += chunk.unwrap().len();
        assert!(read <= 64_000, "progressive text ends at the size it told");
    }
    assert_eq!(read, 64_000);

    let mut stream = talk.get("/job/p/1/consoleText").await.bytes_stream();
    let mut read = 0;
    while read < 8 << 20 {
        read += stream.next().await.unwrap().unwrap().len();
    }
    talk.jenkins.finish_build("p", 1, BuildResult::Failure);
    let started = Instant::now();
    while stream.next().await.is_some() {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the log must end with the build"
        );
    }
    assert!(
        talk.text(&progressive("p", before + 64_000))
            .await
            .ends_with("Finished: FAILURE\n")
    );
}
