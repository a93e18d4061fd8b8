//! However long a log is, reading it costs little memory. Alone in its process, because the peak of
//! memory is that of a whole process.

use std::sync::Arc;
use std::time::Duration;

use command_center::config::ProxyChoice;
use command_center::http_client::{ClientSetup, HttpClient, Login};
use command_center::jenkins::client::TailRequest;
use command_center::jenkins::{BuildSelector, JenkinsAddress, JenkinsClient, JobPath};
use secrecy::SecretString;
use simulators::jenkins::{BuildScript, JenkinsConfig, JenkinsSimulator, Job, LogText, User};

const GIBIBYTE: u64 = 1 << 30;
const STREAMED: u64 = 256 << 20;
const BAR: u64 = 16 << 20;

/// Peak resident memory of this process in bytes (proc(5), `VmHWM`).
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a peak");
    let kilobytes = line
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse::<u64>().ok());
    kilobytes.expect("a number") * 1024
}

async fn start(log: LogText) -> (JenkinsSimulator, JenkinsClient) {
    let script = BuildScript::success()
        .duration(Duration::from_secs(10))
        .log(log);
    let config = JenkinsConfig::new()
        .frozen()
        .user(User::developer("alice").token("t"))
        .item(Job::freestyle("long").past_build(script));
    let jenkins = JenkinsSimulator::start(config).await.expect("a free port");
    let root: url::Url = format!("{}/", jenkins.url()).parse().expect("an address");
    let setup = ClientSetup {
        proxy: ProxyChoice::Direct,
        ..ClientSetup::default()
    };
    let login = Login {
        user: "alice".into(),
        secret: SecretString::from("t"),
    };
    let address = Arc::new(JenkinsAddress::new(root.clone(), root));
    (
        jenkins,
        JenkinsClient::new(HttpClient::new(&setup).expect("a client"), address, login),
    )
}

#[tokio::test]
async fn a_huge_log_costs_little() {
    let job = JobPath::new(vec!["long".into()]).expect("a path");
    let build = BuildSelector::LAST;
    let (jenkins, client) = start(LogText::of_size(GIBIBYTE)).await;
    let request = |lines| TailRequest {
        lines,
        time_limit: Duration::from_secs(60),
    };
    client
        .log_tail(&job, build, request(1))
        .await
        .expect("a tail");
    jenkins.clear_requests();

    let before = peak_memory();
    let tail = client
        .log_tail(&job, build, request(5_000))
        .await
        .expect("a tail");
    assert_eq!((tail.lines, tail.cut), (5_000, true));
    let last = LogText::generated_line(GIBIBYTE / 64 - 1);
    assert!(
        tail.text.contains(last.trim_end()),
        "the last generated line"
    );
    assert!(
        jenkins.requests().len() <= 4,
        "{} requests",
        jenkins.requests().len()
    );

    let window = client
        .log_window(&job, build, STREAMED)
        .await
        .expect("a window");
    assert_eq!(window.end - window.start, STREAMED);
    let mut log = client
        .stream_log(&job, build, window)
        .await
        .expect("a stream");
    let mut streamed = 0;
    while let Some(piece) = log.next().await.expect("a piece") {
        streamed += piece.len() as u64;
    }
    assert!(streamed > STREAMED - 1024, "{streamed} bytes");

    let grown = peak_memory() - before;
    assert!(grown < BAR, "{grown} bytes");
}
